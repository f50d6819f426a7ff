"""Seals that reach a bucket where nobody removes them, and keys in KMS."""

from datetime import timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tasks.aws.cloud import Cloud
from tasks.aws.secrets import read_secret, write_secret
from tasks.aws.signing import KmsSigner
from tasks.errors import CloudError, ConfigurationError
from tasks.estate.model import Anchor
from tasks.evidence import gateway
from tasks.ledger.model import EntryKind, Note, PublicKey
from tasks.ledger.signing import Ed25519Signer, new_key
from tasks.ledger.store import Ledger
from tests.tasks.ledger.conftest import Ticking

BUCKET = "meridian-bulkhead-evidence"


@pytest.fixture
def signer() -> Ed25519Signer:
    return Ed25519Signer("first", new_key())


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", Ticking())


@pytest.fixture
def anchor(request: pytest.FixtureRequest) -> Anchor:
    """Each test's own corner of the estate's bucket, which nobody can empty."""
    return Anchor(bucket=BUCKET, prefix=f"test/{request.node.name}/", retention=timedelta(days=3650))


def note(number: int) -> Note:
    return Note(kind=EntryKind.GRANT, subject=f"grant-{number}", actor="anna")


def test_a_cut_tail_is_found_by_what_the_bucket_knows(
    ledger: Ledger, signer: Ed25519Signer, cloud: Cloud, anchor: Anchor, tmp_path: Path
) -> None:
    ledger.append(note(1))
    gateway.seal(ledger, signer, cloud, anchor)
    file = tmp_path / "ledger.db"
    ledger.close()
    kept = {each: each.read_bytes() for each in tmp_path.glob("ledger.db*")}
    again = Ledger(f"sqlite:///{file}", Ticking())
    again.append(note(2))
    gateway.seal(again, signer, cloud, anchor)
    again.close()
    for each in tmp_path.glob("ledger.db*"):
        each.unlink()
    for each, content in kept.items():
        each.write_bytes(content)
    cut = Ledger(f"sqlite:///{file}", Ticking())
    anchors = gateway.read_anchors(cloud, anchor.bucket, anchor.prefix)
    assert gateway.check(cut, (), ()).sound
    assert ["cut off" in problem.what for problem in gateway.check(cut, (), anchors).problems] == [True]


def test_a_seal_that_did_not_reach_the_bucket_is_brought_there_later(
    ledger: Ledger, signer: Ed25519Signer, cloud: Cloud, anchor: Anchor
) -> None:
    ledger.append(note(1))
    missing = anchor.model_copy(update={"bucket": "meridian-no-such-bucket"})
    with pytest.raises(CloudError):
        gateway.seal(ledger, signer, cloud, missing)
    assert gateway.seal(ledger, signer, cloud, anchor) is None, "there was nothing new to sign"
    assert [mark.head.sequence for mark in gateway.read_anchors(cloud, BUCKET, anchor.prefix)] == [2]


def test_what_is_anchored_cannot_be_removed_and_writing_over_it_changes_nothing(
    ledger: Ledger, signer: Ed25519Signer, cloud: Cloud, anchor: Anchor
) -> None:
    ledger.append(note(1))
    gateway.seal(ledger, signer, cloud, anchor)
    s3 = cloud.client("s3")
    version = s3.list_object_versions(Bucket=BUCKET, Prefix=anchor.prefix)["Versions"][0]
    with pytest.raises(ClientError):
        s3.delete_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
    before = gateway.read_anchors(cloud, BUCKET, anchor.prefix)
    s3.put_object(Bucket=BUCKET, Key=version["Key"], Body=b"{}")
    assert gateway.read_anchors(cloud, BUCKET, anchor.prefix) == before


def test_an_object_in_the_place_of_an_anchor_keeps_none_away(
    ledger: Ledger, signer: Ed25519Signer, cloud: Cloud, anchor: Anchor, tmp_path: Path
) -> None:
    forged = Ledger(f"sqlite:///{tmp_path / 'forged.db'}", Ticking())
    forged.append(note(9))
    false = gateway.seal(forged, Ed25519Signer("first", new_key()), cloud, anchor)
    ledger.append(note(1))
    true = gateway.seal(ledger, signer, cloud, anchor)
    assert true is not None and false is not None and true.head.sequence == false.head.sequence
    anchors = gateway.read_anchors(cloud, BUCKET, anchor.prefix)
    assert {each.head for each in anchors} == {true.head, false.head}
    assert not gateway.check(ledger, (), anchors).sound and not gateway.check(forged, (), anchors).sound


def test_a_ledger_under_a_key_of_somebody_else_is_not_sound(
    ledger: Ledger, signer: Ed25519Signer, cloud: Cloud, tmp_path: Path
) -> None:
    key_id = gateway.rotate_key(ledger, cloud, "bulkhead/test-own-key", None, "anna")
    secret = read_secret(cloud, "bulkhead/test-own-key")
    assert gateway.check(ledger, gateway.keys_in(secret), ()).sound
    forged = Ledger(f"sqlite:///{tmp_path / 'forged.db'}", Ticking())
    for notes in ([note(1)], ledger.entries(EntryKind.KEY)):
        forged.append(*notes)
        forged.seal(signer)
    forged.append(note(2))
    # The hourly run signs what it finds.
    forged.seal(Ed25519Signer(key_id, secret["privateKey"]))
    assert gateway.check(forged, (), ()).sound
    assert not gateway.check(forged, gateway.keys_in(secret), ()).sound


def test_a_key_in_kms_seals(ledger: Ledger, cloud: Cloud) -> None:
    kms = cloud.client("kms")
    made = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    ledger.append(note(1))
    signer = KmsSigner(cloud, made)
    assert ledger.seal(signer) is not None
    assert gateway.check(ledger, (), ()).sound
    other = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    with pytest.raises(ConfigurationError, match="ECC_NIST_P256"):
        KmsSigner(cloud, other)
    with pytest.raises(CloudError):
        KmsSigner(cloud, "no-such-key")


def test_a_rotated_key_is_vouched_for_and_stored(ledger: Ledger, cloud: Cloud) -> None:
    pem = new_key()
    signer = Ed25519Signer("first", pem)
    write_secret(cloud, "bulkhead/test-ledger-key", {"keyId": "first", "privateKey": pem})
    pin = PublicKey(key_id="first", algorithm="ed25519", public_key=signer.public_key)
    ledger.append(note(1))
    ledger.seal(signer)
    key_id = gateway.rotate_key(ledger, cloud, "bulkhead/test-ledger-key", signer, "anna")
    secret = read_secret(cloud, "bulkhead/test-ledger-key")
    assert secret["keyId"] == key_id
    ledger.append(note(2))
    ledger.seal(Ed25519Signer(key_id, secret["privateKey"]))
    assert gateway.check(ledger, gateway.keys_in(secret), ()).sound
    assert [key.key_id for key in gateway.keys_in(secret)] == ["first", key_id]
    verdict = gateway.check(ledger, [pin], ())
    assert verdict.sound and verdict.sealed == verdict.head.sequence
    # Killed between the announcement and the secret, the old key goes on.
    ledger.append(note(3))
    ledger.seal(signer)
    assert gateway.check(ledger, [pin], ()).sound
