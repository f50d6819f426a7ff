"""WAFv2 web ACLs, read."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tasks.aws.cloud import Cloud, cloud_error

RESOURCE_TYPES = (
    "APPLICATION_LOAD_BALANCER",
    "API_GATEWAY",
    "APPSYNC",
    "COGNITO_USER_POOL",
    "APP_RUNNER_SERVICE",
    "VERIFIED_ACCESS_INSTANCE",
)


@dataclass(frozen=True, kw_only=True)
class WebAclSummary:
    """`blocking_rate_limit` is the lowest limit (requests per five minutes) among rate rules that block."""

    name: str
    associated: bool
    blocking_rate_limit: int | None


def list_web_acls(cloud: Cloud) -> tuple[WebAclSummary, ...]:
    """All regional web ACLs."""
    waf = cloud.client("wafv2")
    found = []
    try:
        marker: dict[str, str] = {}
        while True:
            page = waf.list_web_acls(Scope="REGIONAL", **marker)
            for item in page["WebACLs"]:
                acl = waf.get_web_acl(Name=item["Name"], Id=item["Id"], Scope="REGIONAL")["WebACL"]
                limits = [
                    int(rule["Statement"]["RateBasedStatement"]["Limit"])
                    for rule in acl.get("Rules", [])
                    if "RateBasedStatement" in rule.get("Statement", {}) and "Block" in rule.get("Action", {})
                ]
                found.append(
                    WebAclSummary(
                        name=item["Name"],
                        associated=_protects_something(waf, item["ARN"]),
                        blocking_rate_limit=min(limits, default=None),
                    )
                )
            if not page.get("NextMarker"):
                return tuple(found)
            marker = {"NextMarker": page["NextMarker"]}
    except (BotoCoreError, ClientError) as error:
        raise cloud_error("read web ACLs", error) from None


def _protects_something(waf: Any, arn: str) -> bool:
    """Each type of resource has to be asked for: without one AWS lists load balancers only."""
    return any(
        waf.list_resources_for_web_acl(WebACLArn=arn, ResourceType=kind).get("ResourceArns")
        for kind in RESOURCE_TYPES
    )
