"""OrgTrustBench: the corpus is what it says, its table is whole, and one small world shows what is claimed."""

import numpy as np
import polars as pl
import pytest

from deployments.bench.detection.attacks import Done
from deployments.bench.detection.corpus import ATTACKS
from deployments.bench.detection.report import as_html, as_text, document
from deployments.bench.detection.run import OURS, Played, Result, carried, measure, played
from deployments.bench.detection.scoring import Alarm, score, wilson
from deployments.bench.detection.tiers import files, live, told
from deployments.sandbox.schema import load_schema
from deployments.sandbox.telemetry.columns import columns
from tasks.anomalies.examples import NOON
from tasks.anomalies.model import DAY, HOUR, Tier


@pytest.fixture(scope="module")
def game() -> Played:
    return played(0)


@pytest.fixture(scope="module")
def result() -> Result:
    return measure([100], tiers=[Tier.LIVE], persons=12)


def test_every_attack_is_carried_by_a_tier_and_the_weekend_theft_by_the_live_one() -> None:
    table = carried()
    assert set(table) == {attack.name for attack in ATTACKS}
    assert all(row["live"] or row["files"] for row in table.values())
    assert table["weekend-theft"]["live"]
    assert len(ATTACKS) >= 14


def test_files_have_only_columns_that_are_documented(game: Played) -> None:
    """Of the types whose columns the embedded estate knows."""
    for kind, frame in files(game.facts).items():
        try:
            documented = set(columns(kind))
        except KeyError:
            continue
        assert set(frame.columns) - {"ORG", "AT"} <= documented, kind


def test_the_table_names_columns_that_the_tiers_have(game: Played) -> None:
    in_files = files(game.facts)
    for name, row in carried().items():
        for place in row["files"]:
            kind, column = place.split(".")
            assert column in in_files[kind].columns, (name, place)


def test_the_table_names_fields_that_the_live_objects_have() -> None:
    objects = load_schema().objects
    for name, row in carried().items():
        for place in row["live"]:
            kind, field = place.split(".")
            assert field in objects[kind].fields, (name, place)


def test_no_tier_shows_the_label(game: Played) -> None:
    for frames in (live(game.facts), files(game.facts)):
        assert all("ATTACK" not in frame.columns for frame in frames.values())


def test_what_a_tier_carries_has_rows_of_the_attack(game: Played) -> None:
    played_names = {name for frame in game.facts.values() for name in frame["ATTACK"].drop_nulls().unique()}
    assert played_names == {attack.name for attack in ATTACKS}
    assert game.facts["read"].filter(pl.col("ATTACK") == "weekend-theft")["ROWS"].sum() == 47_000


def test_the_same_seed_makes_the_same_world(game: Played) -> None:
    again = played(0)
    assert all(game.facts[kind].equals(again.facts[kind]) for kind in game.facts)


def test_alerts_about_others_are_false_and_echoes_count_neither_way() -> None:
    done = Done("theft", NOON, NOON + HOUR, frozenset({("hq", "m")}))
    alarms = [
        Alarm("r", org, actor, at, at, at + HOUR)
        for org, actor, at in (
            ("hq", "m", NOON),
            ("hq", "m", NOON + DAY),
            ("hq", "p", NOON),
            ("emea", "m", NOON),
            ("hq", "m", NOON - DAY),
        )
    ]
    scored = score(alarms, [done], 10.0)
    assert (scored.true, scored.false) == (1, 3)
    assert scored.delays == {"theft": 60.0}


def test_files_come_when_they_are_documented_to_come() -> None:
    rng = np.random.default_rng(0)
    for tier, least, most in (
        (Tier.LIVE, 0.5, 7.2),
        (Tier.HOURLY, 180, 436),
        (Tier.DAILY, 14 * 60, 5 * 24 * 60),
    ):
        minutes = [(told(tier, NOON, NOON, rng) - NOON).total_seconds() / 60 for _ in range(200)]
        assert least <= min(minutes) and max(minutes) <= most


def test_an_interval_of_a_share_holds_it() -> None:
    low, high = wilson(19, 20)
    assert 0.7 < low < 0.95 < high < 1
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_world_is_found_out_about_better_than_by_rivals(result: Result) -> None:
    mine = result.of(OURS, Tier.LIVE)
    assert mine.recall >= 0.95
    assert mine.attacks["weekend-theft"]["recall"] == 1.0
    assert {s.detector for s in result.summaries} == {OURS, "article", "10,000 rows", "robust z"}
    assert result.of("article", Tier.LIVE).false_per_user_month > 1


def test_it_is_told_as_text_page_and_document(result: Result) -> None:
    assert "weekend-theft" in as_text(result)
    assert "<svg" in as_html(result) and "weekend-theft" in as_html(result)
    assert document(result)["seeds"] == [100]
