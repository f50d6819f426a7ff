"""Nouns of detection: what a detection is, what it says of somebody, and what people have told it to leave alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import polars as pl
from pydantic import Field, field_validator

from tasks.alerts.model import Severity as Severity
from tasks.value import Value

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
Frames = Mapping[str, pl.LazyFrame]
"""
Events by event type. Columns are those of the event log file's header, or the fields of the object in the same manner
(`SourceIp` is SOURCE_IP), and ORG (alias), AT (UTC), TIER (live, hourly or daily).
"""
Rows = Mapping[str, list[dict[str, Any]]]
"""Events by event type, one mapping of columns each; how examples are written down."""


class Tier(StrEnum):
    """How events come: queried every few minutes, or as files three to six hours, or a day and more, after their hour."""

    LIVE = "live"
    HOURLY = "hourly"
    DAILY = "daily"


class Kind(StrEnum):
    MACHINE = "machine"
    PERSON = "person"


class Aspect(StrEnum):
    """What a suspicion is about: who somebody is and where they come from, what they read, or what they set."""

    WHO = "who"
    WHAT = "what"
    SETTING = "setting"


class Member(Value):
    """Who somebody is in an org, as the inventory has it. `user` is an id of 15 or 18 letters."""

    org: str
    user: str
    name: str = ""
    """User name as set-up's audit trail has it: where names are stored as made-up ones, the made-up one."""
    kind: Kind = Kind.PERSON
    administrator: bool = False
    deploys: bool = False
    """Whether changing code and metadata is this user's work."""
    own: bool = False
    """Whether it is one of our own users: those work when people start our jobs."""
    zone: str = "UTC"
    opens: int = Field(default=7, ge=0, le=24)
    """First hour of the user's working day, in the zone."""
    closes: int = Field(default=20, ge=0, le=24)
    last_seen: datetime | None = None
    """When this user was last active before the telemetry at hand begins."""


class Indicator(Value):
    """A trace of a known attack: it expires, because addresses find new owners."""

    kind: str = Field(pattern="^(address|agent|app)$")
    value: str
    source: str
    expires: datetime


class Allowance(Value):
    """One thing that a detection leaves alone until a day. `actor` and `org` may be `*`."""

    detection: str
    org: str = "*"
    actor: str = "*"
    reason: str = Field(min_length=5)
    owner: str = Field(min_length=3)
    starts: datetime | None = None
    expires: datetime

    @field_validator("starts", "expires")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("write the time with its zone, such as 2027-01-31T00:00:00Z")
        return value

    def covers(self, suspicion: "Suspicion") -> bool:
        return (
            self.detection in ("*", suspicion.detection)
            and self.org in ("*", suspicion.org)
            and self.actor in ("*", suspicion.actor)
            and (self.starts is None or self.starts <= suspicion.at)
            and suspicion.at < self.expires
        )


class Tuning(Value):
    """What the owner of the estate has decided: `off` names detections that do not run."""

    allowances: tuple[Allowance, ...] = ()
    off: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    """Detections that run only where somebody asks for them."""


class Context(Value):
    """
    What a detection knows besides events. Only what happened from `since` on is judged; what is older is history.

    `restricted` holds `Object.Field` of sensitive fields, `sensitive` names of objects that hold such fields, `countries`
    the ISO codes somebody may come from in an org.
    """

    since: datetime
    until: datetime
    members: tuple[Member, ...] = ()
    restricted: frozenset[str] = frozenset()
    sensitive: frozenset[str] = frozenset()
    countries: Mapping[str, frozenset[str]] = {}
    indicators: tuple[Indicator, ...] = ()
    api_limits: Mapping[str, int] = {}
    """Requests an org may make in a day."""
    steady: Mapping[str, frozenset[str]] = {}
    """Event types that every day of an org has, so that a missing one means something."""


class Contribution(Value):
    """How much one feature says of a suspicion: weights of all of them come to 1."""

    feature: str
    weight: float


class Suspicion(Value):
    """
    What a detection says of an actor: a user's id, an address, or the org itself.

    `since` is when the first event behind it happened, `at` when there were enough of them. `records` counts records that were
    read; `leads` are login keys, jobs, addresses and records of set-up that lead to the events, never contents.
    """

    detection: str
    org: str
    actor: str
    at: datetime
    since: datetime
    tier: Tier
    severity: Severity
    title: str
    expected: str
    seen: str
    records: int = 0
    usual: int | None = None
    """How many records were expected, where that is a number."""
    events: int = 1
    aspect: Aspect = Aspect.WHAT
    conclusive: bool = False
    leads: tuple[str, ...] = ()
    contributions: tuple[Contribution, ...] = ()

    @property
    def key(self) -> str:
        """What makes two alerts the same."""
        return f"{self.detection}/{self.org}/{self.actor}"[:150]


class Blind(Value):
    """What a detection could not say, and why."""

    detection: str
    org: str
    reason: str


class Judged(Value):
    suspicions: tuple[Suspicion, ...]
    blind: tuple[Blind, ...]
    allowed: tuple[Suspicion, ...] = ()
    """Left alone because somebody said so."""
    idle_allowances: tuple[Allowance, ...] = ()
    """Those that covered nothing."""


@dataclass(frozen=True)
class Example:
    """Events, and who is known, that a detection fires on or leaves alone."""

    rows: Rows
    context: Context
    why: str = ""


@dataclass(frozen=True)
class Detection:
    """
    One rule. `judge` gets views of the events and says where it is suspicious: a frame of ORG, ACTOR and AT, and if it likes SINCE,
    EXPECTED, SEEN, RECORDS, USUAL, EVENTS, KEYS, SEVERITY and features (`F_…`, numbers). It judges each moment by what came before it.

    `needs` are sets of event types, each of which is enough. `technique` is an id of MITRE ATT&CK.
    """

    name: str
    title: str
    severity: Severity
    technique: str
    needs: tuple[frozenset[str], ...]
    runbook: str
    judge: "Callable[[Any, Context], pl.LazyFrame]"
    fires: tuple[Example, ...]
    quiet: tuple[Example, ...]
    aspect: Aspect = Aspect.WHAT
    conclusive: bool = False
    """Whether it is enough by itself to take somebody's access away, where policy allows that."""
    standard: bool = True
    """Whether it runs without being asked for."""
    learning: timedelta = field(default=timedelta(0))
    """How much history it needs before it says anything."""
