"""From PEM to nouns, and from nouns to the words of the Metadata API."""

from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from tasks.certificates.model import Chain, Facts, KeyKind


def chain_of(pem: str) -> Chain:
    """Raises ValueError for a text without a certificate, or with one that cannot be read."""
    certificates = x509.load_pem_x509_certificates(pem.encode())
    text = "".join(each.public_bytes(Encoding.PEM).decode() for each in certificates)
    return Chain(certificates=tuple(_facts(each, certificates) for each in certificates), pem=text)


def perhaps_chain(pem: str) -> Chain | None:
    try:
        return chain_of(pem)
    except ValueError:
        return None


def distinguished(name: x509.Name) -> str:
    """From country to common name, as the Metadata API's sample of InboundCertificate writes an issuer."""
    return ",".join(f"{each.rfc4514_attribute_name}={each.value!s}" for each in name)


def asks_for(request: str) -> str:
    """The digest of the key that a request (PEM) wants signed. Raises ValueError."""
    asked = x509.load_pem_x509_csr(request.encode())
    if not asked.is_signature_valid:
        raise ValueError("the request is not signed with its own key")
    return _digest(asked.public_key())


def fits(pem: object, key: object) -> bool:
    """Whether a chain's first certificate and a private key, both PEM, are a pair."""
    if not isinstance(pem, str) or not isinstance(key, str):
        return False
    try:
        private = load_pem_private_key(key.encode(), password=None)
        return _digest(private.public_key()) == chain_of(pem).leaf.key_digest
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False


def asked_by(request: object, key: object) -> bool:
    """Whether a request (PEM) is for this private key."""
    if not isinstance(request, str) or not isinstance(key, str):
        return False
    try:
        private = load_pem_private_key(key.encode(), password=None)
        return _digest(private.public_key()) == asks_for(request)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False


def _facts(certificate: x509.Certificate, beside: list[x509.Certificate]) -> Facts:
    key = certificate.public_key()
    authority, depth = _authority(certificate)
    kind, bits, curve = KeyKind.OTHER, 0, ""
    if isinstance(key, rsa.RSAPublicKey):
        kind, bits = KeyKind.RSA, key.key_size
    elif isinstance(key, ec.EllipticCurvePublicKey):
        kind, bits, curve = KeyKind.ELLIPTIC, key.key_size, key.curve.name
    return Facts(
        subject=distinguished(certificate.subject),
        common_name=_common(certificate.subject),
        issuer=distinguished(certificate.issuer),
        issuer_common_name=_common(certificate.issuer),
        serial=str(certificate.serial_number),
        fingerprint=certificate.fingerprint(SHA256()).hex(),
        key_digest=_digest(key),
        key=kind,
        key_bits=bits,
        curve=curve,
        starts=certificate.not_valid_before_utc,
        ends=certificate.not_valid_after_utc,
        usages=_usages(certificate),
        authority=authority and _may(certificate, "key_cert_sign"),
        depth=depth,
        signs=_may(certificate, "digital_signature"),
        signed_by=_signer(certificate, beside),
    )


def _common(name: x509.Name) -> str:
    return next((str(each.value) for each in name.get_attributes_for_oid(NameOID.COMMON_NAME)), "")


def _usages(certificate: x509.Certificate) -> tuple[str, ...] | None:
    try:
        found = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return None
    return tuple(each.dotted_string for each in found)


def _authority(certificate: x509.Certificate) -> tuple[bool, int | None]:
    """Whether it is marked as one, and its path length."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return False, None
    return found.ca, found.path_length


def _may(certificate: x509.Certificate, use: Literal["digital_signature", "key_cert_sign"]) -> bool:
    """A certificate that names no use of its key allows all (RFC 5280 section 4.2.1.3)."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return bool(getattr(found, use))


def _signer(certificate: x509.Certificate, beside: list[x509.Certificate]) -> str | None:
    """Itself comes first: two certificates of one authority may share name and key."""
    for each in (certificate, *beside):
        try:
            certificate.verify_directly_issued_by(each)
        except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
            continue
        return each.fingerprint(SHA256()).hex()
    if certificate.issuer == certificate.subject and _outdated(certificate):
        return certificate.fingerprint(SHA256()).hex()
    return None


def _outdated(certificate: x509.Certificate) -> bool:
    """Whether its signature can be verified by nobody any more; old roots signed themselves like that."""
    try:
        return isinstance(certificate.signature_hash_algorithm, (SHA1, MD5))
    except UnsupportedAlgorithm:
        return False


def _digest(key: PublicKeyTypes) -> str:
    digest = Hash(SHA256())
    digest.update(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return digest.finalize().hex()
