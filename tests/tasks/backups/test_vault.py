"""Backups in the estate's S3 under its KMS: read back equal, and every touch noticed."""

import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasks.aws.cloud import Cloud
from tasks.aws.objects import Bucket
from tasks.backups import manifest as papers
from tasks.backups.chain import name_of
from tasks.backups.manifest import chain_problems
from tasks.backups.model import BackupKind, Column, Manifest, Shape
from tasks.backups.org_gateway import OrgToKeep
from tasks.backups.places_gateway import place_for
from tasks.backups.vault_gateway import Kept, Vault
from tasks.errors import BackupBroken, BackupRefused, ConfigurationError, IncompleteRead, SecretUnavailable
from tasks.ledger.signing import Ed25519Signer, new_key
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


def kept(
    vault: Vault,
    org: str,
    *,
    until: datetime | None = None,
    rows: Sequence[tuple[str | None, ...]] = ROWS,
    previous: str = "",
) -> Kept:
    groups = [[*rows[start : start + 5_000]] for start in range(0, len(rows), 5_000)]
    each = vault.keep_rows(ID, SHAPE, groups, None, until, lambda count: None, began=BEGAN)
    metadata = vault.keep_metadata(
        ID, [("ApexClass", {"ApexClass": 1}, {"classes/A.cls": b"class A {}"})], until
    )
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
    (shape,) = source.shapes(["Lead"])
    rows = [row for group in source.rows(shape, None, increment=False, overlap=timedelta(0)) for row in group]
    each = vault.keep_rows(
        ID,
        shape,
        source.rows(shape, None, increment=False, overlap=timedelta(0)),
        None,
        None,
        lambda count: None,
        began=BEGAN,
    )
    assert each.rows == len(rows) > 100 and each.mark is not None
    manifest = kept(vault, alias).manifest.model_copy(update={"objects": (each,)})
    assert [*vault.rows([manifest], "Lead")] == rows
    assert vault.problems(manifest, open_files=True) == []


def test_an_increment_reaches_back_to_before_its_base_began(on_disk: Vault) -> None:
    """What changed while rows were read may lie in pages that were read before."""

    def mark(*stamps: str, before: datetime | None = None) -> datetime | None:
        rows: list[tuple[str | None, ...]] = [(ROWS[0][0], None, f"2026-03-01T{at}.000Z") for at in stamps]
        return on_disk.keep_rows(
            ID, SHAPE, [rows] if rows else [], before, None, lambda count: None, began=BEGAN
        ).mark

    assert mark("04:00:00", "06:00:00") == mark("05:00:00") == BEGAN
    assert mark("04:00:00", "03:00:00") == BEGAN - timedelta(hours=1)
    assert mark() is None
    assert mark(before=BEGAN - timedelta(hours=2)) == BEGAN - timedelta(hours=2)


def test_what_lies_there_is_locked_and_holds_nothing_in_the_clear(
    vault: Vault, bucket: tuple[str, Bucket, str], cloud: Cloud
) -> None:
    org, there, key = bucket
    # Long enough for a busy machine to write all of it and to be refused.
    until = datetime.now(UTC) + timedelta(seconds=6)
    kept(vault, org, until=until)
    found = [*there.versions(f"bulkhead/{org}/{ID}/")]
    assert len(found) == 3
    for each in found:
        assert not there.remove(each.key, each.version), each.key
    assert cloud.client("kms").describe_key(KeyId=key)["KeyMetadata"]["Enabled"]
    for each in found:
        head = cloud.client("s3").head_object(Bucket=there.name, Key=each.key, VersionId=each.version)
        assert (head["ServerSideEncryption"], head["ObjectLockMode"]) == ("aws:kms", "COMPLIANCE")
        body = there.read(each.key, each.version, 0, each.size)
        assert b"named" not in body and b"PAR1" not in body and b"class A" not in body
    time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds() + 0.1))
    assert vault.remove(ID) == [] and not [*there.versions(f"bulkhead/{org}/{ID}/")]


def test_whoever_writes_over_a_file_adds_a_version_that_nobody_reads(
    vault: Vault, bucket: tuple[str, Bucket, str], cloud: Cloud
) -> None:
    org, there, _ = bucket
    manifest = kept(vault, org).manifest
    for each in [*there.versions(f"bulkhead/{org}/{ID}/")]:
        cloud.client("s3").put_object(Bucket=there.name, Key=each.key, Body=b"something else")
    (found,), problems = vault.kept(KEYS)
    assert found.manifest == manifest and not problems
    assert [*vault.rows([manifest], SHAPE.name)] == ROWS
    assert vault.problems(manifest, open_files=True) == []


def test_only_backups_without_a_manifest_are_rubbish(on_disk: Vault, tmp_path: Path) -> None:
    """A signed backup that the ledger does not know is told; what lies beside backups is somebody else's."""
    kept(on_disk, "hq", rows=ROWS[:5])
    begun, known = "20260302T050000Z-full", "20260303T050000Z-increment"
    for path in (
        f"{begun}/Thing__c.parquet.sealed",
        f"{known}/metadata.zip.sealed",
        "mail/inbox",
        "app/manifest.json",
    ):
        file = tmp_path / "vault" / "hq" / path
        file.parent.mkdir()
        file.write_text("{}")
    assert on_disk.unfinished([]) == [begun, known]
    assert on_disk.unfinished([known]) == [begun]
    found, problems = on_disk.kept(KEYS)
    assert [each.manifest.id for each in found] == [ID] and not problems
    (problem,) = chain_problems(found, {})
    assert "knows no such backup" in problem.what


def test_a_key_of_policy_needs_no_key_of_the_bucket(cloud: Cloud, own_key: str) -> None:
    name = "backups-without-a-key"
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    try:
        s3.delete_bucket_encryption(Bucket=name)
        with pytest.raises(ConfigurationError, match=r"backups\.key"):
            place_for(cloud, name, None, None, lock=False)
        place, key = place_for(cloud, name, None, own_key, lock=False)
        assert key == own_key
        kept(Vault(cloud, place, "hq", key), "hq", rows=ROWS[:5])
        place.remove("hq/")
    finally:
        s3.delete_bucket(Bucket=name)


class TestTouched:
    """On a disk, where whoever reaches it can change everything."""

    @pytest.fixture
    def files(self, on_disk: Vault, tmp_path: Path) -> tuple[Manifest, Path]:
        return kept(on_disk, "hq", rows=ROWS[:500]).manifest, tmp_path / "vault" / "hq" / ID

    def test_nothing_lies_there_in_the_clear(self, files: tuple[Manifest, Path], tmp_path: Path) -> None:
        assert {path.name for path in files[1].iterdir()} == {
            "Thing__c.parquet.sealed",
            "metadata.zip.sealed",
            "manifest.json",
        }
        for path in tmp_path.rglob("*"):
            if path.is_file():
                assert b"named 1" not in path.read_bytes() and b"class A" not in path.read_bytes(), path

    def test_any_flipped_byte_of_any_file_is_noticed(
        self, on_disk: Vault, files: tuple[Manifest, Path]
    ) -> None:
        manifest, folder = files
        chance = random.Random("flips")
        assert on_disk.problems(manifest, open_files=True) == []
        for path in sorted(folder.iterdir()):
            content = path.read_bytes()
            for at in {0, len(content) - 1, *(chance.randrange(len(content)) for _ in range(25))}:
                touched = bytearray(content)
                touched[at] ^= 1 << chance.randrange(8)
                path.write_bytes(touched)
                assert self.noticed(on_disk, manifest), (path.name, at)
            for other in (content[:-1], content + b"\0", b""):
                path.write_bytes(other)
                assert self.noticed(on_disk, manifest), path.name
            path.unlink()
            assert self.noticed(on_disk, manifest), path.name
            path.write_bytes(content)
        assert not self.noticed(on_disk, manifest)

    def noticed(self, vault: Vault, manifest: Manifest) -> bool:
        found, problems = vault.kept(KEYS)
        noted = {manifest.id: papers.signed(manifest, SIGNER.key_id, SIGNER.sign)}
        problems += chain_problems(
            found, {name: papers.digest_of(each.manifest) for name, each in noted.items()}
        )
        return bool(problems or vault.problems(manifest, open_files=False))

    def test_files_that_changed_places_do_not_open(
        self, on_disk: Vault, files: tuple[Manifest, Path]
    ) -> None:
        manifest, folder = files
        one, two = folder / "Thing__c.parquet.sealed", folder / "metadata.zip.sealed"
        contents = one.read_bytes(), two.read_bytes()
        one.write_bytes(contents[1])
        two.write_bytes(contents[0])
        assert len(on_disk.problems(manifest, open_files=False)) == 2
        with pytest.raises(BackupBroken):
            list(on_disk.rows([manifest], SHAPE.name))

    def test_a_manifest_of_somebody_else_vouches_for_nothing(
        self, on_disk: Vault, files: tuple[Manifest, Path]
    ) -> None:
        stranger = Ed25519Signer(SIGNER.key_id, new_key())
        on_disk.vouch(files[0], stranger)
        found, problems = on_disk.kept(KEYS)
        assert not found and "signature" in problems[0].what

    def test_what_fails_half_way_leaves_nothing(self, on_disk: Vault, tmp_path: Path) -> None:
        def breaking() -> Iterator[list[tuple[str | None, ...]]]:
            yield [*ROWS[:5_000]]
            raise IncompleteRead("hq", "fewer rows came", "Run again.")

        with pytest.raises(IncompleteRead):
            on_disk.keep_rows(ID, SHAPE, breaking(), None, None, lambda count: None, began=BEGAN)
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]

    def test_a_place_that_takes_nothing_is_told_with_what_to_do(self, on_disk: Vault, tmp_path: Path) -> None:
        (tmp_path / "vault").write_text("a file where the folder should be")
        with pytest.raises(BackupRefused, match="run again"):
            kept(on_disk, "hq")

    def test_a_disabled_key_opens_nothing_and_says_so(
        self, on_disk: Vault, files: tuple[Manifest, Path], cloud: Cloud, own_key: str
    ) -> None:
        cloud.client("kms").disable_key(KeyId=own_key)
        assert on_disk.problems(files[0], open_files=False) == []
        with pytest.raises(SecretUnavailable, match="disabled"):
            on_disk.unlock([files[0]])
        with pytest.raises(SecretUnavailable, match="disabled"):
            kept(on_disk, "hq")
