"""What vouches for a backup: its manifest as one text, a signature over that text, and what shows that it was touched. Pure."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from pydantic import ValidationError

from tasks.backups.model import Manifest, Problem, SealedFile, SignedManifest
from tasks.errors import BackupBroken
from tasks.ledger.chain import canonical, signature_holds
from tasks.ledger.model import PublicKey

_SIGNED = b"bulkhead backup manifest 1\n"
NAME, METADATA = "manifest.json", "metadata.zip"


def signed(manifest: Manifest, key_id: str, sign: Callable[[bytes], bytes]) -> SignedManifest:
    text = text_of(manifest)
    signature = sign(signing_bytes(text, key_id)).hex()
    return SignedManifest(manifest=text, key_id=key_id, signature=signature)


def text_of(manifest: Manifest) -> str:
    return canonical(manifest.model_dump(mode="json")).decode()


def signing_bytes(text: str, key_id: str) -> bytes:
    """What the signature is over: short, since a key in KMS signs at most 4,096 bytes."""
    return _SIGNED + canonical({"key_id": key_id, "sha256": digest_of(text)})


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def opened(content: bytes, where: str, keys: Iterable[PublicKey]) -> tuple[Manifest, str]:
    """A manifest and its digest. `keys` are those whose signatures count. Raises BackupBroken."""
    try:
        held = SignedManifest.model_validate_json(content)
    except ValidationError:
        raise _broken(where, "it cannot be read") from None
    signatures = [key for key in keys if key.key_id == held.key_id]
    if not signatures:
        raise _broken(where, f"nobody vouches for the key {held.key_id} that signed it")
    message = signing_bytes(held.manifest, held.key_id)
    if not any(signature_holds(key, held.signature, message) for key in signatures):
        raise _broken(where, "its signature does not hold")
    try:
        return Manifest.model_validate_json(held.manifest), digest_of(held.manifest)
    except ValidationError:
        raise _broken(where, "it was signed by another version of Bulkhead") from None


def files_of(manifest: Manifest) -> list[tuple[str, SealedFile]]:
    """Parts of a backup and where they lie."""
    found = [(f"{each.shape.name}.parquet", each.file) for each in manifest.objects]
    if manifest.metadata is not None:
        found.append((METADATA, manifest.metadata.file))
    found += [(each.part, each.file) for each in manifest.bodies]
    return found


def _broken(where: str, what: str) -> BackupBroken:
    return BackupBroken(
        f"The manifest {where} vouches for nothing: {what}. Restore from another backup, and look at who could write there."
    )


def chain_problems(
    chain: Sequence[tuple[Manifest, str]], noted: Mapping[str, str], removed: Collection[str] = ()
) -> list[Problem]:
    """
    What is wrong with manifests in the order in which they were made, each with its digest. `noted` are the digests in the
    ledger by backup: what is noted and not there was taken away, what is there and not noted never was a backup of ours.
    `removed` are digests of those that policy let go, which leave gaps where something older is locked.
    """
    problems = []
    counting = []
    for manifest, digest in chain:
        if manifest.id not in noted:
            problems.append(_problem(manifest.id, "the ledger knows no such backup"))
        elif noted[manifest.id] != digest:
            problems.append(_problem(manifest.id, "the ledger noted another manifest"))
        else:
            counting.append((manifest, digest))
    here = {manifest.id for manifest, _ in chain}
    problems += [
        _problem(name, "the ledger knows it, and it is not there") for name in noted if name not in here
    ]
    # The next one is made after the last that counts, whatever else lies between.
    for (_, before), (after, _) in pairwise(counting):
        if after.previous != before and after.previous not in removed:
            problems.append(_problem(after.id, "the one before it is not the one that it was made after"))
    return problems


def _problem(backup: str, what: str) -> Problem:
    return Problem(backup=backup, where=NAME, what=what)
