"""The web ACLs that the estate's proxies enforce, read out of the AWS server."""

from typing import Any

from deployments.sandbox.aws_repairs import ACCOUNT

TAG = "estate-proxies"
"""A web ACL with this tag acts on connections through the proxies: value `all`, or aliases with spaces between."""
_KEPT = ("Name", "Priority", "Action", "Statement")


def enforced() -> list[dict[str, Any]]:
    """`{"name", "orgs", "default", "rules"}` each; references to IP sets are replaced by their addresses."""
    from moto.wafv2.models import wafv2_backends

    found = []
    for backend in wafv2_backends[ACCOUNT].values():
        for acl in backend.wacls.values():
            tags = {
                tag["Key"]: tag["Value"]
                for tag in backend.tagging_service.list_tags_for_resource(acl.arn)["Tags"]
            }
            if TAG in tags:
                found.append(
                    {
                        "name": acl.name,
                        "orgs": tags[TAG].split(),
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
