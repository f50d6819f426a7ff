"""However many records a drill restores, memory holds one batch of them; where the disk takes no more, it says so."""

import resource
import signal
import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from tasks.aws.cloud import Cloud
from tasks.backups.drill_steps import DrillRun, compare_object, restore_object
from tasks.backups.ledger_gateway import BackupBook
from tasks.backups.model import Column
from tasks.backups.places_gateway import UrlPlace
from tasks.backups.restore import Reader, Target, restoring
from tasks.backups.rows import GROUP
from tasks.backups.sandbox_gateway import SandboxOrg
from tasks.backups.spool_gateway import Spool
from tasks.backups.vault_gateway import Vault
from tasks.errors import BackupRefused
from tasks.estate.model_backups import BackupPolicy
from tasks.ledger.store import Ledger
from tasks.salesforce.writing import RecordResult
from tests.tasks.backups.conftest import BEGAN, SIGNER
from tests.tasks.backups.test_streaming import ID, SHAPE, OneKey, full_backup

FEW, MANY = 1, 7
"""Groups of rows."""
MOST = 4 << 20
"""Bytes by which many groups may need more than few. A record in dictionaries of ids and digests takes some 400."""


class Keeping:
    """A sandbox that takes what comes, and gives back what the drill expects."""

    def __init__(self, run: DrillRun) -> None:
        self._run, self._made = run, 0

    def make(self, sobject: str, records: Sequence[Mapping[str, Any]]) -> list[RecordResult]:
        self._made += len(records)
        return [RecordResult(id=f"a1{self._made - number:016d}") for number in range(len(records))]

    def own(self, sobject: str, began: datetime, columns: Sequence[Column]) -> Iterator[tuple[str, bytes]]:
        reader = Reader(self._run.what[0], SHAPE.names, self._run.ids)
        return map(reader.expected, self._run.vault.rows(self._run.chain, sobject))


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    monkeypatch.setattr(Vault, "_keys", lambda self, key: OneKey())
    return Vault(cast(Cloud, None), UrlPlace(f"file://{tmp_path}/vault"), "hq", "key")


def drilled(vault: Vault, ledger: Ledger, groups: int) -> int:
    """Bytes at most while so many groups of records are restored and compared."""
    rows = ([(f"a0{g * GROUP + n:016d}", f"named {n}") for n in range(GROUP)] for g in range(groups))
    each = vault.keep_rows(ID, SHAPE, rows, None, None, lambda count: None, began=BEGAN)
    run = DrillRun("hq", BackupPolicy(), vault, ledger, BackupBook(ledger, "hq"), SIGNER)
    fields = frozenset({"Name"})
    run.chain, run.began = (full_backup(each),), BEGAN
    run.what = restoring([SHAPE], {SHAPE.name: Target(fields, fields, frozenset(), frozenset(), held=False)})
    run.sandbox = cast(SandboxOrg, Keeping(run))
    with Spool() as run.spool:
        run.ids, run.made_there = run.spool.texts(), {}
        tracemalloc.start()
        try:
            found = compare_object.fn(run, restore_object.fn(run, SHAPE.name, lambda count: None))
            assert (found.equal, found.differing, found.missing) == (groups * GROUP, 0, 0)
            assert len(run.made_there[SHAPE.name]) == len(run.ids) == groups * GROUP
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    found = Ledger(f"sqlite:///{tmp_path}/ledger.db", lambda: datetime.now(UTC))
    yield found
    found.close()


def test_memory_of_a_drill_does_not_grow_with_its_records(vault: Vault, ledger: Ledger) -> None:
    few, many = drilled(vault, ledger, FEW), drilled(vault, ledger, MANY)
    assert many - few < MOST, (few, many)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file of this process grows beyond a megabyte: the operating system refuses, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.usefixtures("small_disk")
def test_a_spool_without_room_says_what_to_do() -> None:
    with Spool() as spool, pytest.raises(BackupRefused, match="Make room"):
        ids = spool.texts()
        for number in range(1_000_000):
            ids[f"{number:018d}"] = "x" * 100


@pytest.mark.usefixtures("small_disk")
def test_a_place_without_room_keeps_nothing_of_what_was_begun(vault: Vault, tmp_path: Path) -> None:
    texts = (
        [(f"a0{g * GROUP + n:016d}", f"{hash((g, n)):032x}" * 8) for n in range(GROUP)] for g in range(20)
    )
    with pytest.raises(BackupRefused, match=r"cannot be written: File too large.*Make room"):
        vault.keep_rows(ID, SHAPE, texts, None, None, lambda count: None, began=BEGAN)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_is_spooled_is_a_mapping_and_comes_in_order() -> None:
    with Spool() as spool:
        ids, digests = spool.texts(), spool.digests()
        for number in reversed(range(25_000)):
            ids[f"{number:05d}"] = str(number)
        ids["00007"], digests["a"] = "seven", b"\0\1"
        assert [*ids] == [f"{number:05d}" for number in range(25_000)] and len(ids) == 25_000
        assert (ids["00007"], ids.get("none"), digests.pop("a"), digests.pop("a", None)) == (
            "seven",
            None,
            b"\0\1",
            None,
        )
        del ids["00001"]
        assert "00001" not in ids
        with pytest.raises(KeyError):
            del ids["00001"]
