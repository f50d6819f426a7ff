"""Audit packs as files: written whole or not at all, and checked without any server, database or network."""

import os
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.errors import ConfigurationError
from tasks.ledger import evidence
from tasks.ledger.chain import canonical, keys_of, moment
from tasks.ledger.model import Checkpoint, Entry, Head, PublicKey
from tasks.ledger.model import Verdict as LedgerVerdict
from tasks.packs import container
from tasks.packs.extracts import extracts
from tasks.packs.model import Fault, Manifest, PackVerdict, Quarter, Signature

if TYPE_CHECKING:
    # Who only checks needs no database.
    from tasks.ledger.store import Signer

LEDGER = "ledger.jsonl"


def sealed(
    contents: Mapping[str, bytes],
    estate: str,
    quarter: Quarter,
    head: Head,
    made_at: datetime,
    signer: "Signer",
) -> bytes:
    """A whole pack, as bytes. Raises what the signer raises."""
    manifest = Manifest(
        format=container.FORMAT,
        estate=estate,
        quarter=quarter.name,
        made_at=moment(made_at),
        key_id=signer.key_id,
        head=head,
        files=tuple(container.packed(path, content) for path, content in sorted(contents.items())),
    )
    listed = canonical(manifest.model_dump(mode="json"))
    raw = container.settled(signer.sign(container.signed_bytes(listed)), signer.algorithm)
    signature = Signature(key_id=signer.key_id, algorithm=signer.algorithm, signature=raw.hex())
    return container.archive(
        {
            container.MANIFEST: listed,
            container.SIGNATURE: canonical(signature.model_dump(mode="json")),
            **dict(sorted(contents.items())),
        }
    )


def write(path: Path, content: bytes) -> Path:
    """Its owner's alone, for it names what is weak. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def is_pack(path: Path) -> bool:
    """A pack, or a folder that one was unpacked into. Raises OSError."""
    if path.is_dir():
        return True
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def check(path: Path, pins: Collection[PublicKey] = (), anchors: Collection[Checkpoint] = ()) -> PackVerdict:
    """
    Names every file that was changed, added or is missing, and all that is wrong with the ledger inside.

    `pins` are public keys that the checker brings along. Raises OSError, and ConfigurationError when it is no pack at all.
    """
    contents, faults = _read(path)
    if faults and not contents:
        return _verdict(None, contents, pins, None, faults)
    manifest, wrong = container.manifest_of(contents)
    faults += wrong
    if manifest is None:
        return _verdict(None, contents, pins, None, faults)
    faults += container.against_manifest(manifest, contents)
    if not path.is_dir():
        faults += container.against_order(manifest, contents, path.name)
    ledger, entries = _ledger(manifest, contents, pins, anchors, faults)
    keys = {pin.key_id: pin for pin in pins}
    if ledger is not None and ledger.sound:
        # Anybody can announce a key: only those count that stand under a checkpoint of one that counts.
        keys = {**keys_of(each for each in entries if each.sequence <= ledger.sealed), **keys}
    faults += container.against_signature(contents, list(keys.values()))
    if ledger is not None and ledger.sound:
        faults += _against_ledger(manifest, contents, ledger, entries)
    return _verdict(manifest, contents, pins, ledger, faults)


def _read(path: Path) -> tuple[dict[str, bytes], list[Fault]]:
    if not path.is_dir():
        return container.unpacked(path.read_bytes(), path.name)
    found: dict[str, bytes] = {}
    faults = []
    for each in sorted(path.rglob("*")):
        name = each.relative_to(path).as_posix()
        if each.is_symlink() or not (each.is_file() or each.is_dir()):
            faults.append(Fault(where=name, what="it is no file but a link or something else"))
        elif each.is_file():
            found[name] = each.read_bytes()
    if container.MANIFEST not in found and container.SIGNATURE not in found:
        raise ConfigurationError(f"{path} holds no audit pack. The flow quarterly-audit makes one.")
    return found, faults


def _ledger(
    manifest: Manifest,
    contents: Mapping[str, bytes],
    pins: Collection[PublicKey],
    anchors: Collection[Checkpoint],
    faults: list[Fault],
) -> tuple[LedgerVerdict | None, list[Entry]]:
    """Anchors that are younger than the pack know of entries that came after it."""
    content = contents.get(LEDGER)
    if content is None:
        return None, []
    known = [mark for mark in anchors if mark.head.sequence <= manifest.head.sequence]
    try:
        verdict, entries = evidence.check_content(content, LEDGER, pins, known)
    except ConfigurationError:
        faults.append(Fault(where=LEDGER, what="it is no ledger at all"))
        return None, []
    faults += [Fault(where=LEDGER, what=str(problem)) for problem in verdict.problems]
    return verdict, entries


def _against_ledger(
    manifest: Manifest, contents: Mapping[str, bytes], ledger: LedgerVerdict, entries: list[Entry]
) -> list[Fault]:
    """What the signature alone does not say: that whoever signed took from the ledger what the pack shows of it."""
    faults = []
    if ledger.head != manifest.head:
        faults.append(Fault(where=LEDGER, what="it does not end where the manifest says"))
    if ledger.sealed != ledger.head.sequence:
        loose = f"{ledger.sealed + 1} to {ledger.head.sequence}"
        faults.append(
            Fault(
                where=LEDGER, what=f"entries {loose} are under no signature, and only sealed ones are packed"
            )
        )
    for path, content in extracts(entries, Quarter(name=manifest.quarter)).items():
        if path in contents and contents[path] != content:
            faults.append(Fault(where=path, what="it does not say what the ledger in the pack says"))
    return faults


def _verdict(
    manifest: Manifest | None,
    contents: Mapping[str, bytes],
    pins: Collection[PublicKey],
    ledger: LedgerVerdict | None,
    faults: list[Fault],
) -> PackVerdict:
    return PackVerdict(
        estate="" if manifest is None else manifest.estate,
        quarter="" if manifest is None else manifest.quarter,
        made_at="" if manifest is None else manifest.made_at,
        files=len(contents),
        key_id="" if manifest is None else manifest.key_id,
        pinned=bool(pins),
        ledger=ledger,
        faults=tuple(dict.fromkeys(faults)),
    )
