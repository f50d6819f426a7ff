"""Secrets, web ACLs and buckets, read from the estate's AWS."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.firewall import list_web_acls
from tasks.aws.secrets import list_secrets, read_secret, write_secret
from tasks.aws.storage import read_bucket
from tasks.aws.trail import read_openings
from tasks.errors import CloudError, SecretUnavailable


def test_the_current_version_is_read_after_a_rotation(cloud: Cloud) -> None:
    client = cloud.client("secretsmanager")
    client.create_secret(Name="test/rotated", SecretString='{"consumerKey": "old"}')
    new = client.put_secret_value(
        SecretId="test/rotated", SecretString='{"consumerKey": "new"}', VersionStages=["AWSPENDING"]
    )
    old = client.get_secret_value(SecretId="test/rotated", VersionStage="AWSCURRENT")["VersionId"]
    assert read_secret(cloud, "test/rotated") == {"consumerKey": "old"}
    client.update_secret_version_stage(
        SecretId="test/rotated",
        VersionStage="AWSCURRENT",
        MoveToVersionId=new["VersionId"],
        RemoveFromVersionId=old,
    )
    assert read_secret(cloud, "test/rotated") == {"consumerKey": "new"}
    client.delete_secret(SecretId="test/rotated", ForceDeleteWithoutRecovery=True)


def test_a_missing_secret_is_named_and_says_what_to_do(cloud: Cloud) -> None:
    with pytest.raises(SecretUnavailable, match=r"no/such/secret cannot be read \(ResourceNotFound"):
        read_secret(cloud, "no/such/secret")


def test_a_secret_that_is_no_object_is_refused_without_its_value(cloud: Cloud) -> None:
    client = cloud.client("secretsmanager")
    client.create_secret(Name="test/text", SecretString="hunter2")
    with pytest.raises(SecretUnavailable) as caught:
        read_secret(cloud, "test/text")
    client.delete_secret(SecretId="test/text", ForceDeleteWithoutRecovery=True)
    assert "hunter2" not in str(caught.value)


def test_every_secret_is_listed_with_its_age(cloud: Cloud) -> None:
    found = {secret.name: secret for secret in list_secrets(cloud)}
    assert "bulkhead/hq/scanner" in found
    assert all(secret.last_changed.tzinfo is not None for secret in found.values())


def test_a_silent_endpoint_is_an_error_that_says_where_to_look() -> None:
    lost = Cloud(AwsConnection(region="us-east-1", endpoint_url="http://127.0.0.1:9", profile=None))
    with pytest.raises(CloudError, match="Check the"):
        list(list_secrets(lost))


def test_web_acls_tell_their_blocking_limit(cloud: Cloud) -> None:
    acls = {acl.name: acl for acl in list_web_acls(cloud)}
    assert acls, "the estate has web ACLs"
    assert any(acl.blocking_rate_limit is not None and acl.associated for acl in acls.values())


def test_a_missing_bucket_is_an_answer(cloud: Cloud) -> None:
    assert not read_bucket(cloud, "no-such-bucket-anywhere").exists


def test_a_disabled_key_shows(cloud: Cloud) -> None:
    s3, kms = cloud.client("s3"), cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    s3.create_bucket(
        Bucket="test-disabled-key", CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name}
    )
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    s3.put_bucket_encryption(Bucket="test-disabled-key", ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert read_bucket(cloud, "test-disabled-key").kms_key_enabled is True
    kms.disable_key(KeyId=key)
    bucket = read_bucket(cloud, "test-disabled-key")
    assert (bucket.kms_encrypted, bucket.kms_key_enabled, bucket.versioned) == (True, False, False)


def test_who_opened_a_secret_is_found_by_its_names(cloud: Cloud) -> None:
    began = datetime.now(UTC) - timedelta(seconds=1)
    name = f"lab/opened-{uuid4().hex[:8]}"
    write_secret(cloud, name, {"a": "b"})
    arn = cloud.client("secretsmanager").describe_secret(SecretId=name)["ARN"]
    assert read_openings(cloud, name, began) == ()
    for given in (name, arn):
        read_secret(cloud, given)
    assert [each.secret for each in read_openings(cloud, name, began)] == [name, arn]
    asked = [{"AttributeKey": "ResourceName", "AttributeValue": arn}]
    (event,) = cloud.client("cloudtrail").lookup_events(LookupAttributes=asked)["Events"]
    assert event["Resources"][0]["ResourceName"] == arn
    cloud.client("secretsmanager").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
