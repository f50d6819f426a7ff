"""Days that are over cost little, and detections say the same with them as with every row."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from deployments.bench.detection.run import played
from deployments.bench.detection.tiers import frames
from tasks.anomalies.condense import CONDENSED, condensed
from tasks.anomalies.detect import detect
from tasks.anomalies.history_gateway import LATE, History
from tasks.anomalies.look import acting_alone
from tasks.anomalies.model import Kind, Member, Tier
from tasks.anomalies.model_live import Known
from tasks.anomalies.views import Views
from tasks.telemetry.masks import pseudonyms
from tasks.telemetry.model import Tier as Came
from tasks.telemetry.normal import normalise
from tasks.telemetry.store import TelemetryStore

DAY = timedelta(days=1)
FIRST = datetime(2026, 5, 4, tzinfo=UTC)
NOW = FIRST + 10 * DAY


def calls(day: datetime, count: int, user: str = "005000000000M01AAA", rows: int = 10) -> pl.DataFrame:
    """Calls of an hour, each with another record in its address."""
    moments = [day + timedelta(hours=9, seconds=number) for number in range(count)]
    texts = pl.DataFrame(
        {
            "TIMESTAMP_DERIVED": [f"{each:%Y-%m-%dT%H:%M:%S}.000Z" for each in moments],
            "USER_ID_DERIVED": [user] * count,
            "URI": [f"/services/data/v66.0/sobjects/Account/001000000000{n:03d}AAA" for n in range(count)],
            "ROWS_PROCESSED": [str(rows)] * count,
            "METHOD": ["GET"] * count,
            "CLIENT_IP": ["203.0.113.7"] * count,
        }
    )
    return normalise(texts, "hq", Came.DAILY, pseudonyms(b"k" * 32))


@pytest.fixture
def store(tmp_path: Path) -> TelemetryStore:
    store = TelemetryStore(str(tmp_path / "telemetry"))
    for back in range(10):
        with store.staging("hq", "RestApi", Came.DAILY, f"file-{back}") as staged:
            staged.add(calls(FIRST + back * DAY, 50))
            staged.publish()
    return store


def look(store: TelemetryStore) -> tuple[History, pl.DataFrame]:
    history = History(store, "hq")
    return history, history.rows("RestApi", FIRST, NOW - DAY, NOW).collect()


def test_a_day_that_is_over_is_condensed_once_and_sums_up_the_same(store: TelemetryStore) -> None:
    whole = store.rows(["hq"], "RestApi", FIRST, NOW).collect()
    history, found = look(store)
    older = found.filter(pl.col("AT") < NOW - DAY - LATE)
    assert history.made == older.height == 6
    assert older["URI"].unique().to_list() == ["/services/data/v66.0/sobjects/Account/*"]
    assert found["ROWS_PROCESSED"].sum() == whole["ROWS_PROCESSED"].sum() == 10 * 50 * 10
    assert found.filter(pl.col("AT") >= NOW - DAY - LATE).height == 4 * 50
    again, same = look(store)
    assert again.made == 0 and same.equals(found)


def test_a_day_that_gets_late_rows_is_condensed_anew_and_no_other(store: TelemetryStore) -> None:
    look(store)
    with store.staging("hq", "RestApi", Came.DAILY, "late") as staged:
        staged.add(calls(FIRST + 2 * DAY, 50, rows=990))
        staged.publish()
    history, found = look(store)
    assert history.made == 1
    assert found["ROWS_PROCESSED"].sum() == 10 * 50 * 10 + 50 * 990


def test_what_is_known_of_an_org_is_kept(store: TelemetryStore) -> None:
    history = History(store, "hq")
    assert history.known() is None
    known = Known(
        org="hq", at=NOW, members=(Member(org="hq", user="005A"),), unread={"API limit": "no right"}
    )
    history.keep_known(known)
    assert history.known() == known


def test_silence_means_something_only_where_every_day_says_something(store: TelemetryStore) -> None:
    history = History(store, "hq")
    assert history.steady("RestApi", FIRST + 11 * DAY, days=7, least=7)
    assert not history.steady("RestApi", NOW + 5 * DAY, days=7, least=7)


@pytest.mark.parametrize("seed", [3, 104])
def test_detections_say_the_same_with_condensed_days(seed: int) -> None:
    game = played(seed, orgs=1, machines=4, persons=8)
    whole = {kind: frame.collect() for kind, frame in frames(game.facts, Tier.HOURLY).items()}
    # Worlds tell a run's calls in one row; orgs tell each of them.
    half = pl.col("ROWS_PROCESSED") // 2
    parts = (half, pl.col("ROWS_PROCESSED") - half)
    whole["RestApi"] = pl.concat([whole["RestApi"].with_columns(ROWS_PROCESSED=part) for part in parts]).sort(
        "AT"
    )
    start = (game.context.since - LATE).replace(hour=0, minute=0, second=0, microsecond=0)
    mixed = {}
    for kind, frame in whole.items():
        old = frame.filter(pl.col("AT") < start)
        few = condensed(old.lazy(), kind) if kind in CONDENSED else old
        mixed[kind] = pl.concat([few, frame.filter(pl.col("AT") >= start)], how="diagonal_relaxed")
    assert mixed["RestApi"].height < whole["RestApi"].height
    one = detect({kind: frame.lazy() for kind, frame in whole.items()}, game.context)
    other = detect({kind: frame.lazy() for kind, frame in mixed.items()}, game.context)
    assert one.suspicions
    assert [(s.key, s.at) for s in other.suspicions] == [(s.key, s.at) for s in one.suspicions]


def test_who_always_came_as_an_app_is_a_machine_and_people_with_telephones_are_not() -> None:
    game = played(3, orgs=1, machines=4, persons=8)
    live = frames(game.facts, Tier.LIVE)
    views = Views(live, game.context)
    nobody = tuple(member.model_copy(update={"kind": Kind.PERSON}) for member in game.context.members)
    found = {each.user for each in acting_alone(views, nobody) if each.kind is Kind.MACHINE}
    machines = {machine.user for machine in game.world.machines if not machine.vendor}
    assert found and found <= {machine.user for machine in game.world.machines} and machines & found
