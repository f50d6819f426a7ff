"""What volume is usual: seasons, ends of months, outages, and attacks that must not become usual."""

from datetime import date, timedelta

import numpy as np

from tasks.anomalies.baseline import Expected, average, expect

FIRST = date(2026, 3, 2)
"""A Monday."""


def judged(values: list[float]) -> Expected:
    days = [FIRST + timedelta(days=n) for n in range(len(values))]
    return expect(np.array([values]), np.ones((1, len(values)), bool), days)


def season(days: int, *, working: float = 42_180, weekend: float = 6_300) -> list[float]:
    rng = np.random.default_rng(5)
    return [(working if n % 7 < 5 else weekend) * rng.lognormal(0, 0.1) for n in range(days)]


def test_the_theft_of_the_article_shows_on_a_weekend() -> None:
    values = season(27)
    values[26] += 47_000
    assert judged(values).over[0, 26]


def test_a_quiet_series_of_weeks_is_not_over() -> None:
    assert not judged(season(28)).over.any()


def test_the_first_week_is_learned_from_and_not_judged() -> None:
    found = judged([100.0] * 5 + [90_000.0])
    assert found.learning.all() and not found.over.any()


def test_an_attack_does_not_become_usual() -> None:
    values = season(28)
    for n in range(21, 24):
        values[n] *= 4
    found = judged(values)
    assert found.over[0, 21:24].all()
    assert found.expected[0, 24] < 1.5 * 42_180


def test_a_new_level_that_lasts_is_taken_over() -> None:
    values = season(28) + season(28, working=4 * 42_180, weekend=4 * 6_300)
    found = judged(values)
    assert found.over[0, 28]
    assert not found.over[0, 42:].any()


def test_what_an_outage_left_to_do_is_no_anomaly() -> None:
    values = season(30)
    working = 42_180.0
    values[23] = 0.0
    values[24] = 2.3 * working
    assert not judged(values).over[0, 24]
    values[23] = working
    values[24] = 3.5 * working
    assert judged(values).over[0, 24]


def test_the_end_of_a_month_is_learned_once_it_was_seen() -> None:
    days = [FIRST + timedelta(days=n) for n in range(92)]
    values = [v * (2.2 if day.day >= 28 else 1.0) for v, day in zip(season(92), days, strict=True)]
    found = expect(np.array([values]), np.ones((1, 92), bool), days)
    second = [n for n, day in enumerate(days) if day.day >= 28 and day.month == 4]
    assert not found.over[0, second].any()


def test_the_plain_average_counts_quiet_days() -> None:
    mean = average(np.array([[0.0, 60.0, 0.0, 0.0]]), np.ones((1, 4), bool))
    assert mean[0].tolist() == [0.0, 0.0, 30.0, 20.0]


def test_what_comes_later_changes_nothing() -> None:
    values = season(40)
    whole, part = judged(values), judged(values[:30])
    assert np.array_equal(whole.limit[0, :30], part.limit[0])
