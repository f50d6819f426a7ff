"""Objects that nobody can remove before their time: S3 Object Lock in compliance mode."""

from collections.abc import Iterator
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from tasks.aws.cloud import Cloud, cloud_error


def put_locked(cloud: Cloud, bucket: str, key: str, body: bytes, until: datetime) -> None:
    """
    Writes one object that stays unchanged until then, whoever asks (S3 user guide, "Locking objects with Object Lock").

    The bucket must have been made with Object Lock. Raises CloudError.
    """
    try:
        cloud.client("s3").put_object(
            Bucket=bucket,
            Key=key,
            Body=body,
            ContentType="application/json",
            ObjectLockMode="COMPLIANCE",
            ObjectLockRetainUntilDate=until,
            # S3 asks for it with Object Lock; it proves that what arrived is what was sent.
            ChecksumAlgorithm="SHA256",
        )
    except (BotoCoreError, ClientError) as error:
        raise cloud_error(f"keep a locked object in {bucket}", error) from None


def read_objects(cloud: Cloud, bucket: str, prefix: str) -> Iterator[tuple[str, bytes]]:
    """
    Keys and bodies below a prefix, in order of keys: of each object its first version.

    Whoever writes over a locked object only adds a version, so the first one is what was locked. S3 lists an object's
    versions with the latest first (API reference, ListObjectVersions). Raises CloudError.
    """
    s3 = cloud.client("s3")
    try:
        first: dict[str, str] = {}
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
            for version in page.get("Versions", []):
                first[version["Key"]] = version["VersionId"]
        for key in sorted(first):
            answer = s3.get_object(Bucket=bucket, Key=key, VersionId=first[key])
            yield key, answer["Body"].read()
    except (BotoCoreError, ClientError) as error:
        raise cloud_error(f"read the anchors in {bucket}", error) from None
