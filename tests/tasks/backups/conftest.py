"""A vault in the estate's own bucket of an org, and one on disk, with a signer of the tests' own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.aws.cloud import Cloud
from tasks.aws.objects import Bucket
from tasks.backups.places_gateway import BucketPlace, UrlPlace, place_for
from tasks.backups.vault_gateway import Vault
from tasks.errors import BulkheadError
from tasks.estate.read import read_policy
from tasks.ledger.model import PublicKey
from tasks.ledger.signing import Ed25519Signer, new_key
from tests.running import RunningEstate

SIGNER = Ed25519Signer("backup-test", new_key())
KEYS = (PublicKey(key_id=SIGNER.key_id, algorithm=SIGNER.algorithm, public_key=SIGNER.public_key),)
BEGAN = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)


@pytest.fixture
def bucket(estate: RunningEstate, cloud: Cloud) -> Iterator[tuple[str, Bucket, str]]:
    """An org whose bucket is as it should be, that bucket, and its key. What a test leaves there unlocked goes again."""
    policy = read_policy((estate.folder / "policy.yaml").read_text())
    for org, name in policy.backups.buckets.items():
        try:
            _, key = place_for(cloud, name, None, None, lock=True)
            cloud.client("kms").generate_data_key_without_plaintext(KeyId=key, KeySpec="AES_256")
        except (BulkheadError, cloud.client("kms").exceptions.DisabledException):
            continue
        found = Bucket(cloud, name)
        yield org, found, key
        for each in list(found.versions("bulkhead/")):
            found.remove(each.key, each.version)
        return
    raise AssertionError("the estate has no good bucket")


@pytest.fixture
def vault(bucket: tuple[str, Bucket, str], cloud: Cloud) -> Vault:
    org, found, key = bucket
    return Vault(cloud, BucketPlace(found, key), org, key)


@pytest.fixture
def own_key(cloud: Cloud) -> Iterator[str]:
    """A KMS key that only this test uses."""
    made = cloud.client("kms").create_key(Description="backups of a test")["KeyMetadata"]["KeyId"]
    yield made
    cloud.client("kms").schedule_key_deletion(KeyId=made, PendingWindowInDays=7)


@pytest.fixture
def on_disk(cloud: Cloud, own_key: str, tmp_path: Path) -> Vault:
    return Vault(cloud, UrlPlace(f"file://{tmp_path}/vault"), "hq", own_key)
