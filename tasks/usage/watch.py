"""From rows of event log files to what some users did before and since a moment: what was answered, what was refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tasks.usage.calls import (
    DETAILED,
    SUMMARY,
    Row,
    address_of,
    call_of,
    failed,
    forbidden,
    moment_of,
    names_a_right,
    succeeded,
    user_of,
)
from tasks.usage.model import Call, LogFile, Operation, Tally
from tasks.usage.observe import worth_reading

UNNAMED = Call(operation=Operation.OTHER, sobject="an object that the log does not name")


def worth_watching(listed: Sequence[LogFile], first: date) -> tuple[LogFile, ...]:
    """Files of days from `first` on. The summary tells the same calls once more, without their fields: it stands in only."""
    recent = [file for file in listed if file.day >= first]
    detailed = any(file.kind in DETAILED for file in recent)
    return tuple(file for file in worth_reading(recent) if not (detailed and file.kind == SUMMARY))


@dataclass
class _Count:
    answered: int = 0
    last_answered: datetime | None = None
    failed: int = 0
    forbidden: int = 0
    named: int = 0
    first_failed: datetime | None = None
    last_failed: datetime | None = None
    answered_at: set[str] = field(default_factory=set)
    failed_at: set[str] = field(default_factory=set)


class Sides:
    """Adds up rows of both sides of `since`, one file after the other. `users` maps ids to user names."""

    def __init__(self, users: Mapping[str, str], since: datetime) -> None:
        self._users = {user_id[:15]: name.lower() for user_id, name in users.items()}
        self._since = since
        self._counts: dict[tuple[bool, str, Call], _Count] = {}
        self.others: datetime | None = None
        """When somebody else was last answered."""

    def add(self, file: LogFile, rows: Iterable[Row]) -> None:
        for row in rows:
            at = moment_of(row)
            if at is None:
                continue
            user = self._users.get(user_of(row))
            if user is None:
                if succeeded(row):
                    self.others = at if self.others is None else max(self.others, at)
                continue
            call = call_of(file.kind, row)
            if call is None:
                # Without an object nobody can compare it; that something is forbidden has to be known all the same.
                if not forbidden(row):
                    continue
                call = UNNAMED
            self._count(self._counts.setdefault((at >= self._since, user, call), _Count()), row, at)

    def tallies(self, since: bool) -> tuple[Tally, ...]:
        """Of the time since the moment, or of that before it."""
        found = (
            Tally.model_validate({"user": user, "call": call, **vars(count)})
            for (side, user, call), count in self._counts.items()
            if side is since
        )
        return tuple(sorted(found, key=lambda each: (each.user, str(each.call), sorted(each.call.fields))))

    def _count(self, count: _Count, row: Row, at: datetime) -> None:
        if succeeded(row):
            count.answered += 1
            count.answered_at.update(filter(None, [address_of(row)]))
            count.last_answered = at if count.last_answered is None else max(count.last_answered, at)
        elif failed(row):
            count.failed += 1
            count.failed_at.update(filter(None, [address_of(row)]))
            count.forbidden += forbidden(row)
            count.named += names_a_right(row)
            count.first_failed = at if count.first_failed is None else min(count.first_failed, at)
            count.last_failed = at if count.last_failed is None else max(count.last_failed, at)
