"""Data keys of AWS KMS: made and opened there, under a key that never leaves it, bound to what they are for."""

from collections.abc import Mapping

from botocore.exceptions import BotoCoreError, ClientError

from tasks.aws.cloud import Cloud, cloud_error, error_code
from tasks.errors import SecretUnavailable

_SHUT = frozenset({"DisabledException", "KMSInvalidStateException", "NotFoundException"})


class DataKeys:
    """Rights needed: kms:GenerateDataKeyWithoutPlaintext and kms:Decrypt on one symmetric key, best with a condition on the context."""

    def __init__(self, cloud: Cloud, key: str) -> None:
        """`key` is an id, ARN or alias. An ARN may be of another region, and of another account that lets us."""
        self._kms = cloud.client("kms", region_of(key))
        self._key = key

    def make(self, context: Mapping[str, str]) -> bytes:
        """
        A new key of 32 bytes, wrapped. The context has to be named again to open it; it is logged by CloudTrail.

        Raises SecretUnavailable where the key is disabled, gone or not ours to use, CloudError otherwise.
        """
        try:
            answer = self._kms.generate_data_key_without_plaintext(
                KeyId=self._key, KeySpec="AES_256", EncryptionContext=dict(context)
            )
        except (BotoCoreError, ClientError) as error:
            raise self._refused("make a data key", error) from None
        wrapped: bytes = answer["CiphertextBlob"]
        return wrapped

    def make_open(self, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        """
        A new key of 32 bytes in the clear, and wrapped: who seals once needs kms:GenerateDataKey and no right to open again.

        Raises as `make` does.
        """
        try:
            answer = self._kms.generate_data_key(
                KeyId=self._key, KeySpec="AES_256", EncryptionContext=dict(context)
            )
        except (BotoCoreError, ClientError) as error:
            raise self._refused("make a data key", error) from None
        plain: bytes = answer["Plaintext"]
        wrapped: bytes = answer["CiphertextBlob"]
        return plain, wrapped

    def wrap(self, key: bytes, context: Mapping[str, str]) -> bytes:
        """A key of 32 bytes that another KMS key wraps already, for the day when that one is lost. Raises as `make` does."""
        try:
            answer = self._kms.encrypt(KeyId=self._key, Plaintext=key, EncryptionContext=dict(context))
        except (BotoCoreError, ClientError) as error:
            raise self._refused("wrap a data key", error) from None
        wrapped: bytes = answer["CiphertextBlob"]
        return wrapped

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """Raises SecretUnavailable as `make` does, and for another context or a wrapped key that was changed."""
        try:
            # The key is named, so that nobody can hand us a data key of an account of theirs.
            answer = self._kms.decrypt(
                KeyId=self._key, CiphertextBlob=wrapped, EncryptionContext=dict(context)
            )
        except (BotoCoreError, ClientError) as error:
            raise self._refused("open a data key", error) from None
        opened: bytes = answer["Plaintext"]
        return opened

    def _refused(self, what: str, error: BotoCoreError | ClientError) -> Exception:
        if not isinstance(error, ClientError):
            return cloud_error(what, error)
        code = error_code(error)
        if code in _SHUT:
            return SecretUnavailable(
                f"The KMS key {self._key} is disabled, about to be deleted, or not there ({code}), so nothing can be sealed or "
                "opened. Enable it, or name another in policy.yaml."
            )
        if code in {"AccessDeniedException", "InvalidCiphertextException", "IncorrectKeyException"}:
            return SecretUnavailable(
                f"The KMS key {self._key} did not {what} ({code}). Grant kms:GenerateDataKeyWithoutPlaintext and kms:Decrypt on it; if they are "
                "granted, the wrapped key belongs to another route or was changed."
            )
        return cloud_error(f"{what} under {self._key}", error)


def region_of(key: str) -> str | None:
    """Of an ARN (`arn:aws:kms:eu-west-1:…`); None for what names no region and so lies in ours."""
    parts = key.split(":")
    return parts[3] or None if len(parts) > 3 and parts[0] == "arn" else None


def identity(cloud: Cloud, key: str) -> str | None:
    """
    The ARN of the key that an id or an alias stands for: two names may be one key. None where there is none any more. Needs
    kms:DescribeKey. Raises CloudError.
    """
    try:
        answer = cloud.client("kms", region_of(key)).describe_key(KeyId=key)
    except ClientError as error:
        if error_code(error) == "NotFoundException":
            return None
        raise cloud_error(f"describe the key {key}", error) from None
    except BotoCoreError as error:
        raise cloud_error(f"describe the key {key}", error) from None
    return str(answer["KeyMetadata"]["Arn"])
