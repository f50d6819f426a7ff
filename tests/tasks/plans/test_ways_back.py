"""What a way back must not do by itself: shut ourselves out, or take away what a later plan stands on."""

from datetime import timedelta

import pytest

from tasks.estate.model_changes import ChangePolicy
from tasks.plans.digest import digest
from tasks.plans.model import (
    Approval,
    Change,
    ChangeClass,
    History,
    Plan,
    Resource,
    ResourceKind,
    State,
    Watched,
)
from tasks.plans.overview import PlanStatus, Stage
from tasks.plans.rollback import needed_by, rollback, unforced
from tests.tasks.plans.worlds import NOW, plan_of

Kind = ResourceKind
LISTED: State = {"label": "Route", "serial": "7"}
OLD, NEW = (
    {"certificate": "a" * 64, "address": "https://b"},
    {"certificate": "b" * 64, "address": "https://b:8443"},
)
NOBODY: State = {"expires": None}
PERSON: State = {"profile": "Minimum", "name": "Sync"}


def at(kind: Kind, key: str, org: str = "emea") -> Resource:
    return Resource(org=org, kind=kind, key=key)


def plan(*changes: tuple[Resource, State | None, State | None], later: int = 0, **options: object) -> Plan:
    made = [
        Change(
            number=number,
            resource=resource,
            before=before,
            after=after,
            kind=ChangeClass.IDENTITY,
            control="ZT-01",
            why="because",
            effect="something",
        )
        for number, (resource, before, after) in enumerate(changes, start=1)
    ]
    return plan_of(
        made, made_at=NOW + timedelta(days=later), expires_at=NOW + timedelta(days=later + 7), **options
    )


def stands(plan: Plan, stage: Stage = Stage.APPLIED) -> PlanStatus:
    numbers = {} if stage is Stage.APPROVED else {change.number: 1 for change in plan.changes}
    history = History(attempts=numbers, verified=frozenset(numbers))
    return PlanStatus(digest=digest(plan), plan=plan, stage=stage, approvals=(), history=history)


def way_back(of: Plan) -> Plan:
    back = rollback(of, stands(of).history, "eve@meridian.example", NOW + timedelta(days=20))
    assert back is not None
    return back


LIST = plan((at(Kind.INBOUND_CERTIFICATE, "New"), None, LISTED))
SWITCH = plan(
    (at(Kind.CALLER_SECRET, "caller/b"), OLD, NEW),
    later=1,
    watched=(Watched(resource=at(Kind.INBOUND_CERTIFICATE, "New"), state=LISTED),),
)
ENFORCE = plan(
    (at(Kind.ASSIGNMENT, "sync@emea/Bulkhead_Mutual_TLS"), None, NOBODY),
    later=2,
    watched=(Watched(resource=at(Kind.CALLER_SECRET, "caller/b"), state=NEW),),
)


def test_what_later_plans_were_reasoned_from_is_taken_back_after_them() -> None:
    everything = [stands(each) for each in (ENFORCE, SWITCH, LIST)]
    [reason] = needed_by(way_back(LIST), everything)
    assert digest(SWITCH)[:12] in reason and "emea inbound-certificate New" in reason
    [reason] = needed_by(way_back(SWITCH), everything)
    assert digest(ENFORCE)[:12] in reason
    assert needed_by(way_back(ENFORCE), everything) == ()


@pytest.mark.parametrize("stage", [Stage.APPROVED, Stage.TAKEN_BACK])
def test_a_later_plan_of_which_nothing_stands_needs_nothing(stage: Stage) -> None:
    assert needed_by(way_back(LIST), [stands(LIST), stands(SWITCH, stage)]) == ()


def test_what_a_plan_saw_before_this_one_changed_it_may_come_back() -> None:
    before = SWITCH.model_copy(update={"made_at": NOW - timedelta(days=1)})
    assert needed_by(way_back(LIST), [stands(LIST), stands(before)]) == ()
    absent = Watched(resource=at(Kind.INBOUND_CERTIFICATE, "New"), state=None)
    restored = SWITCH.model_copy(update={"watched": (absent,)})
    assert needed_by(way_back(LIST), [stands(LIST), stands(restored)]) == ()


SET = plan((at(Kind.PERMISSION_SET, "Sync"), None, {"label": "x", "permissions": []}))
RIGHT = plan((at(Kind.OBJECT_PERMISSION, "Sync/Account"), {"read": False}, {"read": True}))
USER = plan((at(Kind.NEW_USER, "sync@emea"), None, PERSON))
GIVEN = (at(Kind.ASSIGNMENT, "other@emea/SYNC"), None, NOBODY)
RIGHTS = Watched(resource=at(Kind.SET_RIGHTS, "sync"), state={"objects": {"Account": "read"}})


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (RIGHT, plan(GIVEN, later=1, watched=(RIGHTS,))),
        (SET, plan(GIVEN, later=1, watched=(RIGHTS,))),
        (SET, plan((at(Kind.FIELD_PERMISSION, "Sync/Account.Name"), None, {"read": True}), later=1)),
        (USER, plan((at(Kind.ASSIGNMENT, "SYNC@emea/Other"), None, NOBODY), later=1)),
        (USER, plan(GIVEN, later=1, watched=(Watched(resource=at(Kind.USER, "sync@emea"), state=PERSON),))),
        (
            plan((at(Kind.ASSIGNMENT, "sync@emea/Other"), NOBODY, None)),
            plan(GIVEN, later=1, watched=(Watched(resource=at(Kind.USER_GRANTS, "Sync@emea"), state=None),)),
        ),
    ],
    ids=[
        "a right of a set",
        "a set",
        "a right in a set",
        "a user's rights",
        "a user's profile",
        "what a user has",
    ],
)
def test_sets_and_users_that_later_plans_stand_on(first: Plan, then: Plan) -> None:
    [reason] = needed_by(way_back(first), [stands(then), stands(first)])
    assert digest(then)[:12] in reason


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (RIGHT, plan((at(Kind.FIELD_PERMISSION, "Sync/Account.Name"), None, {"read": True}), later=1)),
        (RIGHT, plan((at(Kind.ASSIGNMENT, "other@hq/Sync", "hq"), None, NOBODY), later=1, watched=(
            RIGHTS.model_copy(update={"resource": at(Kind.SET_RIGHTS, "Sync", "hq")}),))),
        (SET, plan((at(Kind.FIELD_PERMISSION, "Other/Account.Name"), None, {"read": True}), later=1)),
        (
            plan((at(Kind.ASSIGNMENT, "sync@emea/Sync"), None, NOBODY)),
            plan(GIVEN, later=1, watched=(Watched(resource=at(Kind.USER, "sync@emea"), state=PERSON),)),
        ),
    ],
    ids=["another right of the set", "another org", "another set", "a user of whom only the profile was asked"],
)  # fmt: skip
def test_what_is_beside_it_stands_by_itself(first: Plan, then: Plan) -> None:
    assert needed_by(way_back(first), [stands(then), stands(first)]) == ()


HARM = ("change 1 shuts out our enforcer (e@emea), who comes from 192.0.2.1",)


def yes(plan: Plan, **options: object) -> Approval:
    fields: dict[str, object] = {
        "plan": digest(plan),
        "approver": "bob@meridian.example",
        "reason": "we get in by the break-glass account",
        "at": NOW,
        "emergency": True,
        "signed_by": "key",
    }
    return Approval.model_validate(fields | options)


def test_harm_is_done_by_a_way_back_alone_and_only_as_a_signed_emergency() -> None:
    back, policy = way_back(LIST), ChangePolicy()
    assert unforced(back, HARM, [yes(back, emergency=False), yes(back)], policy) == ()
    for other in (
        yes(back, signed_by=None),
        yes(back, emergency=False),
        yes(back, approver="eve@meridian.example"),
        yes(LIST),
    ):
        *harm, how = unforced(back, HARM, [other], policy)
        assert tuple(harm) == HARM
        assert "emergency" in how and digest(back)[:12] in how
    assert unforced(LIST, HARM, [yes(LIST)], policy) == HARM
    assert unforced(back, (), [], policy) == ()
