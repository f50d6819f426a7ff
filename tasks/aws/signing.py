"""Keys in AWS KMS that sign and never leave it."""

from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tasks.aws.cloud import Cloud, cloud_error
from tasks.errors import ConfigurationError


class KmsSigner:
    """
    An asymmetric key of the kind ECC_NIST_P256 with usage SIGN_VERIFY.

    Its id here is the key's own id, also where it was named by an alias, so that moving the alias is a new key.
    """

    algorithm: Literal["ecdsa-p256-sha256"] = "ecdsa-p256-sha256"

    def __init__(self, cloud: Cloud, key: str) -> None:
        """Raises CloudError, and ConfigurationError for a key of another kind."""
        self._kms = cloud.client("kms")
        try:
            answer = self._kms.get_public_key(KeyId=key)
        except (BotoCoreError, ClientError) as error:
            raise cloud_error(f"read the public key of {key}", error) from None
        public = load_der_public_key(answer["PublicKey"])
        if not (isinstance(public, EllipticCurvePublicKey) and isinstance(public.curve, SECP256R1)):
            raise ConfigurationError(
                f"The KMS key {key} cannot seal the ledger: it must be an ECC_NIST_P256 key for signing."
            )
        self.key_id: str = answer["KeyId"].rpartition("/")[2]
        self.public_key: str = answer["PublicKey"].hex()

    def sign(self, message: bytes) -> bytes:
        """An ECDSA signature in DER (RFC 3279) over at most 4,096 bytes. Raises CloudError."""
        try:
            answer = self._kms.sign(
                KeyId=self.key_id,
                Message=message,
                MessageType="RAW",
                SigningAlgorithm="ECDSA_SHA_256",
            )
        except (BotoCoreError, ClientError) as error:
            raise cloud_error(f"sign with the key {self.key_id}", error) from None
        signature: bytes = answer["Signature"]
        return signature
