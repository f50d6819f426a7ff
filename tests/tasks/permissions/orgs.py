"""An org whose sync user may do nearly everything, for a test to change in one place and then judge."""

from collections.abc import Mapping
from typing import Any

from tasks.estate.model import Route
from tasks.estate.policy import Policy
from tasks.permissions.model import AppAccess, EffectiveRights, FieldFacts, OrgRights, Profile
from tasks.permissions.plan import least_privilege_plan
from tasks.plans.model import Change, Plan, ResourceKind
from tests.tasks.audit.evidence_factory import (
    NOW,
    assigned,
    on_field,
    on_object,
    permission_set,
    profile_set,
    user,
)
from tests.tasks.plans.estates import estate_of

SYNC, ADMIN, GLASS = "sync@emea", "admin@emea", "glass@emea"
SCANNER = "s@emea"
"""The scanner of `estate_of`."""
SET = "HQ_to_EMEA_Account_Sync"
MINIMUM = "Minimum Access - Salesforce"
ADMINISTERS = ("ManageUsers", "AssignPermissionSets")
FACTS = {
    f"Account.{name}": FieldFacts(permissionable=name != "Name", writeable=True)
    for name in ("Name", "Industry", "Phone", "AnnualRevenue", "SSN__c", "CreditScore__c")
}
ESTATE = estate_of(hq="production", emea="production")
POLICY = Policy.model_validate({"jit": {"break_glass": [GLASS]}})


def route(**changes: Any) -> Route:
    values = {
        "name": SET,
        "source": "hq",
        "target": "emea",
        "sobject": "Account",
        "fields": ("Name", "Industry", "Phone", "AnnualRevenue"),
        "read_only_fields": ("AnnualRevenue",),
        "sync_user": SYNC,
        "app": "Sync_App",
        "credential": "EMEA_Org_Sync",
    }
    return Route.model_validate({**values, **changes})


def org(**changes: Any) -> OrgRights:
    values: dict[str, Any] = {
        "org": "emea",
        "users": (
            user(SYNC, "wide"),
            user(ADMIN, "admin"),
            user(GLASS, "admin"),
            user(SCANNER, MINIMUM),
            user("robot@emea", "wide", user_type="AutomatedProcess"),
        ),
        "permission_sets": (
            profile_set("wide", "ApiEnabled", "ViewAllData"),
            profile_set("admin", *ADMINISTERS, "ModifyAllData"),
            profile_set(MINIMUM),
            permission_set("Everything", "ModifyAllData"),
            permission_set("Scanner", "ApiEnabled", "ViewSetup"),
        ),
        "groups": (),
        "assignments": (assigned(SYNC, "Everything"), assigned(SCANNER, "Scanner")),
        "object_permissions": (on_object("Everything", "Account", "read", "create", "edit", "delete"),),
        "field_permissions": (on_field("Everything", "Account.SSN__c", edit=True),),
        "app_access": (
            AppAccess(parent_id="0PS-Everything", app_id="0H4App"),
            AppAccess(parent_id="0PS-Scanner", app_id="0H4Ours"),
        ),
        "apps": {
            "0H4App": ("Sync_App", "ConnectedApplication"),
            "0H4Ours": ("Bulkhead_Scanner", "ConnectedApplication"),
        },
        "facts": FACTS,
        "mutual_auth_permission": None,
        "profiles": tuple(
            Profile(id=f"00e-{name}", name=name, license_name="Salesforce")
            for name in ("wide", "admin", MINIMUM)
        ),
    }
    return OrgRights.model_validate({**values, **changes})


def plan_for(before: OrgRights, *routes: Route, **options: Any) -> Plan:
    known = options.get("estate", ESTATE)
    return least_privilege_plan(
        known, options.get("policy", POLICY), routes or (route(),), [before], "ada", NOW
    )


def plainly(held: Mapping[str, EffectiveRights]) -> dict[str, Any]:
    """Rights by user, with the places they come from in no order."""
    return {
        user: (
            {name: frozenset(places) for name, places in each.permissions.items()},
            each.objects,
            each.fields,
        )
        for user, each in held.items()
    }


def of_kind(plan: Plan, kind: ResourceKind) -> list[Change]:
    return [change for change in plan.changes if change.resource.kind is kind]
