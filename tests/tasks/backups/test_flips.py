"""One bit flipped anywhere in anything that a backup has stored: the check notices, and nothing opens it as if it were whole."""

import base64
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.objects import Bucket
from tasks.backups.bodies_gateway import Body
from tasks.backups.chunks import CHUNK, HEADER, TAG
from tasks.backups.manifest import chain_problems, files_of
from tasks.backups.model import Manifest, SealedFile
from tasks.backups.places_gateway import BucketPlace, UrlPlace
from tasks.backups.vault_gateway import Kept, Vault
from tasks.errors import BackupBroken, SecretUnavailable
from tasks.estate.read import read_estate
from tests.running import RunningEstate
from tests.slices import chosen
from tests.tasks.backups.conftest import KEYS, SIGNER
from tests.tasks.backups.test_vault import ID, ROWS, SHAPE, kept

SEED = os.environ.get("BULKHEAD_SEED", "0")
WHOLE = CHUNK + TAG
COMPONENT = Random(4).randbytes(2 * CHUNK + 70_000)
"""Does not shrink in a zip, so the file of components has three chunks."""


class Flip(NamedTuple):
    """`bit` of the byte at `at`."""

    at: int
    bit: int

    def of(self, content: bytes) -> bytes:
        return content[: self.at] + bytes([content[self.at] ^ 1 << self.bit]) + content[self.at + 1 :]


class Stored(NamedTuple):
    vault: Vault
    kept: Kept
    folder: Path

    def noticed(self) -> bool:
        """As verify-backups looks without any key."""
        found, problems = self.vault.kept(KEYS)
        problems += chain_problems(found, {ID: self.kept.digest})
        return bool(problems or self.vault.problems(self.kept.manifest, open_files=False))


@pytest.fixture(scope="module")
def aws(estate: RunningEstate) -> Cloud:
    document = read_estate((estate.folder / "estate.yaml").read_text())
    return Cloud(AwsConnection(**document.cloud.model_dump()))


@pytest.fixture(scope="module")
def keys(aws: Cloud) -> Iterator[tuple[str, str]]:
    kms = aws.client("kms")
    made = [kms.create_key(Description="flips")["KeyMetadata"]["KeyId"] for _ in range(2)]
    yield made[0], made[1]
    for each in made:
        kms.schedule_key_deletion(KeyId=each, PendingWindowInDays=7)


@pytest.fixture(scope="module")
def stored(aws: Cloud, keys: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """On a disk, where whoever reaches it can change everything; under two keys."""
    folder = tmp_path_factory.mktemp("flips")
    place = UrlPlace(f"file://{folder}")
    vault = Vault(aws, place, "hq", *keys)
    manifest = kept(vault, "hq", rows=ROWS[:700]).manifest
    metadata = vault.keep_metadata(
        ID, [("StaticResource", {"StaticResource": 1}, {"staticresources/A.resource": COMPONENT})], None
    )
    whole = Body("068000000000001AAA", None, None, iter([COMPONENT[: CHUNK + 5]]))
    bodies = vault.keep_bodies(ID, 1, [whole], lambda: b"[]", None)
    place.remove(f"hq/{ID}/manifest.json")
    vault.vouch(
        manifest.model_copy(update={"metadata": metadata, "bodies": (bodies,), "second_key": keys[1]}), SIGNER
    )
    (found,), problems = vault.kept(KEYS)
    assert not problems and found.manifest.metadata == metadata
    return Stored(vault, found, folder / "hq" / ID)


def flipped(file: Path, flips: list[Flip], check: Callable[[Flip], None]) -> None:
    content = file.read_bytes()
    try:
        for flip in flips:
            file.write_bytes(flip.of(content))
            check(flip)
    finally:
        file.write_bytes(content)


def test_every_bit_of_a_manifest_its_signature_and_its_wrapped_keys_counts(stored: Stored) -> None:
    file = stored.folder / "manifest.json"
    content = file.read_bytes()
    for part in (b'"signature"', b'"key_id"', rb"\"wrapped\"", rb"\"second\"", rb"\"sha256\""):
        assert part in content, part
    everywhere = [Flip(at, bit) for at in range(len(content)) for bit in range(8)]

    def check(flip: Flip) -> None:
        found, problems = stored.vault.kept(KEYS)
        assert problems or chain_problems(found, {ID: stored.kept.digest}), flip

    flipped(file, [*chosen(everywhere, 1_500), Flip(0, 0), Flip(len(content) - 1, 7)], check)
    assert not stored.noticed()


def places(size: int) -> list[int]:
    """Every byte of the header, what chunks begin and end with, every byte of the last tag, and others by chance."""
    edges = [HEADER + number * WHOLE for number in range(1 + (size - HEADER) // WHOLE)]
    chance = Random(f"flips {SEED} {size}")
    found = {*range(HEADER), *range(size - TAG - 1, size)}
    for edge in edges:
        found |= {edge - TAG - 1, edge - 1, edge, edge + 1, edge + CHUNK - 1, edge + CHUNK}
    return sorted(at for at in {*found, *(chance.randrange(size) for _ in range(60))} if 0 <= at < size)


@pytest.mark.parametrize("name", [f"{SHAPE.name}.parquet", "metadata.zip", "files-0001.zip"])
def test_a_flipped_bit_of_a_sealed_file_is_noticed_and_none_of_it_is_restored(
    stored: Stored, name: str
) -> None:
    """In the header, in the body of any chunk, in a tag, in the last byte."""
    manifest = stored.kept.manifest
    file = stored.folder / f"{name}.sealed"
    size = file.stat().st_size
    assert name != "metadata.zip" or size > 2 * WHOLE
    chance = Random(f"bits {SEED}")
    flips = [Flip(at, chance.randrange(8)) for at in places(size)]

    def check(flip: Flip) -> None:
        assert stored.noticed(), flip
        with pytest.raises(BackupBroken):
            opened(stored.vault, manifest, name)

    flipped(file, flips, check)
    assert not stored.noticed()
    assert opened(stored.vault, manifest, name) > 0


def opened(vault: Vault, manifest: Manifest, name: str) -> int:
    """Bytes or rows, all of them read."""
    if name == "metadata.zip":
        return sum(len(content) for _, content in vault.component_files(manifest))
    if name.startswith("files-"):
        return sum(len(piece) for _, pieces in vault.bodies(manifest) for piece in pieces)
    return sum(1 for _ in vault.rows([manifest], SHAPE.name))


def test_a_flipped_bit_of_a_wrapped_key_opens_nothing_even_if_somebody_signs_it(stored: Stored) -> None:
    manifest = stored.kept.manifest
    (name, file), *_ = files_of(manifest)
    assert (name, file.second != "") == (f"{SHAPE.name}.parquet", True)
    for way in ("wrapped", "second"):
        raw = base64.b64decode(getattr(file, way))
        everywhere = [Flip(at, bit) for at in range(len(raw)) for bit in range(8)]
        for flip in [*chosen(everywhere, 25), Flip(len(raw) - 1, 0)]:
            changed = {"second": "", "wrapped": "", way: base64.b64encode(flip.of(raw)).decode()}
            forged = with_file(manifest, file.model_copy(update=changed))
            with pytest.raises(SecretUnavailable):
                opened(stored.vault, forged, name)


def with_file(manifest: Manifest, file: SealedFile) -> Manifest:
    (only,) = manifest.objects
    return manifest.model_copy(update={"objects": (only.model_copy(update={"file": file}),)})


def test_in_a_bucket_too_whatever_is_put_in_the_place_of_an_object_is_noticed(
    bucket: tuple[str, Bucket, str], cloud: Cloud
) -> None:
    """Nothing is locked here: whoever may delete versions may put others in their place."""
    org, there, key = bucket
    vault = Vault(cloud, BucketPlace(there, key), org, key)
    held = kept(vault, org, rows=ROWS[:50])
    chance = Random(f"bucket {SEED}")
    lying = [*there.versions(f"bulkhead/{org}/{ID}/")]
    assert {each.key.rpartition("/")[2] for each in lying} == {
        "manifest.json",
        "metadata.zip.sealed",
        f"{SHAPE.name}.parquet.sealed",
    }
    for each in lying:
        content = there.read(each.key, each.version, 0, each.size)
        assert there.remove(each.key, each.version)
        flip = Flip(chance.randrange(len(content)), chance.randrange(8))
        made = cloud.client("s3").put_object(Bucket=there.name, Key=each.key, Body=flip.of(content))
        found, problems = vault.kept(KEYS)
        problems += chain_problems(found, {ID: held.digest})
        assert problems or vault.problems(held.manifest, open_files=False), (each.key, flip)
        assert there.remove(each.key, made["VersionId"])
        cloud.client("s3").put_object(Bucket=there.name, Key=each.key, Body=content)
