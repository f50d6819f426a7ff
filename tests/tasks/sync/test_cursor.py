"""Places in a route, at their edges: whole seconds, fractions, time zones of machines, and where a window begins anew."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tasks.sync.cursor import exact, opened, stamp_of, window, worth_remembering
from tasks.sync.model import Cursor, Position
from tests.tasks.sync.worlds import NOW, OVERLAP, RULES, record


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's own time zone is not UTC."""
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_the_machines_own_time_zone_counts_nowhere(elsewhere: None) -> None:
    told = "2026-11-25T09:00:00.000+0000"
    assert (stamp_of(told), exact(told)) == ("2026-11-25T09:00:00Z", "2026-11-25T09:00:00Z")
    asked = window(RULES, Cursor(until=NOW, carried=NOW), timedelta(hours=1))
    assert asked == "SystemModstamp < 2026-11-25T09:00:00Z AND SystemModstamp >= 2026-11-25T08:00:00Z"


@pytest.mark.parametrize(
    ("told", "kept"),
    [("00.001", "00.001Z"), ("00.0009", "00Z"), ("00.999", "00.999Z"), ("00.010", "00.010Z")],
)
def test_the_smallest_fraction_stays(told: str, kept: str) -> None:
    assert exact(f"2026-11-25T09:00:{told}+00:00") == f"2026-11-25T09:00:{kept}"


def test_a_new_window_begins_at_its_beginning_and_one_that_is_open_is_gone_on_with() -> None:
    place = Position(stamp="2026-11-25T08:00:00Z", id="003")
    now = datetime(2026, 11, 25, 9, 0, 1, 500_000, tzinfo=UTC)
    fresh = opened(Cursor(carried=NOW, after=place), now)
    assert (fresh.until, fresh.after) == (now.replace(microsecond=0), None)
    left = Cursor(carried=NOW, until=NOW, after=place)
    assert opened(left, now) == left
    with pytest.raises(ValueError, match=r"^no window is open$"):
        window(RULES, Cursor(carried=NOW), OVERLAP)


def test_what_the_next_window_begins_with_is_remembered() -> None:
    at = Cursor(until=NOW)
    edge = NOW - OVERLAP
    assert worth_remembering(record(1, edge), at, OVERLAP), (
        "the next window asks for it, its first second included"
    )
    assert not worth_remembering(record(1, edge - timedelta(seconds=1)), at, OVERLAP)
