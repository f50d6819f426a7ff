"""What is remembered of an org between runs, on a real ledger."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasks.ledger.model import EntryKind
from tasks.ledger.store import Ledger
from tasks.telemetry.model import Cursor, LogFile, Quarantined, TakenFile, Tier
from tasks.telemetry.state_ledger_gateway import TelemetryBook

NOW = datetime(2026, 5, 6, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: NOW)


def listed(name: str, tier: Tier = Tier.DAILY, sequence: int = 0, age: int = 1) -> LogFile:
    start = NOW - timedelta(days=age)
    return LogFile(id=name, event_type="Login", tier=tier, start=start, made=start, sequence=sequence)


def test_files_cursors_and_quarantine_are_there_for_the_next_run(ledger: Ledger) -> None:
    book = TelemetryBook(ledger, "hq")
    book.move({"LoginHistory": Cursor(at=NOW, id="0Ya1"), "EventLogFile": Cursor(at=NOW)})
    book.took(TakenFile(file=listed("a"), rows=7, added=5))
    book.set_aside(Quarantined(file=listed("b"), reason="it was cut", at=NOW))
    book.remember("PermissionSetAssignment", "12 2026")
    again, other = TelemetryBook(ledger, "hq"), TelemetryBook(ledger, "emea")
    assert again.cursors()["LoginHistory"] == Cursor(at=NOW, id="0Ya1")
    assert set(again.taken()) == {"a", "b"} and again.quarantine()["b"].reason == "it was cut"
    assert again.state("PermissionSetAssignment") == "12 2026" and not other.cursors() and not other.taken()
    steps = [entry.body["step"] for entry in ledger.entries(EntryKind.TELEMETRY, subject="hq")]
    assert steps == ["file", "quarantine"]


def test_a_file_that_was_set_aside_and_then_taken_waits_no_longer(ledger: Ledger) -> None:
    book = TelemetryBook(ledger, "hq")
    book.set_aside(Quarantined(file=listed("a"), reason="it was cut", at=NOW))
    book.took(TakenFile(file=listed("a"), rows=7, added=7))
    assert book.quarantine() == {}


def test_late_files_of_an_hour_add_to_its_volume_and_old_ones_are_forgotten(ledger: Ledger) -> None:
    book = TelemetryBook(ledger, "hq")
    for number in (1, 2):
        book.took(TakenFile(file=listed(f"h{number}", Tier.HOURLY, number), rows=5, added=5))
    book.took(TakenFile(file=listed("old", age=60), rows=5, added=5))
    assert book.volumes()["Login", Tier.HOURLY] == {NOW - timedelta(days=1): 10}
    book.forget(NOW - timedelta(days=5), NOW)
    assert set(book.taken()) == {"h1", "h2"} and ("Login", Tier.DAILY) not in book.volumes()
