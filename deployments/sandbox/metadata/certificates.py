"""
Key pairs of an org and certificates of its callers.

A key pair is made by the org and never leaves it: what is read is the request (CSR) until the signed chain was brought,
and the chain afterwards (Metadata API guide, Certificate). Whether the elements of an inbound certificate are held against
its file is written nowhere; the harsher reading is taken.
"""

import base64
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from deployments.sandbox.identity.policy import chain_of
from deployments.sandbox.store import OrgStore

KINDS = frozenset({"Certificate", "InboundCertificate"})
SIZES = (2048, 4096)
Body = dict[str, Any]
_KEY = "certificate-key:"


class BadCertificate(ValueError):
    """Why a certificate is not taken."""


def prepared(store: OrgStore, kind: str, name: str, body: Mapping[str, Any], *, new: bool) -> Body:
    """The body as it is kept. Raises BadCertificate."""
    if kind == "InboundCertificate":
        return _inbound(body)
    return _made(store, name, body) if new else _signed(store, name, body)


def forget(store: OrgStore, name: str) -> None:
    store.drop_setting(_KEY + name)


def key_of(store: OrgStore, name: str) -> str | None:
    """The private key of one of the org's certificates (PEM), as the org itself uses it."""
    return store.setting(_KEY + name)


def hold_key(store: OrgStore, name: str, key: str) -> None:
    store.set_setting(_KEY + name, key)


def _inbound(body: Mapping[str, Any]) -> Body:
    for element in ("expirationDate", "issuer", "masterLabel", "serialId"):
        if not body.get(element):
            raise BadCertificate(f"Required field is missing: {element}")
    chain = chain_of(body.get("content"))
    if not chain:
        raise BadCertificate("The file holds no certificate in PEM form")
    leaf = chain[0]
    said = (
        ("serialId", str(body["serialId"]), str(leaf.serial_number)),
        ("issuer", str(body["issuer"]), distinguished(leaf.issuer)),
        ("expirationDate", str(body["expirationDate"])[:10], leaf.not_valid_after_utc.date().isoformat()),
    )
    for element, given, held in said:
        if given != held:
            raise BadCertificate(f"{element} is not that of the certificate: {given}")
    return dict(body)


def distinguished(name: x509.Name) -> str:
    """From country to common name, as the reference's sample writes it: `C=USA,ST=CA,O=…,CN=…`."""
    return ",".join(f"{each.rfc4514_attribute_name}={each.value!s}" for each in name)


def _made(store: OrgStore, name: str, body: Mapping[str, Any]) -> Body:
    """Whatever file it came with, a new certificate gets a new key pair (Metadata API guide, Certificate, usage)."""
    size = int(str(body.get("keySize") or 2048))
    if size not in SIZES:
        raise BadCertificate(f"keySize is 2048 or 4096, not {size}")
    key = rsa.generate_private_key(public_exponent=65537, key_size=size)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    hold_key(store, name, private.decode())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, store.host),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    kept = {**body, "keySize": str(size)}
    kept.setdefault("privateKeyExportable", True)
    if body.get("caSigned") is True:
        request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
        kept.pop("expirationDate", None)
        return kept | {"content": _packed(request.public_bytes(serialization.Encoding.PEM))}
    now = datetime.now(UTC)
    end = now + timedelta(days=365 if size == 2048 else 730)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(end)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    return kept | {"content": _packed(pem), "expirationDate": end.date().isoformat()}


def _signed(store: OrgStore, name: str, body: Mapping[str, Any]) -> Body:
    """The chain for a request of this org, or words about the certificate alone."""
    before = store.metadata("Certificate", name) or {}
    if body.get("content") == before.get("content"):
        return dict(body)
    chain = chain_of(body.get("content"))
    if not chain:
        raise BadCertificate("The file holds no certificate in PEM form")
    kept = key_of(store, name)
    if before.get("caSigned") is not True or kept is None:
        raise BadCertificate("Only a CA-signed certificate takes a signed chain")
    own = serialization.load_pem_private_key(kept.encode(), password=None).public_key()
    if _public(own) != _public(chain[0].public_key()):
        raise BadCertificate("The certificate was not issued for the request of this org")
    for leaf, issuer in pairwise(chain):
        if leaf.issuer != issuer.subject:
            raise BadCertificate("The chain is not in order: each certificate is followed by its issuer's")
    return {**body, "expirationDate": chain[0].not_valid_after_utc.date().isoformat()}


def unusable(body: Mapping[str, Any]) -> bool:
    """Whether the request still waits for its chain (Tooling API, OptionsIsUnusable)."""
    return body.get("caSigned") is True and "content" in body and not chain_of(body["content"])


def tooling(body: Mapping[str, Any]) -> dict[str, object]:
    """Columns of the row that mirrors a certificate."""
    expires = str(body.get("expirationDate") or "")[:10]
    chain = chain_of(body.get("content"))
    return {
        "OptionsIsUnusable": unusable(body),
        "ExpirationDate": date.fromisoformat(expires) if expires else None,
        "CertificateChain": base64.b64decode(str(body["content"])).decode() if chain else None,
    }


def _packed(pem: bytes) -> str:
    return base64.b64encode(pem).decode()


def _public(key: Any) -> bytes:
    encoded: bytes = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return encoded
