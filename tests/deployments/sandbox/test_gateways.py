"""Web ACLs on requests to the middleware's gateways, and what AWS refuses about them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from deployments.sandbox import gateways
from deployments.sandbox.firewall import Firewall, Visit
from deployments.sandbox.wire import Request
from tests.running import RunningEstate

ARN = gateways.arn_of("hq")
SCOPE = {"Scope": "REGIONAL"}
SEEN = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
COMMON, BAD = "AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"


def group(name: str, override: str = "None", **changes: Any) -> dict[str, Any]:
    statement = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": name, **changes}}
    return {"Statement": statement, "OverrideAction": {override: {}}}


def block(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Action": {"Block": {}}, "Statement": statement}


def visit(path: str = "/", query: str = "", method: str = "GET", body: bytes = b"", **headers: str) -> Visit:
    host = gateways.host_of("hq")
    sent = {"host": host, "user-agent": "sync/1", **{n.replace("_", "-"): v for n, v in headers.items()}}
    return Visit(
        "203.0.113.9", host, "hq", Request(method, host, 443, path, query, sent, body, "203.0.113.9")
    )


def wall(folder: Path, *rules: dict[str, Any], now: Any = None) -> Firewall:
    numbered = [{"Name": f"r{n}", "Priority": n, **rule} for n, rule in enumerate(rules)]
    acl = {"name": "acl", "orgs": [], "before": [ARN], "default": "Allow", "rules": numbered}
    (folder / "f.json").write_text(json.dumps({"acls": [acl]}))
    return Firewall(folder / "f.json", folder / "samples", lambda: datetime.now(UTC), now or (lambda: 0.0))


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        (COMMON, visit(user_agent="")),
        (COMMON, visit(query="file=..%2F..%2Fetc%2Fpasswd")),
        (COMMON, visit(path="/../../etc/passwd")),
        (COMMON, visit(query="q=" + "a" * 2050)),
        (COMMON, visit(body=b"a" * 8193)),
        (COMMON, visit(query="u=http://169.254.169.254/latest/meta-data")),
        (COMMON, visit(query="q=%3Cscript%3Ealert(1)")),
        (COMMON, visit(path="/app.log")),
        (BAD, visit(x_api_version="${jndi:ldap://x/a}")),
        (BAD, visit(method="PROPFIND")),
        (BAD, visit(path="/WEB-INF/web.xml")),
    ],
)
def test_a_managed_group_refuses_what_its_descriptions_name(tmp_path: Path, name: str, asked: Visit) -> None:
    assert wall(tmp_path, group(name)).refuses(ARN, asked) == "acl/r0"
    assert wall(tmp_path, group(name, "Count")).refuses(ARN, asked) is None
    assert wall(tmp_path, group("AWSManagedRulesLinuxRuleSet")).refuses(ARN, asked) is None


def test_orders_pass_and_an_excluded_rule_of_a_group_refuses_nothing(tmp_path: Path) -> None:
    assert wall(tmp_path, group(COMMON), group(BAD)).refuses(ARN, visit("/orders", "id=1")) is None
    excluded = group(COMMON, ExcludedRules=[{"Name": "NoUserAgent_HEADER"}])
    assert wall(tmp_path, excluded).refuses(ARN, visit(user_agent="")) is None


def test_statements_look_into_requests_and_a_rate_is_of_one_address_or_of_all(tmp_path: Path) -> None:
    admin = {
        "ByteMatchStatement": {
            "FieldToMatch": {"UriPath": {}},
            "SearchString": "L2FkbWlu",
            "PositionalConstraint": "STARTS_WITH",
            "TextTransformations": [{"Priority": 0, "Type": "LOWERCASE"}],
        }
    }
    assert wall(tmp_path, block(admin)).refuses(ARN, visit("/Admin/users")) == "acl/r0"
    assert wall(tmp_path, block(admin)).refuses(ARN, visit("/orders")) is None
    large = {
        "SizeConstraintStatement": {"FieldToMatch": {"Body": {}}, "ComparisonOperator": "GT", "Size": 10}
    }
    assert wall(tmp_path, block(large)).refuses(ARN, visit(body=b"a" * 11)) == "acl/r0"
    rate: dict[str, Any] = {"Limit": 10, "EvaluationWindowSec": 60, "AggregateKeyType": "IP"}
    scoped = {**rate, "ScopeDownStatement": admin}
    moment = [0.0]
    counting = wall(tmp_path, block({"RateBasedStatement": scoped}), now=lambda: moment[0])
    assert [counting.refuses(ARN, visit("/orders")) for _ in range(20)] == [None] * 20
    assert [counting.refuses(ARN, visit("/admin")) for _ in range(11)] == [None] * 10 + ["acl/r0"]
    moment[0] = 61
    assert counting.refuses(ARN, visit("/admin")) is None


def test_other_gateways_and_orgs_go_free(tmp_path: Path) -> None:
    shut = wall(tmp_path, block({"Addresses": ["0.0.0.0/0"]}))
    assert shut.refuses(ARN, visit()) == "acl/r0"
    assert shut.refuses(gateways.arn_of("emea"), visit()) is None
    assert shut.blocks(visit()) is None, "its tag alone puts it before an org"


@pytest.fixture
def waf(miniature: RunningEstate) -> Iterator[Any]:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "eu-central-1"}
    endpoint = miniature.state["aws_endpoint"]
    yield boto3.client("wafv2", endpoint_url=endpoint, config=Config(proxies={}), **keys)


def refused(call: Any, **asked: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**asked)
    return str(error.value.response["Error"]["Code"])


def test_a_gateway_answers_by_the_acl_before_it_and_what_is_in_use_stays(
    miniature: RunningEstate, waf: Any
) -> None:
    def status() -> int:
        with miniature.session() as session:
            return session.get(f"https://{gateways.host_of('hq')}/orders", timeout=10).status_code

    ips = waf.create_ip_set(Name="others", IPAddressVersion="IPV4", Addresses=["192.0.2.0/24"], **SCOPE)[
        "Summary"
    ]
    assert refused(waf.create_ip_set, Name="others", IPAddressVersion="IPV4", Addresses=[], **SCOPE) == (
        "WAFDuplicateItemException"
    )
    outside = {"NotStatement": {"Statement": {"IPSetReferenceStatement": {"ARN": ips["ARN"]}}}}
    rule = {"Name": "outside", "Priority": 0, **block(outside), "VisibilityConfig": SEEN}
    made = {"DefaultAction": {"Allow": {}}, "VisibilityConfig": SEEN, **SCOPE}
    one = waf.create_web_acl(Name="one", Rules=[rule], **made)["Summary"]
    two = waf.create_web_acl(Name="two", Rules=[], **made)["Summary"]
    assert status() == 200
    waf.associate_web_acl(WebACLArn=one["ARN"], ResourceArn=ARN)
    assert status() == 403
    first = {"Name": "one", "Id": one["Id"], "LockToken": one["LockToken"]}
    assert refused(waf.delete_web_acl, **first, **SCOPE) == "WAFAssociatedItemException"
    drop = {"Name": "others", "Id": ips["Id"], "LockToken": ips["LockToken"]}
    assert refused(waf.delete_ip_set, **drop, **SCOPE) == "WAFAssociatedItemException"
    waf.associate_web_acl(WebACLArn=two["ARN"], ResourceArn=ARN)
    assert status() == 200, "a gateway has one web ACL"
    token = waf.update_web_acl(**first, Rules=[], **made)["NextLockToken"]
    assert waf.get_web_acl(Name="one", Id=one["Id"], **SCOPE)["WebACL"]["Rules"] == []
    waf.disassociate_web_acl(ResourceArn=ARN)
    waf.delete_web_acl(Name="one", Id=one["Id"], LockToken=token, **SCOPE)
    waf.delete_web_acl(Name="two", Id=two["Id"], LockToken=two["LockToken"], **SCOPE)
    waf.delete_ip_set(**drop, **SCOPE)
