"""Nouns of alerting."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from tasks.value import Value

EVERY_ORG = "*"
"""What `Alert.org` says of something that is about no single org: every channel is told."""


class Severity(StrEnum):
    """PagerDuty's words (Events API v2)."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class Containment(StrEnum):
    """What is known of the user or route that an alert is about. Only what was read back and tried counts as verified."""

    NONE = "none"
    UNDER_WAY = "under-way"
    VERIFIED = "verified"
    FAILED = "failed"


class Fact(Value):
    """One line of an alert. `key` is what programs call it."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: str = Field(min_length=1, max_length=60)
    text: str = Field(max_length=500)


class Link(Value):
    """A button."""

    label: str = Field(min_length=1, max_length=75)
    url: str = Field(pattern=r"^https?://\S+$", max_length=3000)
    once_contained: bool = False
    """Shown only after containment is verified: before, there is nothing to take back."""


class Alert(Value):
    """
    Something a person has to know. `key` says what it is about: while it is open, the same key opens nothing new.

    Texts name orgs, users and sets, never secrets or anybody's data.
    """

    key: str = Field(min_length=3, max_length=150)
    org: str
    """Its alias, or EVERY_ORG."""
    severity: Severity
    title: str = Field(max_length=200)
    detail: str = ""
    next_step: str = ""
    facts: tuple[Fact, ...] = Field(default=(), max_length=20)
    containment: Containment | None = None
    """None where there is nobody to contain."""
    links: tuple[Link, ...] = Field(default=(), max_length=10)

    @property
    def is_about_every_org(self) -> bool:
        return self.org == EVERY_ORG

    @property
    def place(self) -> str:
        return "all orgs" if self.is_about_every_org else self.org

    @property
    def content(self) -> "Alert":
        """Without links: those name the run that said it, which is another each time."""
        return self.model_copy(update={"links": ()})


class Opened(Value):
    """An alert as the ledger has it, with what was said last. `resolved` is when it was over."""

    id: str
    alert: Alert
    at: datetime
    sequence: int = 0
    """Of the entry that opened it."""
    resolved: datetime | None = None
    owed: frozenset[str] = frozenset()
    """Names of channels that had to hear of it and had not when it was resolved."""
    delivered: frozenset[str] = frozenset()
    """Marks of what was told, such as `channel name:opened`."""
    revision: int = 0
    """Updates that were noted."""
    loud: int = 0
    """The latest of them that is worth a message of its own."""
    updated: datetime | None = None
    acknowledged: datetime | None = None
    acknowledged_by: str = ""


class Telling(StrEnum):
    OPENED = "opened"
    UPDATED = "updated"
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    OVER = "over"
    """Opened and resolved while the channel took nothing, or in its quiet hours."""


class Letter(Value):
    """One thing to tell one channel about one alert. `covers` are the marks that are true once it is told."""

    id: str
    channel: str
    alert: Alert
    at: datetime
    what: Telling
    covers: frozenset[str]
    revision: int = 0
    acknowledged_by: str = ""

    @property
    def mark(self) -> str:
        return f"{self.channel}:{self.what.value}"

    @property
    def name(self) -> str:
        """What its tries are counted by."""
        return f"{self.place}{self.what.value}"

    @property
    def place(self) -> str:
        return f"{self.id}:{self.channel}:"

    @property
    def unique(self) -> str:
        """The same each time it is sent, and another for each that says something else."""
        steps = sum(f":{Telling.ESCALATED}:" in mark for mark in self.covers)
        return f"{self.name}:{self.revision}:{steps}"

    @property
    def resolved(self) -> bool:
        return self.what in (Telling.RESOLVED, Telling.OVER)


class Digest(Value):
    """Many letters to one channel in one message, the most severe first."""

    channel: str
    at: datetime
    letters: tuple[Letter, ...] = Field(min_length=1)


Message = Letter | Digest


class ChannelState(Value):
    """What is kept of a channel beside the chain. Instants may lie ahead: clocks are put back."""

    failures: int = 0
    """In a row."""
    failed: datetime | None = None
    wait: float = 0
    """Seconds after `failed` in which it is left alone."""
    sent: tuple[datetime, ...] = ()
    """Within the last hour."""
