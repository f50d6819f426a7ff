"""WAFv2 of one account and region: web ACLs, their address sets, associations and logs; and what Shield Advanced protects."""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tasks.aws.cloud import Cloud, cloud_error, error_code
from tasks.errors import CloudError

RESOURCE_TYPES = (
    "APPLICATION_LOAD_BALANCER",
    "API_GATEWAY",
    "APPSYNC",
    "COGNITO_USER_POOL",
    "APP_RUNNER_SERVICE",
    "VERIFIED_ACCESS_INSTANCE",
)
OF_ADDRESSES = "ip-set:"
"""How a rule names an address set here, instead of an ARN that is another one when the set is made anew."""
ABSENT = "WAFNonexistentItemException"
_SCOPE = {"Scope": "REGIONAL"}
_SAID_ANEW = frozenset({"Name", "Id", "Scope", "LockToken", "DefaultAction", "Rules"})
"""What each update of a web ACL says by itself."""
FIVE_MINUTES = 300
"""AWS's own evaluation window where a rate rule names none (API reference, RateBasedStatement)."""
Rule = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class IpSet:
    """`token` is the lock of this very state: an update that names an older one is refused."""

    name: str
    id: str
    arn: str
    token: str
    version: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WebAclState:
    """`rules` in the order in which they are judged, address sets by name, and nothing in them that JSON cannot say."""

    name: str
    id: str
    arn: str
    token: str
    default: str
    """`allow` or `block`."""
    default_with: Mapping[str, Any]
    """What goes with the default: `CustomResponse` or `CustomRequestHandling` as AWS says them."""
    rules: tuple[Rule, ...]
    said_again: Mapping[str, Any]


class Firewall:
    """
    Reads and writes of wafv2. All raise CloudError, whose `code` is AWS's own.

    Rights for reading: wafv2:List*, wafv2:Get*. For writing: wafv2:CreateIPSet, UpdateIPSet, DeleteIPSet, CreateWebACL,
    UpdateWebACL, DeleteWebACL, AssociateWebACL, DisassociateWebACL, PutLoggingConfiguration, DeleteLoggingConfiguration,
    elasticloadbalancing:SetWebAcl or apigateway:SetWebACL for what the ACL stands before, and for logs
    logs:CreateLogDelivery, logs:DeleteLogDelivery, logs:PutResourcePolicy, logs:DescribeResourcePolicies,
    logs:DescribeLogGroups.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._waf = cloud.client("wafv2")

    def now(self) -> datetime:
        """AWS's own time, by the date of an answer."""
        answer = self._ask("read web ACLs", lambda: self._waf.list_web_acls(**_SCOPE, Limit=1))
        return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])

    def ip_sets(self, names: Iterable[str] | None = None) -> dict[str, IpSet]:
        """Those that are there, by name; all where none are named."""
        wanted = None if names is None else set(names)
        found = {}
        for item in self._listed("read address sets", self._waf.list_ip_sets, "IPSets"):
            if wanted is None or item["Name"] in wanted:
                answer = self._get(self._waf.get_ip_set, "IPSet", item)
                if answer is None:
                    continue
                body, token = answer
                found[item["Name"]] = IpSet(
                    name=item["Name"],
                    id=item["Id"],
                    arn=item["ARN"],
                    token=token,
                    version=body["IPAddressVersion"],
                    addresses=tuple(sorted(body["Addresses"])),
                )
        return found

    def web_acls(self, names: Iterable[str] | None = None) -> dict[str, WebAclState]:
        """Those that are there, by name; all where none are named."""
        wanted = None if names is None else set(names)
        sets: dict[str, str] | None = None
        found = {}
        for item in self._listed("read web ACLs", self._waf.list_web_acls, "WebACLs"):
            if wanted is not None and item["Name"] not in wanted:
                continue
            answer = self._get(self._waf.get_web_acl, "WebACL", item)
            if answer is None:
                continue
            body, token = answer
            if sets is None:
                listed = self._listed("read address sets", self._waf.list_ip_sets, "IPSets")
                sets = {each["ARN"]: f"{OF_ADDRESSES}{each['Name']}" for each in listed}
            ((default, settings),) = body["DefaultAction"].items()
            rules = sorted(body.get("Rules") or (), key=lambda rule: int(rule["Priority"]))
            found[item["Name"]] = WebAclState(
                name=item["Name"],
                id=item["Id"],
                arn=item["ARN"],
                token=token,
                default=default.lower(),
                default_with={key: value for key, value in (settings or {}).items() if value},
                rules=tuple(_said(rule, sets) for rule in rules),
                said_again=said_again(self._waf, body),
            )
        return found

    def stands_before(self, arn: str) -> tuple[str, ...]:
        """
        What a web ACL protects. Each type of resource has to be asked for: without one AWS lists load balancers only.
        """
        found: list[str] = []
        for kind in RESOURCE_TYPES:
            asked = {"WebACLArn": arn, "ResourceType": kind}
            call = partial(self._waf.list_resources_for_web_acl, **asked)
            found += self._ask("read what web ACLs protect", call).get("ResourceArns", ())
        return tuple(found)

    def before(self, resource: str) -> str | None:
        """The name of the web ACL that stands before a resource."""
        answer = self._ask(
            "read which web ACL protects a gateway",
            lambda: self._waf.get_web_acl_for_resource(ResourceArn=resource),
            absent={},
        )
        found = answer.get("WebACL")
        return str(found["Name"]) if found else None

    def logging(self, arn: str) -> dict[str, Any] | None:
        """`LogDestinationConfigs`, `RedactedFields`, `LoggingFilter` of a web ACL, as AWS says them; None where it logs nothing."""
        answer = self._ask(
            "read how a web ACL logs",
            lambda: self._waf.get_logging_configuration(ResourceArn=arn),
            absent={},
        ).get("LoggingConfiguration")
        if not answer:
            return None
        kept = ("LogDestinationConfigs", "RedactedFields", "LoggingFilter")
        return {name: answer[name] for name in kept if answer.get(name)}

    # Writes --------------------------------------------------------------------------------------------

    def make_ip_set(self, name: str, version: str, addresses: list[str]) -> None:
        self._write(
            "make an address set",
            lambda: self._waf.create_ip_set(
                Name=name, IPAddressVersion=version, Addresses=addresses, **_SCOPE
            ),
        )

    def set_addresses(self, held: IpSet, addresses: list[str]) -> None:
        self._write(
            "change an address set",
            lambda: self._waf.update_ip_set(
                Name=held.name, Id=held.id, LockToken=held.token, Addresses=addresses, **_SCOPE
            ),
        )

    def drop_ip_set(self, held: IpSet) -> None:
        self._write(
            "remove an address set",
            lambda: self._waf.delete_ip_set(Name=held.name, Id=held.id, LockToken=held.token, **_SCOPE),
        )

    def make_web_acl(
        self, name: str, default: str, rules: list[Rule], default_with: Mapping[str, Any] | None = None
    ) -> None:
        whole = {
            "Name": name,
            "VisibilityConfig": visibility(name),
            "DefaultAction": {default.capitalize(): dict(default_with or {})},
            "Rules": self._sent(rules),
            **_SCOPE,
        }
        self._write("make a web ACL", lambda: self._waf.create_web_acl(**whole))

    def set_rules(
        self,
        held: WebAclState,
        default: str,
        rules: list[Rule],
        default_with: Mapping[str, Any] | None = None,
    ) -> None:
        """All else of the ACL stays as it was read."""
        whole = {
            **held.said_again,
            "Name": held.name,
            "Id": held.id,
            "LockToken": held.token,
            "DefaultAction": {default.capitalize(): dict(default_with or {})},
            "Rules": self._sent(rules),
            **_SCOPE,
        }
        self._write("change a web ACL", lambda: self._waf.update_web_acl(**whole))

    def drop_web_acl(self, held: WebAclState) -> None:
        self._write(
            "remove a web ACL",
            lambda: self._waf.delete_web_acl(Name=held.name, Id=held.id, LockToken=held.token, **_SCOPE),
        )

    def put_before(self, resource: str, arn: str) -> None:
        """A resource has one web ACL; another one that stood before it no longer does."""
        self._write(
            "put a web ACL before a gateway",
            lambda: self._waf.associate_web_acl(WebACLArn=arn, ResourceArn=resource),
        )

    def take_from(self, resource: str) -> None:
        self._write(
            "take a web ACL from a gateway",
            lambda: self._waf.disassociate_web_acl(ResourceArn=resource),
        )

    def log_to(self, arn: str, configuration: Mapping[str, Any]) -> None:
        whole = {"ResourceArn": arn, **configuration}
        self._write(
            "make a web ACL log",
            lambda: self._waf.put_logging_configuration(LoggingConfiguration=whole),
        )

    def log_no_more(self, arn: str) -> None:
        self._write(
            "end the log of a web ACL", lambda: self._waf.delete_logging_configuration(ResourceArn=arn)
        )

    # The wire ------------------------------------------------------------------------------------------

    def _sent(self, rules: list[Rule]) -> list[Rule]:
        """Raises CloudError where a rule names an address set that is not there."""
        listed = self._listed("read address sets", self._waf.list_ip_sets, "IPSets")
        arns = {f"{OF_ADDRESSES}{each['Name']}": str(each["ARN"]) for each in listed}
        return [_meant(rule, arns) for rule in rules]

    def _listed(self, what: str, call: Callable[..., Any], key: str) -> Iterator[dict[str, Any]]:
        marker: dict[str, str] = {}
        while True:
            page = self._ask(what, partial(call, **_SCOPE, **marker))
            yield from page[key]
            if not page.get("NextMarker"):
                return
            marker = {"NextMarker": page["NextMarker"]}

    def _get(
        self, call: Callable[..., Any], key: str, item: Mapping[str, Any]
    ) -> tuple[dict[str, Any], str] | None:
        """Content and lock; None where it was removed since it was listed."""
        answer = self._ask(
            "read web ACLs", lambda: call(Name=item["Name"], Id=item["Id"], **_SCOPE), absent=None
        )
        return None if answer is None else (answer[key], answer["LockToken"])

    def _ask(self, what: str, call: Callable[[], Any], **absent: Any) -> Any:
        try:
            return call()
        except ClientError as error:
            if absent and error_code(error) == ABSENT:
                return absent["absent"]
            raise cloud_error(what, error) from None
        except BotoCoreError as error:
            raise cloud_error(what, error) from None

    def _write(self, what: str, call: Callable[[], Any]) -> None:
        try:
            call()
        except (BotoCoreError, ClientError) as error:
            raise cloud_error(what, error) from None


def said_again(waf: Any, body: Mapping[str, Any]) -> dict[str, Any]:
    """
    What an update of a web ACL must say again, or AWS takes it away (API reference, UpdateWebACL): all that the operation
    takes, by the client's own model of it. What the client does not know it neither reads nor sends.
    """
    takes = waf.meta.service_model.operation_model("UpdateWebACL").input_shape.members
    return {name: body[name] for name in takes if name not in _SAID_ANEW and body.get(name)}


def visibility(name: str) -> dict[str, Any]:
    """Metrics and samples under a name of its own."""
    return {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}


def _said(value: Any, sets: Mapping[str, str]) -> Any:
    """A rule as AWS gives it, without what it leaves empty."""
    if isinstance(value, dict):
        return {name: _said(inner, sets) for name, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_said(inner, sets) for inner in value]
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    return sets.get(value, value) if isinstance(value, str) else value


def _meant(value: Any, arns: Mapping[str, str]) -> Any:
    """The inverse of `_said`."""
    if isinstance(value, dict):
        if value.keys() == {"base64"}:
            return base64.b64decode(value["base64"])
        return {name: _meant(inner, arns) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_meant(inner, arns) for inner in value]
    if isinstance(value, str) and value.startswith(OF_ADDRESSES):
        if value not in arns:
            raise CloudError(
                f"A rule names the address set {value[len(OF_ADDRESSES) :]}, which is not there.", ABSENT
            )
        return arns[value]
    return value


@dataclass(frozen=True, kw_only=True)
class WebAclSummary:
    """
    `blocking_rate_limit` is the lowest limit (requests per five minutes) among rate rules that block. `rules` as in
    WebAclState; `address_sets` maps the names that they use to what the sets hold.
    """

    name: str
    resources: tuple[str, ...]
    blocking_rate_limit: int | None
    default: str
    default_with: Mapping[str, Any]
    rules: tuple[Rule, ...]
    address_sets: Mapping[str, tuple[str, ...]]
    log_destinations: tuple[str, ...]

    @property
    def associated(self) -> bool:
        return bool(self.resources)


def list_web_acls(cloud: Cloud) -> tuple[WebAclSummary, ...]:
    """All regional web ACLs. Raises CloudError."""
    firewall = Firewall(cloud)
    held = {name: each.addresses for name, each in firewall.ip_sets().items()}
    return tuple(
        WebAclSummary(
            name=name,
            resources=firewall.stands_before(acl.arn),
            blocking_rate_limit=blocking_rate(acl.rules),
            default=acl.default,
            default_with=acl.default_with,
            rules=acl.rules,
            address_sets={each: held[each] for each in sorted(_sets_of(acl.rules)) if each in held},
            log_destinations=tuple((firewall.logging(acl.arn) or {}).get("LogDestinationConfigs", ())),
        )
        for name, acl in firewall.web_acls().items()
    )


def blocking_rate(rules: Iterable[Rule]) -> int | None:
    """
    The lowest limit of a rate rule that blocks whoever passes it, brought to five minutes.

    One that leaves some requests without a limit does not count: it looks at a part of them only (a scope-down statement),
    or counts by something else than the address that AWS sees, which a client may choose.
    """
    limits = []
    for rule in rules:
        rate = rule.get("Statement", {}).get("RateBasedStatement")
        by_address = bool(rate) and rate.get("AggregateKeyType") == "IP"
        if by_address and "Block" in rule.get("Action", {}) and not rate.get("ScopeDownStatement"):
            window = int(rate.get("EvaluationWindowSec") or FIVE_MINUTES)
            limits.append(-(-int(rate["Limit"]) * FIVE_MINUTES // window))
    return min(limits, default=None)


def _sets_of(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        return {name for inner in value.values() for name in _sets_of(inner)}
    if isinstance(value, list | tuple):
        return {name for inner in value for name in _sets_of(inner)}
    named = isinstance(value, str) and value.startswith(OF_ADDRESSES)
    return {value[len(OF_ADDRESSES) :]} if named else set()


@dataclass(frozen=True, kw_only=True)
class ShieldSummary:
    """Whether the account subscribes to Shield Advanced, and the ARNs that it protects."""

    subscribed: bool
    protected: tuple[str, ...] = ()


def read_shield(cloud: Cloud) -> ShieldSummary:
    """
    Rights: shield:DescribeSubscription, shield:ListProtections. Raises CloudError.

    Shield is a global service that answers in us-east-1 alone (AWS general reference, Shield Advanced endpoints).
    """
    shield = cloud.client("shield", region="us-east-1")
    try:
        shield.describe_subscription()
        pages = shield.get_paginator("list_protections").paginate()
        found = tuple(each["ResourceArn"] for page in pages for each in page["Protections"])
    except ClientError as error:
        if error_code(error) == "ResourceNotFoundException":
            return ShieldSummary(subscribed=False)
        raise cloud_error("read what Shield Advanced protects", error) from None
    except BotoCoreError as error:
        raise cloud_error("read what Shield Advanced protects", error) from None
    return ShieldSummary(subscribed=True, protected=found)
