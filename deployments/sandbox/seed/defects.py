"""Inbound certificates with something wrong with them, one defect each, named after what a linter should call it."""

import datetime as dt
from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deployments.sandbox.pki import LEAF_LIFE, Pki, private_key_of

DEFECTS = (
    "self-signed", "untrusted-root", "no-client-usage", "server-usage", "no-intermediate", "chain-order", "weak-key",
    "not-yet-valid", "issuer-ends", "no-authority", "ends-soon", "lives-too-long", "shared", "unused",
)  # fmt: skip
"""The last four are good in themselves: what is wrong with them lies around them."""
Key = ec.EllipticCurvePrivateKey
_CLIENT, _SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
_TOO_LONG = dt.timedelta(days=900)
_SOON, _LATER = dt.timedelta(days=10), dt.timedelta(days=60)


def defective(pki: Pki, defect: str, now: dt.datetime) -> str:
    """A chain (PEM). Its key is forgotten: nobody calls with it."""
    # Neither Salesforce nor the CA/Browser Forum names this curve.
    key = ec.generate_private_key(ec.SECP256K1()) if defect == "weak-key" else _key()
    issuing, issuing_key = pki.client_issuing.certificate_object(), private_key_of(pki.client_issuing)
    name = _name(f"partner {defect}")
    usages = {"no-client-usage": (), "server-usage": (_CLIENT, _SERVER)}.get(defect, (_CLIENT,))
    life = _TOO_LONG if defect == "lives-too-long" else LEAF_LIFE
    if defect == "self-signed":
        return _pem(_certificate(name, key, name, key, now, life, usages))
    if defect == "untrusted-root":
        root, below = _key(), _key()
        top = _certificate(_name("Partner Root"), root, _name("Partner Root"), root, now, life, None)
        middle = _certificate(_name("Partner Issuing"), below, _name("Partner Root"), root, now, life, None)
        return _pem(_certificate(name, key, middle.subject, below, now, life, usages), middle, top)
    if defect in ("issuer-ends", "no-authority"):
        above, below = pki.client_ca.certificate_object(), _key()
        whose = _name(f"Partner {defect}")
        marks, until = (None, _SOON) if defect == "issuer-ends" else ((), life)
        between = _certificate(whose, below, above.subject, private_key_of(pki.client_ca), now, until, marks)
        return _pem(_certificate(name, key, whose, below, now, life, usages), between)
    starts = now + _LATER if defect == "not-yet-valid" else now
    leaf = _certificate(name, key, issuing.subject, issuing_key, starts, life, usages)
    if defect == "no-intermediate":
        return _pem(leaf)
    return _pem(issuing, leaf) if defect == "chain-order" else _pem(leaf, issuing)


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _certificate(
    subject: x509.Name,
    key: Key,
    issuer: x509.Name,
    signer: Key,
    now: dt.datetime,
    life: dt.timedelta,
    usages: Sequence[x509.ObjectIdentifier] | None,
) -> x509.Certificate:
    """`usages` is None for an authority."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + life)
        .add_extension(x509.BasicConstraints(ca=usages is None, path_length=None), critical=True)
    )
    if usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(usages)), critical=False)
    return builder.sign(signer, hashes.SHA256())


def _pem(*certificates: x509.Certificate) -> str:
    return "".join(each.public_bytes(Encoding.PEM).decode() for each in certificates)
