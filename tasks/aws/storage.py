"""S3 buckets and the KMS keys behind them, read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tasks.aws.cloud import Cloud, cloud_error, error_code

_ABSENT = frozenset(
    {
        "NoSuchBucket",
        "404",
        "NoSuchPublicAccessBlockConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
        "NotFoundException",
    }
)


@dataclass(frozen=True, kw_only=True)
class BucketSummary:
    """`kms_key_enabled` is None when the bucket names no key of its own."""

    name: str
    exists: bool
    kms_encrypted: bool
    kms_key_enabled: bool | None
    versioned: bool
    public_access_blocked: bool


def read_bucket(cloud: Cloud, name: str) -> BucketSummary:
    """How one bucket protects what it holds; a missing bucket is an answer, not an error."""
    s3 = cloud.client("s3")
    if _ask(name, lambda: s3.head_bucket(Bucket=name)) is None:
        return BucketSummary(
            name=name,
            exists=False,
            kms_encrypted=False,
            kms_key_enabled=None,
            versioned=False,
            public_access_blocked=False,
        )
    encryption = _ask(name, lambda: s3.get_bucket_encryption(Bucket=name)) or {}
    rules = encryption.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    defaults = [rule.get("ApplyServerSideEncryptionByDefault", {}) for rule in rules]
    keys = [d.get("KMSMasterKeyID") for d in defaults if str(d.get("SSEAlgorithm", "")).startswith("aws:kms")]
    versioning = _ask(name, lambda: s3.get_bucket_versioning(Bucket=name)) or {}
    block = _ask(name, lambda: s3.get_public_access_block(Bucket=name)) or {}
    settings = block.get("PublicAccessBlockConfiguration", {})
    return BucketSummary(
        name=name,
        exists=True,
        kms_encrypted=bool(keys),
        kms_key_enabled=_key_enabled(cloud, name, keys[0]) if keys and keys[0] else None,
        versioned=versioning.get("Status") == "Enabled",
        public_access_blocked=bool(settings) and all(settings.values()),
    )


def _key_enabled(cloud: Cloud, bucket: str, key: str) -> bool:
    answer = _ask(bucket, lambda: cloud.client("kms").describe_key(KeyId=key))
    return bool(answer and answer["KeyMetadata"]["Enabled"])


def _ask(bucket: str, call: Callable[[], Any]) -> Any:
    try:
        return call()
    except ClientError as error:
        if error_code(error) in _ABSENT:
            return None
        raise cloud_error(f"read bucket {bucket}", error) from None
    except BotoCoreError as error:
        raise cloud_error(f"read bucket {bucket}", error) from None
