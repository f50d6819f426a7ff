"""How far a stream took the ledger."""

from pydantic import JsonValue

from tasks.ledger.store import Ledger
from tasks.streams.ledger_gateway import StreamBook

STREAM = "siem"


def write(ledger: Ledger) -> None:
    StreamBook(ledger).took(STREAM, 5)


def read(ledger: Ledger) -> JsonValue:
    return {"cursor": StreamBook(ledger).cursor(STREAM)}
