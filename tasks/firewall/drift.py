"""Where a web ACL falls short of what policy says."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from typing import Any

from tasks.estate.model import Network
from tasks.estate.policy import Policy
from tasks.network.addresses import integrations
from tasks.network.model import Shield, WebAcl

_SET = "ip-set:"
_FIVE_MINUTES = 300


def shortfalls(policy: Policy, alias: str, acl: WebAcl) -> tuple[str, ...]:
    """Empty when it does what policy says, however its rules are named."""
    waf = policy.waf
    why = []
    if acl.rate_limit is None:
        why.append("no rate-based rule blocks")
    elif acl.rate_limit > waf.max_rate:
        why.append(f"its rate limit of {acl.rate_limit} is over {waf.max_rate} in five minutes")
    why += [
        f"its rule {name} may let requests in before any rate is counted"
        for name in _unlimited(acl, waf.max_rate)
    ]
    if waf.allowed_networks_only:
        why += _strangers(integrations(policy.network), acl)
    held = managed_groups(acl, blocking=waf.managed_groups_block)
    why += [f"it lacks AWS's rule group {group}" for group in waf.managed_groups if group not in held]
    if waf.log_destination is not None and waf.log_destination not in acl.log_destinations:
        why.append("what it judges is not logged where policy says")
    gateway = waf.gateways.get(alias)
    if gateway is not None and gateway not in acl.resources:
        why.append("it does not stand before the gateway")
    elif not acl.associated:
        why.append("it protects no resource")
    return tuple(why)


def unshielded(policy: Policy, alias: str, shield: Shield) -> str | None:
    """What AWS Shield Advanced lacks for one gateway; None where it protects it."""
    if not shield.subscribed:
        return "the account does not subscribe to AWS Shield Advanced"
    gateway = policy.waf.gateways.get(alias)
    if gateway is None:
        return "policy does not say which gateway AWS Shield Advanced has to protect"
    return None if gateway in shield.protected else "AWS Shield Advanced does not protect the gateway"


def answered(acl: WebAcl) -> frozenset[Network] | None:
    """
    The networks that get an answer whatever they ask; None where everybody may, or where nobody can tell.

    Only what is certain counts: a rule that lets somebody in by anything else than an address ends it, and so does a group
    of rules that may.
    """
    let_in: set[Network] = set()
    for rule in acl.rules:
        statement, action = _inner(rule, "Statement"), _inner(rule, "Action")
        if "Block" in action and "NotStatement" in statement:
            inside = _networks(_inner(_inner(statement, "NotStatement"), "Statement"), acl)
            if inside is not None:
                return frozenset(let_in | inside)
        if "Allow" in action:
            named = _networks(statement, acl)
            if named is None:
                return None
            let_in |= named
        elif may_let_in(rule):
            return None
    return frozenset(let_in) if acl.default == "block" else None


def managed_groups(acl: WebAcl, *, blocking: bool) -> frozenset[str]:
    """
    AWS's rule groups that it has and that look at every request; with `blocking` only those of which all rules act.

    A rule that was made to allow hides what comes after it, so such a group never counts.
    """
    weak = {"Allow", "Count"} if blocking else {"Allow"}
    return frozenset(
        str(group["Name"])
        for rule in acl.rules
        if (group := _inner(_inner(rule, "Statement"), "ManagedRuleGroupStatement"))
        and group.get("VendorName") == "AWS"
        and "ScopeDownStatement" not in group
        and not (blocking and "Count" in _inner(rule, "OverrideAction"))
        and weak.isdisjoint(_overridden(group))
    )


def may_let_in(rule: Mapping[str, Any]) -> bool:
    """
    Whether a rule may end the judgement with a yes: one that allows, or a group of which nobody here knows what its rules do.

    AWS's own groups never allow by themselves (AWS WAF developer guide, AWS Managed Rules rule groups list), and a group that
    is made to count decides nothing.
    """
    if "Allow" in _inner(rule, "Action"):
        return True
    statement = _inner(rule, "Statement")
    if "Count" in _inner(rule, "OverrideAction"):
        return False
    group = _inner(statement, "ManagedRuleGroupStatement")
    foreign = bool(group) and group.get("VendorName") != "AWS"
    return foreign or "RuleGroupReferenceStatement" in statement or "Allow" in _overridden(group)


def _overridden(group: Mapping[str, Any]) -> frozenset[str]:
    """What rules of a group were made to do instead of what their owner says: `Count`, `Allow` and so on."""
    instead = {action for each in group.get("RuleActionOverrides") or () for action in each["ActionToUse"]}
    return frozenset(instead | ({"Count"} if group.get("ExcludedRules") else set()))


def _unlimited(acl: WebAcl, most: int) -> list[str]:
    """Rules that may let in before the first that limits as policy says; none where no rule does."""
    before: list[str] = []
    for rule in acl.rules:
        rate = _inner(_inner(rule, "Statement"), "RateBasedStatement")
        by_address = rate.get("AggregateKeyType") == "IP" and not rate.get("ScopeDownStatement")
        window = int(rate.get("EvaluationWindowSec") or _FIVE_MINUTES)
        if (
            by_address
            and "Block" in _inner(rule, "Action")
            and rate["Limit"] * _FIVE_MINUTES <= most * window
        ):
            return before
        if may_let_in(rule):
            before.append(str(rule["Name"]))
    return []


def _strangers(allowed: Iterable[Network], acl: WebAcl) -> list[str]:
    known = answered(acl)
    if known is None:
        groups = [str(rule["Name"]) for rule in acl.rules if may_let_in(rule) and "Action" not in rule]
        doubt = f", as far as anybody can tell what the group of {groups[0]} does" if groups else ""
        return [f"it answers every address{doubt}"]
    ours = frozenset(allowed)
    strange = sorted(str(each) for each in known if not _within(each, ours))
    missing = sorted(str(each) for each in ours if not _within(each, known))
    why = [f"it answers {', '.join(strange)}, which policy does not name"] if strange else []
    return why + ([f"it does not answer {', '.join(missing)}, which policy names"] if missing else [])


def _within(network: Network, others: Iterable[Network]) -> bool:
    return any(
        network.version == other.version
        # Networks of two versions cannot be compared.
        and network.subnet_of(other)  # type: ignore[arg-type]
        for other in others
    )


def _networks(statement: Mapping[str, Any], acl: WebAcl) -> set[Network] | None:
    """What a statement about nothing but addresses matches; None for any other, and for a set nobody could read."""
    if several := _inner(statement, "OrStatement").get("Statements"):
        parts = [_networks(each, acl) for each in several]
        return None if None in parts else {each for part in parts if part is not None for each in part}
    named = _inner(statement, "IPSetReferenceStatement")
    if "IPSetForwardedIPConfig" in named:
        # The address that a header names, which whoever calls writes.
        return None
    name = str(named.get("ARN", "")).removeprefix(_SET)
    held = acl.address_sets.get(name)
    return None if held is None else {ip_network(each, strict=False) for each in held}


def _inner(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = value.get(name)
    return inner if isinstance(inner, Mapping) else {}
