"""Nouns of alerting."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from tasks.value import Value


class Severity(StrEnum):
    """PagerDuty's words (Events API v2)."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


class Alert(Value):
    """
    Something a person has to know. `key` says what it is about: while it is open, the same key opens nothing new.

    Texts name orgs, users and sets, never secrets or anybody's data.
    """

    key: str = Field(min_length=3, max_length=150)
    org: str
    severity: Severity
    title: str = Field(max_length=200)
    detail: str = ""
    next_step: str = ""


class Opened(Value):
    """An alert as the ledger has it. `resolved` is when it was over."""

    id: str
    alert: Alert
    at: datetime
    resolved: datetime | None = None
    delivered: frozenset[str] = frozenset()
    """`channel name:opened` and `channel name:resolved`, each told."""


class Letter(Value):
    """One thing to tell one channel."""

    id: str
    channel: str
    alert: Alert
    at: datetime
    resolved: bool

    @property
    def mark(self) -> str:
        return f"{self.channel}:{'resolved' if self.resolved else 'opened'}"
