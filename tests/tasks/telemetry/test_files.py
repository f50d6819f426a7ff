"""Event log files: taken once, gated by a real Great Expectations process, set aside with a reason, and gaps where traffic is steady."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.contracts.batches import BatchChecker
from tasks.telemetry.files import Check, files_to_take, take
from tasks.telemetry.masks import pseudonyms
from tasks.telemetry.model import LogFile, Quarantined, TakenFile, Tier
from tasks.telemetry.sources import FREE, degraded, gaps
from tasks.telemetry.store import TelemetryStore
from tests.tasks.telemetry.scripted import Memory, ScriptedOrg

DAY = datetime(2026, 5, 4, tzinfo=UTC)
NOW = DAY + timedelta(days=2)
NAME = pseudonyms(b"k" * 32)
HEADER = "EVENT_TYPE,TIMESTAMP,REQUEST_ID,ORGANIZATION_ID,USER_ID,TIMESTAMP_DERIVED,ROWS_PROCESSED,QUERY"


def listed(
    name: str, tier: Tier = Tier.DAILY, hour: int = 0, kind: str = "RestApi", sequence: int = 0
) -> LogFile:
    start = DAY + timedelta(hours=hour)
    return LogFile(
        id=name, event_type=kind, tier=tier, start=start, made=start + timedelta(hours=30), sequence=sequence
    )


def lines(*events: tuple[float, str], kind: str = "RestApi", header: str = HEADER, rows: str = "10") -> bytes:
    text = [header]
    for hours, name in events:
        at = DAY + timedelta(hours=hours)
        text.append(
            f'"{kind}","{at:%Y%m%d%H%M%S}.0","{name}","00D000000000001","005Dn000001ab23","{at:%Y-%m-%dT%H:%M:%S}.000Z","{rows}",'
            "\"SELECT Id FROM Contact WHERE Email = 'ada@acme.example'\""
        )
    return "\n".join(text).encode() + b"\n"


class World:
    def __init__(self, folder: Path, check: Check) -> None:
        self.org, self.book, self.check = ScriptedOrg(), Memory(), check
        self.store, self.folder = TelemetryStore(str(folder)), folder

    def take(self, file: LogFile) -> TakenFile | Quarantined:
        return take(self.org, self.store, self.book, self.check, NAME, file, NOW)

    def stored(self, kind: str = "RestApi") -> list[dict[str, Any]]:
        return self.store.rows(["hq"], kind, DAY - timedelta(days=9), NOW).sort("AT").collect().to_dicts()


@pytest.fixture(scope="module")
def check() -> Iterator[Check]:
    with BatchChecker(seconds=900) as checker:
        # A machine that is busy with other tests takes its time to import Great Expectations.
        yield checker.broken


@pytest.fixture
def world(tmp_path: Path, check: Check) -> World:
    return World(tmp_path / "telemetry", check)


def test_a_file_becomes_masked_typed_rows(world: World) -> None:
    taken = world.take(world.org.has(listed("0AT1"), lines((1, "a"), (2, "b"))))
    assert isinstance(taken, TakenFile) and (taken.rows, taken.added) == (2, 2)
    rows = world.stored()
    assert [row["ROWS_PROCESSED"] for row in rows] == [10, 10] and "ada" not in str(rows)
    assert not any(b"ada@acme" in path.read_bytes() for path in world.folder.rglob("*") if path.is_file())


def test_hours_and_their_day_and_a_late_hour_are_each_event_once(world: World) -> None:
    for name, hour, sequence, events in (
        ("h1", 1, 1, [(1.1, "a")]), ("h2", 1, 2, [(1.2, "late")]), ("h3", 2, 1, [(2.1, "b")])
    ):  # fmt: skip
        world.take(world.org.has(listed(name, Tier.HOURLY, hour, sequence=sequence), lines(*events)))
    day = world.take(
        world.org.has(listed("d"), lines((1.1, "a"), (1.2, "late"), (2.1, "b"), (3, "day only")))
    )
    assert isinstance(day, TakenFile) and (day.added, day.lacking) == (1, 0)
    assert [row["REQUEST_ID"] for row in world.stored()] == ["a", "late", "b", "day only"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lines((1, "a")).replace(b"USER_ID,", b"USER,"), "lacks columns"),
        (lines((1, "a"), (2, "b")).replace(b"2026-05-04T02", b"2026-13-04T02").replace(b"2026050402", b"20261304"), "no time"),
        (lines((1, "a"), (200, "b")), "more than 6 days"),
        (lines((70, "a")), "long after its time"),
        (lines((1, "a"), rows="many"), "numbers are none"),
        (lines((1, "a"), rows="-5"), "below zero"),
        (lines((1, "a")) + lines((2, "b"), kind="Login").partition(b"\n")[2], "another event type"),
        (lines((1, "a"))[:-20], "it was cut"),
        (b"<html>maintenance</html>\n", "lacks columns"),
    ],
    ids=["columns", "times", "days", "late", "numbers", "signs", "types", "cut", "no csv"],
)  # fmt: skip
def test_a_bad_file_is_set_aside_with_its_reason_and_not_judged_on(
    world: World, content: bytes, said: str
) -> None:
    held = world.take(world.org.has(listed("0AT1"), content))
    assert isinstance(held, Quarantined) and said in held.reason and world.stored() == []
    assert "0AT1" in world.book.aside and not list((world.folder / "_staging").glob("*"))


def test_a_file_that_is_shorter_than_the_org_says_is_set_aside(world: World) -> None:
    file = world.org.has(listed("0AT1"), lines((1, "a"), (2, "b")))
    world.org.content_of[file.id] = lines((1, "a"))
    held = world.take(file)
    assert isinstance(held, Quarantined) and "not as long as the org says" in held.reason


def test_far_fewer_rows_than_yesterday_are_suspicious_only_where_traffic_is_steady(world: World) -> None:
    many = [(hour / 60, f"r{hour}") for hour in range(600)]
    for kind, expected in (("Login", Quarantined), ("RestApi", TakenFile)):
        before = listed(f"{kind}1", kind=kind)
        world.take(world.org.has(before, lines(*many, kind=kind)))
        after = listed(f"{kind}2", kind=kind, hour=24)
        assert isinstance(world.take(world.org.has(after, lines((25, "one"), kind=kind))), expected)


def test_far_more_rows_than_yesterday_are_what_a_theft_looks_like(world: World) -> None:
    world.take(world.org.has(listed("a", kind="Login"), lines((1, "x"), kind="Login")))
    many = lines(*((25 + n / 100, f"r{n}") for n in range(900)), kind="Login")
    assert isinstance(world.take(world.org.has(listed("b", kind="Login", hour=24), many)), TakenFile)


def test_what_was_taken_or_is_too_young_is_not_taken(world: World) -> None:
    old, young = listed("0AT1"), listed("0AT2").model_copy(update={"made": NOW - timedelta(minutes=1)})
    for file in (old, young):
        world.org.has(file, lines((1, "a")))
    wait = {"settle": timedelta(minutes=5), "backfill": timedelta(days=31), "cursor": "EventLogFile"}
    assert [f.id for f in files_to_take(world.org, world.book, ["RestApi"], NOW, **wait)] == ["0AT1"]
    world.take(world.org.listed[0])
    assert files_to_take(world.org, world.book, ["RestApi"], NOW, **wait) == []


def days(*back: int) -> list[datetime]:
    return [DAY - timedelta(days=each) for each in back]


@pytest.mark.parametrize(
    ("name", "there", "lacking"),
    [
        ("Login", days(*range(3, 12)), ""),
        ("Login", days(3, 4, 6, 7, 8, 9), "2026-04-29"),
        ("Login", days(*range(20, 28)), "2026-05-01"),
        ("Login", days(3, 9), ""),
        ("RestApi", days(3, 4, 6, 7, 8, 9), ""),
    ],
    ids=["whole", "a day", "stopped", "not steady", "not a steady type"],
)
def test_gaps_are_said_only_where_traffic_is_steady(name: str, there: list[datetime], lacking: str) -> None:
    found = gaps({(name, Tier.DAILY): there}, DAY)
    assert len(found) == bool(lacking) and all(lacking in each.what for each in found)


def test_an_org_without_event_monitoring_degrades_visibly() -> None:
    free = degraded({("Login", "Daily"): 3, ("ApiTotalUsage", "Daily"): 3}, ["Login", "RestApi"])
    assert {each.tier for each in free} == {Tier.DAILY, Tier.HOURLY} and "ApiTotalUsage" in free[0].why
    assert degraded({("RestApi", "Hourly"): 1, ("RestApi", "Daily"): 1}, ["RestApi"]) == []
    assert "ApiTotalUsage" in FREE
