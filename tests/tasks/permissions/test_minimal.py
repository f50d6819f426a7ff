"""The least a route needs, what goes beyond it, and the plan that follows: judged without any org."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from tasks.estate.model import Estate, Route
from tasks.estate.naming import set_name
from tasks.estate.policy import Policy
from tasks.inventory.model import User
from tasks.permissions.effective import effective_rights
from tasks.permissions.minimal import excess, lacking, minimal_set
from tasks.permissions.model import (
    AppAccess,
    Assignment,
    EffectiveRights,
    FieldFacts,
    FieldPermission,
    ObjectPermission,
    OrgRights,
    PermissionSet,
)
from tasks.permissions.plan import least_privilege_plan
from tasks.plans.model import Plan, ResourceKind
from tasks.usage.model import Call, Coverage, Operation, SeenCall, Usage
from tests.tasks.plans.estates import estate_of

NOW = datetime(2026, 5, 13, 12, tzinfo=UTC)
FIELDS = ("Name", "Industry", "Phone", "AnnualRevenue", "SSN__c", "CreditScore__c")
FACTS = {f"Account.{name}": FieldFacts(permissionable=name != "Name", writeable=True) for name in FIELDS}
MUTUAL = "EnforceMutualAuthentication"


def route(**changes: Any) -> Route:
    values = {
        "name": "HQ_to_EMEA_Account_Sync",
        "source": "hq",
        "target": "emea",
        "sobject": "Account",
        "fields": ("Name", "Industry", "Phone", "AnnualRevenue"),
        "read_only_fields": ("AnnualRevenue",),
        "sync_user": "sync@emea",
        "app": "Sync_App",
        "credential": "EMEA_Org_Sync",
    }
    return Route.model_validate({**values, **changes})


def user(
    name: str = "sync@emea", profile: str = "Standard User", licence: str = "Salesforce", active: bool = True
) -> User:
    return User(
        id=f"005{name}",
        username=name,
        active=active,
        frozen=False,
        user_type="Standard",
        profile_id=f"00e{profile}",
        profile_name=profile,
        license_name=licence,
        last_login=None,
        last_password_change=None,
    )


def permission_set(name: str, *permissions: str, profile: str | None = None) -> PermissionSet:
    return PermissionSet(
        id=f"0PS{name}",
        name=name,
        label=name,
        kind="Profile" if profile else "Regular",
        profile_id=f"00e{profile}" if profile else None,
        group_id=None,
        permissions=frozenset(permissions),
        activation_required=False,
        namespace=None,
    )


def on_object(parent: str, sobject: str, *flags: str) -> ObjectPermission:
    names = ("read", "create", "edit", "delete", "view_all", "modify_all")
    return ObjectPermission(
        parent_id=f"0PS{parent}", sobject=sobject, **{name: name in flags for name in names}
    )


def on_field(parent: str, field: str, read: bool = True, edit: bool = False) -> FieldPermission:
    return FieldPermission(
        parent_id=f"0PS{parent}", sobject=field.partition(".")[0], field=field, read=read, edit=edit
    )


def assigned(name: str, to: str = "sync@emea", expires: datetime | None = None) -> Assignment:
    return Assignment(
        id=f"0Pa{name}{to}",
        user_id=f"005{to}",
        permission_set_id=f"0PS{name}",
        group_id=None,
        expires=expires,
        active=True,
    )


def seen(sobject: str, times: int, operation: Operation = Operation.READ, *fields: str) -> SeenCall:
    call = Call(operation=operation, sobject=sobject, fields=frozenset(fields))
    return SeenCall(call=call, times=times, days=1, last=NOW.date())


def usage_of(*calls: SeenCall) -> Usage:
    coverage = Coverage(first=NOW.date(), last=NOW.date(), detailed=frozenset({NOW.date()}))
    return Usage(coverage=coverage, calls={"005sync@emea": calls}, failed={})


def org(**changes: Any) -> OrgRights:
    """An org whose sync user may do nearly everything, by its profile and by a set."""
    values: dict[str, Any] = {
        "org": "emea",
        "users": (user(), user("idle@emea", "Minimum Access - Salesforce")),
        "permission_sets": (
            permission_set("Xstd", "ApiEnabled", "ViewAllData", profile="Standard User"),
            permission_set("Xmin", profile="Minimum Access - Salesforce"),
            permission_set("Everything", "ModifyAllData", MUTUAL),
        ),
        "groups": (),
        "assignments": (assigned("Everything"),),
        "object_permissions": (on_object("Everything", "Account", "read", "create", "edit", "delete"),),
        "field_permissions": (on_field("Everything", "Account.SSN__c", True, True),),
        "app_access": (AppAccess(parent_id="0PSEverything", app_id="0H4App"),),
        "apps": {
            "0H4App": ("Sync_App", "ConnectedApplication"),
            "0H4Other": ("Other", "ConnectedApplication"),
        },
        "facts": FACTS,
        "mutual_auth_permission": MUTUAL,
        "usage": usage_of(seen("Account", 20), seen("Contact", 3)),
    }
    return OrgRights.model_validate({**values, **changes})


def plan_of(
    *orgs: OrgRights, routes: tuple[Route, ...] = (), estate: Estate | None = None, **policy: Any
) -> Plan:
    known = estate or estate_of(hq="production", emea="production")
    return least_privilege_plan(
        known, Policy.model_validate(policy), routes or (route(),), orgs or (org(),), "ada", NOW
    )


def after(plan: Plan, before: OrgRights) -> OrgRights:
    """The org as it would be with the plan applied, worked out by hand."""
    sets = {s.name: s for s in before.permission_sets}
    objects = {(p.parent_id, p.sobject): p for p in before.object_permissions}
    fields = {(p.parent_id, p.field): p for p in before.field_permissions}
    assignments = {(a.user_id, a.permission_set_id): a for a in before.assignments}
    users = {u.username: u for u in before.users}
    for change in plan.changes:
        container, _, name = change.resource.key.rpartition("/")
        match change.resource.kind:
            case ResourceKind.PERMISSION_SET:
                held = change.after["permissions"] if change.after else []
                sets[change.resource.key] = permission_set(change.resource.key, *map(str, held))  # type: ignore[arg-type]
            case ResourceKind.OBJECT_PERMISSION:
                objects.pop((f"0PS{container}", name), None)
                if change.after:
                    flags = [flag for flag, on in change.after.items() if on]
                    objects[f"0PS{container}", name] = on_object(container, name, *flags)
            case ResourceKind.FIELD_PERMISSION:
                fields.pop((f"0PS{container}", name), None)
                if change.after:
                    fields[f"0PS{container}", name] = on_field(
                        container, name, bool(change.after["read"]), bool(change.after["edit"])
                    )
            case ResourceKind.ASSIGNMENT:
                assignments.pop((f"005{container}", f"0PS{name}"), None)
                if change.after:
                    assignments[f"005{container}", f"0PS{name}"] = assigned(name, container)
            case ResourceKind.USER:
                assert change.after
                users[change.resource.key] = user(change.resource.key, str(change.after["profile"]))
            case ResourceKind.APP_ACCESS:
                pass
    return before.model_copy(
        update={
            "permission_sets": tuple(sets.values()),
            "object_permissions": tuple(objects.values()),
            "field_permissions": tuple(fields.values()),
            "assignments": tuple(assignments.values()),
            "users": tuple(users.values()),
        }
    )


def rights(of: OrgRights) -> EffectiveRights:
    return effective_rights(
        *(
            of.permission_sets,
            of.groups,
            of.assignments,
            of.object_permissions,
            of.field_permissions,
            of.users,
        ),
        ["005sync@emea"],
        NOW,
    )["005sync@emea"]


def test_the_set_is_the_articles_table() -> None:
    made = minimal_set(route(), FACTS)
    assert made.fields == {
        "Account.Industry": (True, True),
        "Account.Phone": (True, True),
        "Account.AnnualRevenue": (True, False),
    }
    assert made.objects["Account"].model_dump() == {
        **dict.fromkeys(("read", "create", "edit"), True),
        **dict.fromkeys(("delete", "view_all", "modify_all"), False),
    }
    assert all(right.why for right in made.evidence)


def test_what_nobody_may_write_is_read_and_what_is_not_there_is_said() -> None:
    facts = {**FACTS, "Account.Phone": FieldFacts(permissionable=True, writeable=False)}
    made = minimal_set(route(fields=("Phone", "Gone__c")), facts)
    assert made.fields == {"Account.Phone": (True, False)} and made.missing == ("Gone__c",)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("HQ to EMEA – Konten", "HQ_to_EMEA_Konten"),
        ("4711", "Route_4711"),
        ("a__b_", "a_b"),
        ("x" * 99, "x" * 80),
    ],
)
def test_names_of_sets_are_names_the_platform_takes(name: str, made: str) -> None:
    assert set_name(route(name=name)) == made


def test_afterwards_the_user_holds_exactly_its_routes_rights() -> None:
    before = org()
    held = rights(after(plan_of(before), before))
    wanted = [minimal_set(route(), FACTS, {MUTUAL})]
    assert excess(held, wanted) == () and lacking(held, wanted) == ()
    assert held.permissions.keys() == {"ApiEnabled", MUTUAL}
    assert not held.may_read_field("Account.SSN__c")


def test_a_second_plan_has_nothing_to_do() -> None:
    before = org()
    again = plan_of(after(plan_of(before), before))
    assert again.changes == () and "holds exactly" in again.keeps[0]


def test_every_right_of_the_plan_is_needed() -> None:
    """Without any one of the changes that give rights, the route lacks something."""
    before = org()
    made = plan_of(before)
    wanted = [minimal_set(route(), FACTS, {MUTUAL})]
    giving = [
        c
        for c in made.changes
        if c.resource.kind in (ResourceKind.OBJECT_PERMISSION, ResourceKind.FIELD_PERMISSION)
    ]
    assert len(giving) == 4
    for change in giving:
        rest = tuple(c for c in made.changes if c is not change)
        without = made.model_construct(**{**made.__dict__, "changes": rest})
        assert lacking(rights(after(without, before)), wanted)


def test_nothing_is_taken_before_what_replaces_it_is_there() -> None:
    made = plan_of()
    gives = {
        c.number for c in made.changes if c.resource.kind is ResourceKind.ASSIGNMENT and c.after is not None
    }
    takes = [c for c in made.changes if c.after is None or c.resource.kind is ResourceKind.USER]
    assert takes and all(gives <= set(c.needs) for c in takes)
    profile = next(c for c in made.changes if c.resource.kind is ResourceKind.USER)
    assert profile.after == {"profile": "Minimum Access - Salesforce"}
    app = next(c for c in made.changes if c.resource.kind is ResourceKind.APP_ACCESS)
    assert app.resource.key == "HQ_to_EMEA_Account_Sync/0H4App"


def test_what_the_logs_saw_and_would_fail_is_said() -> None:
    made = plan_of()
    assert any("read Contact 3 times" in line and "for want of read Contact" in line for line in made.risks)
    assert not any("read Account 20 times" in line for line in made.risks)
    assert any("read Account" in line and "seen 20 times" in line for line in made.keeps)
    assert any("absence of logs is not absence of use" in line for line in plan_of(org(usage=None)).risks)


@pytest.mark.parametrize(
    ("who", "policy", "why"),
    [
        ({"users": (user(active=False),)}, {}, "is not active"),
        ({"users": (user("other@emea"),)}, {}, "is not there"),
        ({}, {"jit": {"break_glass": ["SYNC@emea"]}}, "is never touched"),
    ],
)
def test_who_is_left_alone_is_named(who: dict[str, Any], policy: dict[str, Any], why: str) -> None:
    made = plan_of(org(**who), **policy)
    assert made.changes == () and why in made.risks[0]


def test_our_own_users_are_never_touched() -> None:
    made = plan_of(org(users=(user("s@emea"),)), routes=(route(sync_user="s@emea"),))
    assert made.changes == () and "is never touched" in made.risks[0]


def test_a_user_of_two_routes_keeps_both() -> None:
    contact = route(name="HQ_to_EMEA_Contact_Sync", sobject="Contact", fields=("Email",), read_only_fields=())
    facts = {**FACTS, "Contact.Email": FieldFacts(permissionable=True, writeable=True)}
    before = org(facts=facts)
    made = plan_of(before, routes=(route(), contact))
    held = rights(after(made, before))
    assert held.objects.keys() == {"Account", "Contact"}
    assert [c.resource.key for c in made.changes].count("sync@emea/API_Enabled") == 1


def test_rights_that_ran_out_are_not_taken_again() -> None:
    over = org(assignments=(assigned("Everything"), assigned("Xold", expires=NOW - timedelta(days=1))))
    assert not any("Xold" in c.resource.key for c in plan_of(over).changes)


def test_random_orgs_end_with_exactly_the_routes_rights() -> None:
    for seed in range(300):
        chance = Random(seed)
        sets = [
            permission_set(
                f"S{n}", *chance.sample(["ApiEnabled", "ViewAllData", "ManageUsers", "RunReports", MUTUAL], 2)
            )
            for n in range(4)
        ]
        existing = chance.random() < 0.4
        if existing:
            sets.append(
                permission_set(
                    "HQ_to_EMEA_Account_Sync", *chance.sample(["ViewSetup", MUTUAL], chance.randint(0, 2))
                )
            )
        names = [s.name for s in sets]
        flags = ("read", "create", "edit", "delete", "view_all")
        before = org(
            permission_sets=(
                permission_set("Xstd", "ApiEnabled", profile="Standard User"),
                permission_set("Xmin", profile="Minimum Access - Salesforce"),
                *sets,
            ),
            assignments=tuple(assigned(name) for name in names if chance.random() < 0.6),
            object_permissions=tuple(
                on_object(name, sobject, *chance.sample(flags, 3))
                for name in names
                for sobject in ("Account", "Case")
                if chance.random() < 0.6
            ),
            field_permissions=tuple(
                on_field(name, f"Account.{field}", True, chance.random() < 0.5)
                for name in names
                for field in FIELDS[1:]
                if chance.random() < 0.5
            ),
        )
        made = plan_of(before)
        held = rights(after(made, before))
        demands = {MUTUAL} if rights(before).has(MUTUAL) else set()
        wanted = [minimal_set(route(), FACTS, demands)]
        assert excess(held, wanted) == (), seed
        assert lacking(held, wanted) == (), seed
        assert plan_of(after(made, before)).changes == (), seed
