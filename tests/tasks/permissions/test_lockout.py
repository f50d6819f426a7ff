"""No plan may saw off the branch we sit on: each kind of branch, and each way of sawing."""

from collections.abc import Sequence
from typing import Any

import pytest

from tasks.permissions.lockout import saws_off
from tasks.permissions.model import OrgRights
from tasks.plans.model import Change, ChangeClass, Plan, Resource, ResourceKind, State
from tests.tasks.audit.evidence_factory import NOW, assigned, permission_set, user
from tests.tasks.permissions.orgs import ADMIN, ESTATE, GLASS, MINIMUM, POLICY, SCANNER, SYNC, org, plan_for
from tests.tasks.plans.worlds import plan_of

Kind = ResourceKind
EXPIRES: State = {"expires": None}


def change(kind: Kind, key: str, before: State | None, after: State | None, number: int = 1) -> Change:
    return Change(
        number=number,
        resource=Resource(org="emea", kind=kind, key=key),
        before=before,
        after=after,
        kind=ChangeClass.NARROWING,
        control="ZT-03",
        why="too much",
        effect="less",
    )


def judged(plan: Plan, *orgs: OrgRights) -> tuple[str, ...]:
    return saws_off(plan, orgs or (org(),), ESTATE, POLICY, NOW)


def reasons(*changes: Change, of: OrgRights | None = None) -> str:
    return "; ".join(judged(plan_of(changes), *((of,) if of else ())))


def test_the_plan_of_a_route_saws_nothing_off() -> None:
    made = plan_for(org())
    assert made.changes and judged(made) == ()


def test_a_plan_without_changes_saws_nothing_off() -> None:
    assert judged(plan_of([])) == ()


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (SCANNER, "is our scanner"),
        (GLASS, "is a break-glass account"),
        (GLASS.upper(), "is a break-glass account"),
        ("robot@emea", "AutomatedProcess"),
        ("nobody@emea", "has no user"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "suffix", "before", "after"),
    [
        (Kind.USER, "", {"profile": "wide"}, {"profile": MINIMUM}),
        (Kind.ASSIGNMENT, "/Everything", None, EXPIRES),
        (Kind.ASSIGNMENT, "/Everything", EXPIRES, None),
    ],
)
def test_nobody_who_must_be_left_alone_is_changed(
    who: str, why: str, kind: Kind, suffix: str, before: State | None, after: State | None
) -> None:
    assert why in reasons(change(kind, f"{who}{suffix}", before, after))


SCANNER_SET: State = {"label": "Scanner", "permissions": ["ApiEnabled", "ViewSetup"]}


@pytest.mark.parametrize(
    ("made", "what"),
    [
        (change(Kind.PERMISSION_SET, "Scanner", SCANNER_SET, {"label": "Scanner", "permissions": ["ApiEnabled"]}), "ViewSetup"),
        (change(Kind.PERMISSION_SET, "Scanner", SCANNER_SET, None), "ApiEnabled"),
        (change(Kind.OBJECT_PERMISSION, "Scanner/Account", None, {"read": True, "delete": True}), "delete Account"),
        (change(Kind.FIELD_PERMISSION, "Scanner/Account.SSN__c", None, {"read": True, "edit": False}), "read Account.SSN__c"),
        (change(Kind.APP_ACCESS, "Scanner/0H4Ours", {"type": "ConnectedApplication"}, None), "the app Bulkhead_Scanner"),
        (change(Kind.OBJECT_PERMISSION, "profile:admin/Account", None, {"read": True}), f"{GLASS} is never touched"),
        (change(Kind.OBJECT_PERMISSION, "profile:wide/Account", None, {"read": True}), "robot@emea is never touched"),
    ],
)  # fmt: skip
def test_sets_and_profiles_of_those_who_are_left_alone_are_not_changed_under_them(
    made: Change, what: str
) -> None:
    assert what in reasons(made) and "is never touched" in reasons(made)


def test_a_new_label_changes_nobody_s_rights() -> None:
    assert (
        reasons(change(Kind.PERMISSION_SET, "Scanner", SCANNER_SET, {**SCANNER_SET, "label": "Ours"})) == ""
    )


@pytest.mark.parametrize(
    ("others", "sawn"),
    [
        ((), True),
        ((user("second@emea", "admin"),), False),
        ((user("second@emea", "admin", active=False),), True),
        ((user("second@emea", "admin", frozen=True),), True),
        ((user("second@emea", "admin", user_type="Guest"),), True),
    ],
)
def test_the_last_active_administrator_stays_one(others: Sequence[Any], sawn: bool) -> None:
    lonely = org(users=(user(ADMIN, "admin"), user(SYNC, "wide"), *others))
    found = reasons(change(Kind.USER, ADMIN, {"profile": "admin"}, {"profile": MINIMUM}), of=lonely)
    assert ("no active administrator would be left" in found) is sawn


@pytest.mark.parametrize("other", [SCANNER, GLASS])
def test_our_own_users_and_sealed_accounts_are_no_administrators_that_people_could_ask(other: str) -> None:
    before = org(users=(user(ADMIN, "admin"), user(other, "admin")))
    found = reasons(change(Kind.USER, ADMIN, {"profile": "admin"}, {"profile": MINIMUM}), of=before)
    assert "no active administrator would be left" in found


def test_administrators_by_set_and_by_group_count() -> None:
    before = org(
        users=(user(ADMIN, "admin"), user("second@emea", "wide")),
        permission_sets=(
            *org().permission_sets,
            permission_set("Admins", "ManageUsers", "AssignPermissionSets"),
        ),
        assignments=(assigned("second@emea", "Admins"),),
    )
    move = change(Kind.USER, ADMIN, {"profile": "admin"}, {"profile": MINIMUM})
    take = change(Kind.ASSIGNMENT, "second@emea/Admins", EXPIRES, None, number=2)
    assert reasons(move, of=before) == ""
    assert "no active administrator" in reasons(move, take, of=before)


def test_an_org_of_which_nothing_is_known_is_a_reason() -> None:
    made = plan_of([change(Kind.USER, SYNC, {"profile": "wide"}, {"profile": MINIMUM})])
    assert "nothing is known of its users" in saws_off(made, [], ESTATE, POLICY, NOW)[0]


def test_a_plan_for_things_that_are_not_there_is_not_judged_harmless() -> None:
    assert "does not have" in reasons(change(Kind.OBJECT_PERMISSION, "Gone/Account", None, {"read": True}))
