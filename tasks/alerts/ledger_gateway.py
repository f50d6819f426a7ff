"""Alerts in the ledger."""

import hashlib
from contextlib import AbstractContextManager

from pydantic import JsonValue

from tasks.alerts.model import Alert, Letter, Opened
from tasks.alerts.outbox import opened
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger, Pages

_PATIENCE = 60
"""Seconds to wait for another run that tells; a channel is given up after 15."""
_KINDS = (EntryKind.ALERT, EntryKind.RESOLUTION, EntryKind.DELIVERY)


class AlertBook:
    def __init__(self, ledger: Ledger, actor: str = "bulkhead") -> None:
        self._ledger = ledger
        self._actor = actor

    def open(self, alert: Alert) -> bool:
        """Whether it is new: while one of this key is open, nothing is noted."""
        with self._ledger.exclusive() as pages:
            if self._open_ones(pages, alert.key):
                return False
            number = sum(1 for _ in pages.entries((EntryKind.ALERT,), alert.key))
            name = hashlib.sha256(f"{alert.key}\n{number}".encode()).hexdigest()[:16]
            body: dict[str, JsonValue] = {"id": name, "alert": alert.model_dump(mode="json")}
            pages.append(Note(kind=EntryKind.ALERT, subject=alert.key, actor=self._actor, body=body))
            return True

    def resolve(self, key: str) -> bool:
        """Whether there was one to resolve."""
        with self._ledger.exclusive() as pages:
            found = self._open_ones(pages, key)
            pages.append(
                *(
                    Note(kind=EntryKind.RESOLUTION, subject=key, actor=self._actor, body={"id": each.id})
                    for each in found
                )
            )
            return bool(found)

    def turn(self) -> AbstractContextManager[None]:
        """While it lasts nobody else tells; raises AlreadyRunning when another goes on for too long."""
        return self._ledger.held("telling of alerts", _PATIENCE)

    def told(self, letter: Letter) -> None:
        body: dict[str, JsonValue] = {"id": letter.id, "mark": letter.mark}
        self._ledger.append(
            Note(kind=EntryKind.DELIVERY, subject=letter.alert.key, actor=self._actor, body=body)
        )

    def all(self) -> list[Opened]:
        with self._ledger.read() as pages:
            return opened(pages.entries(_KINDS))

    def _open_ones(self, pages: Pages, key: str) -> list[Opened]:
        return [each for each in opened(pages.entries(_KINDS, key)) if each.resolved is None]
