"""
From many rows to what each user did, and on which days that is known.

Absence of logs is not absence of use: a day counts as observed only when a file of it was read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from tasks.usage.calls import KINDS, SUMMARY, Row, call_of, family_of, succeeded, user_of
from tasks.usage.model import Call, Coverage, LogFile, SeenCall, Usage

_DAY = timedelta(days=1)


def worth_reading(listed: Iterable[LogFile]) -> tuple[LogFile, ...]:
    """Of each type and day the daily files, or the hourly ones while there is no daily one: both tell the same events."""
    by_day: dict[tuple[str, date], list[LogFile]] = defaultdict(list)
    for file in listed:
        if file.kind in KINDS:
            by_day[file.kind, file.day].append(file)
    found: list[LogFile] = []
    for files in by_day.values():
        daily = [file for file in files if file.interval == "Daily"]
        found += daily or files
    return tuple(sorted(found, key=lambda file: (file.day, file.kind, file.id)))


class Observation:
    """Adds up files one after the other, so that none has to be held as a whole."""

    def __init__(self, users: Collection[str], first: date, last: date) -> None:
        self._users = {user[:15]: user for user in users}
        self._first, self._last = first, last
        self._seen: dict[tuple[str, Call, date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._failed: dict[str, dict[date, dict[str, int]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(int))
        )
        self._detailed: set[date] = set()
        self._summary: set[date] = set()

    def add(self, file: LogFile, rows: Iterable[Row]) -> None:
        (self._summary if file.kind == SUMMARY else self._detailed).add(file.day)
        for row in rows:
            user = self._users.get(user_of(row))
            call = call_of(file.kind, row) if user is not None else None
            if user is None or call is None:
                continue
            source = f"{family_of(file.kind, row)} {file.kind == SUMMARY}"
            if succeeded(row):
                self._seen[user, call, file.day][source] += 1
            else:
                self._failed[user][file.day][source] += 1

    def usage(self, logins: dict[str, frozenset[date]] | None = None) -> Usage:
        within = Coverage(
            first=self._first,
            last=self._last,
            detailed=frozenset(self._detailed),
            summary=frozenset(self._summary),
        )
        days: dict[str, dict[Call, dict[date, int]]] = defaultdict(lambda: defaultdict(dict))
        for (user, call, day), counts in self._seen.items():
            days[user][call][day] = _without_repetition(counts)
        calls = {
            user: tuple(
                sorted(
                    (
                        SeenCall(call=call, times=sum(by_day.values()), days=len(by_day), last=max(by_day))
                        for call, by_day in by_call.items()
                    ),
                    key=lambda seen: (str(seen.call), sorted(seen.call.fields)),
                )
            )
            for user, by_call in days.items()
        }
        failed = {
            user: sum(_without_repetition(counts) for counts in by_day.values())
            for user, by_day in self._failed.items()
        }
        return Usage(coverage=within, calls=calls, failed=failed, logins=logins)


def _without_repetition(counts: dict[str, int]) -> int:
    """A call stands in the detailed file and in the summary: the greater number of each family is taken, once."""
    families: dict[str, int] = {}
    for source, count in counts.items():
        family = source.partition(" ")[0]
        families[family] = max(families.get(family, 0), count)
    return sum(families.values())


def month_ends(coverage: Coverage) -> tuple[date, ...]:
    return tuple(day for day in sorted(coverage.observed) if (day + _DAY).day == 1)


def quarter_ends(coverage: Coverage) -> tuple[date, ...]:
    return tuple(day for day in month_ends(coverage) if day.month % 3 == 0)


def described(coverage: Coverage) -> str:
    """For an approver: how much of the time was looked at, and whether the busy days were among it."""
    observed = len(coverage.observed)
    if not observed:
        return f"none of the last {coverage.days} days was observed"
    parts = [f"{observed} of the last {coverage.days} days were observed"]
    if thin := len(coverage.summary - coverage.detailed):
        parts.append(f"{thin} of them by total API usage only")
    parts.append("a month end was seen" if month_ends(coverage) else "no month end was seen")
    parts.append("a quarter end was seen" if quarter_ends(coverage) else "no quarter end was seen")
    return ", ".join(parts)


def unwatched_logins(usage: Usage, user_id: str) -> Sequence[date]:
    """Days on which the user signed in and no log was read: what it did then is not known."""
    days = (usage.logins or {}).get(user_id, frozenset())
    return sorted(days - usage.coverage.observed)
