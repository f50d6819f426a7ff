"""What an approver's own key signs: an OpenSSH Ed25519 key, registered in policy.yaml. Pure but for the key given to it."""

import orjson
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_ssh_private_key, load_ssh_public_key

from tasks.errors import ConfigurationError
from tasks.plans.model import Approval

_APPROVAL = b"bulkhead approval 1\n"


def signed_bytes(approval: Approval) -> bytes:
    document = approval.model_dump(mode="json", exclude={"signed_by"})
    return _APPROVAL + orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def sign(approval: Approval, key: bytes, passphrase: bytes | None = None) -> str:
    """Hexadecimal. Raises ConfigurationError when the key is none we take or its passphrase is wrong."""
    return sign_message(signed_bytes(approval), key, passphrase)


def sign_message(message: bytes, key: bytes, passphrase: bytes | None = None) -> str:
    """Raises as `sign` does."""
    try:
        private = load_ssh_private_key(key, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigurationError(
            "The approver's key cannot be read: it must be an OpenSSH private key, and its passphrase right. "
            "Make one with `ssh-keygen -t ed25519`."
        ) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise ConfigurationError(
            "The approver's key must be an Ed25519 key. Make one with `ssh-keygen -t ed25519`."
        )
    return private.sign(message).hex()


def holds(approval: Approval, signature: str, public_key: str) -> bool:
    """Whether the registered key (one line, `ssh-ed25519 AAAA…`) signed exactly this approval."""
    return holds_over(signed_bytes(approval), signature, public_key)


def holds_over(message: bytes, signature: str, public_key: str) -> bool:
    try:
        public = load_ssh_public_key(public_key.encode())
        if not isinstance(public, Ed25519PublicKey):
            return False
        public.verify(bytes.fromhex(signature), message)
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        return False
    return True
