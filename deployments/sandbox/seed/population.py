"""The people of each org: profiles, employees, administrators, and our own scanner and enforcer."""

from datetime import timedelta

from deployments.sandbox.seed.blueprint import (
    App,
    Assignment,
    Blueprint,
    Grants,
    Logins,
    Org,
    PermissionSet,
    Profile,
    User,
)
from deployments.sandbox.seed.names import (
    ADMIN_PROFILE,
    API_PROFILE,
    FIRST_NAMES,
    INTEGRATION_LICENSE,
    LAST_NAMES,
    MIDDLEWARE,
    MIDDLEWARE_ADDRESS,
    USER_LICENSE,
    VPN_ADDRESS,
)
from deployments.sandbox.seed.rights import (
    ENFORCER,
    ENFORCER_SETS,
    ENFORCER_WRITES,
    MASKING_SET,
    administrator_grants,
    data_grants,
    masking_grants,
    scanner_grants,
)

STAFF_PROFILES = ("Standard User", "Wealth Advisor", "Service Agent", "Compliance Officer", "Read Only")
_SHARES = (20, 45, 22, 5, 8)
_DEPARTMENTS = ("Private Banking", "Wealth Advisory", "Client Service", "Compliance", "Operations")
MFA_SET = "MFA_Required"
ADMIN_SET = "Platform_Administration"


def add_profiles(org: Org) -> None:
    basic = {"ApiEnabled", "RunReports", "LightningExperienceUser", "ChatterInternalUser"}
    for name in STAFF_PROFILES:
        grants = data_grants(edit=name != "Read Only", sensitive=name == "Compliance Officer")
        grants.permissions = set(basic)
        org.profiles[name] = Profile(name, USER_LICENSE, grants)
    org.profiles[ADMIN_PROFILE] = Profile(ADMIN_PROFILE, USER_LICENSE, administrator_grants())
    org.profiles[API_PROFILE] = api_profile(API_PROFILE)
    org.sets[MFA_SET] = PermissionSet(MFA_SET, Grants({"ForceTwoFactor"}))
    org.sets[ADMIN_SET] = PermissionSet(ADMIN_SET, administrator_grants())
    for name in ("Export_Reports", "Campaign_Editor", "Knowledge_Author", "Territory_Reader"):
        org.sets[name] = PermissionSet(
            name, Grants({"ExportReport"} if name == "Export_Reports" else {"RunReports"})
        )


def api_profile(name: str, *, ranges: bool = True) -> Profile:
    """The profile for machines: API only, from the middleware's addresses only."""
    grants = Grants({"ApiEnabled", "ApiUserOnly", "ChatterInternalUser"})
    return Profile(name, INTEGRATION_LICENSE, grants, [MIDDLEWARE] if ranges else [])


def add_people(plan: Blueprint, org: Org) -> None:
    """Employees: names that repeat, so usernames carry a number."""
    rng = plan.rng
    profiles = rng.choices(STAFF_PROFILES, _SHARES, k=org.people)
    firsts, lasts = rng.choices(FIRST_NAMES, k=org.people), rng.choices(LAST_NAMES, k=org.people)
    departments, draws = rng.choices(_DEPARTMENTS, k=org.people), [rng.random() for _ in range(org.people)]
    for number, (first, last, profile) in enumerate(zip(firsts, lasts, profiles, strict=True), 1):
        draw = draws[number - 1]
        username = f"{first}.{last}.{number:04d}@{org.domain}".lower()
        org.users[username] = User(
            username,
            first,
            last,
            profile,
            active=draw > 0.02,
            federation=username if draw > 0.5 else None,
            title=profile,
            department=departments[number - 1],
            strong_factor=draw > 0.3,
            password_changed=plan.ago(int(draw * 300)),
        )
        if draw > 0.9:
            org.assignments.append(Assignment(username, "Export_Reports"))


def add_administrator(
    plan: Blueprint,
    org: Org,
    name: str,
    *,
    profile: str = "Standard User",
    break_glass: bool = False,
    logins: bool = True,
) -> User:
    """A person who may administer, with a strong second factor; rights beyond the profile are the caller's."""
    first, last = plan.rng.choice(FIRST_NAMES), plan.rng.choice(LAST_NAMES)
    username = f"{name}@{org.domain}"
    user = User(
        username, first, last, profile, title="Platform Administrator", department="IT", strong_factor=True
    )
    user.password_changed = plan.ago(25)
    org.users[username] = user
    org.assignments.append(Assignment(username, MFA_SET))
    if break_glass:
        plan.break_glass.append(username)
    if logins:
        org.logins.append(Logins(username, "Application", "Browser", VPN_ADDRESS, 40))
    return user


def add_break_glass(plan: Blueprint, org: Org) -> None:
    for number in (1, 2):
        user = add_administrator(plan, org, f"break.glass.{number}", profile=ADMIN_PROFILE, break_glass=True)
        if number == 1:
            # For rehearsals somebody's password has to be known.
            user.password, user.security_token = plan.canary("pw"), plan.canary("st")


def add_machine(
    plan: Blueprint, org: Org, local_part: str, label: str, *, profile: str = API_PROFILE
) -> User:
    username = f"{local_part}@{org.domain}"
    user = User(username, "Integration", label, profile, title="Integration", password_changed=plan.ago(20))
    org.users[username] = user
    return user


def add_own_identities(plan: Blueprint, org: Org) -> None:
    """Scanner and enforcer: a user, a set, an admin-approved app with its own key pair each. What writes, sleeps."""
    for role, grants in (("scanner", scanner_grants()), ("enforcer", Grants(set(ENFORCER)))):
        user = add_machine(plan, org, f"bulkhead.{role}", f"Bulkhead {role.capitalize()}")
        name = f"Bulkhead_{role.capitalize()}"
        grants.apps.add(name)
        org.sets[name] = PermissionSet(name, grants)
        org.assignments.append(Assignment(user.username, name))
        if role == "enforcer":
            writes = ENFORCER_SETS[1]
            given = Grants(set(ENFORCER_WRITES))
            if org.kind == "sandbox":
                # Restore drills make records there, and remove them again.
                records = data_grants(edit=True, sensitive=True, delete=True)
                given.objects, given.fields = records.objects, records.fields
            org.sets[writes] = PermissionSet(writes, given, session_activated=True)
            org.assignments.append(Assignment(user.username, writes))
            if org.kind == "sandbox":
                org.sets[MASKING_SET] = PermissionSet(MASKING_SET, masking_grants(), session_activated=True)
                org.assignments.append(Assignment(user.username, MASKING_SET))
        org.apps[name] = App(
            name,
            "connected-app",
            plan.token(40),
            frozenset({"jwt"}),
            certificate=("bulkhead", f"{org.alias}-{role}"),
            scopes=("Api", "RefreshToken"),
            refresh_policy="specific_lifetime:8:HOURS",
        )
        org.logins.append(Logins(user.username, "Remote Access 2.0", name, MIDDLEWARE_ADDRESS, 118))


def add_soon_expiring(plan: Blueprint, username: str, name: str) -> Assignment:
    """A temporary grant that is still running: it ends two to three hours from now, on the full hour."""
    ends = plan.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
    return Assignment(username, name, expires=ends)
