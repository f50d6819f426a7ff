"""Web ACLs on the estate's proxies: which connections they turn away."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config

from deployments.sandbox.firewall import Firewall, Visit
from tests.running import RunningEstate

HQ = "https://meridian-hq.my.salesforce.com"
UAT = "https://meridian-hq--uat.sandbox.my.salesforce.com"
SEEN = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
OFFICE = Visit("203.0.113.10", "meridian-hq.my.salesforce.com", "hq")
STRANGER = Visit("198.18.66.6", "meridian-hq.my.salesforce.com", "hq")


def firewall(path: Path, *rules: dict[str, Any], default: str = "Allow", now: Any = None) -> Firewall:
    numbered = [{"Name": f"r{n}", "Priority": n, **rule} for n, rule in enumerate(rules)]
    acl = {"name": "acl", "orgs": ["hq"], "default": default, "rules": numbered}
    (path / "f.json").write_text(json.dumps({"acls": [acl]}))
    return Firewall(path / "f.json", path / "samples", lambda: datetime.now(UTC), now or (lambda: 0.0))


def block(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Action": {"Block": {}}, "Statement": statement}


NOT_OFFICE = {"NotStatement": {"Statement": {"Addresses": ["203.0.113.0/24"]}}}


def test_rules_are_judged_by_priority_and_orgs_they_do_not_name_go_free(tmp_path: Path) -> None:
    wall = firewall(
        tmp_path, {"Action": {"Allow": {}}, "Statement": {"Addresses": ["198.18.66.6/32"]}}, block(NOT_OFFICE)
    )
    assert [wall.blocks(OFFICE), wall.blocks(STRANGER)] == [None, None]
    other = Visit("198.18.66.7", "meridian-hq.my.salesforce.com", "hq")
    assert wall.blocks(other) == "acl/r1"
    assert wall.blocks(Visit("198.18.66.7", "elsewhere", "emea")) is None
    assert firewall(tmp_path, default="Block").blocks(OFFICE) == "acl/default"
    counted = {"Action": {"Count": {}}, "Statement": {"Addresses": ["0.0.0.0/0"]}}
    assert firewall(tmp_path, counted).blocks(OFFICE) is None


def test_a_rate_is_counted_for_each_address_and_forgotten_after_the_window(tmp_path: Path) -> None:
    moment = [0.0]
    rate = {"RateBasedStatement": {"Limit": 10, "EvaluationWindowSec": 60, "AggregateKeyType": "IP"}}
    wall = firewall(tmp_path, block(rate), now=lambda: moment[0])

    assert [wall.blocks(STRANGER) for _ in range(12)] == [None] * 10 + ["acl/r0"] * 2
    assert wall.blocks(OFFICE) is None
    moment[0] = 61.0
    assert wall.blocks(STRANGER) is None


@pytest.fixture
def acl(miniature: RunningEstate) -> Iterator[Any]:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "eu-central-1"}
    waf = boto3.client(
        "wafv2", endpoint_url=miniature.state["aws_endpoint"], config=Config(proxies={}), **keys
    )
    scope = {"Scope": "REGIONAL"}
    ips = waf.create_ip_set(
        Name="office", IPAddressVersion="IPV4", Addresses=["203.0.113.0/24", "198.51.100.7/32"], **scope
    )
    outside = {"NotStatement": {"Statement": {"IPSetReferenceStatement": {"ARN": ips["Summary"]["ARN"]}}}}
    rule = {"Name": "outside", "Priority": 0, **block(outside), "VisibilityConfig": SEEN}
    made = waf.create_web_acl(
        Name="gate", DefaultAction={"Allow": {}}, Rules=[rule], VisibilityConfig=SEEN, **scope
    )["Summary"]
    yield waf, made["ARN"]
    waf.delete_web_acl(Name="gate", Id=made["Id"], LockToken=made["LockToken"], **scope)
    waf.delete_ip_set(Name="office", Id=ips["Summary"]["Id"], LockToken=ips["Summary"]["LockToken"], **scope)


def test_a_tagged_acl_acts_on_the_proxies_at_once(miniature: RunningEstate, acl: Any) -> None:
    waf, arn = acl

    def reach(proxy: str, host: str = HQ) -> bool:
        with miniature.session() as session:
            session.proxies = {"https": proxy}
            try:
                return session.get(f"{host}/services/data", timeout=10).status_code == 200
            except requests.exceptions.ProxyError as error:
                assert "403" in str(error)
                return False

    state, anywhere = miniature.state, miniature.state["proxy"].replace("://", "://ip-192-0-2-9:x@")
    known = miniature.env["any_proxy"]
    assert [reach(state["attacker_proxy"]), reach(anywhere)] == [True, True]

    waf.tag_resource(ResourceARN=arn, Tags=[{"Key": "estate-proxies", "Value": "hq"}])

    assert [reach(state["attacker_proxy"]), reach(anywhere)] == [False, False]
    assert [reach(state["proxy"]), reach(state["vpn_proxy"]), reach(known)] == [True, True, True]
    assert reach(state["attacker_proxy"], UAT)

    now = datetime.now(UTC)
    asked = {"WebAclArn": arn, "RuleMetricName": "m", "Scope": "REGIONAL", "MaxItems": 100}
    window = {"StartTime": now - timedelta(hours=1), "EndTime": now + timedelta(hours=1)}
    sampled = waf.get_sampled_requests(**asked, TimeWindow=window)
    assert [one["Request"]["ClientIP"] for one in sampled["SampledRequests"]] == ["198.18.66.6", "192.0.2.9"]
    assert {one["Action"] for one in sampled["SampledRequests"]} == {"BLOCK"}

    waf.untag_resource(ResourceARN=arn, TagKeys=["estate-proxies"])
    assert reach(state["attacker_proxy"])


def test_the_capacity_of_rules_is_added_up(miniature: RunningEstate, acl: Any) -> None:
    rate = {"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP"}}
    one = {"Name": "r", "Priority": 0, **block(rate), "VisibilityConfig": SEEN}

    assert acl[0].check_capacity(Scope="REGIONAL", Rules=[one])["Capacity"] == 2


def test_samples_do_not_grow_without_end(tmp_path: Path) -> None:
    wall = firewall(tmp_path)
    for _ in range(5_000):
        wall.blocks(OFFICE)

    assert 50_000 < (tmp_path / "samples").stat().st_size < 400_000


def test_the_orgs_see_the_address_a_client_chose(miniature: RunningEstate) -> None:
    token = miniature.token("hq", "admin@hq.example")
    miniature.reset_wire()
    with miniature.session() as session:
        for proxy in (miniature.state["vpn_proxy"], miniature.env["any_proxy"]):
            session.proxies = {"https": proxy}
            session.get(f"{HQ}/services/data/v62.0/limits", headers={"Authorization": f"Bearer {token}"})

    assert [row["source_ip"] for row in miniature.wire()] == ["203.0.113.20", "198.51.100.7"]
