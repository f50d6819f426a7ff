"""An org that is down, forgets files and has a clock of its own, and what happens in it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tasks.errors import OrgRefused, OrgUnavailable
from tasks.telemetry.model import LogFile
from tests.tasks.telemetry.scripted import ScriptedOrg

START = datetime(2026, 5, 13, tzinfo=UTC)
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
ORGS = ("hq", "emea")
WITH_FILES = "hq"
TYPES = ("Login", "RestApi")
STRANGE, USUAL = "192.0.2.66", "203.0.113.7"
PLANTED, SILENCE, UNJUDGED = "known-attack-traces", "log-gap", "org-unjudged:"
SEEDED_DAYS = 17
MEMBERS = 12


def user_of(number: int) -> str:
    return f"005000000000{number:03d}"


@dataclass
class Event:
    id: str
    kind: str
    user: str
    address: str
    at: datetime

    def row(self) -> dict[str, Any]:
        """As LoginHistory has it."""
        return {
            "Id": self.id, "UserId": self.user, "LoginTime": self.at.isoformat(), "LoginType": "Application",
            "Status": "Success", "SourceIp": self.address,
        }  # fmt: skip

    def line(self) -> str:
        """As an event log file has it."""
        return (
            f'"{self.kind}","{self.at:%Y%m%d%H%M%S}.000","{self.id}","00D000000000001","{self.user}",'
            f'"{self.at:%Y-%m-%dT%H:%M:%S}.000Z","{self.address}","{self.address}","LOGIN_NO_ERROR"'
        )


HEADER = "EVENT_TYPE,TIMESTAMP,REQUEST_ID,ORGANIZATION_ID,USER_ID,TIMESTAMP_DERIVED,SOURCE_IP,CLIENT_IP,LOGIN_STATUS"


def content_of(events: Sequence[Event]) -> bytes:
    return "\n".join([HEADER, *(each.line() for each in events)]).encode() + b"\n"


class TroubledOrg(ScriptedOrg):
    """Down, or ending in the middle of a run; files that are cut or refused until it is healed. `clock` is its own."""

    def __init__(self, alias: str, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self.alias, self.clock = alias, clock
        self.rights = {"LoginHistory"}
        self.down = False
        self.fails_after: int | None = None
        self.calls = 0
        self.cut: set[str] = set()
        self.refused: set[str] = set()

    def answers(self) -> None:
        self.calls += 1
        over = self.fails_after is not None and self.calls > self.fails_after
        if self.down or over:
            raise OrgUnavailable(self.alias, "it did not answer", "Try again.")

    def now(self) -> datetime:
        self.answers()
        return self.clock().replace(microsecond=0)

    def kinds(self) -> dict[tuple[str, str], int]:
        self.answers()
        if self.alias != WITH_FILES:
            raise OrgRefused(self.alias, "it shows no log files", "Buy Event Monitoring.")
        return {("RestApi", "Hourly"): 1, ("RestApi", "Daily"): 1}

    def live(self, wanted: Mapping[str, Any]) -> dict[str, list[dict[str, Any]] | str]:
        self.answers()
        return super().live(wanted)

    def files(self, since: datetime, until: datetime, event_types: Collection[str]) -> list[LogFile]:
        self.answers()
        return sorted(super().files(since, until, event_types), key=lambda each: (each.made, each.id))

    @contextmanager
    def content(self, file: LogFile) -> Iterator[Iterator[bytes]]:
        self.answers()
        if file.id in self.refused:
            raise OrgRefused(self.alias, "this file may not be read", "Look again.")
        whole = self.content_of[file.id]
        given = whole[: len(whole) - 9] if file.id in self.cut else whole
        yield (given[at : at + 256] for at in range(0, len(given), 256))
