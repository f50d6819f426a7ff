"""Bringing a stream up to the ledger's head, batch by batch."""

from collections.abc import Callable, Sequence
from typing import Any

from tasks.errors import BulkheadError
from tasks.ledger.model import Entry
from tasks.streams.ledger_gateway import StreamBook
from tasks.streams.model import Sent
from tasks.streams.ocsf import ocsf_of

Send = Callable[[Sequence[dict[str, Any]]], None]
BATCH = 500
_BATCHES = 40
"""In one turn: what is left waits for the next, so that one far behind does not keep the others."""


def forward(book: StreamBook, stream: str, send: Send, product: str, batch: int = BATCH) -> Sent:
    """
    Each batch is noted as taken after it was: a death or a lost answer in between sends it again, with the same uids. Raises
    AlreadyRunning.
    """
    entries, why = 0, ""
    with book.turn(stream):
        through = book.cursor(stream)
        for _ in range(_BATCHES):
            found = book.batch(through, batch)
            if not found:
                break
            try:
                send(_events(book, found, product))
            except BulkheadError as error:
                why = str(error)
                break
            through = found[-1].sequence
            book.took(stream, through)
            entries += len(found)
    return Sent(stream=stream, entries=entries, through=through, behind=book.head() - through, failed=why)


def _events(book: StreamBook, found: Sequence[Entry], product: str) -> list[dict[str, Any]]:
    unsaid = [entry for entry in found if "id" in entry.body and "alert" not in entry.body]
    alerts = book.alerts({str(entry.body["id"]) for entry in unsaid}, {entry.subject for entry in unsaid})
    return [ocsf_of(entry, alerts, product) for entry in found]
