"""What is repaired in the AWS server: broken without the repair, and right with it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from deployments.sandbox import launch
from tests.deployments.sandbox.processes import started

REGION = "eu-central-1"

UNREPAIRED = """
import json, boto3
from moto import mock_aws
found = {}
with mock_aws():
    s = boto3.client("secretsmanager", region_name="eu-central-1")
    old = s.create_secret(Name="a", SecretString="old")["VersionId"]
    new = s.put_secret_value(SecretId="a", SecretString="new", VersionStages=["AWSPENDING"])["VersionId"]
    s.update_secret_version_stage(
        SecretId="a", VersionStage="AWSCURRENT", MoveToVersionId=new, RemoveFromVersionId=old)
    found["stage moves"] = s.get_secret_value(SecretId="a")["SecretString"] != "new"
    s.create_secret(Name="dated", SecretString="x")
    from moto.secretsmanager.models import secretsmanager_backends
    (version,) = secretsmanager_backends["123456789012"]["eu-central-1"].secrets["dated"].versions.values()
    version["createdate"] = 1
    listed = s.list_secret_version_ids(SecretId="dated")["Versions"]
    found["versions have no date"] = listed[0]["CreatedDate"].year != 1970
    from moto.cloudtrail.responses import CloudTrailResponse
    found["no event history"] = not hasattr(CloudTrailResponse, "lookup_events")
    s.create_secret(Name="b", SecretString="kept")
    s.rotate_secret(SecretId="b")
    try:
        found["rotation loses the value"] = s.get_secret_value(SecretId="b").get("SecretString") != "kept"
    except Exception:
        found["rotation loses the value"] = True
    k = boto3.client("kms", region_name="eu-central-1")
    key = k.create_key()["KeyMetadata"]["KeyId"]
    blob = k.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    s3 = boto3.client("s3", region_name="eu-central-1")
    s3.create_bucket(Bucket="bbb", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket="bbb", Key="k", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    k.disable_key(KeyId=key)
    found["objects of disabled keys"] = s3.get_object(Bucket="bbb", Key="k")["Body"].read() == b"x"
    s.create_secret(Name="c", SecretString="0")
    for value in ("1", "2"):
        s.put_secret_value(SecretId="c", SecretString=value, ClientRequestToken="t" * 32, VersionStages=["AWSPENDING"])
    found["reused tokens"] = s.get_secret_value(SecretId="c", VersionStage="AWSPENDING")["SecretString"] == "2"
    deny = {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}
    s.put_resource_policy(SecretId="c", ResourcePolicy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    found["denied secrets"] = "SecretString" in s.get_secret_value(SecretId="c")
    found["disabled keys decrypt"] = k.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
    from moto.wafv2.responses import WAFV2Response
    for name in ("list_resources_for_web_acl", "check_capacity", "get_sampled_requests"):
        found[name + " is missing"] = not hasattr(WAFV2Response, name)
    w, scope = boto3.client("wafv2", region_name="eu-central-1"), {"Scope": "REGIONAL"}
    seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
    body = {"DefaultAction": {"Allow": {}}, "VisibilityConfig": seen, **scope}
    ips = w.create_ip_set(Name="s", IPAddressVersion="IPV4", Addresses=[], **scope)["Summary"]
    w.create_ip_set(Name="s", IPAddressVersion="IPV4", Addresses=[], **scope)
    found["a name is given twice"] = len(w.list_ip_sets(**scope)["IPSets"]) == 2
    rule = {"Name": "r", "Priority": 0, "Action": {"Block": {}}, "VisibilityConfig": seen}
    rule["Statement"] = {"IPSetReferenceStatement": {"ARN": ips["ARN"]}}
    one, two = (w.create_web_acl(Name=name, Rules=[rule], **body)["Summary"] for name in ("one", "two"))
    arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/x/1"
    for each in (one, two):
        w.associate_web_acl(WebACLArn=each["ARN"], ResourceArn=arn)
    found["two web ACLs before one gateway"] = w.get_web_acl_for_resource(ResourceArn=arn)["WebACL"]["Name"] == "one"
    token = w.update_web_acl(Name="one", Id=one["Id"], LockToken=one["LockToken"], Rules=[], **body)["NextLockToken"]
    found["rules that no update empties"] = bool(w.get_web_acl(Name="one", Id=one["Id"], **scope)["WebACL"]["Rules"])
    w.delete_ip_set(Name="s", Id=ips["Id"], LockToken=ips["LockToken"], **scope)
    w.delete_web_acl(Name="one", Id=one["Id"], LockToken=token, **scope)
    found["what is in use is removed"] = True
print(json.dumps(found))
"""


def test_the_server_still_needs_each_repair() -> None:
    """When one of these is mended upstream, its repair can go."""
    environment = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "PATH": "/usr/bin:/bin"}
    made = subprocess.run(
        [sys.executable, "-c", UNREPAIRED], capture_output=True, text=True, env=environment, check=True
    )

    assert json.loads(made.stdout) == {
        "stage moves": True,
        "rotation loses the value": True,
        "disabled keys decrypt": True,
        "objects of disabled keys": True,
        "reused tokens": True,
        "denied secrets": True,
        "list_resources_for_web_acl is missing": True,
        "check_capacity is missing": True,
        "get_sampled_requests is missing": True,
        "a name is given twice": True,
        "two web ACLs before one gateway": True,
        "rules that no update empties": True,
        "what is in use is removed": True,
        "versions have no date": True,
        "no event history": True,
    }


class Cloud:
    """The AWS of a miniature estate that can be ended and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.up()

    def up(self) -> None:
        self.process, self.state = started(self.folder)

    def down(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.state["aws_endpoint"],
            region_name=REGION,
            aws_access_key_id="x",
            aws_secret_access_key="x",
            config=Config(proxies={}, s3={"addressing_style": "path"}),
        )


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = Cloud(tmp_path_factory.mktemp("cloud") / "state")
    yield made
    made.down()


def test_a_disabled_key_refuses_until_it_is_enabled_again(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]
    kms.disable_key(KeyId=key)

    for call in (
        lambda: kms.decrypt(CiphertextBlob=blob),
        lambda: kms.encrypt(KeyId=key, Plaintext=b"x"),
        lambda: kms.generate_data_key(KeyId=key, KeySpec="AES_256"),
    ):
        with pytest.raises(kms.exceptions.DisabledException, match="is disabled"):
            call()
    kms.enable_key(KeyId=key)
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"
    kms.schedule_key_deletion(KeyId=key)
    with pytest.raises(kms.exceptions.KMSInvalidStateException, match="pending deletion"):
        kms.decrypt(CiphertextBlob=blob)


def test_a_rotation_without_a_function_is_refused_and_loses_nothing(cloud: Cloud) -> None:
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name="unrotated", SecretString="kept")

    for more in ({}, {"RotationLambdaARN": "arn:aws:lambda:eu-central-1:123456789012:function:none"}):
        with pytest.raises(ClientError):
            secrets.rotate_secret(SecretId="unrotated", **more)

    assert secrets.get_secret_value(SecretId="unrotated")["SecretString"] == "kept"
    assert len(secrets.list_secret_version_ids(SecretId="unrotated")["Versions"]) == 1


def test_objects_need_their_key(cloud: Cloud) -> None:
    kms, s3 = cloud.client("kms"), cloud.client("s3")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    s3.create_bucket(Bucket="sealed", CreateBucketConfiguration={"LocationConstraint": REGION})
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    s3.put_bucket_encryption(
        Bucket="sealed",
        ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": default}]},
    )
    s3.put_object(Bucket="sealed", Key="a", Body=b"body")
    kms.disable_key(KeyId=key)

    for call in (
        lambda: s3.get_object(Bucket="sealed", Key="a"),
        lambda: s3.put_object(Bucket="sealed", Key="b", Body=b"body"),
    ):
        with pytest.raises(ClientError, match=r"KMS\.DisabledException.* is disabled"):
            call()
    kms.enable_key(KeyId=key)
    assert s3.get_object(Bucket="sealed", Key="a")["Body"].read() == b"body"


def test_a_policy_that_denies_everybody_hides_the_value_until_it_goes(cloud: Cloud) -> None:
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name="contained", SecretString="1")
    deny = {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:Get*", "Resource": "*"}
    secrets.put_resource_policy(
        SecretId="contained", ResourcePolicy=json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    )

    with pytest.raises(ClientError, match=r"AccessDeniedException.*explicit deny"):
        secrets.get_secret_value(SecretId="contained")
    secrets.delete_resource_policy(SecretId="contained")
    assert secrets.get_secret_value(SecretId="contained")["SecretString"] == "1"


def test_a_token_stands_for_one_value(cloud: Cloud) -> None:
    secrets, token = cloud.client("secretsmanager"), "t" * 32
    secrets.create_secret(Name="stepped", SecretString="old")

    def put(value: str) -> None:
        secrets.put_secret_value(
            SecretId="stepped", SecretString=value, ClientRequestToken=token, VersionStages=["AWSPENDING"]
        )

    put("new")
    put("new")
    with pytest.raises(secrets.exceptions.ResourceExistsException):
        put("other")
    pending = secrets.get_secret_value(SecretId="stepped", VersionStage="AWSPENDING")
    assert pending["SecretString"] == "new"


def test_dates_follow_the_estates_clock_and_all_outlives_a_restart(cloud: Cloud) -> None:
    secrets, kms, s3 = (cloud.client(name) for name in ("secretsmanager", "kms", "s3"))
    before = secrets.describe_secret(SecretId=secrets.create_secret(Name="early", SecretString="1")["ARN"])[
        "CreatedDate"
    ]
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    signer = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    s3.create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="kept", Key="a", Body=b"body")
    launch.ask(cloud.folder, "POST", "/clock", {"advance_seconds": 30 * 86_400})
    secrets.create_secret(Name="late", SecretString="2")

    cloud.down()
    cloud.up()
    secrets, kms, s3 = (cloud.client(name) for name in ("secretsmanager", "kms", "s3"))

    late = secrets.describe_secret(SecretId="late")["CreatedDate"]
    assert 29 < (late - before).days <= 30
    assert secrets.get_secret_value(SecretId="early")["SecretString"] == "1"
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
    assert kms.sign(KeyId=signer, Message=b"m", SigningAlgorithm="RSASSA_PSS_SHA_256")["Signature"]
    assert s3.get_object(Bucket="kept", Key="a")["Body"].read() == b"body"
    secrets.create_secret(Name="later", SecretString="3")
    assert (secrets.describe_secret(SecretId="later")["CreatedDate"] - before).days >= 29


def test_another_versions_file_is_not_read(cloud: Cloud) -> None:
    cloud.down()
    file = cloud.folder / "aws-state.pickle"
    file.write_bytes(b"moto 1.0, Python 2.7\n" + file.read_bytes().partition(b"\n")[2])
    cloud.up()

    names = [secret["Name"] for secret in cloud.client("secretsmanager").list_secrets()["SecretList"]]
    assert names == ["bulkhead/hq/scanner"]
