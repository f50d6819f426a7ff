"""What a plan relies on and leaves alone: named by the plan itself, and compared before anything is sent."""

from typing import Any

import pytest
from pydantic import ValidationError

from tasks.plans.apply import apply
from tasks.plans.digest import digest
from tasks.plans.model import READ_ONLY, Change, ChangeClass, Plan, Resource, ResourceKind, State, Watched
from tasks.plans.reliance import described, relied_on
from tasks.plans.render import markdown
from tests.tasks.plans.worlds import Faults, Killed, World, plan_of, world_of

Kind = ResourceKind
NARROW: State = {"permissions": ["ApiEnabled"], "objects": {}, "fields": {}, "access": []}
WIDE: State = {**NARROW, "permissions": ["ApiEnabled", "ModifyAllData"]}
BARE: State = {"label": "A route", "permissions": []}


def at(kind: Kind, key: str, org: str = "emea") -> Resource:
    return Resource(org=org, kind=kind, key=key)


def change(number: int, what: Kind, key: str, after: State | None, *needs: int, **more: Any) -> Change:
    values: dict[str, Any] = {
        "number": number,
        "resource": at(what, key),
        "before": None,
        "after": after,
        "kind": ChangeClass.WIDENING,
        "control": "ZT-03",
        "why": "a route of its own",
        "effect": "the sync user holds it",
        "needs": needs,
    }
    return Change(**(values | more))


PLAN = plan_of(
    [
        change(1, Kind.PERMISSION_SET, "Route", BARE),
        change(2, Kind.OBJECT_PERMISSION, "Own/Account", {"read": True}),
        change(3, Kind.ASSIGNMENT, "sync@emea/Route", {"expires": None}, 1),
        change(4, Kind.ASSIGNMENT, "sync@emea/Own", {"expires": None}, 2),
        change(5, Kind.ASSIGNMENT, "sync@emea/API_Enabled", {"expires": None}, 3, 4),
        change(6, Kind.NEW_USER, "back@emea", {"profile": "Minimum"}, kind=ChangeClass.IDENTITY),
        change(7, Kind.ASSIGNMENT, "sync@emea/Everything", None, 5, before={"expires": None}),
    ]
)
API, OWN, BACK = (
    at(Kind.SET_RIGHTS, "API_Enabled"),
    at(Kind.SET_RIGHTS, "Own"),
    at(Kind.USER_GRANTS, "back@emea"),
)


def watching() -> Plan:
    """As the flows keep it."""
    states: dict[Resource, State | None] = {API: NARROW, OWN: NARROW, BACK: {"sets": [], "ending": []}}
    return PLAN.model_copy(
        update={"watched": tuple(Watched(resource=r, state=state) for r, state in states.items())}
    )


def world(plan: Plan) -> World:
    found = world_of(plan)
    found.states |= {w.resource: w.state for w in plan.watched if w.state is not None}
    return found


def run(plan: Plan, where: World) -> Any:
    return apply(plan, where, where, lambda: (), plan.orgs)


def test_a_plan_relies_on_sets_that_it_assigns_and_does_not_make_and_on_who_becomes_active() -> None:
    assert relied_on(PLAN) == (OWN, API, BACK)


@pytest.mark.parametrize("resource", [API, OWN, BACK])
def test_what_was_altered_after_the_approval_stops_the_plan_with_nothing_sent(resource: Resource) -> None:
    plan = watching()
    where = world(plan)
    where.states[resource] = WIDE
    outcome = run(plan, where)
    assert outcome.stopped is not None and str(resource) in outcome.stopped.reason
    assert not where.effects and not where.attempts


def test_what_is_as_it_was_lets_the_plan_through_and_a_second_apply_too() -> None:
    plan = watching()
    where = world(plan)
    assert run(plan, where).finished
    # By then the plan's own changes show in what it relied on.
    where.states[OWN] = {**NARROW, "objects": {"Account": "read"}}
    assert run(plan, where).finished
    where.states[API] = WIDE
    assert run(plan, where).finished, "nothing is left to be sent"


def test_a_plan_that_was_begun_is_compared_again_but_not_with_its_own_changes() -> None:
    plan = watching()
    where = world(plan)
    where.faults = Faults(deaths=frozenset({(6, True)}))
    with pytest.raises(Killed):
        run(plan, where)
    where.faults = Faults()
    assert where.effects
    sent = len(where.effects)
    where.states[OWN] = {**NARROW, "objects": {"Account": "read"}}
    where.states[API] = WIDE
    stopped = run(plan, where).stopped
    assert stopped is not None and str(API) in stopped.reason and str(OWN) not in stopped.reason
    assert len(where.effects) == sent
    where.states[API] = NARROW
    assert run(plan, where).finished


def test_a_plan_made_before_anything_was_watched_goes_through() -> None:
    where = world_of(PLAN)
    where.states[API] = WIDE
    assert run(PLAN, where).finished


def test_who_approves_reads_what_is_relied_on_and_its_digest_holds_it() -> None:
    plan = watching()
    wide = plan.model_copy(update={"watched": (Watched(resource=API, state=WIDE),)})
    assert digest(plan) != digest(PLAN) and digest(plan) != digest(wide)
    assert "emea: the set API_Enabled gives permissions ApiEnabled, and nothing else" in described(plan)
    assert "gives permissions ApiEnabled, ModifyAllData" in markdown(wide, digest(wide), 2)


@pytest.mark.parametrize("kind", sorted(READ_ONLY))
def test_what_is_relied_on_is_never_changed(kind: Kind) -> None:
    with pytest.raises(ValidationError, match="only rely on"):
        change(1, kind, "API_Enabled", WIDE)
