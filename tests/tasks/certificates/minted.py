"""Certificates for tests: an authority of one root and one issuing certificate, and leaves with whatever is wrong with them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tasks.certificates.chains import chain_of
from tasks.certificates.model import Held, Place, Roots

NOW = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
CLIENT, SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
KEY_USES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | dsa.DSAPrivateKey


@cache
def elliptic(name: str = "any", curve: str = "P-256") -> ec.EllipticCurvePrivateKey:
    """The same key for the same name."""
    curves = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1(), "K": ec.SECP256K1()}
    return ec.generate_private_key(curves[curve])


@cache
def modular(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def digital() -> dsa.DSAPrivateKey:
    return dsa.generate_private_key(2048)


def named(common_name: str) -> x509.Name:
    """Without a common name where it is empty, as some old roots are named."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CH"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Acme"),
            *([x509.NameAttribute(NameOID.COMMON_NAME, common_name)] if common_name else []),
        ]
    )


def certificate(
    subject: str,
    key: Key,
    issuer: str,
    signer: Key,
    *,
    usages: tuple[x509.ObjectIdentifier, ...] | None = None,
    authority: bool = False,
    depth: int | None = None,
    key_uses: Sequence[str] | None = None,
    starts: dt.datetime = NOW - 10 * DAY,
    ends: dt.datetime = NOW + 80 * DAY,
) -> x509.Certificate:
    """`key_uses` are names of `KEY_USES`; without them, and without usages, it has no such extension."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=depth), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if key_uses is not None:
        builder = builder.add_extension(
            x509.KeyUsage(**{use: use in key_uses for use in KEY_USES}), critical=True
        )
    if usages is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(usages)), critical=False)
    return builder.sign(signer, hashes.SHA256())


ROOT_KEY, ISSUING_KEY = elliptic("root"), elliptic("issuing")
ROOT = certificate("Acme Root CA", ROOT_KEY, "Acme Root CA", ROOT_KEY, authority=True, ends=NOW + 3650 * DAY)
ISSUING = certificate(
    "Acme Issuing CA", ISSUING_KEY, "Acme Root CA", ROOT_KEY, authority=True, ends=NOW + 1825 * DAY
)
ROOTS = Roots(
    fingerprints=frozenset({ROOT.fingerprint(hashes.SHA256()).hex()}),
    lines=("acmerootca,jan1,2026,trustedcertentry,",),
)


def leaf(name: str = "A_to_B", key: Key | None = None, **changed: Any) -> x509.Certificate:
    """A good one, but for what is changed."""
    return certificate(
        name, key or elliptic(name), "Acme Issuing CA", ISSUING_KEY, **{"usages": (CLIENT,), **changed}
    )


def pem(*certificates: x509.Certificate) -> str:
    return "".join(each.public_bytes(serialization.Encoding.PEM).decode() for each in certificates)


def held(*certificates: x509.Certificate, **changed: Any) -> Held:
    """Listed in the org `b`, with a whole chain where nothing else is given."""
    given = certificates or (leaf(), ISSUING)
    return Held(
        **{
            "org": "b",
            "place": Place.INBOUND,
            "name": "One",
            "chain": chain_of(pem(*given)),
            "used": True,
            **changed,
        }
    )


@dataclass(frozen=True)
class Pair:
    """A chain and its key, both PEM."""

    chain: str
    key: str


def pair(common_name: str) -> Pair:
    key = elliptic(common_name)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Pair(pem(leaf(common_name), ISSUING), private.decode())
