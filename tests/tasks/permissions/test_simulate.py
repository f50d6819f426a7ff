"""What would be, worked out: the same as what comes to be (see the wire test), and undone by the way back."""

from random import Random
from typing import Any

import pytest

from tasks.permissions.model import OrgRights
from tasks.permissions.simulate import after, held_in
from tasks.plans.model import Change, ChangeClass, History, Resource, ResourceKind, State
from tasks.plans.rollback import rollback
from tests.tasks.audit.evidence_factory import (
    NOW,
    aggregate,
    assigned,
    group,
    on_field,
    on_object,
    permission_set,
    profile_set,
)
from tests.tasks.permissions.orgs import MINIMUM, SYNC, org, plainly, plan_for
from tests.tasks.plans.worlds import plan_of

Kind = ResourceKind
PERMISSIONS = ("ApiEnabled", "ViewAllData", "ManageUsers", "RunReports", "ViewSetup")


def change(kind: Kind, key: str, before: State | None, after_it: State | None) -> Change:
    return Change(
        number=1,
        resource=Resource(org="emea", kind=kind, key=key),
        before=before,
        after=after_it,
        kind=ChangeClass.NARROWING,
        control="ZT-03",
        why="too much",
        effect="less",
    )


def rights(of: OrgRights) -> dict[str, Any]:
    return plainly(held_in(of, [user.id for user in of.users], NOW))


def an_org(chance: Random) -> OrgRights:
    names = [f"S{number}" for number in range(4)]
    flags = ("read", "create", "edit", "delete")
    held = [*names, "Everything"]
    return org(
        permission_sets=(
            profile_set("wide", *chance.sample(PERMISSIONS, 2)),
            profile_set("admin", "ManageUsers", "AssignPermissionSets"),
            profile_set(MINIMUM),
            permission_set("Everything", "ModifyAllData"),
            permission_set("Scanner", "ApiEnabled"),
            *(permission_set(name, *chance.sample(PERMISSIONS, 2)) for name in names),
        ),
        groups=(group("Ops", *chance.sample(names, 2), status="Outdated"),),
        assignments=(
            *(assigned(SYNC, name) for name in held if chance.random() < 0.5),
            *([assigned(SYNC, "Ops", by_group=True)] if chance.random() < 0.5 else []),
        ),
        object_permissions=tuple(
            on_object(name, sobject, *chance.sample(flags, 2))
            for name in held
            for sobject in ("Account", "Case")
            if chance.random() < 0.6
        ),
        field_permissions=tuple(
            on_field(name, f"Account.{field}", edit=chance.random() < 0.5)
            for name in held
            for field in ("Industry", "Phone", "SSN__c")
            if chance.random() < 0.5
        ),
    )


def test_the_way_back_of_any_plan_gives_everybody_the_rights_of_before() -> None:
    changed = 0
    for seed in range(60):
        before = an_org(Random(seed))
        plan = plan_for(before)
        changed += len(plan.changes)
        then = after(before, plan)
        assert {who: held for who, held in rights(then).items() if who != f"005-{SYNC}"} == {
            who: held for who, held in rights(before).items() if who != f"005-{SYNC}"
        }, seed
        way_back = rollback(plan, History(attempts={c.number: 1 for c in plan.changes}), "ada", NOW)
        if way_back is not None:
            assert rights(after(then, way_back)) == rights(before), seed
    assert changed > 300


def test_the_aggregate_of_a_group_is_worked_out_anew_when_a_member_changes() -> None:
    before = org(
        permission_sets=(
            permission_set("Tools", "ViewSetup", "AuthorApex"),
            aggregate("Ops", "ViewSetup", "AuthorApex"),
        ),
        groups=(group("Ops", "Tools"),),
        assignments=(assigned(SYNC, "Ops", by_group=True),),
        object_permissions=(),
        field_permissions=(),
    )
    less = change(
        Kind.PERMISSION_SET,
        "Tools",
        {"label": "Tools", "permissions": ["AuthorApex", "ViewSetup"]},
        {"label": "Tools", "permissions": ["ViewSetup"]},
    )
    assert rights(after(before, plan_of([less])))[f"005-{SYNC}"][0].keys() == {"ViewSetup"}


def test_with_a_set_goes_all_that_hangs_on_it() -> None:
    gone = change(
        Kind.PERMISSION_SET, "Everything", {"label": "Everything", "permissions": ["ModifyAllData"]}, None
    )
    then = after(org(), plan_of([gone]))
    parents = [row.parent_id for row in (*then.object_permissions, *then.field_permissions, *then.app_access)]
    assert "0PS-Everything" not in [*parents, *(row.permission_set_id for row in then.assignments)]


@pytest.mark.parametrize(
    "missing",
    [
        change(Kind.ASSIGNMENT, "nobody@emea/Everything", None, {"expires": None}),
        change(Kind.ASSIGNMENT, f"{SYNC}/Gone", None, {"expires": None}),
        change(Kind.ASSIGNMENT, f"{SYNC}/group:Gone", None, {"expires": None}),
        change(Kind.FIELD_PERMISSION, "Gone/Account.Phone", None, {"read": True}),
        change(Kind.USER, SYNC, {"profile": "wide"}, {"profile": "Gone"}),
    ],
)
def test_what_is_not_there_is_not_guessed(missing: Change) -> None:
    with pytest.raises(KeyError):
        after(org(), plan_of([missing]))


def test_other_orgs_of_the_plan_change_nothing_here() -> None:
    elsewhere = change(Kind.ASSIGNMENT, f"{SYNC}/Everything", {"expires": None}, None)
    elsewhere = elsewhere.model_copy(update={"resource": elsewhere.resource.model_copy(update={"org": "hq"})})
    assert rights(after(org(), plan_of([elsewhere]))) == rights(org())
