"""Rows on both sides of a moment, told apart by user, call and outcome."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tasks.usage.calls import Row, failed, forbidden, names_a_right, succeeded
from tasks.usage.model import LogFile
from tasks.usage.watch import UNNAMED, Sides, worth_watching

SINCE = datetime(2026, 11, 25, 12, tzinfo=UTC)
USER, OTHER = "0052x0000000001AAA", "0052x0000000002AAA"
DAY = SINCE.date()


def row(hours: float, status: str, user: str = USER, **cells: str) -> Row:
    at = (SINCE + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")
    return {
        "TIMESTAMP_DERIVED": at,
        "USER_ID_DERIVED": user,
        "STATUS_CODE": status,
        "METHOD": "GET",
        "URI": "/services/data/v62.0/query",
        "QUERY": "SELECT Subject FROM Case",
        "CLIENT_IP": "203.0.113.7",
        **cells,
    }


def file(kind: str = "RestApi", interval: str = "Hourly", day: date = DAY) -> LogFile:
    return LogFile(id=f"{kind}{interval}{day}", kind=kind, interval=interval, day=day)


def test_calls_are_added_up_on_each_side() -> None:
    sides = Sides({USER: "Sync@emea.example"}, SINCE)
    sides.add(file(), [row(-3, "200"), row(-2, "200"), row(1, "400"), row(2, "403"), row(3, "200", OTHER)])
    [before], [since] = sides.tallies(since=False), sides.tallies(since=True)
    assert before.user == since.user == "sync@emea.example" and before.call == since.call
    assert (before.answered, before.failed, before.answered_at) == (2, 0, {"203.0.113.7"})
    assert (since.answered, since.failed, since.forbidden, since.named) == (0, 2, 1, 0)
    assert (since.first_failed, since.last_failed) == (
        SINCE + timedelta(hours=1),
        SINCE + timedelta(hours=2),
    )
    assert sides.others == SINCE + timedelta(hours=3)


def test_what_is_forbidden_counts_without_an_object_and_nothing_else_does() -> None:
    sides = Sides({USER: "sync"}, SINCE)
    plain = {"QUERY": "", "URI": "/services/data/v62.0/limits"}
    sides.add(file(), [row(1, "400", **plain), row(1, "403", **plain), row(1, "200", **plain)])
    [tally] = sides.tallies(since=True)
    assert tally.call == UNNAMED and (tally.failed, tally.answered) == (1, 0)


@pytest.mark.parametrize(
    ("cells", "refused", "no_access", "named"),
    [
        ({"STATUS_CODE": "400"}, True, False, False),
        ({"STATUS_CODE": "403"}, True, True, False),
        ({"STATUS_CODE": "401"}, False, False, False),
        ({"STATUS_CODE": "429"}, False, False, False),
        ({"STATUS_CODE": "503"}, False, False, False),
        ({"STATUS_CODE": "200"}, False, False, False),
        ({"REQUEST_STATUS": "A"}, True, True, False),
        ({"REQUEST_STATUS": "F", "EXCEPTION_MESSAGE": "INSUFFICIENT_ACCESS: no"}, True, False, True),
        ({"SUCCESS": "0", "MESSAGE": "InvalidBatch : Field name not found"}, True, False, False),
        ({"JOB_STATUS": "Failed"}, True, False, False),
        ({"JOB_STATUS": "JobComplete", "RECORDS_PROCESSED": "9", "RECORDS_FAILED": "9"}, True, False, False),
        ({"JOB_STATUS": "JobComplete", "RECORDS_PROCESSED": "9", "RECORDS_FAILED": "2"}, False, False, False),
    ],
)
def test_refused_is_told_from_broken(
    cells: dict[str, str], refused: bool, no_access: bool, named: bool
) -> None:
    assert (failed(cells), forbidden(cells), names_a_right(cells)) == (refused, no_access, named)
    assert not (refused and succeeded(cells))


def test_the_summary_stands_in_only_where_nothing_else_does() -> None:
    both = [file(), file("ApiTotalUsage")]
    assert [each.kind for each in worth_watching(both, DAY)] == ["RestApi"]
    assert [each.kind for each in worth_watching(both[1:], DAY)] == ["ApiTotalUsage"]
    assert worth_watching(both, DAY + timedelta(days=1)) == ()
    daily = [*both, file(interval="Daily")]
    assert [each.interval for each in worth_watching(daily, DAY)] == ["Daily"]
