"""However many rows an object has, a backup holds one group of them in memory, on the way out and on the way back."""

import tracemalloc
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import cast

import pyarrow as pa
import pytest

from tasks.aws.cloud import Cloud
from tasks.backups.chain import name_of
from tasks.backups.model import BackupKind, Column, Manifest, ObjectBackup, Shape
from tasks.backups.places_gateway import UrlPlace
from tasks.backups.rows import GROUP
from tasks.backups.vault_gateway import Vault
from tests.tasks.backups.conftest import BEGAN

SHAPE = Shape(name="Thing__c", columns=(Column(name="Id", type="id"), Column(name="Name", type="string")))
ID = name_of(BEGAN, BackupKind.FULL)
FEW, MANY = 8, 16
"""Groups; already the few are more than is fetched at once."""
LETTERS = 720
"""Of a row."""
MOST = 16 << 20
"""Bytes by which many groups may need more than few: what the writer notes of each, and chance."""


class OneKey:
    """KMS as far as memory is concerned."""

    def make_open(self, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        return bytes(32), b"wrapped"

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        return bytes(32)


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    monkeypatch.setattr(Vault, "_keys", lambda self, key: OneKey())
    return Vault(cast(Cloud, None), UrlPlace(f"file://{tmp_path}/vault"), "hq", "key")


def full_backup(kept: ObjectBackup) -> Manifest:
    """Of this object alone."""
    return Manifest(
        id=ID,
        org="hq",
        org_id="00D",
        kind=BackupKind.FULL,
        base=ID,
        began=BEGAN,
        ended=BEGAN,
        key="key",
        locked_until=None,
        objects=(kept,),
        metadata=None,
    )


def groups(count: int) -> Iterator[list[tuple[str | None, ...]]]:
    chance = Random(0)
    for group in range(count):
        # Texts that zstd cannot make small.
        yield [(f"a0{group * GROUP + n:016d}", chance.randbytes(LETTERS // 2).hex()) for n in range(GROUP)]


def peak(vault: Vault, count: int) -> tuple[int, int]:
    """Bytes at most, of Python's and of Arrow's own, while so many groups are kept and read again."""
    arrow = [0]

    def looked(rows: int) -> None:
        arrow[0] = max(arrow[0], pa.total_allocated_bytes())

    tracemalloc.start()
    try:
        each = vault.keep_rows(ID, SHAPE, groups(count), None, None, looked, began=BEGAN)
        came = 0
        for _ in vault.rows([full_backup(each)], SHAPE.name):
            came += 1
            if came % 1_000 == 0:
                looked(0)
        assert came == count * GROUP
        return tracemalloc.get_traced_memory()[1], arrow[0]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_rows(vault: Vault) -> None:
    assert (MANY - FEW) * GROUP * LETTERS > 1.5 * MOST, "all of it in memory would show"
    few, many = peak(vault, FEW), peak(vault, MANY)
    assert many[0] - few[0] < MOST and many[1] - few[1] < MOST, (few, many)
