"""A manifest counts once and for all, whatever is lost between the place, the ledger and us."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tasks.aws.cloud import Cloud
from tasks.aws.objects import Bucket
from tasks.backups.ledger_gateway import BackupBook
from tasks.backups.manifest import NAME
from tasks.backups.model import BackupKind, MetadataBackup, ObjectBackup
from tasks.backups.org_gateway import OrgToKeep
from tasks.backups.places_gateway import BucketPlace, Taking
from tasks.backups.steps import Run, let_old_go, look_at_org, vouch_for_backup
from tasks.backups.vault_gateway import Vault
from tasks.errors import CloudError
from tasks.estate.model_backups import BackupPolicy
from tasks.ledger.store import Ledger
from tests.tasks.backups.conftest import BEGAN, SIGNER
from tests.tasks.backups.test_vault import ID, ROWS, SHAPE
from tests.tasks.conftest import Open

Begin = Callable[[], Run]


class LostReply:
    """A file that is there, though its writer is told that it is not."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self.write, self.abort = taking.write, taking.abort

    def finish(self) -> str:
        self._taking.finish()
        raise CloudError("the reply was lost", "")


class LosingPlace(BucketPlace):
    """Loses so many replies to a manifest."""

    losing = 1

    def write(self, path: str, until: datetime | None) -> Taking:
        taking = super().write(path, until)
        if path.endswith(NAME) and self.losing:
            self.losing -= 1
            return LostReply(taking)
        return taking


@pytest.fixture
def ledger(tmp_path: Path, org: Open, bucket: tuple[str, Bucket, str]) -> Iterator[Ledger]:
    clock = OrgToKeep(org(bucket[0])).now
    found = Ledger(f"sqlite:///{tmp_path}/ledger.db", clock)
    yield found
    found.close()


@pytest.fixture
def begin(bucket: tuple[str, Bucket, str], cloud: Cloud, org: Open, ledger: Ledger) -> Begin:
    """A whole backup of five rows that is ready to be vouched for."""
    alias, found, key = bucket

    def begun() -> Run:
        vault = Vault(cloud, LosingPlace(found, key), alias, key)
        run = Run(
            alias,
            BackupPolicy(lock=None, objects=("Lead",)),
            vault,
            ledger,
            BackupBook(ledger, alias),
            SIGNER,
        )
        run.source = OrgToKeep(org(alias))
        run.id, run.kind, run.began, run.started = ID, BackupKind.FULL, BEGAN, time.monotonic()
        run.made_before, run.locked_until = [], None
        return run

    return begun


def lose(run: Run) -> tuple[list[ObjectBackup], MetadataBackup]:
    """Vouches for a backup whose manifest is there, though nobody says so."""
    each = run.vault.keep_rows(run.id, SHAPE, [ROWS[:5]], None, None, lambda count: None, began=BEGAN)
    components = [("ApexClass", {"ApexClass": 1}, {"classes/A.cls": b"class A {}"})]
    metadata = run.vault.keep_metadata(run.id, components, None)
    with pytest.raises(CloudError):
        vouch_for_backup.fn(run, [each], metadata)
    return [each], metadata


def test_a_manifest_that_is_written_again_is_the_same_one(begin: Begin) -> None:
    run = begin()
    parts = lose(run)
    # The org's clock tells seconds: a manifest of its own would have another end.
    time.sleep(1.1)
    vouch_for_backup.fn(run, *parts)
    made, problems = run.made()
    assert [each.manifest.id for each in made] == [ID] and not problems
    assert let_old_go.fn(run) == let_old_go.fn(run) == ()
    assert [each.manifest for each in run.made()[0]] == [run.manifest]


def test_a_backup_counts_though_its_run_ended_before_the_note(begin: Begin) -> None:
    run = begin()
    lose(run)
    after = begin()
    made, problems = after.made()
    assert [kept.manifest for kept in made] == [run.manifest] and not problems
    look_at_org.fn(after, full=False)
    assert after.book.noted().made == {ID: made[0].digest}


def test_a_manifest_that_was_not_about_to_be_written_does_not_count(begin: Begin) -> None:
    run = begin()
    lose(run)
    after = begin()
    # Another manifest in its place does not count, and what was noted and never written is no loss.
    after.book.vouching(ID, "0" * 64)
    after.book.vouching("20260302T050000Z-full", "0" * 64)
    made, problems = after.made()
    assert not made and ["knows no such backup" in problem.what for problem in problems] == [True]
