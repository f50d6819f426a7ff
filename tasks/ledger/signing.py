"""Keys that seal the ledger: Ed25519 from the secrets manager, and how public keys are brought along by a checker."""

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)

from tasks.errors import ConfigurationError
from tasks.ledger.model import Algorithm, PublicKey


class Ed25519Signer:
    """A key in our own hands."""

    algorithm: Algorithm = "ed25519"

    def __init__(self, key_id: str, pem: str) -> None:
        """Raises ConfigurationError when it is no Ed25519 private key in PEM."""
        try:
            key = load_pem_private_key(pem.encode(), None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise ConfigurationError(
                "The ledger's signing key is no Ed25519 private key in PEM. Make one with `bulkhead ledger rotate-key`."
            )
        self.key_id = key_id
        self._key = key
        self.public_key = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo).hex()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def new_key() -> str:
    """A new Ed25519 private key, as PEM (PKCS #8)."""
    return (
        Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    )


def pem_of(key: PublicKey) -> str:
    """The public key as a checker keeps it."""
    public = load_der_public_key(bytes.fromhex(key.public_key))
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def read_pin(file: Path) -> PublicKey:
    """
    A public key in PEM; its file's name without the suffix is the key's id. Raises OSError and ConfigurationError.
    """
    try:
        public = load_pem_public_key(file.read_bytes())
    except (ValueError, UnsupportedAlgorithm):
        raise ConfigurationError(f"{file} is no public key in PEM.") from None
    if isinstance(public, Ed25519PublicKey):
        algorithm: Algorithm = "ed25519"
    elif isinstance(public, EllipticCurvePublicKey) and isinstance(public.curve, SECP256R1):
        algorithm = "ecdsa-p256-sha256"
    else:
        raise ConfigurationError(f"{file} is neither an Ed25519 nor a P-256 key.")
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(key_id=file.stem, algorithm=algorithm, public_key=der.hex())
