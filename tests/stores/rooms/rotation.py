"""A rotation in the middle of its overlap, and an order that waits."""

from datetime import UTC, datetime

from pydantic import JsonValue

from tasks.credentials.history import order_note
from tasks.credentials.model import Order, Seen, Version
from tasks.credentials.rotation import Begin, Label, Promote, Store
from tasks.credentials.rotation_ledger_gateway import RotationBook
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger

SECRET, WAITING = "routes/hq-emea", "routes/hq-apac"
AT = datetime(2026, 11, 20, 11, tzinfo=UTC)


def write(ledger: Ledger) -> None:
    book = RotationBook(ledger, SECRET, "rotate-credentials")
    old = Version(id="old-1", mark="a1", stages=frozenset({"AWSCURRENT"}), created=AT.replace(month=8))
    seen = Seen(now=AT, versions=(old,), sets=())
    book.begin(Begin(token="new-1", old=old), Order.SCHEDULED, seen)
    for act in steps():
        book.about(act, seen)
        book.done(act, seen)
    ledger.append(
        Note(
            kind=EntryKind.ROTATION,
            subject=WAITING,
            actor="ada@acme.example",
            body=order_note(Order.EMERGENCY, AT),
        )
    )


def steps() -> tuple[Store | Promote | Label, ...]:
    return (Store("new-1"), Promote("handle-1"), Label("new-1", source="old-1"))


def read(ledger: Ledger) -> JsonValue:
    found = RotationBook(ledger, SECRET, "reader").open_rotation()
    waiting = RotationBook(ledger, WAITING, "reader").ordered()
    return {
        "open": None if found is None else found.model_dump(mode="json"),
        "ordered": None if waiting is None else waiting.value,
    }
