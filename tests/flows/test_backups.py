"""Backups and restore drills by flow runs on a real server: from an org into S3, and from there into a sandbox and away again."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from deployments.register import register_files
from flows.backups import back_up_orgs, restore_drill, verify_backups
from tasks.aws.cloud import Cloud
from tasks.backups.model import BackupKind
from tasks.ledger.model import EntryKind
from tasks.orgs import open_cloud, open_ledger
from tests.product import Product
from tests.running import RunningEstate

ORG = "hq-uat"
BUCKET = "backups-of-a-test"
OBJECTS = ("Account", "Contact", "Opportunity")


@pytest.fixture(scope="module")
def cloud(product: Product) -> Cloud:
    return open_cloud()


@pytest.fixture(scope="module", autouse=True)
def ground(
    product: Product, estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A sandbox whose backups go into a bucket of its own, and come back into itself. Gives the KMS key."""
    cloud = open_cloud()
    key = cloud.client("kms").create_key(Description="backups of a test")["KeyMetadata"]["KeyId"]
    s3 = cloud.client("s3")
    s3.create_bucket(
        Bucket=BUCKET,
        ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
    )
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})
    folder = tmp_path_factory.mktemp("backups")
    policy = yaml.safe_load((estate.folder / "policy.yaml").read_text())
    policy["backups"] |= {
        "buckets": {**policy["backups"]["buckets"], ORG: BUCKET},
        "objects": [*OBJECTS],
        "lock": "PT1S",
        "drills": [ORG, "emea"],
    }
    (folder / "estate.yaml").write_text((estate.folder / "estate.yaml").read_text())
    (folder / "policy.yaml").write_text(yaml.safe_dump(policy))
    register_files(folder / "estate.yaml", folder / "policy.yaml")
    yield key
    register_files(estate.folder / "estate.yaml")


def wrote(estate: RunningEstate, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    user = f"client.laboratory@{ORG}.meridian.example"
    answer = estate.call(method, ORG, user, f"v62.0/{path}", json=body)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def count(estate: RunningEstate, sobject: str) -> int:
    found: int = wrote(estate, "GET", f"query?q=SELECT COUNT() FROM {sobject}")["totalSize"]
    return found


@pytest.fixture
def accounts(estate: RunningEstate) -> Iterator[list[str]]:
    """Two accounts, each the other's parent's child: a circle that no order resolves."""
    ids = [
        wrote(estate, "POST", "sobjects/Account", {"Name": f"Circle {n}", "Industry": "Banking"})["id"]
        for n in range(2)
    ]
    wrote(estate, "PATCH", f"sobjects/Account/{ids[1]}", {"ParentId": ids[0]})
    yield ids
    for name in reversed(ids):
        estate.call(
            "DELETE", ORG, f"client.laboratory@{ORG}.meridian.example", f"v62.0/sobjects/Account/{name}"
        )


def test_a_backup_its_increment_and_their_restore(
    estate: RunningEstate, accounts: list[str], cloud: Cloud
) -> None:
    before = {name: count(estate, name) for name in OBJECTS}
    (whole,) = back_up_orgs([ORG])
    assert whole.kind is BackupKind.FULL and whole.rows == sum(before.values())
    wrote(estate, "PATCH", f"sobjects/Account/{accounts[0]}", {"Name": "Circle renamed"})
    wrote(estate, "DELETE", f"sobjects/Account/{accounts[1]}")
    (increment,) = back_up_orgs([ORG])
    assert increment.kind is BackupKind.INCREMENT and 2 <= increment.rows < 20
    assert verify_backups([ORG], open_files=True) == 2

    done = restore_drill(ORG, ORG)
    assert done.good and done.chain == (whole.id, increment.id)
    assert {each.name: each.rows for each in done.objects} == before | {"Account": before["Account"] - 1}
    assert {name: count(estate, name) for name in OBJECTS} == before | {"Account": before["Account"] - 1}
    assert done.removed == sum(each.restored for each in done.objects)
    with open_ledger() as ledger:
        steps = [e.body["step"] for e in ledger.entries(EntryKind.EVIDENCE, subject=f"backup {ORG}")]
    assert steps == ["made", "made", "drilled"]
