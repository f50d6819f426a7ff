"""How far an org was read: cursors by source, files that were taken, one that was set aside, and volumes."""

from datetime import UTC, datetime

from pydantic import JsonValue

from tasks.ledger.store import Ledger
from tasks.telemetry.model import Cursor, LogFile, Quarantined, TakenFile, Tier
from tasks.telemetry.state_ledger_gateway import TelemetryBook

AT = datetime(2026, 11, 20, 13, tzinfo=UTC)


def a_file(number: int) -> LogFile:
    return LogFile(
        id=f"0AT00000000000{number}AAA",
        event_type="BulkApi2",
        tier=Tier.HOURLY,
        start=AT.replace(hour=8),
        made=AT,
        sequence=number,
        length=2048,
    )


def write(ledger: Ledger) -> None:
    book = TelemetryBook(ledger, "emea", policy="5" * 64)
    book.took(TakenFile(file=a_file(1), rows=40, added=38))
    book.set_aside(Quarantined(file=a_file(2), reason="columns are missing", at=AT))
    book.move({"LoginHistory": Cursor(at=AT, id="0Ya000000000001AAA"), "EventLogFile": Cursor(at=AT)})
    book.remember("SetupAuditTrail", "a text")


def read(ledger: Ledger) -> JsonValue:
    book = TelemetryBook(ledger, "emea")
    return {
        "cursors": {name: each.model_dump(mode="json") for name, each in book.cursors().items()},
        "taken": {name: at.isoformat() for name, at in book.taken().items()},
        "quarantine": {name: each.model_dump(mode="json") for name, each in book.quarantine().items()},
        "volumes": {
            f"{kind} {tier.value}": {at.isoformat(): rows for at, rows in hours.items()}
            for (kind, tier), hours in book.volumes().items()
        },
        "state": book.state("SetupAuditTrail"),
    }
