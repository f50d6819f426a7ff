"""An org and a book in memory, for judging what a look or a file leaves behind."""

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from tasks.telemetry.model import BusPlace, Cursor, LogFile, Quarantined, TakenFile, Tier
from tasks.telemetry.sources import LIVE, Source

FIELDS = {
    "LoginHistory": ("Id", "UserId", "LoginTime", "LoginType", "Status", "SourceIp"),
    "SetupAuditTrail": ("Id", "Action", "Display", "CreatedDate", "CreatedById"),
}


class ScriptedOrg:
    """Rows by object; files with their content. `late` rows are shown from the look after the one they belong to."""

    alias = "hq"

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in FIELDS}
        self.content_of: dict[str, bytes] = {}
        self.listed: list[LogFile] = []
        self.asked: list[str] = []
        self.held_tokens: list[dict[str, Any]] = []
        self.held_grants: list[dict[str, Any]] = []
        self.rights = {"LoginHistory", "OauthToken"}

    def sees(self) -> set[str]:
        return self.rights

    def fields(self, sources: Sequence[Source]) -> dict[str, tuple[str, ...] | str]:
        return {source.name: FIELDS.get(source.name, "the org has no such object") for source in sources}

    def live(
        self, wanted: Mapping[str, tuple[Source, Sequence[str], datetime, datetime]]
    ) -> dict[str, list[dict[str, Any]] | str]:
        found: dict[str, list[dict[str, Any]] | str] = {}
        for name, (source, _, since, until) in wanted.items():
            self.asked.append(name)
            found[name] = [
                row for row in self.rows[name] if since <= datetime.fromisoformat(row[source.time]) < until
            ]
        return found

    def tokens(self) -> list[dict[str, Any]] | str:
        return self.held_tokens

    def grants(self) -> list[dict[str, Any]] | str:
        return self.held_grants

    def state_of_grants(self) -> str:
        return str(zlib.crc32(repr(self.held_grants).encode()))

    def files(self, since: datetime, until: datetime, event_types: Collection[str]) -> list[LogFile]:
        return [f for f in self.listed if since <= f.made < until and f.event_type in event_types]

    @contextmanager
    def content(self, file: LogFile) -> Iterator[Iterator[bytes]]:
        content = self.content_of[file.id]
        yield (content[at : at + 64] for at in range(0, len(content), 64))

    def has(self, file: LogFile, content: bytes) -> LogFile:
        """Lists the file with its real length, and gives it."""
        file = file.model_copy(update={"length": len(content)})
        self.listed.append(file)
        self.content_of[file.id] = content
        return file


class Memory:
    """A book that forgets with its test."""

    def __init__(self) -> None:
        self.at: dict[str, Cursor] = {}
        self.states: dict[str, str] = {}
        self.heard: dict[str, BusPlace] = {}
        self.files: dict[str, TakenFile] = {}
        self.aside: dict[str, Quarantined] = {}

    def cursors(self) -> dict[str, Cursor]:
        return dict(self.at)

    def move(self, cursors: Mapping[str, Cursor]) -> None:
        self.at |= cursors

    def places(self) -> dict[str, BusPlace]:
        return dict(self.heard)

    def settle(self, name: str, place: BusPlace | None) -> None:
        self.heard = {key: kept for key, kept in self.heard.items() if key != name}
        if place is not None:
            self.heard[name] = place

    def state(self, name: str) -> str:
        return self.states.get(name, "")

    def remember(self, name: str, text: str) -> None:
        self.states[name] = text

    def taken(self) -> dict[str, datetime]:
        return {name: taken.file.made for name, taken in self.files.items()} | {
            name: held.file.made for name, held in self.aside.items()
        }

    def volumes(self) -> dict[tuple[str, Tier], dict[datetime, int]]:
        found: dict[tuple[str, Tier], dict[datetime, int]] = {}
        for taken in self.files.values():
            found.setdefault((taken.file.event_type, taken.file.tier), {})[taken.file.start] = taken.rows
        return found

    def took(self, taken: TakenFile) -> None:
        self.files[taken.file.id] = taken

    def set_aside(self, held: Quarantined) -> None:
        self.aside[held.file.id] = held

    def forget(self, before: datetime, now: datetime) -> None:
        self.files = {name: taken for name, taken in self.files.items() if taken.file.made >= before}


__all__ = ["FIELDS", "LIVE", "Memory", "ScriptedOrg"]
