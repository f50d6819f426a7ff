"""Nouns of just-in-time access: who asked for what, what was granted until when, and what has to be done about it."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field, field_validator

from tasks.estate.model import Alias
from tasks.value import Value


class Place(Value):
    """One permission set on one user: what a grant is about. Several grants may be about one place."""

    org: Alias
    username: str = Field(min_length=3)
    permission_set: str = Field(pattern=r"^[A-Za-z]\w{0,79}$")

    @field_validator("username")
    @classmethod
    def _one_spelling(cls, name: str) -> str:
        """User names have no case (Object Reference, User.Username)."""
        return name.strip().lower()

    def __str__(self) -> str:
        return f"{self.permission_set} for {self.username} in {self.org}"


class Request(Value):
    """
    Somebody's wish. `ticket` names the job that it is for, where there is one. `route` is the route of estate.yaml that the
    place was named by; `extends` the id of the grant that this one is to go on from.
    """

    place: Place
    hours: float = Field(gt=0, le=24)
    reason: str = Field(min_length=3, max_length=500)
    requester: str = Field(min_length=2)
    at: datetime
    ticket: str = ""
    route: str = ""
    extends: str = ""

    @property
    def length(self) -> timedelta:
        return timedelta(hours=self.hours)


class GrantState(StrEnum):
    REQUESTED = "requested"
    ACTIVE = "active"
    """Approved, and its end is not reached: whether the org has it already or not."""
    OVER = "over"
    """Its end is reached or it was ended early; the org may still have it."""
    REVOKED = "revoked"
    """Over, and the org was seen without it."""
    REFUSED = "refused"


class Review(Value):
    """
    What a grant was used for, as far as the org's logs tell.

    `used` are the minutes of the clock in which a call of the user was answered, `objects` what these calls named;
    `sign_ins` is None where the org does not tell. `unseen` says what could not be looked at: of that nothing is known.
    """

    granted: timedelta
    used: timedelta
    objects: tuple[str, ...] = ()
    sign_ins: int | None = None
    unseen: tuple[str, ...] = ()


class Grant(Value):
    """
    A request and what became of it. `until` is on the org's own clock and counts from the approval; None before it.

    `window` is the policy's window that stood for `approver`, where it was one. `ended` is an end before its time, `revoked`
    when the org was seen without it.
    """

    id: str
    request: Request
    approver: str | None = None
    window: str | None = None
    approved_at: datetime | None = None
    until: datetime | None = None
    ended: datetime | None = None
    revoked: datetime | None = None
    refused: str | None = None
    review: Review | None = None

    @property
    def end(self) -> datetime | None:
        """When it is over: its own end, or the earlier one."""
        if self.until is None:
            return None
        return self.until if self.ended is None else min(self.until, self.ended)

    def state(self, now: datetime) -> GrantState:
        if self.refused is not None:
            return GrantState.REFUSED
        if self.revoked is not None:
            return GrantState.REVOKED
        if self.end is None:
            return GrantState.REQUESTED
        return GrantState.OVER if now >= self.end else GrantState.ACTIVE


class Held(Value):
    """What an org has: an assignment with its own end, None where it has none."""

    place: Place
    assignment_id: str
    expires: datetime | None


class Give(Value):
    """Assign, with the end that the platform itself keeps where it can."""

    place: Place
    expires: datetime | None


class Prolong(Value):
    """The assignment is there with another end than the latest grant's."""

    place: Place
    assignment_id: str
    expires: datetime | None


class Take(Value):
    """No grant covers it any more."""

    place: Place
    assignment_id: str


class Settle(Value):
    """The grants are over and the org does not have it: that is what is to be noted."""

    place: Place
    grants: tuple[str, ...]


Action = Give | Prolong | Take | Settle


class Stray(Value):
    """
    An assignment of a set that is only ever granted for a time, which no grant covers: a finding. `group` is the permission
    set group through which it is held, where it is one.
    """

    place: Place
    expires: datetime | None
    group: str = ""


class Seen(Value):
    """
    What one org has of some sets: assignments, those through groups (which no grant makes or ends), sets that take no end,
    and the org's own time.
    """

    held: tuple[Held, ...]
    grouped: tuple[Stray, ...] = ()
    cannot_expire: frozenset[str]
    now: datetime


class Left(Value):
    """What is due at a place and could not be done."""

    place: Place
    why: str


class Swept(Value):
    """What one sweep did to one org; `strays` are findings, `left` is what the org did not do."""

    org: str
    given: int = 0
    prolonged: int = 0
    taken: int = 0
    settled: int = 0
    strays: tuple[Stray, ...] = ()
    left: tuple[Left, ...] = ()


class LogSpan(Value):
    """An event log file as an org lists it, with the time that its events are of; `last` is no longer part of it."""

    id: str
    kind: str
    interval: str
    first: datetime
    last: datetime


class Touch(Value):
    """One answered call of a user; `sobject` is empty where the log names none."""

    at: datetime
    sobject: str = ""


class SignIn(Value):
    at: datetime
    browser: bool


class Watched(Value):
    """
    What an org tells of one user. `spans` are the files that were read; `sign_ins` is None, and `gap` not empty, where the
    org keeps them from us.
    """

    touches: tuple[Touch, ...] = ()
    spans: tuple[LogSpan, ...] = ()
    sign_ins: tuple[SignIn, ...] | None = None
    gap: str = ""
