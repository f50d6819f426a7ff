"""Nouns of responding: what an alert says, what an org shows, the steps of a containment, and where it stands."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import Field, field_validator

from tasks.estate.model import Alias
from tasks.estate.model_response import Rung
from tasks.plans.model import Resource, ResourceKind, State
from tasks.value import Value

Severity = Literal["info", "warning", "error", "critical"]


class Facts(Value):
    """
    What an alert says about one actor: the facts of an incident.

    `app` is the app's name or label, `route` a route of estate.yaml, `addresses` where the actor came from. `at` is when it was
    detected, `since` the first event that belongs to it, both on the org's own clock.
    """

    org: Alias
    username: str = Field(min_length=3)
    app: str = ""
    route: str = ""
    addresses: tuple[str, ...] = ()
    detection: str = Field(min_length=1)
    severity: Severity
    alert: str = ""
    at: datetime
    since: datetime | None = None

    @field_validator("username")
    @classmethod
    def _one_spelling(cls, name: str) -> str:
        """User names have no case (Object Reference, User.Username)."""
        return name.strip().lower()


class Found(Value):
    """A resource with what it holds now."""

    resource: Resource
    state: State


class AppSeen(Value):
    """
    An app that the actor's key opens.

    `labels` are what login history and tokens call it. `admissions` are the rows that admit to it, `admitted` how many active
    users they admit. `policy` says who may use it; None for an app whose policies the org does not show. `run_as` is the user as
    whom its client credentials act.
    """

    name: str
    labels: tuple[str, ...]
    admissions: tuple[Found, ...] = ()
    admitted: int = Field(default=0, ge=0)
    policy: Found | None = None
    run_as: str | None = None


class Seen(Value):
    """
    What one org shows about an actor. `users` counts the active ones, `tier_0` says that the actor owns the org.

    `callouts` are named credentials through which the source org of a route calls out. `unseen` names what could not be read.
    """

    org: Alias
    now: datetime
    users: int = Field(ge=0)
    sign_in: Found | None
    tier_0: bool = False
    assignments: tuple[Found, ...] = ()
    apps: tuple[AppSeen, ...] = ()
    run_as: tuple[Found, ...] = ()
    callouts: tuple[Found, ...] = ()
    unseen: tuple[str, ...] = ()


class Deed(StrEnum):
    END = "end"
    """Ends sessions and tokens; who may still sign in opens new ones, and nobody brings the old ones back."""
    TAKE = "take"
    """Takes a resource from one state to another."""
    ROTATE = "rotate"
    """Orders an emergency rotation; the rotation's own run carries it out."""


class Step(Value):
    """
    One thing that is done in an org, or ordered.

    Of an END, `usernames` are whose sessions and tokens end; without any, everybody's that came through `apps`.
    """

    number: int = Field(ge=1)
    rung: Rung
    deed: Deed
    org: Alias
    what: str
    resource: Resource | None = None
    before: State | None = None
    after: State | None = None
    usernames: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()
    secret: str = ""

    @property
    def has_way_back(self) -> bool:
        return self.deed is Deed.TAKE


class Recent(Value):
    """What was contained within the last hour without a person: user names of this org, and routes of all orgs."""

    users: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()


class Containment(Value):
    """
    What was decided. Steps in `waiting` are taken when `needed` people have said yes; `why` is why they wait.

    `users` are those who are kept out, `routes` those that stop, `left` what it does not close. It is given back by itself
    `undo_after` the decision, by the org's own clock.
    """

    id: str
    facts: Facts
    rung: Rung
    steps: tuple[Step, ...] = ()
    waiting: frozenset[int] = frozenset()
    needed: int = Field(default=1, ge=1)
    why: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    at: datetime
    undo_after: timedelta | None = None

    @property
    def undo_at(self) -> datetime | None:
        return None if self.undo_after is None else self.at + self.undo_after

    @property
    def ends_grants(self) -> bool:
        return any(step.rung is Rung.ACCESS for step in self.steps)


class Trial(Value):
    """A credential that was tried after a containment; `refused` is what it should be."""

    secret: str
    refused: bool


class Standing(Value):
    """
    A containment and what became of it, as the ledger tells. `requester` is who asked for it, or what did.

    `begun` steps may have been taken, `taken` ones were read back. `agreed` are those who said yes to steps that wait. `asked`
    are those who said yes to giving back, `kept` steps that somebody else has changed since, which are left alone. `reported` says
    that its incident has a report, `closed` when a person said that nothing more is to be done about that, by our own clock.
    """

    containment: Containment
    requester: str = ""
    begun: frozenset[int] = frozenset()
    taken: frozenset[int] = frozenset()
    agreed: tuple[str, ...] = ()
    trials: tuple[Trial, ...] = ()
    asked: tuple[str, ...] = ()
    returning: datetime | None = None
    given: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()
    over: datetime | None = None
    reported: bool = False
    closed: datetime | None = None

    @property
    def settled(self) -> bool:
        """Whether its incident is over: reported, and what was taken given back, or closed by a person."""
        return self.reported and (self.over is not None or self.closed is not None)

    @property
    def open(self) -> bool:
        return self.over is None

    @property
    def allowed(self) -> frozenset[int]:
        """Numbers of the steps that may be taken by now."""
        everything = frozenset(step.number for step in self.containment.steps)
        waits = self.containment.waiting if len(self.agreed) < self.containment.needed else frozenset()
        return everything - waits

    @property
    def due(self) -> tuple[Step, ...]:
        """Steps to take now, in order. None once it is to be given back."""
        if self.returning is not None or not self.open:
            return ()
        return tuple(s for s in self.containment.steps if s.number in self.allowed - self.taken)

    @property
    def owed(self) -> tuple[Step, ...]:
        """Steps to give back now, the last one first."""
        if self.returning is None or not self.open:
            return ()
        left = (self.begun | self.taken) - self.given
        return tuple(s for s in reversed(self.containment.steps) if s.has_way_back and s.number in left)

    @property
    def contained(self) -> bool:
        """Whether all that may be taken by now is taken and seen, and nothing that was tried was let in."""
        return (
            bool(self.taken)
            and self.allowed <= self.taken
            and all(trial.refused for trial in self.trials)
            and self.returning is None
        )

    @property
    def disabled(self) -> bool:
        """Whether the actor was seen to be unable to sign in."""
        sign_ins = [
            s.number for s in self.containment.steps if _keeps_out(s, self.containment.facts.username)
        ]
        return bool(sign_ins) and self.taken.issuperset(sign_ins)


def _keeps_out(step: Step, username: str) -> bool:
    resource = step.resource
    return resource is not None and resource.kind is ResourceKind.SIGN_IN and resource.key.lower() == username
