"""Backups that count, one that was removed, and a drill that is under way in a sandbox."""

from datetime import UTC, datetime

from pydantic import JsonValue

from tasks.backups.ledger_gateway import BackupBook, DrillBook
from tasks.backups.model import BackupKind, Drill, Manifest
from tasks.ledger.store import Ledger

AT = datetime(2026, 11, 20, 2, 15, tzinfo=UTC)
NAMES = tuple(f"2026111{day}T021500Z-full" for day in (8, 9))


def write(ledger: Ledger) -> None:
    book = BackupBook(ledger, "hq", "5" * 64)
    for name in NAMES:
        book.vouching(name, "a" * 64)
        book.made(a_manifest(name), "a" * 64)
    book.removed(NAMES[0])
    DrillBook(ledger, "hq-uat").begin(
        Drill(org="hq", target="hq-uat", backup=NAMES[1], began=AT, objects=("Account", "Contact"))
    )


def a_manifest(name: str) -> Manifest:
    return Manifest(
        id=name,
        org="hq",
        org_id="00D000000000001AAA",
        kind=BackupKind.FULL,
        base=name,
        began=AT,
        ended=AT,
        key="alias/backups",
        locked_until=None,
        objects=(),
        metadata=None,
    )


def read(ledger: Ledger) -> JsonValue:
    noted = BackupBook(ledger, "hq").noted()
    drill = DrillBook(ledger, "hq-uat").under_way()
    return {
        "made": {**noted.made},
        "gone": {**noted.gone},
        "drill": None if drill is None else drill.model_dump(mode="json"),
    }
