"""A pack is as it was written, or what was changed is named."""

import io
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.errors import ConfigurationError
from tasks.ledger import evidence
from tasks.ledger.model import Algorithm, Checkpoint, EntryKind, Head, Note, PublicKey
from tasks.ledger.signing import Ed25519Signer, new_key
from tasks.ledger.store import Ledger
from tasks.packs import container, gateway
from tasks.packs.extracts import extracts
from tasks.packs.model import PackVerdict
from tests.tasks.packs.conftest import ESTATE, NOW, QUARTER, unsealed

SHARED = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class P256Signer:
    """As KMS signs: it does not care which of the two ways it writes a signature."""

    algorithm: Algorithm = "ecdsa-p256-sha256"
    key_id = "kms-key"

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        der = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.public_key = der.hex()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message, ec.ECDSA(SHA256()))


def checked(
    tmp_path: Path, content: bytes, *pins: PublicKey, anchors: tuple[Checkpoint, ...] = ()
) -> PackVerdict:
    path = tmp_path / "pack.zip"
    path.write_bytes(content)
    return gateway.check(path, pins, anchors)


def where(verdict: PackVerdict) -> set[str]:
    return {fault.where for fault in verdict.faults}


def rewritten(content: bytes, **changed: bytes | None) -> bytes:
    """The same archive with other files; `None` takes one away. Names have `__` for a slash and `_` for a dot."""
    found, _ = container.unpacked(content, "pack")
    for name, other in changed.items():
        path = name.replace("__", "/").replace("_", ".")
        if other is None:
            del found[path]
        else:
            found[path] = other
    return container.archive(found)


def test_a_pack_as_it_was_written_is_sound(tmp_path: Path, packed: bytes, pin: PublicKey) -> None:
    verdict = checked(tmp_path, packed, pin)
    assert verdict.sound and verdict.pinned, verdict.faults
    assert verdict.ledger is not None and verdict.ledger.entries == 7
    alone = checked(tmp_path, packed)
    assert alone.sound and not alone.pinned, (
        "its own word is all that vouches for it, and the verdict says so"
    )


@SHARED
@given(data=st.data())
def test_any_byte_that_is_changed_is_noticed(
    tmp_path: Path, packed: bytes, pin: PublicKey, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(packed) - 1))
    flipped = bytearray(packed)
    flipped[at] ^= data.draw(st.integers(1, 255))
    try:
        verdict = checked(tmp_path, bytes(flipped), pin)
    except ConfigurationError:
        assert at < 2, "what does not begin like an archive is none"
        return
    assert not verdict.sound, at


@SHARED
@given(data=st.data())
def test_a_changed_file_is_named_whichever_it_is(
    tmp_path: Path, packed: bytes, pin: PublicKey, data: st.DataObject
) -> None:
    found, _ = container.unpacked(packed, "pack")
    path = data.draw(st.sampled_from([name for name in found if found[name]]))
    content = bytearray(found[path])
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    verdict = checked(tmp_path, container.archive({**found, path: bytes(content)}), pin)
    # What is signed is the manifest: a change of it shows where its signature is, too.
    assert path in where(verdict) or (path == container.MANIFEST and container.SIGNATURE in where(verdict))


def test_bytes_before_between_and_after_the_files_are_noticed(
    tmp_path: Path, packed: bytes, pin: PublicKey
) -> None:
    for other in (b"PK" + packed, packed + b"\0", packed[:-1]):
        verdict = checked(tmp_path, other, pin)
        assert where(verdict) == {"pack.zip"}, verdict.faults


def test_files_that_are_missing_added_or_there_twice_are_named(
    tmp_path: Path, packed: bytes, pin: PublicKey
) -> None:
    assert where(checked(tmp_path, rewritten(packed, readme_txt=None), pin)) == {"readme.txt"}
    assert where(checked(tmp_path, rewritten(packed, more_txt=b"x"), pin)) == {"more.txt"}
    assert container.SIGNATURE in where(checked(tmp_path, rewritten(packed, signature_json=None), pin))
    assert container.MANIFEST in where(checked(tmp_path, rewritten(packed, manifest_json=None), pin))
    out = io.BytesIO(packed)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as target:
        target.writestr("readme.txt", "another")
    assert "readme.txt" in where(checked(tmp_path, out.getvalue(), pin))


def test_an_unpacked_pack_is_checked_as_a_folder(tmp_path: Path, packed: bytes, pin: PublicKey) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(io.BytesIO(packed)) as source:
        source.extractall(folder)
    assert gateway.check(folder, [pin]).sound
    (folder / "ledger" / "plans.jsonl").write_bytes(b"{}\n")
    (folder / "note.txt").symlink_to(folder / "readme.txt")
    assert where(gateway.check(folder, [pin])) == {"ledger/plans.jsonl", "note.txt"}
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ConfigurationError, match="no audit pack"):
        gateway.check(empty)


def test_a_pack_of_somebody_else_is_not_vouched_for(tmp_path: Path, packed: bytes) -> None:
    other = Ed25519Signer("ledger-1", new_key())
    stranger = PublicKey(key_id="ledger-1", algorithm="ed25519", public_key=other.public_key)
    faults = where(checked(tmp_path, packed, stranger))
    assert container.SIGNATURE in faults and gateway.LEDGER in faults


def test_a_key_that_only_announces_itself_vouches_for_nothing(tmp_path: Path, pin: PublicKey) -> None:
    """All of it is forged: nothing in it is by a key that the checker brings along."""
    forged = Ledger(f"sqlite:///{tmp_path / 'forged.db'}", lambda: NOW)
    made = unsealed(forged, Ed25519Signer("ledger-9", new_key()))
    assert where(checked(tmp_path, made, pin)) == {gateway.LEDGER, container.SIGNATURE}
    assert gateway.LEDGER in where(checked(tmp_path, made)), "nor does it where nobody brings a key"


@pytest.mark.parametrize("id_", ["ledger-9", "ledger-1"])
def test_what_was_added_behind_the_last_checkpoint_is_named(
    id_: str, tmp_path: Path, ledger: Ledger, pin: PublicKey
) -> None:
    """A true ledger up to there; what follows, and the pack, are by somebody else."""
    made = unsealed(ledger, Ed25519Signer(id_, new_key()))
    verdict = checked(tmp_path, made, pin)
    assert where(verdict) == {gateway.LEDGER, container.SIGNATURE}
    assert any("entries 8 to 9 are under no signature" in fault.what for fault in verdict.faults)
    assert where(checked(tmp_path, made)) == {gateway.LEDGER, container.SIGNATURE}


def test_who_signs_cannot_pack_what_nobody_sealed(
    tmp_path: Path, ledger: Ledger, signer: Ed25519Signer, pin: PublicKey
) -> None:
    ledger.append(Note(kind=EntryKind.HALT, subject="all applies", actor="ada"))
    with ledger.read() as book:
        content, head = evidence.content_of(book), book.head()
    made = gateway.sealed({gateway.LEDGER: content}, ESTATE, QUARTER, head, NOW, signer)
    assert where(checked(tmp_path, made, pin)) == {gateway.LEDGER}


def test_who_signs_cannot_show_what_the_ledger_does_not_say(
    tmp_path: Path, ledger: Ledger, signer: Ed25519Signer, pin: PublicKey
) -> None:
    with ledger.read() as book:
        content, head = evidence.content_of(book), book.head()
    drawers = extracts(ledger.entries(), QUARTER)
    drawers["ledger/approvals.jsonl"] += drawers["ledger/approvals.jsonl"]
    made = gateway.sealed({gateway.LEDGER: content, **drawers}, ESTATE, QUARTER, head, NOW, signer)
    assert where(checked(tmp_path, made, pin)) == {"ledger/approvals.jsonl"}
    cut = gateway.sealed({gateway.LEDGER: content}, ESTATE, QUARTER, Head(), NOW, signer)
    assert where(checked(tmp_path, cut, pin)) == {gateway.LEDGER}


def test_a_key_that_the_pinned_one_vouches_for_counts(
    tmp_path: Path, ledger: Ledger, signer: Ed25519Signer, pin: PublicKey
) -> None:
    """As after a rotation: the old key seals the announcement of the new one, and the checker has the old one."""
    new = Ed25519Signer("ledger-2", new_key())
    key = PublicKey(key_id=new.key_id, algorithm=new.algorithm, public_key=new.public_key)
    ledger.append(Note(kind=EntryKind.KEY, subject=new.key_id, actor="bulkhead", body=key.model_dump()))
    ledger.seal(signer)
    with ledger.read() as book:
        content, head = evidence.content_of(book), book.head()
    made = gateway.sealed({gateway.LEDGER: content}, ESTATE, QUARTER, head, NOW, new)
    assert checked(tmp_path, made, pin).sound


def test_what_the_bucket_knows_of_later_does_not_speak_against_a_pack(
    tmp_path: Path, ledger: Ledger, packed: bytes, signer: Ed25519Signer, pin: PublicKey
) -> None:
    ledger.append(Note(kind=EntryKind.HALT, subject="all applies", actor="ada"))
    later = ledger.seal(signer)
    assert later is not None
    assert checked(tmp_path, packed, pin, anchors=(later,)).sound
    other = later.model_copy(update={"head": Head(sequence=3, hash="1" * 64)})
    assert where(checked(tmp_path, packed, pin, anchors=(other,))) == {gateway.LEDGER}


def test_a_signature_of_kms_can_be_written_in_one_way_only(tmp_path: Path) -> None:
    signer = P256Signer()
    pin = PublicKey(key_id=signer.key_id, algorithm=signer.algorithm, public_key=signer.public_key)
    ledger = Ledger(f"sqlite:///{tmp_path / 'kms.db'}", lambda: NOW)
    ledger.append(Note(kind=EntryKind.HALT, subject="all applies", actor="ada"))
    ledger.seal(signer)
    with ledger.read() as book:
        content, head = evidence.content_of(book), book.head()
    for _ in range(4):  # half of all signatures come in the other way
        made = gateway.sealed({gateway.LEDGER: content}, ESTATE, QUARTER, head, NOW, signer)
        assert checked(tmp_path, made, pin).sound
    found, _ = container.unpacked(made, "pack")
    written = container.Signature.model_validate_json(found[container.SIGNATURE])
    r, s = decode_dss_signature(bytes.fromhex(written.signature))
    twin = encode_dss_signature(r, container._P256_ORDER - s).hex()
    forged = written.model_copy(update={"signature": twin})
    found[container.SIGNATURE] = container.canonical(forged.model_dump(mode="json"))
    assert where(checked(tmp_path, container.archive(found), pin)) == {container.SIGNATURE}
