"""Labelled series of many kinds: made from a number, and told apart better than by robust z-scores."""

import numpy as np
import pytest

from deployments.bench.series import Counted, as_text, measure_series
from deployments.bench.series_kinds import KINDS, Labelled


@pytest.mark.parametrize("kind", KINDS)
def test_a_series_is_the_same_for_the_same_number_and_its_labels_lie_in_it(kind: str) -> None:
    one, again = (KINDS[kind](np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(one.values, again.values, equal_nan=True)
    assert (np.diff(one.seconds) > 0).all()
    assert all(0 <= first <= last < len(one.values) for first, last in one.moments)


def test_a_moment_is_found_once_and_other_flags_are_false() -> None:
    series = Labelled(np.linspace(0.0, 299_700.0, 1_000), np.zeros(1_000), [(100, 104), (500, 500)])
    flags = np.zeros(1_000, bool)
    flags[[100, 101, 110, 300, 301, 700]] = True
    counted = Counted()
    counted.add(series, flags)
    assert (counted.wanted, counted.found, counted.false, counted.false_runs) == (2, 1, 3, 2)
    assert counted.precision == pytest.approx(1 / 3)


def test_it_is_better_than_robust_z_scores() -> None:
    result = measure_series([20])
    mine, rivals = result.over_all("bulkhead"), [n for n in result.counted if n != "bulkhead"]
    assert mine.recall >= 0.85
    assert mine.precision >= 0.6
    assert mine.false_per_thousand <= 1
    assert all(result.over_all(name).f1 < 0.3 for name in rivals)
    assert not result.failings
    assert "nightly batch" in as_text(result)
