"""A round that is open, with one answer."""

from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from tasks.ledger.store import Ledger
from tasks.recertification.ledger_gateway import RoundBook
from tasks.recertification.model import Access, AccessKind, Decision

AT = datetime(2026, 11, 20, 7, 20, tzinfo=UTC)


def write(ledger: Ledger) -> None:
    book = RoundBook(ledger, "5" * 64)
    accesses = tuple(
        Access(
            id=f"{number:012x}",
            kind=next(iter(AccessKind)),
            org="emea",
            name=f"sync-{number}",
            key=f"hq/sync-{number}",
            what="reads Account",
            owner="ada@acme.example",
        )
        for number in (1, 2)
    )
    book.ask(accesses, AT, AT + timedelta(days=365))
    book.answer(accesses[0].id, Decision.CONFIRM, "ada@acme.example", "still needed")


def read(ledger: Ledger) -> JsonValue:
    return [each.model_dump(mode="json") for each in RoundBook(ledger).rounds()]
