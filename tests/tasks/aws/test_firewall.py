"""Web ACLs as AWS says them, and back."""

from typing import Any

import boto3
import pytest
from moto import mock_aws

from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.firewall import Firewall, blocking_rate, list_web_acls, read_shield, said_again, visibility
from tasks.errors import CloudError, ConfigurationError
from tasks.plans.firewall_gateway import read_firewall, write_firewall
from tasks.plans.model import Change, ChangeClass, Resource, ResourceKind, State


def rate(limit: int, action: str = "Block", **changes: Any) -> dict[str, Any]:
    fields = {"Limit": limit, "AggregateKeyType": "IP", **changes}
    return {"Statement": {"RateBasedStatement": fields}, "Action": {action: {}}}


def test_rates_are_brought_to_five_minutes_and_those_of_a_part_do_not_count() -> None:
    assert blocking_rate([rate(2000), rate(500, EvaluationWindowSec=60), rate(10, "Count")]) == 2000
    assert blocking_rate([rate(500, EvaluationWindowSec=60)]) == 2500
    assert blocking_rate([rate(100, ScopeDownStatement={"GeoMatchStatement": {}})]) is None


@pytest.mark.parametrize("key", ["FORWARDED_IP", "CUSTOM_KEYS", "CONSTANT"])
def test_a_rate_by_anything_else_than_the_address_that_aws_sees_does_not_count(key: str) -> None:
    assert blocking_rate([rate(100, AggregateKeyType=key), rate(2000)]) == 2000


def test_rules_come_back_as_they_were_sent_with_address_sets_by_name(cloud: Cloud) -> None:
    firewall = Firewall(cloud.for_writing("test"))
    firewall.make_ip_set("round-trip", "IPV4", ["192.0.2.0/24"])
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    look = {
        "FieldToMatch": {"UriPath": {}},
        "SearchString": {"base64": "L2E="},
        "PositionalConstraint": "EXACTLY",
        "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
    }
    known = {"IPSetReferenceStatement": {"ARN": "ip-set:round-trip"}}
    rules: list[dict[str, Any]] = [
        {"Name": n, "Priority": p, "Action": {"Block": {}}, "Statement": s, "VisibilityConfig": seen}
        for p, (n, s) in enumerate({"known": known, "path": {"ByteMatchStatement": look}}.items())
    ]
    firewall.make_web_acl("round-trip", "allow", rules)
    try:
        (summary,) = [acl for acl in list_web_acls(cloud) if acl.name == "round-trip"]
        assert list(summary.rules) == rules
        assert summary.address_sets == {"round-trip": ("192.0.2.0/24",)} and not summary.associated
        with pytest.raises(CloudError, match="gone, which is not there"):
            gone = {**rules[0], "Statement": {"IPSetReferenceStatement": {"ARN": "ip-set:gone"}}}
            firewall.set_rules(firewall.web_acls(["round-trip"])["round-trip"], "allow", [gone])
    finally:
        firewall.drop_web_acl(firewall.web_acls(["round-trip"])["round-trip"])
        firewall.drop_ip_set(firewall.ip_sets(["round-trip"])["round-trip"])


ANSWER = {"CustomResponse": {"ResponseCode": 403, "CustomResponseBodyKey": "sorry"}}


@mock_aws
def test_a_change_of_rules_and_its_way_back_leave_all_else_of_a_web_acl(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a server of its own, as the one who made it would."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    cloud = Cloud(AwsConnection(region="eu-central-1"))
    waf = cloud.client("wafv2")
    settings = {
        "DefaultAction": {"Block": ANSWER},
        "CustomResponseBodies": {"sorry": {"ContentType": "TEXT_PLAIN", "Content": "no"}},
        "TokenDomains": ["example.com"],
        "Description": "theirs",
    }
    theirs = {"Name": "theirs", "Priority": 0, **rate(900), "VisibilityConfig": visibility("theirs")}
    made = waf.create_web_acl(
        Name="gate", Scope="REGIONAL", Rules=[theirs], VisibilityConfig=visibility("gate"), **settings
    )["Summary"]
    resource = Resource(org="hq", kind=ResourceKind.WEB_ACL, key="gate")
    before = read_firewall(cloud, [resource])[resource]
    assert before["default_with"] == ANSWER
    ours = {"Name": "r", "Priority": 1, **rate(2000), "VisibilityConfig": visibility("r")}
    after: State = {**before, "rules": [theirs, ours]}
    forward = Change(
        number=1,
        resource=resource,
        before=before,
        after=after,
        kind=ChangeClass.NARROWING,
        control="ZT-15",
        why="because",
        effect="less",
    )
    back = forward.model_copy(update={"before": after, "after": before})
    for change in (forward, back):
        assert write_firewall(cloud, [change]) == {}
        held = waf.get_web_acl(Name="gate", Scope="REGIONAL", Id=made["Id"])["WebACL"]
        assert {name: held[name] for name in settings} == settings
        assert read_firewall(cloud, [resource])[resource] == change.after


def test_all_that_an_update_takes_is_said_again() -> None:
    """moto forgets some of it, so what is sent is asked of the client's model."""
    waf = boto3.client("wafv2", "eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
    body = dict.fromkeys(waf.meta.service_model.shape_for("WebACL").members, "as it was")
    again = said_again(waf, body)
    assert {
        "Description", "VisibilityConfig", "CustomResponseBodies", "CaptchaConfig", "ChallengeConfig", "TokenDomains",
        "AssociationConfig", "DataProtectionConfig", "OnSourceDDoSProtectionConfig", "ApplicationConfig",
    } <= again.keys()  # fmt: skip
    assert not again.keys() & {"Name", "Id", "Rules", "DefaultAction", "ARN", "Capacity", "LabelNamespace"}
    assert said_again(waf, {**body, "Description": ""}).keys() == again.keys() - {"Description"}


def test_shield_tells_whether_it_is_subscribed(cloud: Cloud) -> None:
    assert not read_shield(cloud).subscribed


@mock_aws
def test_shield_tells_what_it_protects(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a server of its own: nobody can end a subscription there."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    cloud = Cloud(AwsConnection(region="eu-central-1"))
    shield = cloud.client("shield", region="us-east-1")
    shield.create_subscription()
    assert read_shield(cloud).protected == ()
    arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/x/1"
    shield.create_protection(Name="x", ResourceArn=arn)
    assert read_shield(cloud).subscribed and read_shield(cloud).protected == (arn,)


def test_without_a_role_for_changes_nothing_is_opened_for_writing() -> None:
    with pytest.raises(ConfigurationError, match=r"cloud\.enforcer_role"):
        Cloud(AwsConnection(region="eu-central-1")).for_writing("test")
