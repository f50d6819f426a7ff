"""Hands on the ledger as a whole: seals and anchors, a new key, an archive, a check."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from tasks.aws.anchors import put_locked, read_objects
from tasks.aws.cloud import Cloud
from tasks.aws.secrets import read_secret, write_secret
from tasks.errors import ConfigurationError
from tasks.estate.model import Anchor
from tasks.evidence.keeping import in_force
from tasks.ledger import evidence
from tasks.ledger.anchor import body_of, key_of, read_marks
from tasks.ledger.model import Checkpoint, EntryKind, Head, Note, PublicKey, Verdict
from tasks.ledger.signing import Ed25519Signer, new_key
from tasks.ledger.store import Ledger, Signer

_EARLIER = "earlierKeys"
"""Public keys that sealed before: the ledger alone must not say which keys count."""


def seal(ledger: Ledger, signer: Signer, cloud: Cloud, anchor: Anchor | None) -> Checkpoint | None:
    """
    Signs what is new, and brings every checkpoint that the bucket does not have there; None when nothing was new.

    Raises CloudError; what was signed stays, and the next call brings it to the bucket.
    """
    mark = ledger.seal(signer)
    if anchor is not None:
        _anchor(ledger, cloud, anchor)
    return mark


def read_anchors(cloud: Cloud, bucket: str, prefix: str) -> list[Checkpoint]:
    """Raises CloudError, and ConfigurationError where something else lies below the prefix."""
    return read_marks(read_objects(cloud, bucket, prefix))


def check(ledger: Ledger, pins: Collection[PublicKey], anchors: Collection[Checkpoint]) -> Verdict:
    with ledger.read() as pages:
        return evidence.check_pages(pages, pins, anchors)


def export(ledger: Ledger, file: Path) -> str:
    """All entries and checkpoints in one file; gives its SHA-256. Raises OSError."""
    with ledger.read() as pages:
        return evidence.write(pages, file)


def rotate_key(ledger: Ledger, cloud: Cloud, secret: str, old: Signer | None, actor: str) -> str:
    """
    Makes a new Ed25519 key the one that seals; gives its id.

    The old key seals the announcement of the new one before that is stored: killed in between, the old one goes on, and a
    key that was announced and never used harms nobody.
    """
    with ledger.read() as pages:
        number = sum(1 for _ in pages.entries((EntryKind.KEY,))) + 1
    pem = new_key()
    bare = Ed25519Signer("new", pem)
    key_id = f"ledger-{number}-{hashlib.sha256(bytes.fromhex(bare.public_key)).hexdigest()[:8]}"
    key = _public(Ed25519Signer(key_id, pem))
    with ledger.exclusive() as pages:
        if old is not None:
            pages.seal(old)
        pages.append(Note(kind=EntryKind.KEY, subject=key_id, actor=actor, body=key.model_dump()))
        if old is not None:
            pages.seal(old)
    earlier = [] if old is None else [*_earlier(read_secret(cloud, secret)), _public(old)]
    write_secret(
        cloud, secret, {"keyId": key_id, "privateKey": pem, _EARLIER: [k.model_dump() for k in earlier]}
    )
    ledger.seal(Ed25519Signer(key_id, pem))
    return key_id


def keys_in(secret: Mapping[str, Any]) -> tuple[PublicKey, ...]:
    """The keys whose seals count, as the secret of the sealing key has them: the earlier ones, and its own last."""
    return (*_earlier(secret), _public(Ed25519Signer(secret["keyId"], secret["privateKey"])))


def archive(ledger: Ledger, signer: Signer, file: Path, keep: timedelta, actor: str) -> Head:
    """
    Moves entries older than `keep` into a file; gives the last one that left.

    Only whole stretches up to a checkpoint leave, and none that something still in force rests on. The file is on disk
    before anything is removed, and the ledger keeps its hash. Raises ConfigurationError when nothing may leave or the file
    is there already, and OSError.
    """
    if file.exists():
        raise ConfigurationError(f"{file} is there already; an archive is never written over.")
    ledger.seal(signer)
    with ledger.exclusive() as pages:
        limit = ledger.now() - keep
        old = [entry.sequence for entry in pages.entries() if entry.at < limit]
        last = max(old, default=0)
        needed = in_force(pages.entries(), ledger.now())
        if needed is not None:
            last = min(last, needed[0] - 1)
        marks = [mark for mark in pages.checkpoints(pages.start().sequence) if mark.head.sequence <= last]
        if not marks:
            held = (
                "" if needed is None else f" and before entry {needed[0]}, on which {needed[1]} still rests"
            )
            raise ConfigurationError(f"Nothing in the ledger is that old and under a checkpoint{held}.")
        through = marks[-1].head
        digest = evidence.write(pages, file, through.sequence)
        pages.append(
            Note(
                kind=EntryKind.ARCHIVE,
                subject=file.name,
                actor=actor,
                body={"through": through.sequence, "head": through.hash, "sha256": digest},
            )
        )
        pages.forget(through)
    ledger.seal(signer)
    return through


def _earlier(secret: Mapping[str, Any]) -> list[PublicKey]:
    return [PublicKey.model_validate(each) for each in secret.get(_EARLIER, [])]


def _public(signer: Signer) -> PublicKey:
    return PublicKey(key_id=signer.key_id, algorithm=signer.algorithm, public_key=signer.public_key)


def _anchor(ledger: Ledger, cloud: Cloud, anchor: Anchor) -> None:
    with ledger.read() as pages:
        marks = pages.checkpoints()
    there = {mark.head for mark in read_anchors(cloud, anchor.bucket, anchor.prefix)}
    for mark in marks:
        if mark.head not in there:
            until = mark.at + anchor.retention
            put_locked(cloud, anchor.bucket, key_of(anchor.prefix, mark), body_of(mark), until)
