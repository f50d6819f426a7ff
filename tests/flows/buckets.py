"""A bucket for backups, as people set one up."""

from tasks.orgs import open_cloud


def locked_bucket(name: str) -> str:
    """With object lock, encrypted with a KMS key of its own; the key's id."""
    cloud = open_cloud()
    key = str(cloud.client("kms").create_key(Description=f"backups in {name}")["KeyMetadata"]["KeyId"])
    s3 = cloud.client("s3")
    s3.create_bucket(
        Bucket=name,
        ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
    )
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    return key
