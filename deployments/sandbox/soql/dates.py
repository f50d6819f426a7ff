"""Date literals as half-open ranges of days, and how a literal is bound to a date or a moment field."""

from datetime import UTC, date, datetime, timedelta

from deployments.sandbox.clock import stamp
from deployments.sandbox.soql.ast import Value
from deployments.sandbox.soql.errors import Fault, malformed

Span = tuple[date, date]


def _month(start: date, months: int) -> date:
    """The first day of the month `months` after the month of start."""
    index = start.year * 12 + start.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _period(unit: str, today: date, shift: int) -> date:
    """The first day of the unit that today lies in, moved by whole units. Weeks start on Sunday."""
    if unit == "DAY":
        return today + timedelta(days=shift)
    if unit == "WEEK":
        return today - timedelta(days=(today.weekday() + 1) % 7) + timedelta(weeks=shift)
    if unit == "MONTH":
        return _month(today, shift)
    if unit == "QUARTER":
        return _month(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), 3 * shift)
    return date(today.year + shift, 1, 1)


_SINGLE = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
_UNITS = ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")


def _counted(word: str, count: int, today: date) -> Span | None:
    for unit in _UNITS:
        if word == f"LAST_N_{unit}S":
            # Days run up to and with today; longer units end before the current one.
            end = 1 if unit == "DAY" else 0
            return _period(unit, today, -count), _period(unit, today, end)
        if word == f"NEXT_N_{unit}S":
            return _period(unit, today, 1), _period(unit, today, count + 1)
        if word == f"N_{unit}S_AGO":
            return _period(unit, today, -count), _period(unit, today, 1 - count)
    return None


def _named(word: str, today: date) -> Span | None:
    if word in _SINGLE:
        return _period("DAY", today, _SINGLE[word]), _period("DAY", today, _SINGLE[word] + 1)
    if word == "LAST_90_DAYS":
        return today - timedelta(days=90), today + timedelta(days=1)
    if word == "NEXT_90_DAYS":
        return today + timedelta(days=1), today + timedelta(days=91)
    shifts = {"LAST": -1, "THIS": 0, "NEXT": 1}
    head, _, unit = word.partition("_")
    if head in shifts and unit in _UNITS[1:]:
        return _period(unit, today, shifts[head]), _period(unit, today, shifts[head] + 1)
    return None


def span(word: str, now: datetime) -> Span:
    """First day and first day after of a date literal such as TODAY or LAST_N_DAYS:30, in UTC.

    Fiscal periods equal calendar ones, as with the standard fiscal year. Raises Fault on other words.
    """
    today = now.astimezone(UTC).date()
    name, _, count = word.replace("FISCAL_", "").partition(":")
    found = _counted(name, int(count), today) if count else _named(name, today)
    if found is None:
        raise malformed(f"unexpected token: '{word}'")
    return found


def day_text(day: date, kind: str) -> str:
    """A day as a date field stores it, or its midnight as a moment field does."""
    return f"{day.isoformat()}T00:00:00.000+0000" if kind == "datetime" else day.isoformat()


def bound(value: Value, kind: str, name: str) -> str:
    """The stored text a day or moment literal is compared as. Raises Fault on the wrong sort of literal."""
    expected = "dateTime" if kind == "datetime" else "date"
    if (value.kind == "moment") != (kind == "datetime"):
        raise Fault(
            "INVALID_FIELD",
            f"value of filter criterion for field '{name}' must be of type {expected} "
            "and should not be enclosed in quotes",
        )
    if value.kind == "day":
        return str(value.value)
    return stamp(datetime.fromisoformat(str(value.value)))
