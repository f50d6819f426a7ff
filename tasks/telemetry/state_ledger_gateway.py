"""How far each source of an org was read, which files were taken and which wait in quarantine: kept beside the ledger, noted in it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import JsonValue

from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger
from tasks.telemetry.model import BusPlace, Cursor, LogFile, Quarantined, TakenFile, Tier

VOLUMES_KEPT = timedelta(days=35)
FILES = "EventLogFile"
"""Name of the one cursor that all log files share."""


class TelemetryBook:
    """One org's. What is noted about a file and where its source is are written as one, or not at all."""

    def __init__(self, ledger: Ledger, org: str, actor: str = "collect-telemetry", policy: str = "") -> None:
        self._ledger, self._org, self._actor, self._policy = ledger, org, actor, policy
        self._place = f"telemetry {org}"

    def cursors(self) -> dict[str, Cursor]:
        """By source; one that was never read is not there."""
        return {name: Cursor.model_validate(body) for name, body in self._kept("cursors").items()}

    def move(self, cursors: Mapping[str, Cursor]) -> None:
        """What came up to there is in the store."""
        with self._ledger.exclusive() as pages:
            pages.keep(
                f"{self._place} cursors",
                {name: each.model_dump(mode="json") for name, each in cursors.items()},
            )

    def places(self) -> dict[str, BusPlace]:
        """By stored object how far its topic of the event bus was heard; one that begins anew is not there."""
        return {name: BusPlace.model_validate(body) for name, body in self._kept("bus").items()}

    def settle(self, name: str, place: BusPlace | None) -> None:
        """What a topic told up to there is in the store. None: it begins anew."""
        with self._ledger.exclusive() as pages:
            if place is None:
                pages.drop(f"{self._place} bus", [name])
            else:
                pages.keep(f"{self._place} bus", {name: place.model_dump(mode="json")})

    def state(self, name: str) -> str:
        """A text that was remembered; empty where none was."""
        return str(self._kept("states").get(name, ""))

    def remember(self, name: str, text: str) -> None:
        with self._ledger.exclusive() as pages:
            pages.keep(f"{self._place} states", {name: text})

    def taken(self) -> dict[str, datetime]:
        """By id when files appeared that were taken and could be listed again."""
        return {name: datetime.fromisoformat(str(made)) for name, made in self._kept("files").items()}

    def quarantine(self) -> dict[str, Quarantined]:
        return {name: Quarantined.model_validate(body) for name, body in self._kept("quarantine").items()}

    def volumes(self) -> dict[tuple[str, Tier], dict[datetime, int]]:
        """Rows by event type and tier, and by the hour or day that they are about, of the last days."""
        found: dict[tuple[str, Tier], dict[datetime, int]] = {}
        for name, rows in self._kept("volumes").items():
            kind, tier, start = name.split(" ")
            found.setdefault((kind, Tier(tier)), {})[datetime.fromisoformat(start)] = int(rows)
        return found

    def took(self, taken: TakenFile) -> None:
        """The file's rows are in the store."""
        file = taken.file
        volume = f"{file.event_type} {file.tier.value} {file.start.isoformat()}"
        with self._ledger.exclusive() as pages:
            pages.keep(f"{self._place} files", {file.id: file.made.isoformat()})
            pages.drop(f"{self._place} quarantine", [file.id])
            before = int(pages.kept(f"{self._place} volumes").get(volume, 0))
            # Of one hour there may be several files, each with what came too late for those before.
            pages.keep(
                f"{self._place} volumes",
                {volume: taken.rows + before if file.tier is Tier.HOURLY else taken.rows},
            )
            pages.append(self._note("file", file, rows=taken.rows, added=taken.added, lacking=taken.lacking))

    def set_aside(self, held: Quarantined) -> None:
        """Its rows are not in the store, and why."""
        file = held.file
        with self._ledger.exclusive() as pages:
            pages.keep(f"{self._place} files", {file.id: file.made.isoformat()})
            pages.keep(f"{self._place} quarantine", {file.id: held.model_dump(mode="json")})
            pages.append(self._note("quarantine", file, reason=held.reason))

    def forget(self, before: datetime, now: datetime) -> None:
        """Files that appeared before a moment are never listed again."""
        old = [name for name, made in self.taken().items() if made < before]
        volumes = [
            f"{kind} {tier.value} {start.isoformat()}"
            for (kind, tier), starts in self.volumes().items()
            for start in starts
            if start < now - VOLUMES_KEPT
        ]
        with self._ledger.exclusive() as pages:
            pages.drop(f"{self._place} files", old)
            pages.drop(f"{self._place} volumes", volumes)

    def free(self, ids: Iterable[str]) -> None:
        """Files that are to be tried again."""
        with self._ledger.exclusive() as pages:
            pages.drop(f"{self._place} files", ids)

    def _kept(self, what: str) -> dict[str, Any]:
        with self._ledger.read() as pages:
            return pages.kept(f"{self._place} {what}")

    def _note(self, step: str, file: LogFile, **more: JsonValue) -> Note:
        body: dict[str, JsonValue] = {"step": step, **file.model_dump(mode="json"), **more}
        return Note(
            kind=EntryKind.TELEMETRY, subject=self._org, actor=self._actor, body=body, policy=self._policy
        )
