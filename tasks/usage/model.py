"""Nouns of observed use: calls, how often each was seen, and which days were observed at all."""

from datetime import date, datetime
from enum import StrEnum

from tasks.value import Value


class Operation(StrEnum):
    """What one call asks of an object. `OTHER` is a call of which the log does not say what it does."""

    READ = "read"
    CREATE = "create"
    EDIT = "edit"
    UPSERT = "upsert"
    DELETE = "delete"
    HARD_DELETE = "hard-delete"
    OTHER = "other"


class Call(Value):
    """
    One kind of call. `fields` are API names of `sobject` where they are known: a log tells them only for queries, and a
    path through a relationship (`Owner.Name`) is kept whole.
    """

    operation: Operation
    sobject: str
    fields: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.operation.value} {self.sobject}"


class SeenCall(Value):
    """A call as one user made it: how often it was answered, on how many days, and when last."""

    call: Call
    times: int
    days: int
    last: date


class LogFile(Value):
    """One event log file as the org lists it; `day` is the UTC day of its events, `made` when the file appeared."""

    id: str
    kind: str
    interval: str
    day: date
    made: datetime | None = None


class Coverage(Value):
    """
    Which days calls are known of, out of the days from `first` to `last`.

    `detailed` are days with files that name objects for every call; on other days a call may be known from a summary only,
    or not at all. A day without a file is a day of which nothing is known.
    """

    first: date
    last: date
    detailed: frozenset[date] = frozenset()
    summary: frozenset[date] = frozenset()

    @property
    def observed(self) -> frozenset[date]:
        return self.detailed | self.summary

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


class Usage(Value):
    """
    What the users of one org did, by user id. `logins` are the days on which each signed in; None where the org does not
    tell. `failed` counts calls that the org refused: they are no use of a right.
    """

    coverage: Coverage
    calls: dict[str, tuple[SeenCall, ...]]
    failed: dict[str, int]
    logins: dict[str, frozenset[date]] | None = None

    def of(self, user_id: str) -> tuple[SeenCall, ...]:
        return self.calls.get(user_id, ())


class Tally(Value):
    """
    One kind of call of one user within a span of time.

    `failed` counts answers of 400, 403 and 404, and refusals of APIs whose log gives no number; an outage, a limit and an
    expired session are none of them. `named` are those of which the log itself says that a right was missing.
    """

    user: str
    call: Call
    answered: int = 0
    last_answered: datetime | None = None
    failed: int = 0
    forbidden: int = 0
    """Answers of 403 among `failed`."""
    named: int = 0
    first_failed: datetime | None = None
    last_failed: datetime | None = None
    answered_at: frozenset[str] = frozenset()
    """Addresses that answers went to."""
    failed_at: frozenset[str] = frozenset()
    """Addresses that refusals went to."""


class SignIns(Value):
    """Sign-ins of one user from one address that ended alike. `user` is the user name in lower case."""

    user: str
    address: str
    status: str
    times: int
    first: datetime
    last: datetime

    @property
    def succeeded(self) -> bool:
        return self.status.lower() == "success"


class Traffic(Value):
    """
    What some users did before and since a moment, as far as it can be seen now; users are user names in lower case.

    Without `fresh` no log file came since the last look, and none was read. `before` is read only where something failed
    since. `hourly` says whether the org gives hourly files. `others` is when the org last answered anybody else.
    """

    now: datetime
    fresh: bool
    newest: datetime | None = None
    """When the latest log file appeared."""
    files: int = 0
    hourly: bool = False
    since: tuple[Tally, ...] = ()
    before: tuple[Tally, ...] = ()
    others: datetime | None = None
    sign_ins_before: tuple[SignIns, ...] = ()
    sign_ins: tuple[SignIns, ...] = ()
    hidden: tuple[str, ...] = ()
    """What this org does not let us see, and why."""
