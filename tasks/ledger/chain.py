"""The chain itself: how entries are linked, what is signed, and what shows that something was touched. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pydantic import ValidationError

from tasks.ledger.model import (
    Checkpoint,
    Entry,
    EntryKind,
    Head,
    Note,
    Problem,
    PublicKey,
    Verdict,
)

_ENTRY = b"bulkhead ledger entry 1\n"
_CHECKPOINT = b"bulkhead ledger checkpoint 1\n"


def canonical(document: Any) -> bytes:
    """JSON with sorted names and no blanks; instants are text in UTC with microseconds."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def moment(at: datetime) -> str:
    """The one way an instant is written: two ways would be two hashes."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def link(note: Note, head: Head, at: datetime) -> Entry:
    """The entry that follows `head`."""
    # Of a subclass only what a note is.
    said = {name: getattr(note, name) for name in Note.model_fields}
    bare = Entry(**said, sequence=head.sequence + 1, at=at, previous=head.hash, hash=head.hash)
    return bare.model_copy(update={"hash": hash_of(bare)})


def document_of(entry: Entry) -> dict[str, Any]:
    return {**entry.model_dump(mode="json"), "at": moment(entry.at)}


def hash_of(entry: Entry) -> str:
    document = document_of(entry)
    del document["hash"]
    return hashlib.sha256(_ENTRY + canonical(document)).hexdigest()


def signed_bytes(head: Head, at: datetime, key_id: str) -> bytes:
    """What a checkpoint's signature is over."""
    return _CHECKPOINT + canonical({"head": head.model_dump(), "at": moment(at), "key_id": key_id})


def signature_holds(key: PublicKey, signature: str, message: bytes) -> bool:
    """Ed25519 (RFC 8032), or ECDSA on P-256 with SHA-256 and a DER signature, as AWS KMS gives."""
    try:
        public = load_der_public_key(bytes.fromhex(key.public_key))
        if key.algorithm == "ed25519" and isinstance(public, Ed25519PublicKey):
            public.verify(bytes.fromhex(signature), message)
            return True
        if key.algorithm == "ecdsa-p256-sha256" and isinstance(public, EllipticCurvePublicKey):
            public.verify(bytes.fromhex(signature), message, ECDSA(hashes.SHA256()))
            return True
    except (InvalidSignature, ValueError):
        return False
    return False


def verify(
    start: Head,
    entries: Iterable[Entry],
    checkpoints: Iterable[Checkpoint],
    pins: Collection[PublicKey] = (),
    anchors: Collection[Checkpoint] = (),
) -> Verdict:
    """
    Everything that is wrong with a chain that goes on from `start`.

    A key counts when it is pinned, or when a checkpoint of a key that counts covers the entry that announces it. With no
    pins the first announced key is taken on trust, which the verdict says; with them, entries of which no key that counts
    sealed any are wrong, for anybody can write such a chain.
    """
    by_sequence: dict[int, list[Checkpoint]] = {}
    marks = list(checkpoints)
    for mark in marks:
        by_sequence.setdefault(mark.head.sequence, []).append(mark)
    # All of them: whoever can add one to the bucket would have the last word otherwise.
    anchored: dict[int, list[Checkpoint]] = {}
    for mark in anchors:
        anchored.setdefault(mark.head.sequence, []).append(mark)
    trust = _Trust(pins)
    problems: list[Problem] = []
    head, count, sealed = start, 0, start.sequence
    known_through = start.sequence
    before = by_sequence.pop(start.sequence, []) if start.sequence else []
    for entry in entries:
        count += 1
        found = list(_against_chain(entry, head))
        problems += found
        trust.hear(entry)
        head = Head(sequence=entry.sequence, hash=entry.hash)
        known_through = max(known_through, entry.sequence)
        for mark in by_sequence.pop(entry.sequence, []):
            wrong = list(_against_checkpoint(mark, head, trust))
            problems += wrong
            if not wrong:
                sealed = entry.sequence
                trust.settle()
        if any(anchor.head.hash != entry.hash for anchor in anchored.pop(entry.sequence, [])):
            problems.append(Problem(sequence=entry.sequence, what="the anchor knows another entry here"))
    # Last, because the key that sealed what left for an archive may be announced only later here.
    vouched = any(not list(_against_checkpoint(mark, start, trust)) for mark in before)
    if start.sequence and not vouched:
        problems.append(
            Problem(sequence=start.sequence, what="no signature vouches for where the chain begins here")
        )
    if pins and count and sealed == start.sequence:
        problems.append(Problem(sequence=head.sequence, what="no key that you trust sealed any of it"))
    for sequence in sorted(by_sequence):
        problems.append(Problem(sequence=sequence, what="a checkpoint seals an entry that is not there"))
    for sequence in sorted(anchored):
        if sequence > known_through:
            problems.append(
                Problem(
                    sequence=sequence, what=f"cut off: an anchor knows it, the chain ends at {head.sequence}"
                )
            )
        elif sequence >= start.sequence and not (
            sequence == start.sequence and all(anchor.head == start for anchor in anchored[sequence])
        ):
            problems.append(Problem(sequence=sequence, what="an anchor knows an entry that is not there"))
    return Verdict(
        entries=count,
        checkpoints=len(marks),
        anchors=len(anchors),
        sealed=sealed,
        head=head,
        pinned=bool(pins),
        problems=tuple(problems),
    )


class _Trust:
    """Which keys count so far."""

    def __init__(self, pins: Collection[PublicKey]) -> None:
        self.keys: dict[str, PublicKey] = {key.key_id: key for key in pins}
        self._announced: dict[str, PublicKey] = {}
        self._on_trust = not pins

    def hear(self, entry: Entry) -> None:
        if entry.kind is not EntryKind.KEY:
            return
        try:
            key = PublicKey.model_validate(entry.body)
        except ValidationError:
            return
        if self._on_trust:
            self.keys[key.key_id] = key
            self._on_trust = False
        else:
            self._announced[key.key_id] = key

    def settle(self) -> None:
        """A valid checkpoint covers all that was announced; a pinned key is never replaced."""
        self.keys = {**self._announced, **self.keys}
        self._announced = {}


def _against_chain(entry: Entry, head: Head) -> Iterator[Problem]:
    if entry.sequence != head.sequence + 1:
        yield Problem(
            sequence=entry.sequence, what=f"it follows entry {head.sequence}; one is missing or out of place"
        )
    if entry.previous != head.hash:
        yield Problem(sequence=entry.sequence, what="it does not continue the entry before it")
    if hash_of(entry) != entry.hash:
        yield Problem(sequence=entry.sequence, what="its content is not what was written")


def _against_checkpoint(mark: Checkpoint, head: Head, trust: _Trust) -> Iterator[Problem]:
    sequence = mark.head.sequence
    key = trust.keys.get(mark.key_id)
    if mark.head.hash != head.hash:
        yield Problem(sequence=sequence, what="its checkpoint seals another entry")
    if key is None:
        yield Problem(sequence=sequence, what="its checkpoint is signed with a key that nothing vouches for")
    elif not signature_holds(key, mark.signature, signed_bytes(mark.head, mark.at, mark.key_id)):
        yield Problem(sequence=sequence, what="the signature of its checkpoint does not hold")


def keys_of(entries: Iterable[Entry]) -> Mapping[str, PublicKey]:
    """All keys that entries announce, by id."""
    found = (PublicKey.model_validate(entry.body) for entry in entries if entry.kind is EntryKind.KEY)
    return {key.key_id: key for key in found}
