"""Many files added up: nothing twice, nothing that was refused, and no silence taken for rest."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from tasks.usage.model import Coverage, LogFile, Operation, Usage
from tasks.usage.observe import (
    Observation,
    described,
    month_ends,
    quarter_ends,
    unwatched_logins,
    worth_reading,
)

LAST = date(2026, 10, 2)
FIRST = LAST - timedelta(days=29)
ANN, BOB = "005000000000001AAA", "005000000000002AAA"


def file(kind: str = "RestApi", day: date = LAST, interval: str = "Daily", name: str = "0AT1") -> LogFile:
    return LogFile(id=name, kind=kind, interval=interval, day=day)


def row(user: str = ANN, method: str = "GET", status: str = "200", **cells: str) -> dict[str, str | None]:
    base = {
        "USER_ID": user[:15],
        "METHOD": method,
        "HTTP_METHOD": method,
        "URI": "/services/data/v66.0/sobjects/Account",
    }
    return {**base, "API_FAMILY": "REST", "ENTITY_NAME": "Account", "STATUS_CODE": status, **cells}


def observed(
    *files: tuple[LogFile, Iterable[dict[str, str | None]]], logins: dict[str, frozenset[date]] | None = None
) -> Usage:
    observation = Observation([ANN], FIRST, LAST)
    for each, rows in files:
        observation.add(each, rows)
    return observation.usage(logins)


def test_calls_are_counted_by_user_object_operation_and_day() -> None:
    yesterday = LAST - timedelta(days=1)
    usage = observed(
        (file(), [row(), row(), row(method="POST"), row(BOB)]),
        (file(day=yesterday), [row()]),
    )
    read, create = sorted(usage.of(ANN), key=lambda seen: -seen.times)
    assert (read.call.operation, read.times, read.days, read.last) == (Operation.READ, 3, 2, LAST)
    assert (create.call.operation, create.times) == (Operation.CREATE, 1)
    assert usage.of(BOB) == () and usage.calls.keys() == {ANN}


def test_what_stands_in_the_detailed_file_and_in_the_summary_is_counted_once() -> None:
    usage = observed((file(), [row(), row()]), (file("ApiTotalUsage"), [row(), row(), row()]))
    assert [seen.times for seen in usage.of(ANN)] == [3]


def test_calls_of_other_families_are_no_repetition() -> None:
    soap: dict[str, str | None] = {"USER_ID": ANN[:15], "METHOD_NAME": "query", "ENTITY_NAME": "Account"}
    usage = observed((file(), [row()]), (file("API"), [soap]))
    assert [seen.times for seen in usage.of(ANN)] == [2]


def test_a_refused_call_is_no_use_of_a_right() -> None:
    usage = observed((file(), [row(status="403"), row(status="403")]))
    assert usage.of(ANN) == () and usage.failed == {ANN: 2}


def test_the_daily_file_replaces_the_hourly_ones_and_late_ones_are_added() -> None:
    hourly = [file(interval="Hourly", name=f"h{n}") for n in range(3)]
    daily, late = file(name="d0"), file(name="d1")
    today = file(day=LAST + timedelta(days=1), interval="Hourly", name="now")
    assert worth_reading([*hourly, today, daily, late, file("Login", name="x")]) == (daily, late, today)


def test_only_days_of_which_a_file_was_read_are_observed() -> None:
    usage = observed(
        (file(), []),
        (file("ApiTotalUsage", LAST - timedelta(days=1)), []),
        logins={ANN: frozenset({LAST, FIRST})},
    )
    assert usage.coverage.observed == {LAST, LAST - timedelta(days=1)}
    assert unwatched_logins(usage, ANN) == [FIRST] and unwatched_logins(usage, BOB) == []
    text = described(usage.coverage)
    assert "2 of the last 30 days were observed" in text and "1 of them by total API usage only" in text


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "none of the last 30 days was observed"),
        ([date(2026, 9, 29)], "no month end was seen, no quarter end was seen"),
        ([date(2026, 8, 31)], "a month end was seen, no quarter end was seen"),
        ([date(2026, 9, 30)], "a month end was seen, a quarter end was seen"),
        ([date(2028, 2, 29)], "a month end was seen, no quarter end was seen"),
    ],
)
def test_month_and_quarter_ends_are_looked_for(days: list[date], words: str) -> None:
    coverage = Coverage(first=FIRST, last=LAST, detailed=frozenset(days))
    assert words in described(coverage)
    assert set(quarter_ends(coverage)) <= set(month_ends(coverage)) <= set(days)
