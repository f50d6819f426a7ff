"""Web ACLs: those that the estate's proxies enforce, and the operations on them that moto 5.2 does not offer."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

ACCOUNT = "123456789012"
TAG = "estate-proxies"
"""A web ACL with this tag acts on connections through the proxies: value `all`, or aliases with spaces between."""
_SERVICES = {
    "APPLICATION_LOAD_BALANCER": "elasticloadbalancing",
    "API_GATEWAY": "apigateway",
    "APPSYNC": "appsync",
    "COGNITO_USER_POOL": "cognito-idp",
    "APP_RUNNER_SERVICE": "apprunner",
    "VERIFIED_ACCESS_INSTANCE": "ec2",
}
_CAPACITY = {
    "IPSetReferenceStatement": 1,
    "GeoMatchStatement": 1,
    "RateBasedStatement": 2,
    "ByteMatchStatement": 10,
    "SizeConstraintStatement": 1,
    "ManagedRuleGroupStatement": 700,
}
_KEPT = ("Name", "Priority", "Action", "OverrideAction", "Statement")


def enforced() -> list[dict[str, Any]]:
    """
    `{"name", "orgs", "before", "default", "rules"}` each: what it acts on by its tag, and the ARNs it stands before. References
    to IP sets are replaced by their addresses.
    """
    from moto.wafv2.models import wafv2_backends

    found = []
    for backend in wafv2_backends[ACCOUNT].values():
        for acl in backend.wacls.values():
            tags = {
                tag["Key"]: tag["Value"]
                for tag in backend.tagging_service.list_tags_for_resource(acl.arn)["Tags"]
            }
            if TAG in tags or acl.associated_resources:
                found.append(
                    {
                        "name": acl.name,
                        "orgs": tags.get(TAG, "").split(),
                        "before": list(acl.associated_resources),
                        "default": next(iter(acl.default_action), "Allow"),
                        "rules": [_rule(backend, rule.to_dict()) for rule in acl.rules],
                    }
                )
    return found


def _rule(backend: Any, rule: dict[str, Any]) -> dict[str, Any]:
    kept = {name: rule[name] for name in _KEPT if rule.get(name) is not None}
    return kept | {"Statement": _resolved(backend, kept.get("Statement", {}))}


def _resolved(backend: Any, statement: Any) -> Any:
    if isinstance(statement, list):
        return [_resolved(backend, inner) for inner in statement]
    if not isinstance(statement, dict):
        return statement
    if "IPSetReferenceStatement" in statement:
        arn = statement["IPSetReferenceStatement"]["ARN"]
        kept = backend.ip_sets.get(arn)
        return {"Addresses": list(kept.addresses) if kept else []}
    return {name: _resolved(backend, inner) for name, inner in statement.items()}


def add_operations(samples: Path) -> None:
    """Teaches moto's WAFv2 what it lacks; `samples` is where the proxies write down what they judged."""
    from moto.wafv2.responses import WAFV2Response

    operations: dict[str, Callable[[Any, dict[str, Any]], dict[str, Any]]] = {
        "list_resources_for_web_acl": _resources,
        "check_capacity": _capacity,
        "get_sampled_requests": lambda backend, asked: _sampled(backend, asked, samples),
    }
    for name, work in operations.items():
        if not hasattr(WAFV2Response, name):
            setattr(WAFV2Response, name, _operation(work))


def repair_firewall() -> None:
    """
    What AWS does and moto 5.2 does not: an update without rules leaves none, a resource has one web ACL, what is in use is not
    removed, and a name is given once.
    """
    from moto.wafv2.models import WAFV2Backend

    associate, create_set = WAFV2Backend.associate_web_acl, WAFV2Backend.create_ip_set
    drop_acl, drop_set = WAFV2Backend.delete_web_acl, WAFV2Backend.delete_ip_set
    update = WAFV2Backend.update_web_acl

    def associated(self: Any, web_acl_arn: str, resource_arn: str) -> None:
        if web_acl_arn in self.wacls:
            self.disassociate_web_acl(resource_arn)
        associate(self, web_acl_arn, resource_arn)

    def updated(self: Any, name: str, _id: str, *given: Any, **named: Any) -> str:
        token = update(self, name, _id, *given, **named)
        if (named.get("rules") if "rules" in named else given[1]) == []:
            self.get_web_acl(None, name, _id).rules = []
        return token

    def made_set(self: Any, name: str, scope: str, *given: Any, **named: Any) -> Any:
        if any(held.name == name and held.scope == scope for held in self.ip_sets.values()):
            raise _refusal("WAFDuplicateItemException", "some resource in your request is a duplicate")
        return create_set(self, name, scope, *given, **named)

    def dropped_acl(self: Any, name: str, scope: str, _id: str, lock_token: str) -> None:
        if self.get_web_acl(None, name, _id).associated_resources:
            raise _refusal("WAFAssociatedItemException", "your resource is in use")
        drop_acl(self, name, scope, _id, lock_token)

    def dropped_set(self: Any, name: str, scope: str, _id: str, lock_token: str) -> None:
        arn = self.get_ip_set(name, scope, _id).arn
        if any(arn in json.dumps(rule.statement) for acl in self.wacls.values() for rule in acl.rules):
            raise _refusal("WAFAssociatedItemException", "your resource is in use")
        drop_set(self, name, scope, _id, lock_token)

    WAFV2Backend.associate_web_acl = associated  # type: ignore[method-assign]  # see above
    WAFV2Backend.update_web_acl = updated  # type: ignore[method-assign]  # see above
    WAFV2Backend.create_ip_set = made_set  # type: ignore[method-assign]  # see above
    WAFV2Backend.delete_web_acl = dropped_acl  # type: ignore[method-assign]  # see above
    WAFV2Backend.delete_ip_set = dropped_set  # type: ignore[method-assign]  # see above


def _refusal(code: str, why: str) -> Exception:
    from moto.core.exceptions import JsonRESTError

    return JsonRESTError(code, f"AWS WAF could not perform the operation because {why}.")


def _operation(work: Callable[[Any, dict[str, Any]], dict[str, Any]]) -> Callable[[Any], Any]:
    def answer(self: Any) -> tuple[int, dict[str, str], str]:
        found = work(self.wafv2_backend, json.loads(self.body))
        return 200, {"Content-Type": "application/json"}, json.dumps(found)

    return answer


def _resources(backend: Any, asked: dict[str, Any]) -> dict[str, Any]:
    acl = backend.wacls.get(asked["WebACLArn"])
    service = _SERVICES[asked.get("ResourceType", "APPLICATION_LOAD_BALANCER")]
    found = [arn for arn in acl.associated_resources if arn.split(":")[2] == service] if acl else []
    return {"ResourceArns": found}


def _capacity(_: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """By the table of the developer guide for the statements an estate has; nested ones add up."""

    def units(statement: Any) -> int:
        if isinstance(statement, list):
            return sum(map(units, statement))
        if not isinstance(statement, dict):
            return 0
        return sum(_CAPACITY.get(name, 0) + units(inner) for name, inner in statement.items())

    return {"Capacity": sum(units(rule["Statement"]) for rule in asked["Rules"])}


def _sampled(backend: Any, asked: dict[str, Any], samples: Path) -> dict[str, Any]:
    """What the proxies judged by one rule, named by its metric; a CONNECT has no path and no headers but Host."""
    acl = backend.wacls.get(asked["WebAclArn"])
    rules = {rule.visibility_config.get("MetricName"): rule.name for rule in acl.rules} if acl else {}
    window = asked["TimeWindow"]
    found = []
    for line in samples.read_text().splitlines() if acl and samples.exists() else []:
        one = json.loads(line)
        if one["acl"] != acl.name or one["rule"] != rules.get(asked["RuleMetricName"], "default"):
            continue
        if float(window["StartTime"]) <= one["at"] <= float(window["EndTime"]):
            found.append(_sample(one))
    kept = found[-int(asked["MaxItems"]) :]
    return {"SampledRequests": kept, "PopulationSize": len(found), "TimeWindow": window}


def _sample(one: dict[str, Any]) -> dict[str, Any]:
    request = {
        "ClientIP": one["source_ip"],
        "Country": "-",
        "URI": "/",
        "Method": "CONNECT",
        "HTTPVersion": "HTTP/1.1",
        "Headers": [{"Name": "Host", "Value": one["host"]}],
    }
    return {"Request": request, "Weight": 1, "Timestamp": one["at"], "Action": one["action"]}
