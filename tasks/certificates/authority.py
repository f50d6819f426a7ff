"""
What an authority of our own does: issue for a route, take back, and check what comes from an authority that is not ours.

The root is kept offline: it signs the issuing authority's certificate once, somewhere else, and is never seen here.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tasks.certificates.chains import asks_for, chain_of
from tasks.certificates.lint import against_presenting
from tasks.certificates.model import Chain
from tasks.errors import ConfigurationError

IssuingKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
BACKDATED = timedelta(minutes=5)
"""For orgs whose clocks are a little behind."""
LIST_LIFE = timedelta(days=7)
_COMMON_NAME = 64


def subject_of(estate: str, source: str, target: str, route: str) -> x509.Name:
    """It names the route; an X.520 common name has 64 letters at most."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, estate[:_COMMON_NAME]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"{source} to {target}"[:_COMMON_NAME]),
            x509.NameAttribute(NameOID.COMMON_NAME, route[:_COMMON_NAME]),
        ]
    )


def request_of(key: rsa.RSAPrivateKey, subject: x509.Name) -> str:
    """A certificate request (PEM) with the usage that it asks for."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def issued(
    request: str,
    subject: x509.Name,
    issuer_chain: str,
    key: IssuingKey,
    *,
    serial: int,
    now: datetime,
    life: timedelta,
    list_address: str | None,
    usages: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.CLIENT_AUTH,),
) -> str:
    """
    The chain for a request, leaf first and the root last. The subject is ours to choose, whatever the request names. The leaf
    ends no later than what is above it.

    Raises ConfigurationError for a request that is not signed with its own key, for a key that is not the issuer's, and for
    an authority that is none now.
    """
    asked = _request(request)
    authority = _issuer(issuer_chain, key)
    ends = min(now + life, _lasting(issuer_chain, now))
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.subject)
        .public_key(asked.public_key())
        .serial_number(serial)
        .not_valid_before(min(now, ends) - BACKDATED)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage(list(usages)), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(asked.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()),  # type: ignore[arg-type]
            critical=False,
        )
    )
    if list_address:
        place = x509.DistributionPoint([x509.UniformResourceIdentifier(list_address)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
    leaf = builder.sign(key, hashes.SHA256())
    return leaf.public_bytes(serialization.Encoding.PEM).decode() + issuer_chain.strip() + "\n"


def revocations(
    issuer_chain: str, key: IssuingKey, revoked: Mapping[int, datetime], *, number: int, now: datetime
) -> bytes:
    """The list (DER) of serial numbers and when each was taken back; good for a week. Raises ConfigurationError."""
    authority = _issuer(issuer_chain, key)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.subject)
        .last_update(now - BACKDATED)
        .next_update(now + LIST_LIFE)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for serial, at in sorted(revoked.items()):
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def checked(chain: str, request: str) -> Chain:
    """
    A chain that answers a request: leaf first, for the request's key, in order. Raises ConfigurationError with what is wrong.

    What else may be wrong with it the linter says.
    """
    try:
        found = chain_of(chain)
        wanted = asks_for(request)
    except ValueError:
        raise ConfigurationError("The signed file holds no certificate that can be read.") from None
    if found.leaf.key_digest != wanted:
        raise ConfigurationError(
            "The first certificate of the signed file is for another key than the request. Put the leaf first."
        )
    for below, above in pairwise(found.certificates):
        if below.signed_by != above.fingerprint:
            raise ConfigurationError(
                "The signed file is not a chain: each certificate has to be followed by its issuer's."
            )
    return found


def presentable(chain: Chain, now: datetime, longer_than: timedelta) -> Chain:
    """
    The chain, where a caller that presents it gets in now and for longer than that; its root is not judged. `now` is real
    time, as TLS judges. Raises ConfigurationError with what is wrong.
    """
    if faults := against_presenting(chain, now):
        said = "; ".join(f"{fault.what}. {fault.next_step}" for fault in faults)
        raise ConfigurationError(f"The signed chain of {chain.leaf.common_name} cannot be used: {said}")
    if chain.ends <= now + longer_than:
        raise ConfigurationError(
            f"The signed chain of {chain.leaf.common_name} ends on {chain.ends:%Y-%m-%d}, when it would have to be renewed "
            "already. Have it signed for longer, by an authority that lasts."
        )
    return chain


def _request(request: str) -> x509.CertificateSigningRequest:
    try:
        asked = x509.load_pem_x509_csr(request.encode())
    except ValueError:
        raise ConfigurationError("A certificate request cannot be read; make a new one.") from None
    if not asked.is_signature_valid:
        raise ConfigurationError(
            "A certificate request is not signed with its own key; somebody may have changed it."
        )
    return asked


def _lasting(chain: str, now: datetime) -> datetime:
    """Until when all of an authority's own chain is valid. Raises ConfigurationError where it is not now."""
    own = chain_of(chain)
    if not own.leaf.authority:
        raise ConfigurationError(
            f"{own.leaf.common_name} is not marked as an authority, so no org takes what it issues. Have the root sign it as one."
        )
    for each in own.certificates:
        if not each.starts <= now < each.ends:
            raise ConfigurationError(
                f"{each.common_name}, of the issuing authority's chain, is valid from {each.starts:%Y-%m-%d} until "
                f"{each.ends:%Y-%m-%d} only, so nothing can be issued. Renew it, and put the new chain into its secret."
            )
    return own.ends


def _issuer(chain: str, key: IssuingKey) -> x509.Certificate:
    try:
        authority = x509.load_pem_x509_certificates(chain.encode())[0]
    except (ValueError, IndexError):
        raise ConfigurationError(
            "The issuing authority's chain cannot be read. Put its own certificate first, then the root's, in PEM."
        ) from None
    if authority.public_key() != key.public_key():
        raise ConfigurationError(
            "The issuing authority's key is not that of the first certificate of its chain."
        )
    return authority
