"""Backups in the estate's S3 under its KMS: read back equal, and every touch noticed."""

from datetime import UTC, datetime, timedelta

from tasks.aws.cloud import Cloud
from tasks.aws.objects import Bucket
from tasks.backups.chain import name_of
from tasks.backups.model import BackupKind, Column, Manifest, Shape
from tasks.backups.org_gateway import OrgToKeep
from tasks.backups.vault_gateway import Kept, Vault
from tests.tasks.backups.conftest import BEGAN, KEYS, SIGNER
from tests.tasks.conftest import Open

SHAPE = Shape(
    name="Thing__c",
    columns=(
        Column(name="Id", type="id"),
        Column(name="Name", type="string"),
        Column(name="SystemModstamp", type="datetime"),
    ),
)
ROWS = [
    (f"a0{number:016d}", f"named {number} ü\n" if number % 3 else None, "2026-03-01T04:00:00.000Z")
    for number in range(12_000)
]
ID = name_of(BEGAN, BackupKind.FULL)


def kept(vault: Vault, org: str, *, until: datetime | None = None, rows=ROWS, previous: str = "") -> Kept:
    groups = [rows[start : start + 5_000] for start in range(0, len(rows), 5_000)]
    each = vault.keep_rows(ID, SHAPE, groups, None, until, lambda count: None)
    metadata = vault.keep_metadata(ID, [("ApexClass", 1, {"classes/A.cls": b"class A {}"})], until)
    manifest = Manifest(
        id=ID,
        org=org,
        org_id="00D000000000001",
        kind=BackupKind.FULL,
        base=ID,
        began=BEGAN,
        ended=BEGAN,
        key=vault.key,
        locked_until=until,
        objects=(each,),
        metadata=metadata,
        previous=previous,
    )
    vault.vouch(manifest, SIGNER)
    (found,), problems = vault.kept(KEYS)
    assert not problems
    assert found.manifest == manifest
    return found


def test_an_object_of_an_org_comes_back_row_by_row(
    vault: Vault, org: Open, bucket: tuple[str, Bucket, str]
) -> None:
    alias = bucket[0]
    source = OrgToKeep(org(alias))
    (shape,) = source.shapes(["Contact"])
    rows = [row for group in source.rows(shape, None, increment=False, overlap=timedelta(0)) for row in group]
    each = vault.keep_rows(
        ID,
        shape,
        source.rows(shape, None, increment=False, overlap=timedelta(0)),
        None,
        None,
        lambda count: None,
    )
    assert each.rows == len(rows) > 100 and each.mark is not None
    manifest = kept(vault, alias).manifest.model_copy(update={"objects": (each,)})
    assert [*vault.rows([manifest], "Contact")] == rows
    assert vault.problems(manifest, open_files=True) == []


def test_what_lies_there_is_locked_and_holds_nothing_in_the_clear(
    vault: Vault, bucket: tuple[str, Bucket, str], cloud: Cloud
) -> None:
    org, there, _ = bucket
    # The shortest lock there is, so that the bucket is clean again for others soon.
    kept(vault, org, until=datetime.now(UTC) + timedelta(seconds=3))
    found = [*there.versions(f"bulkhead/{org}/{ID}/")]
    assert len(found) == 3
    for each in found:
        assert not there.remove(each.key, each.version), each.key
        head = cloud.client("s3").head_object(Bucket=there.name, Key=each.key, VersionId=each.version)
        assert (head["ServerSideEncryption"], head["ObjectLockMode"]) == ("aws:kms", "COMPLIANCE")
        body = there.read(each.key, each.version, 0, each.size)
        assert b"named" not in body and b"PAR1" not in body and b"class A" not in body
