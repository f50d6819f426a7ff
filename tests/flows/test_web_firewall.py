"""Web ACLs: planned, applied, felt by whoever calls a gateway, and taken back."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest
import requests

from deployments.sandbox import gateways, launch
from flows.plans import apply_plan, approve_plan, rollback_plan
from flows.web_firewall import web_firewall
from tasks.aws.firewall import Firewall
from tasks.errors import CloudError, ConfigurationError, PlanStopped
from tasks.orgs import open_cloud, open_cloud_for_writing, open_for_writing, open_ledger
from tasks.plans.apply import apply
from tasks.plans.gateway import OrgHands
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Change, Plan, Refusal, ResourceKind
from tests.product import Product
from tests.running import RunningEstate
from tests.tasks.plans.worlds import World

LIMIT = 2000
ATTACK = "/orders?file=../../../../etc/passwd"
STRANGER, OFFICE = "192.0.2.77", "203.0.113.44"
Reach = Callable[..., int]


@pytest.fixture(autouse=True)
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-firewall")
    yield
    launch.restore_snapshot(estate.folder, "before-firewall")
    launch.delete_snapshot(estate.folder, "before-firewall")


@pytest.fixture
def planted(estate: RunningEstate) -> dict[str, str]:
    """Variant to org, as the answer key has them."""
    key = json.loads((estate.folder / "answer-key.json").read_text())
    return {f["variant"]: f["org"] for f in key["findings"] if f["control"] == "ZT-15"}


@pytest.fixture
def reach(estate: RunningEstate) -> Iterator[Reach]:
    """Calls a gateway from an address; the status of the answer."""
    sessions: dict[str, requests.Session] = {}

    def call(alias: str, address: str, path: str = "/orders", **headers: str) -> int:
        if address not in sessions:
            sessions[address] = session = estate.session()
            proxy = estate.state["proxy"].replace("://", f"://ip-{address.replace('.', '-')}:x@")
            session.proxies = {"https": proxy}
        url = f"https://{gateways.host_of(alias)}{path}"
        return sessions[address].get(url, headers=headers, timeout=30).status_code

    yield call
    for session in sessions.values():
        session.close()


def found(digest: str) -> Plan:
    with open_ledger() as ledger:
        return PlanBook(ledger, "").find(digest)[1]


def applied(digest: str) -> None:
    approve_plan(digest=digest, approver="bob", reason="reviewed")
    apply_plan(digest=digest)


def test_a_gateway_without_a_web_acl_gets_one_that_acts_and_loses_it_again(
    product: Product, planted: dict[str, str], reach: Reach
) -> None:
    org = planted["a"]
    digest = web_firewall(requester="ada", orgs=[org])
    plan = found(digest)
    assert {c.resource.kind for c in plan.changes} == {
        ResourceKind.IP_SET, ResourceKind.WEB_ACL, ResourceKind.WEB_ACL_PLACE, ResourceKind.WEB_ACL_LOG,
    }  # fmt: skip
    assert [reach(org, STRANGER), reach(org, OFFICE)] == [200, 200]
    applied(digest)
    assert [reach(org, STRANGER), reach(org, OFFICE)] == [403, 200]
    rollback_plan(digest=digest, reason="enough")
    assert reach(org, STRANGER) == 200
    firewall = Firewall(open_cloud())
    assert f"meridian-{org}-gateway" not in firewall.web_acls()
    assert f"bulkhead-{org}-allowed-ipv4" not in firewall.ip_sets()


@pytest.mark.slow
def test_every_planted_gateway_is_closed_to_strangers_and_opened_again(
    product: Product, estate: RunningEstate, planted: dict[str, str], reach: Reach
) -> None:
    digest = web_firewall(requester="ada")
    plan = found(digest)
    assert set(planted) == {"a", "b", "c", "d"}
    assert set(plan.orgs) == set(planted.values()), "what does as policy says is left alone"
    assert any("*.my.salesforce.com" in line for line in plan.risks)
    assert any("UpdateWebACL" in line for line in plan.afterwards)
    without, elsewhere = planted["a"], planted["d"]
    assert [reach(without, STRANGER), reach(without, OFFICE)] == [200, 200]
    assert [reach(elsewhere, "192.0.2.77"), reach(elsewhere, "20.0.0.1")] == [200, 403]
    before = {c.resource: c.before for c in plan.changes}

    applied(digest)

    for org in plan.orgs:
        assert [reach(org, STRANGER), reach(org, OFFICE)] == [403, 200], org
    # AWS's groups only count at first where ours stand; a request that looks like an attack still comes through.
    assert reach(without, OFFICE, ATTACK) == 200
    assert found(web_firewall(requester="ada")).changes == ()

    rollback_plan(digest=digest, reason="enough")

    assert [reach(without, STRANGER), reach(elsewhere, "192.0.2.77")] == [200, 200]
    again = {c.resource: c.before for c in found(web_firewall(requester="ada")).changes}
    assert again == before, "all is as it was"


@pytest.mark.slow
def test_the_rate_rule_trips_for_who_calls_too_often_and_for_nobody_else(
    product: Product, planted: dict[str, str], reach: Reach
) -> None:
    org = planted["b"]
    applied(web_firewall(requester="ada", orgs=[org]))
    answers = [reach(org, OFFICE) for _ in range(LIMIT + 5)]
    assert answers == [200] * LIMIT + [403] * 5
    assert reach(org, "203.0.113.45") == 200


@pytest.mark.slow
def test_who_changes_the_acl_meanwhile_makes_the_plan_stale(
    product: Product, planted: dict[str, str]
) -> None:
    org = planted["b"]
    digest = web_firewall(requester="ada", orgs=[org])
    firewall = Firewall(open_cloud())
    held = firewall.web_acls([f"meridian-{org}-gateway"])[f"meridian-{org}-gateway"]
    firewall.set_rules(held, "block", list(held.rules))
    with pytest.raises(CloudError) as refused:
        firewall.set_rules(held, "allow", list(held.rules))
    assert refused.value.code == "WAFOptimisticLockException", "the lock of an older reading opens nothing"
    with pytest.raises(PlanStopped, match="not as it was planned for"):
        applied(digest)
    assert firewall.web_acls([held.name])[held.name].default == "block", "theirs stands"


class Meddled(OrgHands):
    """Somebody writes between our reading and our write."""

    meddle: Callable[[], None] | None = None

    def write(self, changes: Sequence[Change]) -> Mapping[int, Refusal]:
        if self.meddle and changes[0].resource.kind is ResourceKind.WEB_ACL:
            self.meddle()
        return super().write(changes)


@pytest.mark.slow
def test_a_write_between_our_look_and_ours_stops_the_plan_and_stands(
    product: Product, planted: dict[str, str]
) -> None:
    org = planted["b"]
    name = f"meridian-{org}-gateway"
    plan = found(web_firewall(requester="ada", orgs=[org]))
    firewall = Firewall(open_cloud())

    def meddle() -> None:
        held = firewall.web_acls([name])[name]
        if held.default != "block":
            firewall.set_rules(held, "block", list(held.rules))

    hands = Meddled(open_for_writing, plan.changes, open_cloud_for_writing)
    hands.meddle = meddle
    world = World(states={})
    outcome = apply(plan, hands, world, lambda: (), plan.orgs)
    assert outcome.stopped is not None and "changed by somebody else" in outcome.stopped.reason
    assert firewall.web_acls([name])[name].default == "block"


def test_orgs_nobody_knows_are_named(product: Product) -> None:
    with pytest.raises(ConfigurationError, match="There is no org mars"):
        web_firewall(requester="ada", orgs=["mars"])
