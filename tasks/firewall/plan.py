"""What web ACLs need so that they do what policy says, and who is refused from then on."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from pydantic import JsonValue

from tasks.estate.model import Network, OrgEntry
from tasks.estate.policy import Policy
from tasks.firewall.drift import shortfalls
from tasks.firewall.model import FirewallState, Rule
from tasks.network.addresses import integrations
from tasks.network.model import WebAcl
from tasks.plans.draft import Draft
from tasks.plans.model import Change, Plan, ResourceKind

JOB = "web-firewall"
CONTROL = "ZT-15"
OURS = "bulkhead-"
"""How names of rules and address sets begin that plans made; whatever is named otherwise is kept as it is."""
_NETWORKS = {4: "IPV4", 6: "IPV6"}
RIGHTS = (
    "the role for changes needs wafv2:CreateIPSet, UpdateIPSet, DeleteIPSet, CreateWebACL, UpdateWebACL, DeleteWebACL, "
    "AssociateWebACL, DisassociateWebACL, PutLoggingConfiguration, DeleteLoggingConfiguration, List* and Get*; "
    "elasticloadbalancing:SetWebACL or apigateway:SetWebACL for the gateway; and for logs logs:CreateLogDelivery, "
    "DeleteLogDelivery, PutResourcePolicy, DescribeResourcePolicies and DescribeLogGroups"
)
LIMITS = (
    "AWS WAF protects the gateway of the company's own middleware, and nothing else: Salesforce itself "
    "(*.my.salesforce.com) cannot be put behind it, so whoever holds a credential still reaches the org directly; address "
    "ranges of profiles and mutual TLS close that way",
    "a web ACL sees requests, not floods of packets: what fills the line is for AWS Shield",
)


def firewall_plan(
    policy: Policy, orgs: Iterable[OrgEntry], state: FirewallState, requester: str, now: datetime
) -> Plan:
    """Orgs of which the policy names no web ACL are named, and left alone."""
    draft = Draft(CONTROL)
    for entry in orgs:
        name = policy.waf.web_acls.get(entry.alias)
        if name is None:
            draft.risks.append(f"{entry.alias}: the policy names no web ACL for its gateway")
            continue
        _AclOf(draft, policy, state, entry.alias, name).work()
    if policy.waf.allowed_networks_only and not integrations(policy.network):
        draft.refused.append(
            "waf.allowed_networks_only is on and no network of integrations is named: nobody could come, so everybody still may"
        )
    draft.risks += LIMITS
    draft.afterwards.append(RIGHTS)
    return draft.plan(JOB, f"Web ACLs of {_listed(draft.changes)}", requester, now, policy)


def wanted_sets(policy: Policy, alias: str) -> dict[str, dict[str, JsonValue]]:
    """The address sets of one gateway, as states by name. A set holds addresses of one version only."""
    if not policy.waf.allowed_networks_only:
        return {}
    return {
        f"{OURS}{alias}-allowed-{kind.lower()}": {
            "version": kind,
            "addresses": cast("list[JsonValue]", sorted(str(each) for each in networks)),
        }
        for version, kind in _NETWORKS.items()
        if (networks := _of_version(integrations(policy.network), version))
    }


def wanted_rules(policy: Policy, alias: str) -> list[Rule]:
    """Ours, in the order in which they are judged; priorities come with their place in the whole."""
    rules: list[Rule] = []
    if sets := wanted_sets(policy, alias):
        known = [{"IPSetReferenceStatement": {"ARN": f"ip-set:{name}"}} for name in sorted(sets)]
        inside = known[0] if len(known) == 1 else {"OrStatement": {"Statements": known}}
        rules.append(_rule("outside-networks", {"NotStatement": {"Statement": inside}}, "Block"))
    rate = {"Limit": policy.waf.max_rate, "EvaluationWindowSec": 300, "AggregateKeyType": "IP"}
    rules.append(_rule("rate", {"RateBasedStatement": rate}, "Block"))
    for group in policy.waf.managed_groups:
        named = {"VendorName": "AWS", "Name": group}
        override = "None" if policy.waf.managed_groups_block else "Count"
        rules.append(_rule(group, {"ManagedRuleGroupStatement": named}, override, whole=False))
    return rules


def _rule(name: str, statement: dict[str, object], does: str, *, whole: bool = True) -> Rule:
    """A rule group acts by itself and can only be overridden; any other rule has an action."""
    own = f"{OURS}{name}"
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": own}
    return cast(
        Rule,
        {
            "Name": own,
            "Statement": statement,
            ("Action" if whole else "OverrideAction"): {does: {}},
            "VisibilityConfig": seen,
        },
    )


class _AclOf:
    """The changes of one gateway's web ACL."""

    def __init__(self, draft: Draft, policy: Policy, state: FirewallState, alias: str, name: str) -> None:
        self._draft = draft
        self._policy = policy
        self._state = state
        self._alias = alias
        self._name = name
        self._held = state.acls.get(name)

    def work(self) -> None:
        held, ours = self._held, wanted_rules(self._policy, self._alias)
        if held is not None and not shortfalls(self._policy, self._alias, held) and not _loosens(held, ours):
            self._draft.keeps.append(f"{self._alias}: {self._name} does what policy says")
            return
        sets = [self._set(name, after) for name, after in wanted_sets(self._policy, self._alias).items()]
        acl = self._acl(sets)
        self._place(acl)
        self._log(acl)

    def _set(self, name: str, after: dict[str, JsonValue]) -> int:
        before = self._state.ip_sets.get(name)
        if before is not None and before["version"] != after["version"]:
            self._draft.refused.append(
                f"{self._alias}: the address set {name} holds {before['version']} addresses and cannot change that; "
                "remove it, and make the plan anew"
            )
            return 0
        was, will = _addresses(before), _addresses(after)
        added, taken = sorted(will - was), sorted(was - will)
        told = [f"lets {', '.join(added)} in"] if added else []
        told += [f"no longer lets {', '.join(taken)} in"] if taken else []
        return self._draft.change(
            *(self._alias, ResourceKind.IP_SET, name),
            before,
            after,
            "the gateway knows the networks that policy.yaml names",
            "; ".join(told),
            widening=before is not None and bool(added),
        )

    def _acl(self, sets: list[int]) -> int:
        ours = wanted_rules(self._policy, self._alias)
        theirs = [] if self._held is None else self._kept(self._held)
        after: dict[str, JsonValue] = {
            **({"default": "allow"} if self._held is None else _default_of(self._held)),
            "rules": [{**rule, "Priority": place} for place, rule in enumerate([*ours, *theirs])],
        }
        before = None if self._held is None else _state_of(self._held)
        if self._held is not None and _same(self._held, ours):
            # Where ours stand first already, gaps between priorities are nobody's business.
            return 0
        refused = [f"more than {self._policy.waf.max_rate} requests of one address in five minutes"]
        if sets or wanted_sets(self._policy, self._alias):
            refused.append("whoever comes from another network than those of the policy")
        if self._policy.waf.managed_groups_block and self._policy.waf.managed_groups:
            refused.append("what AWS's rule groups take for an attack")
        if theirs:
            names = ", ".join(str(rule["Name"]) for rule in theirs)
            self._draft.keeps.append(f"{self._alias}: {self._name} keeps its own rules behind ours: {names}")
        if self._policy.waf.managed_groups and not self._policy.waf.managed_groups_block:
            self._draft.afterwards.append(
                f"{self._alias}: AWS's rule groups only count at first; read the log for a week, then set "
                "waf.managed_groups_block in policy.yaml and make the plan anew"
            )
        return self._draft.change(
            *(self._alias, ResourceKind.WEB_ACL, self._name),
            before,
            after,
            "a gateway that answers everybody at any rate can be searched and flooded (SP 800-53 r5 SC-5, SC-7)",
            f"refused from then on: {'; '.join(refused)}",
            *sets,
            widening=self._held is not None and _loosens(self._held, ours),
        )

    def _kept(self, held: WebAcl) -> list[Rule]:
        """Rules of somebody else. Ours go before them: a rule that allows ends the judgement."""
        found = [rule for rule in held.rules if not str(rule["Name"]).startswith(OURS)]
        allowing = [
            str(r["Name"]) for r in found if "Allow" in cast("dict[str, object]", r.get("Action") or {})
        ]
        if allowing:
            self._draft.risks.append(
                f"{self._alias}: {', '.join(allowing)} of {self._name} lets requests in before ours was there; "
                "whom it let in from elsewhere is refused from then on"
            )
        return found

    def _place(self, acl: int) -> None:
        arn = self._policy.waf.gateways.get(self._alias)
        if arn is None:
            self._draft.afterwards.append(
                f"{self._alias}: name the ARN of its gateway under waf.gateways in policy.yaml; until then nobody knows "
                f"whether {self._name} stands before it"
            )
            return
        before = self._state.before.get(arn)
        moved = f"; {before} no longer stands there" if before else ""
        other = before is not None and before != self._name
        if other:
            self._draft.risks.append(
                f"{self._alias}: {before} leaves the gateway with all its rules, which nobody compared with those of "
                f"{self._name}; ask whoever made it"
            )
        self._draft.change(
            *(self._alias, ResourceKind.WEB_ACL_PLACE, arn),
            None if before is None else {"web_acl": before},
            {"web_acl": self._name},
            "a web ACL that stands before nothing protects nothing",
            f"{self._name} judges every request to it{moved}",
            acl,
            widening=other,
        )

    def _log(self, acl: int) -> None:
        wanted = self._policy.waf.log_destination
        if wanted is None:
            return
        before = self._state.logs.get(self._name)
        places = [] if before is None else cast("list[str]", before.get("LogDestinationConfigs") or [])
        if wanted in places:
            return
        # AWS takes exactly one destination (API reference, LoggingConfiguration).
        after: dict[str, JsonValue] = {**(before or {}), "LogDestinationConfigs": [wanted]}
        self._draft.change(
            *(self._alias, ResourceKind.WEB_ACL_LOG, self._name),
            before,
            after,
            "without a log nobody sees what was refused, nor what should have been",
            f"every judged request is noted there{f', no longer in {places[0]}' if places else ''}",
            acl,
        )


def _state_of(held: WebAcl) -> dict[str, JsonValue]:
    return {**_default_of(held), "rules": list(held.rules)}


def _default_of(held: WebAcl) -> dict[str, JsonValue]:
    """With the answer or the headers that go with it, which a plan leaves as they are."""
    return {"default": held.default, **({"default_with": held.default_with} if held.default_with else {})}


def _loosens(held: WebAcl, ours: list[Rule]) -> bool:
    """Whether a rule that a plan made before goes, or another limit takes its place."""
    now = {str(rule["Name"]): {n: v for n, v in rule.items() if n != "Priority"} for rule in ours}
    return any(
        str(rule["Name"]).startswith(OURS)
        and now.get(str(rule["Name"])) != {n: v for n, v in rule.items() if n != "Priority"}
        for rule in held.rules
    )


def _same(held: WebAcl, ours: list[Rule]) -> bool:
    """Whether ours are there, alike, and before all others."""
    first = [{n: v for n, v in rule.items() if n != "Priority"} for rule in held.rules[: len(ours)]]
    rest = [str(rule["Name"]) for rule in held.rules[len(ours) :]]
    return first == ours and not any(name.startswith(OURS) for name in rest)


def _addresses(state: dict[str, JsonValue] | None) -> set[str]:
    return {str(each) for each in cast("list[JsonValue]", (state or {}).get("addresses") or [])}


def _of_version(networks: Iterable[Network], version: int) -> list[Network]:
    return [network for network in networks if network.version == version]


def _listed(changes: Iterable[Change]) -> str:
    orgs = list(dict.fromkeys(change.resource.org for change in changes))
    return ", ".join(orgs) or "no org"
