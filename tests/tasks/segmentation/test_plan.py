"""What a plan closes between production and non-production, and what it leaves to people."""

from tasks.inventory.edges import find_edges
from tasks.plans.model import Plan, ResourceKind
from tasks.segmentation.crossings import crossings, silent
from tasks.segmentation.plan import segmentation_plan
from tests.tasks.audit.evidence_factory import (
    NOW,
    ORGS,
    World,
    app,
    named_credential,
    remote_site,
    route,
    stored,
    user,
)

SITE, CALLOUTS, SIGN_IN = ResourceKind.REMOTE_SITE, ResourceKind.CALLOUTS, ResourceKind.SIGN_IN


def planned(world: World, *orgs: str) -> Plan:
    edges = find_edges(world.estate, world.orgs, world.cloud)
    found = crossings(world.estate, world.orgs, edges)
    chosen, off = orgs or tuple(ORGS), silent(world.orgs)
    return segmentation_plan(world.estate, world.policy, found, edges, "ada", NOW, orgs=chosen, off=off)


def doors(plan: Plan) -> list[tuple[str, ResourceKind, str]]:
    assert all((c.before, c.after) == ({"on": True}, {"on": False}) for c in plan.changes)
    return [(c.resource.org, c.resource.kind, c.resource.key) for c in plan.changes]


def test_an_estate_in_good_order_needs_nothing() -> None:
    assert doors(planned(World())) == []


def test_remote_sites_and_undeclared_callouts_are_switched_off_where_they_are_set() -> None:
    world = World()
    world.put("uat", outbound=(named_credential("Prod", "hq"),))
    world.put("emea", remote_sites=(remote_site("Test", "https://uat.my.salesforce.com"),))
    plan = planned(world)
    assert doors(plan) == [("emea", SITE, "Test"), ("uat", CALLOUTS, "Prod")]
    assert "it was used last on" in plan.changes[1].effect


def test_what_is_switched_off_already_is_closed_and_a_secret_that_still_opens_is_named() -> None:
    world = World().put("uat", outbound=(named_credential("Prod", "hq", callout_enabled=False),))
    assert doors(planned(world)) == [] and planned(world).afterwards == ()
    world = World()
    shared = named_credential("UAT", "uat", signing_certificate="EMEA_Cert", callout_enabled=False)
    world.add("hq", outbound=(shared,))
    world.declare(routes=tuple(each for each in world.estate.routes if each.target != "uat"))
    plan = planned(world)
    assert doors(plan) == [] and any("still opens uat" in line for line in plan.afterwards)


def test_what_a_route_declares_stays_and_is_named() -> None:
    world = World()
    world.add("hq", outbound=(named_credential("UAT", "uat"),))
    declared = route("HQ_to_UAT", "hq", "uat", "UAT")
    world.declare(routes=(*world.estate.routes, declared))
    plan = planned(world)
    assert doors(plan) == [] and any("HQ_to_UAT declares it" in line for line in plan.keeps)


def test_a_shared_key_pair_that_a_route_needs_is_replaced_by_people_in_order() -> None:
    world = World()
    world.add("hq", outbound=(named_credential("UAT", "uat", signing_certificate="EMEA_Cert"),))
    before = world.estate.routes
    world.declare(routes=tuple(each for each in before if each.target != "uat"))
    assert doors(planned(world)) == [("hq", CALLOUTS, "UAT")], "no route needs it"
    world.declare(routes=(*world.estate.routes, route("HQ_to_UAT", "hq", "uat", "UAT")))
    plan = planned(world)
    assert doors(plan) == []
    (told,) = plan.afterwards
    assert (
        told.index("make a key pair") < told.index("see the route HQ_to_UAT run") < told.index("take the old")
    )


def test_a_copied_user_is_frozen_but_for_one_that_somebody_acts_as() -> None:
    world = World()
    world.add("uat", users=(user("sync@emea.uat"),))
    assert doors(planned(world)) == [("uat", SIGN_IN, "sync@emea.uat")]
    world.add("hq", outbound=(named_credential("UAT", "uat", issuer="key-uat", subject="sync@emea.uat"),))
    world.declare(routes=(*world.estate.routes, route("HQ_to_UAT", "hq", "uat", "UAT")))
    plan = planned(world)
    assert doors(plan) == [] and any("a password of its own" in line for line in plan.afterwards)


def test_whom_a_foreign_secret_opens_production_as_is_frozen_unless_others_need_it() -> None:
    world = World()
    world.store(
        stored("uat/emea", target_host="emea.my.salesforce.com", username="lone@emea", tags={"source": "uat"},
               consumer_key="key-emea")
    )  # fmt: skip
    world.add("emea", users=(user("lone@emea"),))
    plan = planned(world)
    assert doors(plan) == [("emea", SIGN_IN, "lone@emea")]
    assert any("remove the secret" in line for line in plan.afterwards)
    other = World()
    other.store(
        stored("uat/emea", target_host="emea.my.salesforce.com", username="sync@emea", tags={"source": "uat"},
               consumer_key="key-emea")
    )  # fmt: skip
    plan = planned(other)
    assert doors(plan) == [] and any("also used through EMEA" in line for line in plan.risks)


def test_our_own_users_and_break_glass_are_never_frozen() -> None:
    world = World()
    world.add("uat", users=(user("glass@uat"),))
    world.store(
        stored("hq/uat", target_host="uat.my.salesforce.com", username="glass@uat", tags={"source": "hq"},
               consumer_key="key-uat")
    )  # fmt: skip
    plan = planned(world)
    assert doors(plan) == [] and any("break-glass" in line for line in plan.risks)


def test_shared_apps_and_certificates_are_for_people() -> None:
    world = World()
    (theirs,) = world.orgs["emea"].inbound_certificates
    world.put("uat", inbound_certificates=(theirs,), apps=(app(consumer_key="key-emea"),))
    world.add("hq", outbound=(named_credential("UAT", "uat", issuer="key-emea"),))
    world.declare(routes=(*world.estate.routes, route("HQ_to_UAT", "hq", "uat", "UAT")))
    plan = planned(world)
    assert doors(plan) == []
    assert [line.partition(" ")[2][:12] for line in plan.afterwards] == ["Sync_App has", "the client c"]


def test_orgs_the_plan_is_not_about_are_left_alone_and_named() -> None:
    world = World().put("emea", remote_sites=(remote_site("Test", "https://uat.my.salesforce.com"),))
    plan = planned(world, "hq")
    assert doors(plan) == [] and any("emea: Test stays" in line for line in plan.risks)
