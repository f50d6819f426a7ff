"""Objects of any size in an S3 bucket: written in parts under the bucket's KMS key and locked, read in ranges, removed by version."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from tasks.aws.cloud import Cloud, cloud_error, error_code
from tasks.errors import CloudError, ConfigurationError, SecretUnavailable

PART = 8 << 20
"""Bytes of a part; S3 takes none below 5 MiB but the last, and 10,000 of them (S3 user guide, multipart upload limits)."""
_NO_LOCK = frozenset({"ObjectLockConfigurationNotFoundError", "InvalidRequest"})
_MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "404"})
_OF_KMS = "KMS."
"""How S3 begins what KMS answered it (S3 API reference, list of error codes)."""
T = TypeVar("T")


class StoredVersion(NamedTuple):
    """One version of an object. `first` is the one that whoever overwrites it cannot change."""

    key: str
    version: str
    size: int
    first: bool


class Bucket:
    """Rights needed: s3 PutObject, PutObjectRetention, GetObjectVersion, ListBucketVersions, DeleteObjectVersion, AbortMultipartUpload."""

    def __init__(self, cloud: Cloud, name: str) -> None:
        self.name = name
        self._s3 = cloud.client("s3")

    def default_key(self) -> str:
        """The KMS key under which S3 encrypts what comes. Raises ConfigurationError where there is none, and CloudError."""
        try:
            answer = self._s3.get_bucket_encryption(Bucket=self.name)
        except ClientError as error:
            if error_code(error) != "ServerSideEncryptionConfigurationNotFoundError":
                raise self._failed("read the encryption", error) from None
            answer = {}
        except BotoCoreError as error:
            raise self._failed("read the encryption", error) from None
        for rule in answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", []):
            applied = rule.get("ApplyServerSideEncryptionByDefault", {})
            if str(applied.get("SSEAlgorithm", "")).startswith("aws:kms") and applied.get("KMSMasterKeyID"):
                return str(applied["KMSMasterKeyID"])
        raise ConfigurationError(
            f"The bucket {self.name} encrypts under no KMS key of its own. Give it one (SSE-KMS), or name one under backups.key "
            "in policy.yaml."
        )

    def needs_lock(self) -> None:
        """Raises ConfigurationError for a bucket that cannot lock objects, and CloudError."""
        try:
            answer = self._s3.get_object_lock_configuration(Bucket=self.name)
            if answer.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled":
                return
        except ClientError as error:
            if error_code(error) not in _NO_LOCK:
                raise self._failed("read the Object Lock", error) from None
        except BotoCoreError as error:
            raise self._failed("read the Object Lock", error) from None
        raise ConfigurationError(
            f"The bucket {self.name} has no Object Lock, so whoever reaches it could remove the backups. Turn it on, or set "
            "backups.lock in policy.yaml to null."
        )

    def upload(self, key: str, sse_key: str, until: datetime | None) -> "Upload":
        return Upload(self._s3, self.name, key, sse_key, until)

    def read(self, key: str, version: str, start: int, length: int) -> bytes:
        """So many bytes, or fewer where the object ends. Raises CloudError; `code` is NoSuchKey for what is not there."""
        span = f"bytes={start}-{start + length - 1}"

        def get() -> bytes:
            answer = self._s3.get_object(
                Bucket=self.name, Key=key, Range=span, **({"VersionId": version} if version else {})
            )
            found: bytes = answer["Body"].read()
            return found

        return _tried(f"read {key} in {self.name}", get)

    def versions(self, prefix: str) -> Iterator[StoredVersion]:
        """In the order of keys, the latest version of each first. Raises CloudError."""
        try:
            pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=self.name, Prefix=prefix)
            waiting: StoredVersion | None = None
            for page in pages:
                for each in page.get("Versions", []):
                    if waiting is not None:
                        yield waiting._replace(first=waiting.key != each["Key"])
                    waiting = StoredVersion(each["Key"], each["VersionId"], int(each["Size"]), True)
            if waiting is not None:
                yield waiting
        except (BotoCoreError, ClientError) as error:
            raise self._failed("list the objects", error) from None

    def remove(self, key: str, version: str) -> bool:
        """False for what is locked. Raises CloudError."""
        try:
            self._s3.delete_object(Bucket=self.name, Key=key, VersionId=version)
        except ClientError as error:
            if error_code(error) == "AccessDenied":
                return False
            raise self._failed(f"remove {key}", error) from None
        except BotoCoreError as error:
            raise self._failed(f"remove {key}", error) from None
        return True

    def _failed(self, what: str, error: BotoCoreError | ClientError) -> CloudError:
        return cloud_error(f"{what} in {self.name}", error)


class Upload:
    """One object on its way, in parts. It is there once `finish` has returned, and not at all before."""

    def __init__(self, s3: Any, bucket: str, key: str, sse_key: str, until: datetime | None) -> None:
        self._s3, self._where = s3, {"Bucket": bucket, "Key": key}
        self._what = f"write {key} into {bucket}"
        self._until = until
        self._parts: list[dict[str, Any]] = []
        self._waiting = bytearray()
        lock = {} if until is None else _lock(until)
        made = _tried(
            self._what,
            lambda: s3.create_multipart_upload(
                **self._where, ServerSideEncryption="aws:kms", SSEKMSKeyId=sse_key, **lock
            ),
        )
        self._id = str(made["UploadId"])

    def write(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) >= PART:
            self._send(bytes(memoryview(self._waiting)[:PART]))
            del self._waiting[:PART]

    def finish(self) -> str:
        """
        The version. The lock is read back, and set where it is not there: nothing of an unlocked object counts.

        Raises CloudError.
        """
        if self._waiting or not self._parts:
            self._send(bytes(self._waiting))
            self._waiting.clear()
        done = _tried(
            self._what,
            lambda: self._s3.complete_multipart_upload(
                **self._where, UploadId=self._id, MultipartUpload={"Parts": self._parts}
            ),
        )
        version = str(done.get("VersionId") or "")
        if self._until is not None:
            self._locked(version)
        return version

    def _locked(self, version: str) -> None:
        assert self._until is not None
        until = self._until
        head = _tried(self._what, lambda: self._s3.head_object(**self._where, VersionId=version))
        if head.get("ObjectLockMode") != "COMPLIANCE":
            _tried(
                self._what,
                lambda: self._s3.put_object_retention(
                    **self._where,
                    VersionId=version,
                    Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until},
                ),
            )

    def abort(self) -> None:
        """What was sent is thrown away. Raises CloudError."""
        _tried(self._what, lambda: self._s3.abort_multipart_upload(**self._where, UploadId=self._id))

    def _send(self, data: bytes) -> None:
        number = len(self._parts) + 1
        answer = _tried(
            self._what,
            lambda: self._s3.upload_part(**self._where, UploadId=self._id, PartNumber=number, Body=data),
        )
        self._parts.append({"PartNumber": number, "ETag": answer["ETag"]})


def put_object(cloud: Cloud, bucket: str, key: str, body: bytes) -> None:
    """In one piece, encrypted as the bucket has it. Rights needed: s3 PutObject. Raises CloudError."""
    s3 = cloud.client("s3")
    _tried(f"write {key} into {bucket}", lambda: s3.put_object(Bucket=bucket, Key=key, Body=body))


def _lock(until: datetime) -> dict[str, Any]:
    return {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}


def _tried(what: str, call: Callable[[], T]) -> T:
    try:
        return call()
    except (BotoCoreError, ClientError) as error:
        code = error_code(error) if isinstance(error, ClientError) else ""
        if code.startswith(_OF_KMS):
            raise SecretUnavailable(
                f"S3 cannot {what}: the KMS key under which it encrypts is disabled, about to be deleted, or not there ({code}). "
                "Enable it.",
                code,
            ) from None
        raise cloud_error(what, error) from None


def is_missing(error: CloudError) -> bool:
    """Whether S3 says that there is no such object or version."""
    return error.code in _MISSING
