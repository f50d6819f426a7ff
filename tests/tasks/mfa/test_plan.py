"""Who is asked for a second factor, who is exempt and why, and who has to register one: every path, every exception."""

from datetime import timedelta
from typing import Any

from tasks.estate.policy import Policy
from tasks.inventory.model import Login
from tasks.mfa.model import SignIns
from tasks.mfa.plan import SET, SWITCH, held_up, mfa_plan, newly_held_up
from tasks.network.model import MfaMethods, OrgSettings
from tasks.permissions.model import OrgRights
from tasks.plans.model import Plan, ResourceKind
from tests.tasks.audit.evidence_factory import NOW, assigned, permission_set, profile_set, user
from tests.tasks.permissions.orgs import ADMIN, ESTATE, GLASS, SCANNER

CLERK = "clerk@emea"
POLICY = Policy.model_validate(
    {"jit": {"break_glass": [GLASS], "break_glass_reviewed": {GLASS: NOW.date().isoformat()}}}
)


def settings(*, on: bool) -> OrgSettings:
    return OrgSettings(
        trusted_ranges=(),
        enforce_ranges_every_request=True,
        mfa_for_direct_logins=on,
        admin_approved_apps_only=True,
        block_password_flow=True,
        event_log_generation=True,
        delete_monitoring_data=False,
        transaction_security=True,
    )


def sign_ins(
    *,
    on: bool = True,
    armed: tuple[str, ...] = (ADMIN, GLASS, CLERK),
    logins: tuple[Login, ...] = (),
    **changes: Any,
) -> SignIns:
    users = (user(ADMIN, "admin"), user(GLASS, "admin"), user(CLERK, "plain"), user(SCANNER, "machine"))
    values: dict[str, Any] = {
        "org": "emea",
        "users": users,
        "permission_sets": (
            profile_set("admin", "ManageUsers", "AssignPermissionSets"),
            profile_set("plain"),
            profile_set("machine", "ApiUserOnly", "ApiEnabled"),
            permission_set("asks", "ForceTwoFactor"),
        ),
        "groups": (),
        "assignments": (assigned(ADMIN, "asks"),),
        "object_permissions": (),
        "field_permissions": (),
        "app_access": (),
        "apps": {},
        "facts": {},
        "mutual_auth_permission": None,
        "profiles": (),
        "usage": None,
    }
    rights = OrgRights(**{**values, **changes})
    ids = {each.username: each.id for each in rights.users}
    methods = tuple(MfaMethods(user_id=ids[name], strong=True) for name in armed if name in ids)
    return SignIns(rights=rights, settings=settings(on=on), methods=methods, logins=logins)


def plan_for(org: SignIns, policy: Policy = POLICY) -> Plan:
    return mfa_plan(ESTATE, policy, [org], "ada", NOW)


def named(plan: Plan) -> list[str]:
    return [change.resource.key for change in plan.changes]


def test_an_org_that_asks_everybody_needs_nothing() -> None:
    plan = plan_for(sign_ins())
    assert plan.changes == () and "asks for a second factor at all direct sign-ins already" in plan.keeps[0]
    assert plan.risks == ("emea: nobody more has to register a second factor",)


def test_an_administrator_whom_no_permission_asks_gets_the_set() -> None:
    plan = plan_for(sign_ins(assignments=()))
    assert named(plan) == [SET, f"{ADMIN}/{SET}"] and plan.changes[1].needs == (1,)
    assert GLASS not in " ".join(named(plan)), "break glass is never changed"


def holding(*permissions: str, **grant: Any) -> dict[str, Any]:
    """An org where an earlier plan has made the set and given it to the administrator."""
    sets = (
        profile_set("admin", "ManageUsers", "AssignPermissionSets"),
        profile_set("plain"),
        profile_set("machine", "ApiUserOnly", "ApiEnabled"),
        permission_set(SET, *permissions),
    )
    return {"permission_sets": sets, "assignments": (assigned(ADMIN, SET, **grant),)}


def test_a_set_that_asks_no_more_is_made_to_ask_again() -> None:
    [change] = plan_for(sign_ins(**holding("RunReports"))).changes
    assert (change.before, change.after) == (
        {"label": SET, "permissions": ["RunReports"]},
        {"label": SET, "permissions": ["ForceTwoFactor", "RunReports"]},
    )
    assert change.users == (ADMIN,), "who holds it already is concerned"


def test_a_set_that_is_there_is_given_and_one_that_ended_is_given_again() -> None:
    there = {**holding("ForceTwoFactor"), "assignments": ()}
    [change] = plan_for(sign_ins(**there)).changes
    assert (change.resource.key, change.before) == (f"{ADMIN}/{SET}", None)
    [change] = plan_for(sign_ins(**holding("ForceTwoFactor", expires=NOW - timedelta(days=1)))).changes
    assert change.before is not None and change.before["expires"] and change.after == {"expires": None}


def test_a_set_that_break_glass_holds_is_not_made_to_ask() -> None:
    held = holding("RunReports")
    plan = plan_for(sign_ins(**{**held, "assignments": (*held["assignments"], assigned(GLASS, SET))}))
    assert plan.changes == () and any(GLASS in line and "by hand" in line for line in plan.risks)


def test_the_switch_is_turned_where_break_glass_has_a_key() -> None:
    plan = plan_for(sign_ins(on=False))
    assert named(plan) == [SWITCH] and plan.changes[0].resource.kind is ResourceKind.ORG_SETTING
    assert plan.changes[0].users == (), "who has a second factor gets in as before"


def test_the_switch_stays_off_where_it_would_lock_out_break_glass() -> None:
    plan = plan_for(sign_ins(on=False, armed=(ADMIN, CLERK)))
    assert plan.changes == ()
    assert any(f"stays off, for it would lock out {GLASS}" in line for line in plan.risks)


def test_who_has_no_second_factor_is_forecast() -> None:
    here = tuple(each.model_copy(update={"last_login": NOW}) for each in sign_ins().rights.users)
    org = sign_ins(on=False, armed=(ADMIN, GLASS), users=here)
    plan = plan_for(org)
    assert held_up(org, plan, NOW) == [CLERK] and plan.changes[0].users == (CLERK,)
    assert any("1 more who signed in before have no second factor" in line for line in plan.risks)
    assert CLERK not in " ".join(plan.risks), "who administers nothing is counted, and not named"
    asked_today = org.model_copy(update={"settings": settings(on=True)})
    assert newly_held_up(asked_today, plan, NOW) == [], "whom nothing new holds up is nobody's news"
    away = tuple(each.model_copy(update={"last_login": None}) for each in here)
    assert held_up(sign_ins(on=False, armed=(ADMIN, GLASS), users=away), plan, NOW) == []


def test_an_exemption_by_a_set_is_taken_from_the_set_and_its_holders_are_forecast() -> None:
    org = sign_ins(
        armed=(GLASS, CLERK),
        permission_sets=(
            *sign_ins().rights.permission_sets,
            permission_set("waiver", "BypassMFAForUiLogins", "RunReports"),
        ),
        assignments=(assigned(ADMIN, "asks"), assigned(ADMIN, "waiver")),
    )
    plan = plan_for(org)
    assert named(plan) == ["waiver"]
    assert (plan.changes[0].after or {})["permissions"] == ["RunReports"]
    assert plan.changes[0].users == (ADMIN,)
    assert held_up(org, plan, NOW) == [ADMIN]
    assert any(f"the administrator {ADMIN} has no second factor" in line for line in plan.risks)


def test_an_exemption_that_break_glass_holds_too_is_named_and_left() -> None:
    waiver = permission_set("waiver", "BypassMFAForUiLogins")
    shared = sign_ins(
        permission_sets=(*sign_ins().rights.permission_sets, waiver),
        assignments=(assigned(ADMIN, "asks"), assigned(ADMIN, "waiver"), assigned(GLASS, "waiver")),
    )
    plan = plan_for(shared)
    assert plan.changes == ()
    assert any(f"{ADMIN} is exempt" in line and "protected user holds too" in line for line in plan.risks)
    assert any(f"{GLASS} is exempt" in line and "break-glass account" in line for line in plan.risks)


def exempt(profile: str, *, custom: bool, **changes: Any) -> SignIns:
    """All with a profile are exempt."""
    sets = [each for each in sign_ins().rights.permission_sets if each.name != f"of-{profile}"]
    org = sign_ins(
        permission_sets=(*sets, profile_set(profile, "BypassMFAForUiLogins", "RunReports")), **changes
    )
    return org.model_copy(update={"custom_profiles": frozenset({f"00e-{profile}"} if custom else ())})


def test_an_exemption_by_a_custom_profile_is_taken_from_it_and_who_has_it_is_forecast() -> None:
    org = exempt("plain", custom=True, armed=(ADMIN, GLASS))
    here = org.rights.model_copy(
        update={"users": tuple(each.model_copy(update={"last_login": NOW}) for each in org.rights.users)}
    )
    org = org.model_copy(update={"rights": here})
    plan = plan_for(org)
    [change] = plan.changes
    assert change.resource.kind is ResourceKind.PROFILE_PERMISSION
    assert change.resource.key == "profile:plain/BypassMFAForUiLogins"
    assert (change.before, change.after) == ({"on": True}, {"on": False})
    assert change.users == (CLERK,)
    assert held_up(org, plan, NOW) == [CLERK]


def test_a_standard_profile_and_one_that_a_protected_user_has_keep_their_exemption_and_are_named() -> None:
    plan = plan_for(exempt("plain", custom=False))
    assert plan.changes == () and any(
        f"{CLERK} is exempt from multi-factor authentication by the standard profile plain" in line
        for line in plan.risks
    )
    plan = plan_for(exempt("admin", custom=True, assignments=()))
    assert ResourceKind.PROFILE_PERMISSION not in {c.resource.kind for c in plan.changes}
    assert any("by the profile admin, which a protected user has too" in line for line in plan.risks)


def test_who_is_exempt_and_stays_so_is_held_up_by_nothing() -> None:
    sets = (
        profile_set("admin", "ManageUsers", "BypassMFAForUiLogins"),
        *sign_ins().rights.permission_sets[1:],
    )
    org = sign_ins(on=False, armed=(CLERK,), permission_sets=sets)
    plan = plan_for(org)
    assert named(plan) == [SWITCH], "an exempt break-glass account is not locked out by the switch"
    assert held_up(org, plan, NOW) == []


def test_who_comes_by_single_sign_on_only_is_the_identity_providers() -> None:
    sso = permission_set("sso", "IsSsoEnabled")
    org = sign_ins(
        armed=(GLASS, CLERK),
        permission_sets=(*sign_ins().rights.permission_sets, sso),
        assignments=(assigned(ADMIN, "sso"),),
    )
    ids = {each.username: each.id for each in org.rights.users}
    saml = Login(
        user_id=ids[ADMIN], kind="SAML Sfdc Initiated SSO", application="Browser", address="203.0.113.1",
        success=True, count=3, last=NOW,
    )  # fmt: skip
    by_sso = org.model_copy(update={"logins": (saml,)})
    assert plan_for(by_sso).changes == () and held_up(by_sso, plan_for(by_sso), NOW) == []
    directly = by_sso.model_copy(update={"logins": (saml, saml.model_copy(update={"kind": "Application"}))})
    assert named(plan_for(directly)) == [SET, f"{ADMIN}/{SET}"]


def test_a_machine_at_the_browser_is_named() -> None:
    ids = {each.username: each.id for each in sign_ins().rights.users}
    seen = Login(
        user_id=ids[SCANNER], kind="Application", application="Browser", address="203.0.113.1",
        success=True, count=2, last=NOW,
    )  # fmt: skip
    assert any(
        f"{SCANNER} may use the API only and signed in at a browser 2 times" in line
        for line in plan_for(sign_ins(logins=(seen,))).risks
    )


def test_break_glass_is_reviewed_by_its_date() -> None:
    def told(**jit: Any) -> str:
        policy = Policy.model_validate({"jit": {"break_glass": [GLASS], **jit}})
        return " ".join(plan_for(sign_ins(), policy).risks)

    assert "names no review of it" in told()
    old = (NOW - timedelta(days=93)).date().isoformat()
    assert "it is due again" in told(break_glass_reviewed={GLASS: old})
    assert "due" not in told(break_glass_reviewed={GLASS: (NOW - timedelta(days=91)).date().isoformat()})
    assert "listed as none" in told(break_glass_reviewed={"x@y": old})
