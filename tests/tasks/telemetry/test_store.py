"""The store: every event once, whatever comes late, twice or in both tiers; what a reader asks for and nothing else."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.telemetry.masks import pseudonyms
from tasks.telemetry.model import Tier
from tasks.telemetry.normal import normalise
from tasks.telemetry.store import TelemetryStore

DAY = datetime(2026, 5, 4, tzinfo=UTC)
KEY = pseudonyms(b"k" * 32)


def rows(*events: tuple[float, str], tier: Tier = Tier.HOURLY, **more: str) -> pl.DataFrame:
    """Events as (hours after DAY, request id)."""
    moments = [DAY + timedelta(hours=hours) for hours, _ in events]
    texts = pl.DataFrame(
        {
            "TIMESTAMP_DERIVED": [f"{each:%Y-%m-%dT%H:%M:%S}.000Z" for each in moments],
            "REQUEST_ID": [name for _, name in events],
            "ROWS_PROCESSED": ["7"] * len(events),
            **{name: [value] * len(events) for name, value in more.items()},
        },
        schema_overrides={"TIMESTAMP_DERIVED": pl.String, "REQUEST_ID": pl.String},
    )
    return normalise(texts, "hq", tier, KEY)


def publish(store: TelemetryStore, tier: Tier, source: str, frame: pl.DataFrame) -> tuple[int, int]:
    with store.staging("hq", "RestApi", tier, source) as staged:
        staged.add(frame)
        return staged.publish()


def read(store: TelemetryStore, tier: Tier | None = None, hours: float = 48) -> list[str]:
    found = store.rows(["hq"], "RestApi", DAY, DAY + timedelta(hours=hours), tier)
    return found.sort("AT", "REQUEST_ID").collect()["REQUEST_ID"].to_list()


@pytest.fixture
def store(tmp_path: Path) -> TelemetryStore:
    return TelemetryStore(str(tmp_path / "telemetry"))


def test_nothing_stored_is_no_rows_with_the_documented_columns(store: TelemetryStore) -> None:
    frame = store.rows(["hq", "emea"], "Login", DAY, DAY + timedelta(days=1)).collect()
    assert frame.height == 0
    kinds = {"ORG": pl.String, "AT": pl.Datetime("us", "UTC"), "TIER": pl.String, "RUN_TIME": pl.Int64}
    assert kinds.items() <= dict(frame.schema).items() and "LOGIN_STATUS" in frame.columns


def test_rows_come_back_typed_from_the_days_asked_for(store: TelemetryStore) -> None:
    publish(store, Tier.HOURLY, "a", rows((1, "early"), (23.5, "evening"), (25, "next day")))
    assert read(store) == ["early", "evening", "next day"]
    assert read(store, hours=23.5) == ["early"]
    frame = store.rows(["hq"], "RestApi", DAY, DAY + timedelta(days=1)).collect()
    assert frame["ROWS_PROCESSED"].to_list() == [7, 7] and frame["ORG"].to_list() == ["hq", "hq"]
    assert frame["AT"].to_list()[0] == DAY + timedelta(hours=1)


def test_a_daily_file_adds_only_what_the_hours_lack(store: TelemetryStore) -> None:
    assert publish(store, Tier.HOURLY, "h1", rows((1, "a"), (1.5, "b"))) == (2, 0)
    daily = rows((1, "a"), (1.5, "b"), (2, "c"), tier=Tier.DAILY)
    assert publish(store, Tier.DAILY, "d", daily) == (1, 0)
    assert read(store) == ["a", "b", "c"]
    assert read(store, Tier.HOURLY) == ["a", "b"] and read(store, Tier.DAILY) == ["c"]


def test_rows_that_the_daily_file_lacks_are_counted(store: TelemetryStore) -> None:
    publish(store, Tier.HOURLY, "h1", rows((1, "a"), (1.5, "only hourly")))
    assert publish(store, Tier.DAILY, "d", rows((1, "a"), tier=Tier.DAILY)) == (0, 1)


def test_an_hour_that_comes_after_its_day_adds_nothing(store: TelemetryStore) -> None:
    publish(store, Tier.DAILY, "d", rows((1, "a"), (2, "b"), tier=Tier.DAILY))
    assert publish(store, Tier.HOURLY, "h1", rows((1, "a")))[0] == 0
    assert read(store) == ["a", "b"]


def test_equal_rows_of_one_file_are_several_events(store: TelemetryStore) -> None:
    publish(store, Tier.HOURLY, "h1", rows((1, ""), (1, "")))
    assert publish(store, Tier.DAILY, "d", rows((1, ""), (1, ""), (1, ""), tier=Tier.DAILY))[0] == 1
    assert len(read(store)) == 3


def test_the_same_file_again_takes_its_own_place(store: TelemetryStore) -> None:
    for _ in range(2):
        publish(store, Tier.HOURLY, "h1", rows((1, "a"), (2, "b")))
    assert read(store) == ["a", "b"]


def test_a_column_that_only_one_release_has_makes_no_duplicates(store: TelemetryStore) -> None:
    publish(store, Tier.HOURLY, "h1", rows((1, "a")))
    publish(store, Tier.DAILY, "d", rows((1, "a"), (2, "b"), tier=Tier.DAILY, BRAND_NEW="x"))
    frame = store.rows(["hq"], "RestApi", DAY, DAY + timedelta(days=1)).sort("AT").collect()
    assert frame["BRAND_NEW"].to_list() == [None, "x"]


def test_what_is_not_published_is_not_there_and_leaves_nothing(store: TelemetryStore, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), store.staging("hq", "RestApi", Tier.HOURLY, "h1") as staged:
        staged.add(rows((1, "a")))
        raise RuntimeError
    assert read(store) == [] and not list(tmp_path.rglob("*.parquet"))


def test_what_is_set_aside_is_kept_and_not_read(store: TelemetryStore, tmp_path: Path) -> None:
    with store.staging("hq", "RestApi", Tier.HOURLY, "h1") as staged:
        staged.add(rows((1, "a")))
        (path,) = staged.set_aside()
    assert read(store) == [] and pl.read_parquet(path)["REQUEST_ID"].to_list() == ["a"]


def test_many_live_files_become_one_without_a_row_lost_or_doubled(
    store: TelemetryStore, tmp_path: Path
) -> None:
    for number in range(15):
        store.keep("hq", "RestApi", rows((number / 10, f"r{number:02d}"), tier=Tier.LIVE), f"s{number:02d}")
    before = read(store)
    assert store.compact("hq", "RestApi", DAY.date()) == 15
    assert read(store) == before and len(store.pieces("hq", "RestApi", DAY.date())) == 1
    # For whoever is reading them the old ones are there until the next time.
    assert len(list(tmp_path.rglob("live-s*.parquet"))) == 15
    store.keep("hq", "RestApi", rows((9, "s"), tier=Tier.LIVE), "t")
    assert store.compact("hq", "RestApi", DAY.date(), least=2) == 2
    assert read(store) == [*before, "s"] and not list(tmp_path.rglob("live-s*.parquet"))


def test_compacting_that_was_killed_shows_every_row_once(
    store: TelemetryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        store.keep("hq", "RestApi", rows((number / 10, f"r{number:02d}"), tier=Tier.LIVE), f"s{number:02d}")
    before = read(store)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store.place, "move", killed)
        with pytest.raises(KeyboardInterrupt):
            store.compact("hq", "RestApi", DAY.date())
    assert read(store) == before
    assert store.compact("hq", "RestApi", DAY.date()) == 12
    assert read(store) == before and len(store.pieces("hq", "RestApi", DAY.date())) == 1


def test_days_whose_time_is_over_go(store: TelemetryStore) -> None:
    publish(store, Tier.HOURLY, "h1", rows((1, "old"), (25, "new")))
    assert store.remove_before("hq", (DAY + timedelta(days=1)).date()) == 1
    assert read(store) == ["new"] and store.days("hq", "RestApi") == [(DAY + timedelta(days=1)).date()]


def test_any_place_that_fsspec_opens_will_do() -> None:
    store = TelemetryStore("memory://bulkhead-telemetry")
    publish(store, Tier.HOURLY, "h1", rows((1, "a"), (1.5, "b")))
    publish(store, Tier.DAILY, "d", rows((1, "a"), (2, "c"), tier=Tier.DAILY, BRAND_NEW="x"))
    assert read(store) == ["a", "b", "c"]


Event = st.tuples(st.sampled_from([0.5, 1.0, 1.5, 2.0]), st.sampled_from("abc"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.lists(Event, max_size=6), min_size=1, max_size=4),
    late=st.lists(Event, max_size=3),
    order=st.randoms(use_true_random=False),
)
def test_in_whatever_order_hours_and_day_come_each_event_is_there_once(
    tmp_path_factory: pytest.TempPathFactory,
    parts: list[list[tuple[float, str]]],
    late: list[tuple[float, str]],
    order: object,
) -> None:
    """Hourly files of different hours, and the day's file that has them all and what came too late for the hours."""
    store = TelemetryStore(str(tmp_path_factory.mktemp("store")))
    hours = [[(hour + 5 * number, name) for hour, name in part] for number, part in enumerate(parts)]
    whole = [event for part in hours for event in part] + late
    files = [(Tier.HOURLY, f"h{n}", part) for n, part in enumerate(hours)] + [(Tier.DAILY, "d", whole)]
    files += files[:1]
    order.shuffle(files)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    for tier, source, events in files:
        publish(store, tier, source, rows(*events, tier=tier))
    expected = Counter(name for _, name in whole)
    assert Counter(read(store)) == expected
