"""The ledger as what is streamed: entries behind a cursor for each stream, and findings that are news."""

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from itertools import islice

from tasks.alerts.model import Alert
from tasks.audit.model import Finding
from tasks.ledger.model import Entry, EntryKind, Note
from tasks.ledger.store import Ledger
from tasks.streams.sightings import news

_CURSORS, _KNOWN = "stream-cursors", "stream-findings"
_PATIENCE = 5
"""Seconds to wait for another run that sends to the same stream."""
_ONE = "known"


class StreamBook:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def turn(self, stream: str) -> AbstractContextManager[None]:
        """While it lasts nobody else sends there. Raises AlreadyRunning."""
        return self._ledger.held(f"the stream {stream}", _PATIENCE)

    def cursor(self, stream: str) -> int:
        """The last sequence that it took; a new stream begins with all that the ledger still has."""
        with self._ledger.read() as pages:
            return int(pages.kept(_CURSORS).get(stream, 0))

    def took(self, stream: str, through: int) -> None:
        with self._ledger.exclusive() as pages:
            pages.keep(_CURSORS, {stream: through})

    def batch(self, after: int, most: int) -> list[Entry]:
        with self._ledger.read() as pages:
            return list(islice(pages.entries(after=after), most))

    def head(self) -> int:
        with self._ledger.read() as pages:
            return pages.head().sequence

    def alerts(self, ids: Collection[str], keys: Collection[str]) -> dict[str, Alert]:
        """By id, as they were opened; `keys` are the subjects under which they stand."""
        with self._ledger.read() as pages:
            return {
                str(entry.body["id"]): Alert.model_validate(entry.body["alert"])
                for key in keys
                for entry in pages.entries((EntryKind.ALERT,), key)
                if entry.body["id"] in ids
            }

    def note_findings(self, findings: Iterable[Finding], assessed: Collection[str]) -> int:
        """How many were news. Noted with what is known from then on, as one."""
        with self._ledger.exclusive() as pages:
            known = pages.kept(_KNOWN).get(_ONE, {})
            found, now = news(findings, known, assessed)
            pages.append(
                *(
                    Note(
                        kind=EntryKind.FINDING,
                        subject=seen.name[:200],
                        actor="bulkhead",
                        body={"sighting": seen.model_dump(mode="json")},
                    )
                    for seen in found
                )
            )
            pages.keep(_KNOWN, {_ONE: now})
        return len(found)
