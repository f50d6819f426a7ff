"""
How a pack is written, byte by byte: a ZIP archive without compression and without times, so that the same content is the
same archive, and a manifest whose digest is signed. Pure.
"""

import hashlib
import io
import zipfile
from collections.abc import Collection, Iterator, Mapping

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from pydantic import ValidationError

from tasks.errors import ConfigurationError
from tasks.ledger.chain import canonical, signature_holds
from tasks.ledger.model import Algorithm, PublicKey
from tasks.packs.model import Fault, Manifest, PackedFile, Signature

FORMAT = "bulkhead audit pack 1"
MANIFEST, SIGNATURE = "manifest.json", "signature.json"
_SIGNED = b"bulkhead audit pack 1\n"
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Order of the group of P-256 (FIPS 186-4, appendix D.1.2.3)."""


def packed(path: str, content: bytes) -> PackedFile:
    return PackedFile(path=path, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def signed_bytes(manifest: bytes) -> bytes:
    """What the signature is over: short, for a key in KMS signs at most 4,096 bytes."""
    return _SIGNED + hashlib.sha256(manifest).hexdigest().encode()


def settled(signature: bytes, algorithm: Algorithm) -> bytes:
    """
    The one way to write a signature. For ECDSA both s and n - s hold; of these the smaller one counts, or whoever has a pack
    could change a byte of it and nobody would see.
    """
    if algorithm == "ed25519":
        return signature
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, _P256_ORDER - s))


def archive(contents: Mapping[str, bytes]) -> bytes:
    """In the given order. Equal contents give equal bytes, on every machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for path, content in contents.items():
            # The earliest moment that the format knows; when a pack was made stands in its manifest.
            info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o100600 << 16
            target.writestr(info, content)
    return out.getvalue()


def unpacked(content: bytes, name: str) -> tuple[dict[str, bytes], list[Fault]]:
    """
    What is in an archive, in its order, and what of it is not as `archive` writes it.

    Raises ConfigurationError when it is no archive at all.
    """
    try:
        source = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        if not content.startswith(b"PK"):
            raise ConfigurationError(
                f"{name} is no audit pack. The flow quarterly-audit makes one."
            ) from None
        return {}, [Fault(where=name, what=f"the archive is damaged and cannot be opened ({error})")]
    found: dict[str, bytes] = {}
    faults = []
    with source:
        for info in source.infolist():
            if info.filename in found:
                faults.append(Fault(where=info.filename, what="it is there twice"))
                continue
            try:
                found[info.filename] = _content(source, info)
            except (
                Exception
            ) as error:  # a damaged archive fails in many ways, and all of them are about this file
                faults.append(Fault(where=info.filename, what=f"it is not what was written ({error})"))
    if not faults and (again := archive(found)) != content:
        at = next((n for n, (a, b) in enumerate(zip(again, content, strict=False)) if a != b), len(again))
        faults.append(
            Fault(where=name, what=f"the archive around its files is not what was written, from byte {at} on")
        )
    return found, faults


def _content(source: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
        raise ValueError("it is compressed or encrypted")
    return source.read(info)


def manifest_of(contents: Mapping[str, bytes]) -> tuple[Manifest | None, list[Fault]]:
    """None where it cannot be read."""
    raw = contents.get(MANIFEST)
    if raw is None:
        return None, [Fault(where=MANIFEST, what="it is missing")]
    try:
        manifest = Manifest.model_validate_json(raw)
        if manifest.format != FORMAT:
            return None, [
                Fault(where=MANIFEST, what=f"its format is not {FORMAT!r}; use the version that made it")
            ]
        if canonical(manifest.model_dump(mode="json")) == raw:
            return manifest, []
    except ValidationError:
        pass
    return None, [Fault(where=MANIFEST, what="it is not what was written")]


def against_manifest(manifest: Manifest, contents: Mapping[str, bytes]) -> Iterator[Fault]:
    """Every file that is missing, changed, or was added."""
    named = {each.path for each in manifest.files}
    for each in manifest.files:
        content = contents.get(each.path)
        if content is None:
            yield Fault(where=each.path, what="it is missing")
        elif packed(each.path, content) != each:
            yield Fault(where=each.path, what="its content is not what was written")
    for path in contents:
        if path not in named and path not in (MANIFEST, SIGNATURE):
            yield Fault(where=path, what="it was added")


def against_order(manifest: Manifest, contents: Mapping[str, bytes], name: str) -> Iterator[Fault]:
    """The list and its signature come first, then what is listed, by its names."""
    listed = [MANIFEST, SIGNATURE, *sorted(each.path for each in manifest.files)]
    if [each for each in contents if each in listed] != [each for each in listed if each in contents]:
        yield Fault(where=name, what="its files are not in the order in which they were written")


def against_signature(contents: Mapping[str, bytes], keys: Collection[PublicKey]) -> Iterator[Fault]:
    """`keys` are those that count."""
    raw, manifest = contents.get(SIGNATURE), contents.get(MANIFEST, b"")
    if raw is None:
        yield Fault(where=SIGNATURE, what="it is missing")
        return
    try:
        signature = Signature.model_validate_json(raw)
    except ValidationError:
        yield Fault(where=SIGNATURE, what="it is not what was written")
        return
    key = next((key for key in keys if key.key_id == signature.key_id), None)
    if canonical(signature.model_dump(mode="json")) != raw or (
        key is not None and key.algorithm != signature.algorithm
    ):
        yield Fault(where=SIGNATURE, what="it is not what was written")
    elif key is None:
        yield Fault(where=SIGNATURE, what=f"it is by the key {signature.key_id}, which nothing vouches for")
    elif not _is_settled(signature) or not signature_holds(key, signature.signature, signed_bytes(manifest)):
        yield Fault(where=SIGNATURE, what="the signature does not hold for the manifest")


def _is_settled(signature: Signature) -> bool:
    given = bytes.fromhex(signature.signature)
    try:
        return settled(given, signature.algorithm) == given
    except ValueError:
        return False
