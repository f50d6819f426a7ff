"""Nouns of telemetry: where rows come from, how far an org is read, and what cannot be seen."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from tasks.estate.model import Alias
from tasks.network.model import EventLogSummary
from tasks.value import Value


class Tier(StrEnum):
    """How soon a row is there: minutes, three to six hours, or a day and more after its event."""

    LIVE = "live"
    HOURLY = "hourly"
    DAILY = "daily"


class Cursor(Value):
    """How far a source was read: all up to `at` but for what comes late. `id` is the last row's, where it has one."""

    at: datetime
    id: str = ""


class BusPlace(Value):
    """
    How far a topic of the event bus was heard: behind `replay` (base64), or with `tip` from the newest event on. `heard` is when
    anything last came, `looked` when it was last heard out, `since` the moment since which nothing was missed.
    """

    replay: str = ""
    tip: bool = False
    heard: datetime | None = None
    looked: datetime
    since: datetime | None = None


class LogFile(Value):
    """
    One event log file as its org lists it (Object Reference, EventLogFile).

    `start` is LogDate: the day, or the hour, that it is about. `made` is when it appeared, `length` its bytes once unpacked.
    """

    id: str
    event_type: str
    tier: Tier
    start: datetime
    made: datetime
    sequence: int = Field(default=0, ge=0)
    length: int = Field(default=0, ge=0)


class EventLogs(Value):
    """
    One org: whether it writes event log files, whether people with the right may delete them, and how many there are by event
    type and interval (Hourly, Daily). `unseen` says why nobody knows which files there are.
    """

    org: Alias
    generation: bool
    deletion: bool
    files: tuple[EventLogSummary, ...] = ()
    unseen: str = ""


class Quarantined(Value):
    """A file whose rows are not in the store, and why; `at` is when it was set aside."""

    file: LogFile
    reason: str
    at: datetime


class TakenFile(Value):
    """
    A file whose rows are in the store. `rows` came, `added` of them no other file had brought; `lacking` are rows of earlier
    files about the same time that this one, being the whole of its day, should have and does not.
    """

    file: LogFile
    rows: int = Field(ge=0)
    added: int = Field(ge=0)
    lacking: int = Field(default=0, ge=0)
    first: datetime | None = None
    last: datetime | None = None


class Taken(Value):
    """What one source of a tier brought in a run. `until` is up to where it is known; None where it never was read."""

    event_type: str
    tier: Tier
    rows: int = Field(default=0, ge=0)
    added: int = Field(default=0, ge=0)
    files: int = Field(default=0, ge=0)
    until: datetime | None = None


class Hidden(Value):
    """Something that cannot be seen in an org, why, and what would show it."""

    tier: Tier
    what: str
    why: str


class Collected(Value):
    """What a run brought of one org. `at` is the org's own time."""

    org: str
    at: datetime
    taken: tuple[Taken, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    lacking: int = 0
    """Rows that hourly files have and the daily one of the same day has not."""
    calls: int = 0
    removed: int = 0
    """Files of the store whose time was over."""

    @property
    def added(self) -> int:
        return sum(each.added for each in self.taken)
