"""The plan of a route: what it gives first, what it takes then, and whom it leaves alone."""

from datetime import timedelta

import pytest

from tasks.permissions.minimal import MINIMUM_ACCESS, excess, minimal_set
from tasks.permissions.model import FieldFacts, Profile
from tasks.permissions.simulate import after, held_in
from tasks.plans.model import ChangeClass, ResourceKind
from tests.tasks.audit.evidence_factory import (
    NOW,
    assigned,
    group,
    on_object,
    permission_set,
    profile_set,
    user,
)
from tests.tasks.permissions.orgs import (
    ADMIN,
    ESTATE,
    FACTS,
    MINIMUM,
    SET,
    SYNC,
    of_kind,
    org,
    plan_for,
    route,
)

Kind = ResourceKind


def test_view_all_fields_is_taken_from_the_route_s_own_set() -> None:
    before = org()
    made = plan_for(before)
    clean = after(before, made)
    rows = tuple(
        row.model_copy(update={"view_fields": row.parent_id == f"new:{SET}"})
        for row in clean.object_permissions
    )
    again = plan_for(clean.model_copy(update={"object_permissions": rows}))
    (change,) = again.changes
    assert change.resource.key == f"{SET}/Account" and change.kind is ChangeClass.NARROWING
    assert change.before == {**(change.after or {}), "view_fields": True}
    assert f"emea: {SYNC} loses Account: view all fields" in again.risks


def test_what_the_profile_itself_gives_is_said_to_stay() -> None:
    before = org()
    hidden = next(each for each in before.permission_sets if each.profile_id == f"00e-{MINIMUM}")
    row = on_object("Everything", "Account", "read").model_copy(
        update={"parent_id": hidden.id, "view_fields": True}
    )
    made = plan_for(before.model_copy(update={"object_permissions": (*before.object_permissions, row)}))
    said = f"emea: {SYNC} goes on with Account: view all fields, which the profile {MINIMUM} gives"
    assert any(line.startswith(said) for line in made.risks), made.risks
    assert not any("goes on with" in line for line in plan_for(before).risks)


def test_a_set_that_others_hold_too_is_left_to_them() -> None:
    before = org()
    shared = before.model_copy(
        update={
            "permission_sets": (*before.permission_sets, permission_set(SET, "RunReports")),
            "assignments": (*before.assignments, assigned(ADMIN, SET), assigned(SYNC, SET)),
        }
    )
    made = plan_for(shared)
    assert [c.resource.key for c in of_kind(made, Kind.PERMISSION_SET)] == [f"{SET}_Route", "API_Enabled"]
    assert f"{SYNC}/{SET}" in [c.resource.key for c in made.changes if c.after is None]
    then = after(shared, made)
    admin = [u.id for u in shared.users if u.username == ADMIN]
    assert held_in(then, admin, NOW) == held_in(shared, admin, NOW)
    assert plan_for(then).changes == ()


@pytest.mark.parametrize(
    "unfit",
    [
        permission_set(SET, activation_required=True),
        permission_set(SET, namespace="vendor"),
    ],
)
def test_a_set_that_sleeps_or_is_a_package_s_is_not_the_route_s(unfit) -> None:
    before = org()
    made = plan_for(before.model_copy(update={"permission_sets": (*before.permission_sets, unfit)}))
    assert of_kind(made, Kind.PERMISSION_SET)[0].resource.key == f"{SET}_Route"


def test_a_set_that_is_part_of_a_group_is_not_the_route_s() -> None:
    before = org(groups=(group("Ops", SET),))
    made = plan_for(
        before.model_copy(update={"permission_sets": (*before.permission_sets, permission_set(SET))})
    )
    assert of_kind(made, Kind.PERMISSION_SET)[0].resource.key == f"{SET}_Route"


def test_a_grant_that_ran_out_is_not_taken_again() -> None:
    over = assigned(SYNC, "Scanner", expires=NOW - timedelta(days=1))
    before = org()
    made = plan_for(before.model_copy(update={"assignments": (*before.assignments, over)}))
    assert f"{SYNC}/Scanner" not in [c.resource.key for c in made.changes]


def test_an_api_set_that_gives_more_is_not_narrowed_for_its_other_holders() -> None:
    before = org()
    wide = permission_set("API_Enabled", "ApiEnabled", "ViewSetup")
    made = plan_for(before.model_copy(update={"permission_sets": (*before.permission_sets, wide)}))
    assert [c.resource.key for c in of_kind(made, Kind.PERMISSION_SET)] == [SET, "API_Enabled_Only"]
    fit = permission_set("API_Enabled", "ApiEnabled")
    again = plan_for(before.model_copy(update={"permission_sets": (*before.permission_sets, fit)}))
    assert [c.resource.key for c in of_kind(again, Kind.PERMISSION_SET)] == [SET]


def test_a_grant_that_ends_by_itself_stays_one() -> None:
    before = org()
    ends = NOW + timedelta(hours=4)
    jit = before.model_copy(
        update={
            "permission_sets": (*before.permission_sets, permission_set(SET)),
            "assignments": (*before.assignments, assigned(SYNC, SET, expires=ends)),
        }
    )
    made = plan_for(jit)
    assert made.changes and f"{SYNC}/{SET}" not in [c.resource.key for c in made.changes]


@pytest.mark.parametrize(("hours", "taken"), [(4, False), (5, True)])
def test_a_grant_for_hours_is_left_to_its_end_and_a_longer_one_is_taken(hours: int, taken: bool) -> None:
    before = org()
    lent = assigned(SYNC, "Scanner", expires=NOW + timedelta(hours=hours))
    made = plan_for(before.model_copy(update={"assignments": (*before.assignments, lent)}))
    assert (f"{SYNC}/Scanner" in [c.resource.key for c in made.changes]) is taken
    clean = after(before, plan_for(before))
    again = plan_for(clean.model_copy(update={"assignments": (*clean.assignments, lent)}))
    assert bool(again.changes) is taken


@pytest.mark.parametrize(
    ("profiles", "licence", "chosen"),
    [
        (MINIMUM_ACCESS, "Salesforce", MINIMUM_ACCESS[0]),
        (MINIMUM_ACCESS[1:], "Salesforce", MINIMUM_ACCESS[1]),
        (MINIMUM_ACCESS, "Platform", None),
    ],
)
def test_the_narrowest_profile_of_the_user_s_own_licence_is_chosen(
    profiles, licence: str, chosen: str | None
) -> None:
    there = tuple(Profile(id=f"00e-{name}", name=name, license_name=licence) for name in profiles)
    before = org(
        profiles=there,
        users=(user(SYNC, "wide"),),
        permission_sets=(
            profile_set("wide", "ApiEnabled", "ViewAllData"),
            *(profile_set(name) for name in profiles),
        ),
        assignments=(),
        object_permissions=(),
        field_permissions=(),
    )
    made = plan_for(before)
    moves = of_kind(made, Kind.USER)
    assert [c.after for c in moves] == ([{"profile": chosen}] if chosen else [])
    words = "address ranges and login hours" if chosen else "no minimum-access profile of its licence"
    assert any(words in line for line in made.risks)


def test_groups_are_taken_and_their_rights_are_gone() -> None:
    before = org()
    grouped = before.model_copy(
        update={
            "groups": (group("Ops", "Everything", status="Outdated"),),
            "assignments": (assigned(SYNC, "Ops", by_group=True),),
        }
    )
    made = plan_for(grouped)
    assert f"{SYNC}/group:Ops" in [c.resource.key for c in made.changes if c.after is None]
    assert plan_for(after(grouped, made)).changes == ()


def test_other_routes_of_the_user_are_planned_with_it() -> None:
    contact = route(name="Contacts", sobject="Contact", fields=("Email",), read_only_fields=())
    stranger = route(name="Leads", sobject="Lead", sync_user="other@emea", fields=("Email",))
    estate = ESTATE.model_copy(update={"routes": (route(), contact, stranger)})
    facts = {**FACTS, "Contact.Email": FieldFacts(permissionable=True, writeable=True)}
    before = org(facts=facts)
    made = plan_for(before, route(), estate=estate)
    assert made.title == f"Least privilege for {SET}"
    held = held_in(after(before, made), [f"005-{SYNC}"], NOW)[f"005-{SYNC}"]
    assert held.objects.keys() == {"Account", "Contact"}
    assert excess(held, [minimal_set(each, facts) for each in (route(), contact)]) == ()


def test_masters_are_given_before_their_details_and_taken_after_them() -> None:
    facts = {
        "Aaa__c.Zzz__c": FieldFacts(
            permissionable=False, writeable=True, references=("Zzz__c",), master=True
        ),
        "Old__c.Parent__c": FieldFacts(
            permissionable=False, writeable=True, references=("Xtop__c",), master=True
        ),
    }
    before = org(facts=facts)
    existing = before.model_copy(
        update={
            "permission_sets": (*before.permission_sets, permission_set(SET)),
            "assignments": (*before.assignments, assigned(SYNC, SET)),
            "object_permissions": (on_object(SET, "Old__c", "read"), on_object(SET, "Xtop__c", "read")),
        }
    )
    made = plan_for(existing, route(sobject="Aaa__c", fields=("Zzz__c",), read_only_fields=()))
    by_key = {c.resource.key.rpartition("/")[2]: c for c in of_kind(made, Kind.OBJECT_PERMISSION)}
    assert by_key["Zzz__c"].number in by_key["Aaa__c"].needs
    assert by_key["Old__c"].number in by_key["Xtop__c"].needs


def test_a_change_that_only_takes_is_narrowing_and_one_that_gives_is_widening() -> None:
    before = org()
    existing = before.model_copy(
        update={
            "permission_sets": (*before.permission_sets, permission_set(SET, "RunReports")),
            "assignments": (*before.assignments, assigned(SYNC, SET)),
            "object_permissions": (on_object(SET, "Account", "read", "create", "edit", "delete"),),
        }
    )
    kinds = {c.resource.key: c.kind for c in plan_for(existing).changes}
    assert kinds[SET] is ChangeClass.NARROWING and kinds[f"{SET}/Account"] is ChangeClass.NARROWING
    assert kinds[f"{SET}/Account.Phone"] is ChangeClass.WIDENING
    assert kinds["API_Enabled"] is ChangeClass.WIDENING and kinds[SYNC] is ChangeClass.NARROWING


def test_what_sharing_will_decide_is_said() -> None:
    assert any("sharing opens to it" in line for line in plan_for(org()).risks)
    before = org(
        permission_sets=(
            profile_set("wide", "ApiEnabled"),
            profile_set(MINIMUM),
            permission_set("Everything", "RunReports"),
        )
    )
    assert not any("sharing opens to it" in line for line in plan_for(before).risks)


def test_users_of_the_platform_are_left_alone() -> None:
    robot = route(sync_user="robot@emea")
    made = plan_for(org(), robot)
    assert made.changes == () and "is never touched" in made.risks[0]
