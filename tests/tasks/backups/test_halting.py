"""`bulkhead halt` while a drill writes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from tasks.backups.drill_steps import DrillRun, fill_lookups, restore_object
from tasks.backups.ledger_gateway import BackupBook
from tasks.backups.restore import Target, restoring
from tasks.backups.sandbox_gateway import AT_ONCE, SandboxOrg
from tasks.backups.spool_gateway import Spool
from tasks.backups.vault_gateway import Vault
from tasks.errors import BackupRefused
from tasks.estate.model_backups import BackupPolicy
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger
from tasks.salesforce.writing import RecordResult
from tests.tasks.backups.conftest import SIGNER
from tests.tasks.backups.test_vault import ROWS, SHAPE, kept


class Taking:
    """A sandbox that takes what comes."""

    def __init__(self) -> None:
        self.made = self.filled = 0

    def make(self, sobject: str, records: Sequence[Mapping[str, Any]]) -> list[RecordResult]:
        self.made += len(records)
        return [RecordResult(id=f"n{self.made}-{number}") for number in range(len(records))]

    def fill(self, sobject: str, records: Sequence[Mapping[str, Any]]) -> list[RecordResult]:
        self.filled += len(records)
        return [RecordResult(id=str(record["Id"])) for record in records]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    found = Ledger(f"sqlite:///{tmp_path}/ledger.db", lambda: datetime.now(UTC))
    yield found
    found.close()


@pytest.fixture
def spool() -> Iterator[Spool]:
    with Spool() as found:
        yield found


def test_a_halt_stops_a_drill_before_its_next_batch(on_disk: Vault, ledger: Ledger, spool: Spool) -> None:
    taking = Taking()
    run = DrillRun("hq", BackupPolicy(), on_disk, ledger, BackupBook(ledger, "hq"), SIGNER)
    run.chain, run.sandbox = (kept(on_disk, "hq").manifest,), cast(SandboxOrg, taking)
    fields = frozenset({"Name"})
    what = restoring([SHAPE], {SHAPE.name: Target(fields, fields, frozenset(), frozenset(), held=False)})
    run.spool = spool
    run.what, run.ids, run.made_there = what, spool.texts(), {}

    def halting(count: int) -> None:
        ledger.append(Note(kind=EntryKind.HALT, subject="all", actor="somebody", body={}))

    with pytest.raises(BackupRefused, match="halted"):
        restore_object.fn(run, SHAPE.name, halting)
    assert taking.made == len(run.made_there[SHAPE.name]) == AT_ONCE < len(ROWS)

    run.what = [what[0]._replace(later=("Name",))]
    with pytest.raises(BackupRefused, match="halted"):
        fill_lookups.fn(run, SHAPE.name)
    assert taking.filled == 0
    ledger.append(Note(kind=EntryKind.RESUME, subject="all", actor="somebody", body={}))
    assert fill_lookups.fn(run, SHAPE.name) == {} and taking.filled > 0
