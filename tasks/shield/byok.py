"""
Key material of one's own, wrapped for upload (Salesforce Help, "Wrap BYOK Key Material").

256 random bits, encrypted with the RSA key of the org's BYOK-compatible certificate (4,096 bits) under OAEP; its SHA-256, taken before
it is wrapped, lets the org check what arrived. Both go in base64. Help recommends SHA-512 for the padding and lets SHA-1 be used.
"""

import base64
import hashlib
from typing import Literal

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA512

from tasks.errors import ConfigurationError
from tasks.value import Value

MATERIAL_BYTES = 32
RSA_BITS = 4096
Padding = Literal["SHA-512", "SHA-1"]


class Upload(Value):
    """What a new TenantSecret takes, by the names of its fields. The material cannot be told from it without the org's key."""

    Type: str
    SecretValue: str
    SecretValueHash: str
    SecretValueCertificate: str


def wrapped(
    material: bytes, certificate: str, name: str, kind: str = "Data", hashing: Padding = "SHA-512"
) -> Upload:
    """
    `certificate` is PEM, `name` its API name in the org. Raises ConfigurationError for another certificate than the org asks for, and
    for material of another length.
    """
    if len(material) != MATERIAL_BYTES:
        raise ConfigurationError(f"Key material is {MATERIAL_BYTES} random bytes, not {len(material)}.")
    try:
        key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise ConfigurationError(f"The certificate {name} cannot be read; its file should be PEM.") from None
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size != RSA_BITS:
        raise ConfigurationError(
            f"The certificate {name} is no RSA key of {RSA_BITS} bits. Make a BYOK-compatible one in Setup, Key Management."
        )
    return Upload(
        Type=kind,
        SecretValue=_text(key.encrypt(material, oaep(hashing))),
        SecretValueHash=_text(hashlib.sha256(material).digest()),
        SecretValueCertificate=name,
    )


def oaep(hashing: Padding) -> padding.OAEP:
    """The padding of RFC 8017 section 7.1 without a label, one hash for both of its parts."""
    # Salesforce's own older script has SHA-1 here, where collisions do not matter.
    chosen = SHA512() if hashing == "SHA-512" else SHA1()  # noqa: S303  # see above
    return padding.OAEP(mgf=padding.MGF1(chosen), algorithm=chosen, label=None)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
