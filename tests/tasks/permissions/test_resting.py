"""Users whose set only runs hold: what is planned for them, and what the plan judges by."""

from datetime import timedelta
from typing import Any

import pytest

from tasks.estate.model_access import JitPolicy
from tasks.estate.policy import Policy
from tasks.permissions.model import OrgRights
from tasks.permissions.plan import least_privilege_plan
from tasks.permissions.resting import during_a_run
from tasks.permissions.simulate import after, held_in
from tasks.plans.model import Plan
from tasks.usage.model import Call, Coverage, Operation, SeenCall, Usage
from tests.tasks.audit.evidence_factory import NOW, assigned
from tests.tasks.permissions.orgs import ESTATE, SET, SYNC, org, plan_for, route

RESTS = Policy(jit=JitPolicy(managed_sets={"emea": (SET,)}))
HELD = f"{SYNC}/{SET}"


def plan(before: OrgRights, policy: Policy = RESTS) -> Plan:
    return least_privilege_plan(ESTATE, policy, [route()], [before], "ada@meridian.example", NOW)


def keys(made: Plan) -> list[str]:
    return [change.resource.key for change in made.changes]


def rights(of: OrgRights) -> Any:
    user = next(each for each in of.users if each.username == SYNC)
    return user, held_in(of, [user.id], NOW)[user.id]


def test_the_set_is_made_and_not_assigned() -> None:
    made = plan(org())
    assert SET in keys(made) and HELD not in keys(made)
    then = after(org(), made)
    user, resting = rights(then)
    assert not resting.objects and resting.has("ApiEnabled")
    _, working = rights(during_a_run(then, user, [SET]))
    assert working.objects["Account"].edit
    assert any("rests between runs without" in line for line in made.keeps)


def test_policy_may_spell_the_set_in_its_own_way() -> None:
    loud = Policy(jit=JitPolicy(managed_sets={"emea": (SET.upper(),)}))
    made = plan(org(), loud)
    assert SET in keys(made) and HELD not in keys(made)
    assert any("rests between runs without" in line for line in made.keeps)


def test_one_who_rests_and_needs_nothing_more_is_left_alone() -> None:
    then = after(org(), plan(org()))
    again = plan(then)
    assert not again.changes
    assert any(
        f"holds exactly what its routes need, and rests between runs without {SET}" in k for k in again.keeps
    )


def test_a_standing_assignment_is_taken_though_all_else_is_as_it_should_be() -> None:
    standing = after(org(), plan_for(org()))
    made = plan(standing)
    assert keys(made) == [HELD] and made.changes[0].after is None
    assert "is to rest between its runs" in made.changes[0].why


@pytest.mark.parametrize(("hours", "taken"), [(4, False), (5, True)])
def test_a_run_s_grant_is_left_to_its_end(hours: int, taken: bool) -> None:
    then = after(org(), plan(org()))
    row = assigned(SYNC, SET, expires=NOW + timedelta(hours=hours))
    held = row.model_copy(update={"permission_set_id": f"new:{SET}"})
    again = plan(then.model_copy(update={"assignments": (*then.assignments, held)}))
    assert (HELD in keys(again)) is taken


def test_sets_of_other_orgs_are_not_meant() -> None:
    other = Policy(jit=JitPolicy(managed_sets={"hq": (SET,)}))
    assert HELD in keys(plan(org(), other))


def test_calls_of_the_past_are_judged_by_what_a_run_may_do() -> None:
    """At rest none of them would work, and all of them were made in runs."""
    call = Call(operation=Operation.READ, sobject="Account", fields=frozenset({"Name"}))
    user, _ = rights(org())
    today = NOW.date()
    seen = SeenCall(call=call, times=20, days=1, last=today)
    coverage = Coverage(first=today, last=today, detailed=frozenset({today}))
    usage = Usage(coverage=coverage, calls={user.id: (seen,)}, failed={})
    made = plan(org().model_copy(update={"usage": usage}))
    assert any(f"all 20 logged calls of {SYNC} still work" in line for line in made.keeps)
    assert not any("will fail" in line for line in made.risks)


def test_rights_that_stand_by_another_set_do_not_count_as_rest() -> None:
    """The very rights that the route needs, but for ever: what a route has before anybody thought of rest."""
    text = after(org(), plan_for(org())).model_dump_json()
    given = OrgRights.model_validate_json(text.replace(f"new:{SET}", "0PS-Old_Sync"))
    renamed = tuple(
        each.model_copy(update={"name": "Old_Sync", "label": "Old Sync"}) if each.name == SET else each
        for each in given.permission_sets
    )
    standing = given.model_copy(update={"permission_sets": renamed})
    made = plan(standing)
    assert SET in keys(made) and HELD not in keys(made)
    assert any(key.endswith("/Old_Sync") for key in keys(made))
    user, resting = rights(after(standing, made))
    assert not resting.objects and resting.has("ApiEnabled"), user
