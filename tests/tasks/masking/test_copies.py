"""What a copy of production can sign in with: found by what both orgs say, ended where nobody's work hangs on it."""

from datetime import datetime, timedelta
from typing import Any

from tasks.inventory.edges import find_edges
from tasks.masking.copies import copied_apps, copied_plan, copied_users, told
from tasks.masking.model import Origin
from tasks.masking.proof import doubt
from tasks.plans.model import Plan, ResourceKind
from tests.tasks.audit.evidence_factory import NOW, World, app, certificate, days, user

SET = days(40)


def world(*copies: dict[str, Any]) -> World:
    made = World()
    made.add(
        "hq", users=(user("cora@hq", last_password_change=SET), user("dan@hq", last_password_change=SET))
    )
    return made.add(
        "uat",
        users=tuple(
            user(each.pop("name", "cora@hq.uat"), last_password_change=each.pop("at", SET), **each)
            for each in copies
        ),
    )


def planned(made: World) -> Plan:
    edges = find_edges(made.estate, made.orgs, made.cloud)
    return copied_plan(made.estate, made.policy, "uat", made.orgs, edges, "ann", NOW)


def names(made: World) -> list[str]:
    return [each.username for each, _ in copied_users(made.estate, "uat", made.orgs)]


def test_a_copied_user_is_one_whose_password_was_changed_when_its_originals_was() -> None:
    assert names(world({})) == ["cora@hq.uat"]
    assert names(world({"at": SET + timedelta(seconds=1)})) == []
    assert names(world({"at": None})) == []
    assert names(world({"active": False}, {"name": "dan@hq.uat", "frozen": True})) == []
    assert names(world({"name": "CORA@HQ.uat"}, {"name": "cora@hq.uat.more"}, {"name": "new@hq.uat"})) == [
        "CORA@HQ.uat"
    ]


def test_it_is_frozen_by_a_plan_that_has_a_way_back() -> None:
    (change,) = planned(world({})).changes
    assert (change.resource.kind, change.resource.key) == (ResourceKind.SIGN_IN, "cora@hq.uat")
    assert (change.before, change.after) == ({"on": True}, {"on": False}) and not change.final


def test_a_break_glass_account_is_named_and_left_alone() -> None:
    made = world({})
    jit = made.policy.jit.model_copy(update={"break_glass": ("cora@hq.uat",)})
    plan = planned(made.rule(jit=jit))
    assert plan.changes == () and any("cora@hq.uat is a break-glass account" in risk for risk in plan.risks)


def test_whom_a_route_acts_as_is_not_frozen() -> None:
    made = World()
    machine = next(each for each in made.orgs["uat"].users if each.username.startswith("sync"))
    made.add(
        "hq", users=(user(machine.username.rpartition(".")[0] or machine.username, last_password_change=SET),)
    )
    edges = find_edges(made.estate, made.orgs, made.cloud)
    acting = {name for edge in edges if edge.target == "uat" for name in edge.run_as}
    assert acting, "the small estate has a route into its sandbox"
    assert not {change.resource.key for change in planned(made).changes} & acting


def test_one_plan_freezes_no_more_than_policy_lets_it_and_says_how_many_are_left() -> None:
    made = world({"last_login": days(9)}, {"name": "dan@hq.uat", "last_login": days(1)})
    plan = planned(made.rule(changes=made.policy.changes.model_copy(update={"max_share": 0.01})))
    assert [change.resource.key for change in plan.changes] == ["dan@hq.uat"]
    assert any("1 more copied users" in risk for risk in plan.risks)


def test_an_app_with_productions_key_admits_nobody_by_itself_and_its_order_is_named() -> None:
    made = World()
    made.add("hq", apps=(app("Portal", consumer_key="key-of-both"),))
    made.add("uat", apps=(app("Portal", consumer_key="key-of-both", admin_approved_only=False),))
    assert [(each.name, org) for each, org in copied_apps(made.estate, "uat", made.orgs)] == [
        ("Portal", "hq")
    ]
    plan = planned(made)
    (change,) = [each for each in plan.changes if each.resource.kind is ResourceKind.APP_POLICY]
    assert change.resource.key.endswith("Portal/permitted-users") and change.after == {"on": True}
    assert any("consumer key of hq" in line and "then block" in line for line in plan.afterwards)


def test_people_read_counts_and_key_pairs_that_look_copied() -> None:
    made = world({})
    made.add("uat", certificates=(certificate("EMEA_Cert"),))
    assert any("EMEA_Cert" in line and "look like those of hq" in line for line in planned(made).afterwards)
    lines = [*told(made.estate, "uat", made.orgs, {"emea": "it did not answer"})]
    assert (
        lines[0] == "active users with the password of their originals: 1"
        and "it did not answer" in lines[-1]
    )
    assert not any("cora" in line for line in lines)


def origin(org_id: str = "00D1", created: datetime = SET) -> Origin:
    return Origin(org_id=org_id, sandbox=True, created=created)


def test_a_refresh_makes_another_org_of_a_sandbox() -> None:
    assert doubt(origin(), origin()) == ""
    assert "never" in doubt(None, origin())
    assert "refreshed" in doubt(origin(), origin("00D2")) and "refreshed" in doubt(
        origin(), origin(created=NOW)
    )
