"""Lost keys of KMS, on the estate's own KMS: what nobody can read then, and that a second key brings all of it back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasks.aws.cloud import Cloud
from tasks.aws.data_keys import identity, region_of
from tasks.backups import words
from tasks.backups.key_steps import KeyRun, find_keys, lose_key
from tasks.backups.ledger_gateway import BackupBook
from tasks.backups.model import KeyLoss, KeyLossDone, Manifest
from tasks.backups.places_gateway import UrlPlace
from tasks.backups.vault_gateway import Vault
from tasks.errors import BackupBroken, SecretUnavailable
from tasks.estate.model_backups import BackupPolicy
from tasks.ledger.store import Ledger
from tests.tasks.backups.conftest import BEGAN, SIGNER
from tests.tasks.backups.test_vault import ROWS, SHAPE, kept

NOW = BEGAN + timedelta(hours=5)
FEW = ROWS[:500]


@pytest.fixture
def second_key(cloud: Cloud) -> Iterator[str]:
    """By its ARN, in another region."""
    kms = cloud.client("kms", "eu-west-1")
    made = kms.create_key(Description="backups of a test, second")["KeyMetadata"]
    yield made["Arn"]
    kms.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=7)


@pytest.fixture
def twice(cloud: Cloud, own_key: str, second_key: str, tmp_path: Path) -> Vault:
    return Vault(cloud, UrlPlace(f"file://{tmp_path}/vault"), "hq", own_key, second_key)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    found = Ledger(f"sqlite:///{tmp_path}/ledger.db", lambda: datetime.now(UTC))
    yield found
    found.close()


def written(vault: Vault) -> Manifest:
    """A backup whose manifest names both keys."""
    return kept(vault, "hq", rows=FEW).manifest.model_copy(update={"second_key": vault.second})


def running(vault: Vault, ledger: Ledger, *made: Manifest) -> KeyRun:
    run = KeyRun("hq", BackupPolicy(), vault, ledger, BackupBook(ledger, "hq"), SIGNER)
    run.made_before, run.now = made, NOW
    return run


def test_with_one_key_the_loss_of_it_is_the_loss_of_all(on_disk: Vault, own_key: str, ledger: Ledger) -> None:
    manifest = kept(on_disk, "hq", rows=FEW).manifest
    found = lose_key.fn(running(on_disk, ledger, manifest), own_key, lambda size: None)
    assert (found.files, found.unreadable, found.recovered, found.rto) == (2, 2, "", None)
    assert found.stands == "in use"
    assert not KeyLossDone(org="hq", newest=manifest.id, backups=1, losses=(found,)).good


@pytest.mark.parametrize("really", ["not at all", "disabled", "about to be deleted"])
def test_with_a_second_key_either_of_them_opens_all_of_it(
    twice: Vault, cloud: Cloud, own_key: str, second_key: str, ledger: Ledger, really: str
) -> None:
    manifest = written(twice)
    assert all(each.second for each in (manifest.objects[0].file, manifest.metadata.file))  # type: ignore[union-attr]  # it has metadata
    run = running(twice, ledger, manifest)
    kms = cloud.client("kms")
    match really:
        case "disabled":
            kms.disable_key(KeyId=own_key)
        case "about to be deleted":
            kms.schedule_key_deletion(KeyId=own_key, PendingWindowInDays=7)
    try:
        found = lose_key.fn(run, own_key, lambda size: None)
        assert (found.unreadable, found.recovered, found.rows) == (0, manifest.id, len(FEW))
        assert found.rpo == timedelta(hours=5) and found.rto is not None and not found.problems
        assert found.stands == ("in use" if really == "not at all" else "gone")
        assert [*twice.rows([manifest], SHAPE.name)] == FEW
        other = lose_key.fn(run, second_key, lambda size: None)
        assert other.unreadable == (0 if really == "not at all" else 2)
    finally:
        if really == "about to be deleted":
            kms.cancel_key_deletion(KeyId=own_key)
        kms.enable_key(KeyId=own_key)


def test_a_backup_from_before_there_was_a_second_key_is_lost_and_the_newer_one_is_not(
    twice: Vault, own_key: str, ledger: Ledger
) -> None:
    new = written(twice)
    old = new.model_copy(
        update={"id": "20260228T050000Z-full", "base": "20260228T050000Z-full", "second_key": None}
    )
    found = lose_key.fn(running(twice, ledger, old, new), own_key, lambda size: None)
    assert (found.files, found.unreadable, found.recovered) == (4, 2, new.id)


def test_a_wrapped_key_that_was_swapped_opens_nothing(twice: Vault, own_key: str) -> None:
    manifest = written(twice)
    assert manifest.metadata is not None
    swapped = manifest.objects[0].model_copy(
        update={"file": manifest.objects[0].file.model_copy(update={"second": manifest.metadata.file.second})}
    )
    with pytest.raises(SecretUnavailable):
        next(twice.without(own_key).rows([manifest.model_copy(update={"objects": (swapped,)})], SHAPE.name))


def test_a_second_key_that_is_the_first_by_another_name_is_none(
    twice: Vault, cloud: Cloud, own_key: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = kept(twice, "hq", rows=FEW)
    arn = identity(cloud, own_key)
    assert arn and arn != own_key and region_of(arn) == "eu-central-1" and region_of(own_key) is None
    alike = manifest._replace(manifest=manifest.manifest.model_copy(update={"second_key": arn}))
    run = running(twice, ledger)
    monkeypatch.setattr(run, "made", lambda: ([alike], []))
    with pytest.raises(BackupBroken, match="under another name"):
        find_keys.fn(run)


class BucketUnderTheFirst(UrlPlace):
    """A place that itself encrypts under a key, as far as the drill asks."""

    def __init__(self, url: str, key: str) -> None:
        super().__init__(url)
        self._under = key

    @property
    def key(self) -> str | None:
        return self._under


def test_where_the_place_itself_encrypts_under_the_lost_key_a_second_one_helps_nobody(
    cloud: Cloud, own_key: str, second_key: str, tmp_path: Path, ledger: Ledger
) -> None:
    place = BucketUnderTheFirst(f"file://{tmp_path}/vault", own_key)
    vault = Vault(cloud, place, "hq", own_key, second_key)
    run = running(vault, ledger, written(vault))
    found = lose_key.fn(run, own_key, lambda size: None)
    assert found.out_of_reach and (found.files, found.unreadable, found.recovered) == (2, 2, "")
    other = lose_key.fn(run, second_key, lambda size: None)
    assert not other.out_of_reach and other.unreadable == 0 and other.stands == "in use"


def test_what_came_out_is_noted_and_told(ledger: Ledger) -> None:
    losses = (
        KeyLoss(
            key="first",
            stands="in use",
            files=4,
            unreadable=0,
            recovered="b",
            rpo=timedelta(minutes=90),
            rto=timedelta(minutes=3),
        ),
        KeyLoss(key="second", stands="in use", files=4, unreadable=4),
    )
    done = KeyLossDone(org="hq", newest="b", backups=1, losses=losses)
    assert not done.good and done.rpo is None and done.rto is None
    page = words.key_loss(done)
    assert "4 of 4" in page and "**none**" in page and "90.0" in page and "backups.second_key" in page
    BackupBook(ledger, "hq").lost_keys(done)
    assert BackupBook(ledger, "hq").proof() is None, "no backup is noted, so nothing is proven of one"
