"""What a web ACL lacks, and the plan that mends it."""

from ipaddress import ip_network
from typing import Any

import pytest

from tasks.estate.model_network import NetworkPolicy, WafPolicy
from tasks.estate.policy import Policy
from tasks.firewall.drift import answered, managed_groups, shortfalls, unshielded
from tasks.firewall.model import FirewallState
from tasks.firewall.plan import firewall_plan, wanted_rules
from tasks.network.model import Shield, WebAcl
from tasks.plans.model import ChangeClass, Plan, ResourceKind
from tasks.plans.render import markdown
from tests.tasks.audit.evidence_factory import NOW, entry

ARN, LOG = (
    "arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/app/x/1",
    "arn:aws:logs:eu-central-1:1:log-group:aws-waf-logs-x",
)
OFFICE, VPN6 = "203.0.113.0/24", "2001:db8::/48"
GROUP = "AWSManagedRulesCommonRuleSet"
POLICY = Policy(
    network=NetworkPolicy(allowed=(ip_network(OFFICE),)),
    waf=WafPolicy(
        web_acls={"hq": "gate"},
        gateways={"hq": ARN},
        allowed_networks_only=True,
        managed_groups=(GROUP,),
        log_destination=LOG,
    ),
)
KNOWN: dict[str, Any] = {"IPSetReferenceStatement": {"ARN": "ip-set:known"}}


def rule(name: str, action: str, statement: dict[str, Any], key: str = "Action") -> dict[str, Any]:
    return {"Name": name, "Priority": 0, key: {action: {}}, "Statement": statement}


def good(**changes: Any) -> WebAcl:
    """One that does what policy says, with names of somebody else's."""
    group = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": GROUP}}
    fields: dict[str, Any] = {
        "name": "gate",
        "associated": True,
        "rate_limit": 1000,
        "rules": (
            rule("strangers", "Block", {"NotStatement": {"Statement": KNOWN}}),
            rule("theirs", "None", group, "OverrideAction"),
        ),
        "address_sets": {"known": (OFFICE,)},
        "resources": (ARN,),
        "log_destinations": (LOG,),
    }
    return WebAcl(**(fields | changes))


def state(acl: WebAcl | None = None, **changes: Any) -> FirewallState:
    fields: dict[str, Any] = {
        "at": NOW,
        "acls": {} if acl is None else {acl.name: acl},
        "logs": {}
        if acl is None or not acl.log_destinations
        else {acl.name: {"LogDestinationConfigs": [LOG]}},
        "ip_sets": {},
        "before": {ARN: acl.name if acl is not None and ARN in acl.resources else None},
    }
    return FirewallState(**(fields | changes))


def planned(found: FirewallState, policy: Policy = POLICY) -> Plan:
    return firewall_plan(policy, [entry("hq")], found, "ada", NOW)


def of(policy: Policy, **changes: Any) -> Policy:
    return policy.model_copy(update={"waf": policy.waf.model_copy(update=changes)})


def test_what_does_as_policy_says_is_left_alone_whatever_its_rules_are_called() -> None:
    assert shortfalls(POLICY, "hq", good()) == ()
    plan = planned(state(good()))
    assert plan.changes == () and plan.keeps == ("hq: gate does what policy says",)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"rate_limit": None}, "no rate-based rule blocks"),
        ({"rate_limit": 2001}, "its rate limit of 2001 is over 2000"),
        ({"resources": ()}, "it does not stand before the gateway"),
        ({"log_destinations": ()}, "not logged"),
        (
            {"address_sets": {"known": (OFFICE, "0.0.0.0/1")}},
            "it answers 0.0.0.0/1, which policy does not name",
        ),
        ({"address_sets": {"known": ("203.0.113.0/25",)}}, "it does not answer 203.0.113.0/24"),
        ({"address_sets": {}}, "it answers every address"),
        ({"rules": good().rules[:1]}, f"lacks AWS's rule group {GROUP}"),
        (
            {"rules": (rule("pass", "Allow", {"GeoMatchStatement": {}}), *good().rules)},
            "it answers every address",
        ),
        ({"rules": (rule("count", "Count", good().rules[0]["Statement"]), good().rules[1])}, "every address"),
    ],
)
def test_each_shortfall_is_told_and_planned(changes: dict[str, Any], why: str) -> None:
    acl = good(**changes)
    (told,) = shortfalls(POLICY, "hq", acl)
    assert why in told
    assert planned(state(acl)).changes


def test_a_default_of_block_answers_only_whom_its_rules_let_in() -> None:
    acl = good(default="block", rules=(rule("known", "Allow", KNOWN), good().rules[1]))
    assert answered(acl) == {ip_network(OFFICE)}
    assert shortfalls(POLICY, "hq", acl) == ()
    assert answered(acl.model_copy(update={"default": "allow"})) is None


def test_groups_that_only_count_are_enough_until_policy_wants_them_to_block() -> None:
    group = {**good().rules[1], "OverrideAction": {"Count": {}}}
    acl = good(rules=(good().rules[0], group))
    assert shortfalls(POLICY, "hq", acl) == ()
    assert "lacks" in shortfalls(of(POLICY, managed_groups_block=True), "hq", acl)[0]


def group(does: str = "None", vendor: str = "AWS", **settings: Any) -> dict[str, Any]:
    statement = {"VendorName": vendor, "Name": GROUP, **settings}
    return rule("theirs", does, {"ManagedRuleGroupStatement": statement}, "OverrideAction")


def does(action: str) -> list[dict[str, Any]]:
    return [{"Name": "NoUserAgent_HEADER", "ActionToUse": {action: {}}}]


OWN = {"RuleGroupReferenceStatement": {"ARN": "arn:aws:wafv2:x:1:regional/rulegroup/allow-all/1"}}


@pytest.mark.parametrize(
    "first",
    [
        rule("team", "None", OWN, "OverrideAction"),
        group(RuleActionOverrides=does("Allow")),
        group(vendor="Somebody"),
    ],
    ids=["a group of the account", "a group that was made to allow", "a group that is bought"],
)
def test_what_a_group_before_ours_lets_in_nobody_can_tell(first: dict[str, Any]) -> None:
    acl = good(rules=(first, *good().rules))
    (told,) = shortfalls(POLICY, "hq", acl)
    assert "it answers every address, as far as anybody can tell" in told and first["Name"] in told
    assert answered(acl) is None and planned(state(acl)).changes
    assert shortfalls(POLICY, "hq", good(rules=(*good().rules, first))) == (), (
        "behind the block it harms nobody"
    )


@pytest.mark.parametrize(
    "first", [group(), rule("team", "Count", OWN, "OverrideAction"), group("Count", "Somebody")]
)
def test_a_group_that_allows_nobody_may_come_first(first: dict[str, Any]) -> None:
    assert shortfalls(POLICY, "hq", good(rules=(first, *good().rules))) == ()


@pytest.mark.parametrize(
    ("held", "blocks", "counts"),
    [
        (group(), True, True),
        (group(RuleActionOverrides=does("Block")), True, True),
        (group(RuleActionOverrides=does("Count")), False, True),
        (group(ExcludedRules=[{"Name": "NoUserAgent_HEADER"}]), False, True),
        (group(RuleActionOverrides=does("Allow")), False, False),
        (group(ScopeDownStatement={"GeoMatchStatement": {}}), False, False),
        (group(vendor="Somebody"), False, False),
    ],
)
def test_a_group_counts_by_what_all_of_it_does_to_every_request(
    held: dict[str, Any], blocks: bool, counts: bool
) -> None:
    acl = good(rules=(good().rules[0], held))
    assert (GROUP in managed_groups(acl, blocking=True)) is blocks
    assert (GROUP in managed_groups(acl, blocking=False)) is counts


def test_an_address_that_the_caller_writes_is_none() -> None:
    header = {"HeaderName": "X-Forwarded-For", "FallbackBehavior": "NO_MATCH", "Position": "FIRST"}
    forwarded = {"IPSetReferenceStatement": {"ARN": "ip-set:known", "IPSetForwardedIPConfig": header}}
    acl = good(
        rules=(rule("strangers", "Block", {"NotStatement": {"Statement": forwarded}}), good().rules[1])
    )
    assert shortfalls(POLICY, "hq", acl) == ("it answers every address",)


def test_whom_a_rule_lets_in_before_any_rate_is_counted_is_told() -> None:
    def rate(limit: int) -> dict[str, Any]:
        return rule("rate", "Block", {"RateBasedStatement": {"Limit": limit, "AggregateKeyType": "IP"}})

    known, everybody = rule("partners", "Allow", KNOWN), of(POLICY, allowed_networks_only=False)
    for first in (known, rule("team", "None", OWN, "OverrideAction")):
        (told,) = shortfalls(everybody, "hq", good(rules=(rate(9000), first, rate(2000), good().rules[1])))
        assert f"its rule {first['Name']} may let requests in before any rate is counted" == told
        assert not shortfalls(everybody, "hq", good(rules=(rate(2000), first, rate(9000), good().rules[1])))


def test_to_put_ours_where_another_web_acl_stands_asks_for_more_and_says_so() -> None:
    for before, kind in ((None, ChangeClass.NARROWING), ("team", ChangeClass.WIDENING)):
        plan = planned(state(before={ARN: before}))
        (place,) = [c for c in plan.changes if c.resource.kind is ResourceKind.WEB_ACL_PLACE]
        assert place.kind is kind
        assert any("team leaves the gateway with all its rules" in line for line in plan.risks) is bool(
            before
        )


def test_a_new_web_acl_needs_its_sets_first_and_is_placed_and_logged_last() -> None:
    plan = planned(state())
    kinds = [change.resource.kind for change in plan.changes]
    assert kinds == [
        ResourceKind.IP_SET, ResourceKind.WEB_ACL, ResourceKind.WEB_ACL_PLACE, ResourceKind.WEB_ACL_LOG,
    ]  # fmt: skip
    assert [change.needs for change in plan.changes] == [(), (1,), (2,), (2,)]
    assert {change.kind for change in plan.changes} == {ChangeClass.NARROWING}
    text = markdown(plan, "0" * 64, 1)
    assert "bulkhead-rate: block over 2000 requests in 300 s" in text.replace("<br>", " ")
    assert "*.my.salesforce.com" in text.replace("\\", "") and "UpdateWebACL" in text


def test_rules_of_others_stay_behind_ours_and_one_that_lets_in_is_named() -> None:
    theirs = rule("partners", "Allow", {"GeoMatchStatement": {}})
    plan = planned(state(good(rules=(theirs,))))
    (after,) = [c.after for c in plan.changes if c.resource.kind is ResourceKind.WEB_ACL]
    assert after is not None
    rules = after["rules"]
    assert isinstance(rules, list)
    names = [each["Name"] for each in rules if isinstance(each, dict)]
    assert names == ["bulkhead-outside-networks", "bulkhead-rate", f"bulkhead-{GROUP}", "partners"]
    assert [each["Priority"] for each in rules if isinstance(each, dict)] == [0, 1, 2, 3]
    assert any("partners of gate lets requests in" in line for line in plan.risks)


def test_the_answer_that_goes_with_a_default_is_part_of_both_states() -> None:
    answer = {"CustomResponse": {"ResponseCode": 403}}
    plan = planned(state(good(default="block", default_with=answer, rate_limit=None)))
    (change,) = [c for c in plan.changes if c.resource.kind is ResourceKind.WEB_ACL]
    for each in (change.before, change.after):
        assert each is not None and (each["default"], each["default_with"]) == ("block", answer)
    assert "else block with CustomResponse" in markdown(plan, "0" * 64, 1).replace("<br>", " ")


def test_a_plan_applied_leaves_nothing_to_plan_and_what_loosens_it_asks_for_more() -> None:
    def applied(policy: Policy) -> FirewallState:
        rules = tuple({**r, "Priority": n} for n, r in enumerate(wanted_rules(policy, "hq")))
        held = {"bulkhead-hq-allowed-ipv4": (OFFICE,)}
        acl = good(rules=rules, rate_limit=policy.waf.max_rate, address_sets=held)
        sets = {name: {"version": "IPV4", "addresses": list(each)} for name, each in held.items()}
        return state(acl, ip_sets=sets)

    assert planned(applied(POLICY)).changes == ()
    looser, strict = applied(of(POLICY, max_rate=100)), of(POLICY, max_rate=50)
    assert [c.kind for c in planned(looser, strict).changes] == [ChangeClass.WIDENING]
    assert [c.kind for c in planned(applied(strict)).changes] == [ChangeClass.WIDENING], (
        "policy lets more through now"
    )
    wider = POLICY.model_copy(
        update={"network": NetworkPolicy(allowed=(ip_network(OFFICE), ip_network("192.0.2.0/24")))}
    )
    plan = planned(applied(POLICY), wider)
    assert [(c.resource.kind, c.kind) for c in plan.changes] == [(ResourceKind.IP_SET, ChangeClass.WIDENING)]
    assert "lets 192.0.2.0/24 in" in plan.changes[0].effect


def test_networks_of_both_versions_get_a_set_each() -> None:
    both = NetworkPolicy(allowed=(ip_network(OFFICE), ip_network(VPN6)))
    plan = planned(state(), POLICY.model_copy(update={"network": both}))
    sets = [c for c in plan.changes if c.resource.kind is ResourceKind.IP_SET]
    assert [c.resource.key for c in sets] == ["bulkhead-hq-allowed-ipv4", "bulkhead-hq-allowed-ipv6"]


def test_without_any_network_nobody_is_shut_out_and_it_is_said() -> None:
    plan = planned(state(), POLICY.model_copy(update={"network": NetworkPolicy()}))
    assert ResourceKind.IP_SET not in {c.resource.kind for c in plan.changes}
    assert any("no network of integrations is named" in line for line in plan.risks)


def test_an_org_of_which_policy_says_nothing_is_named() -> None:
    plan = planned(state(), Policy())
    assert plan.changes == () and "hq: the policy names no web ACL for its gateway" in plan.risks


def test_shield_is_told_from_what_it_protects() -> None:
    assert unshielded(POLICY, "hq", Shield(subscribed=True, protected=(ARN,))) is None
    assert "does not protect" in str(unshielded(POLICY, "hq", Shield(subscribed=True)))
    assert "does not subscribe" in str(unshielded(POLICY, "hq", Shield(subscribed=False)))
