"""Who is refused once a plan about apps is applied, worked out from tokens, sign-ins and rights alone."""

from collections.abc import Collection, Sequence

from tasks.inventory.model import App, AppKind, User
from tasks.oauth.model import Doors, OrgApps
from tasks.oauth.use import Uses
from tasks.permissions.model import OrgRights
from tasks.permissions.simulate import after
from tasks.plans.model import AppPolicy, Plan
from tasks.plans.render import counted

_SHOWN = 5


def key_of(app: App, policy: AppPolicy) -> str:
    """How plans name one policy of an app."""
    return f"{app.kind.value}:{app.full_name or app.name}/{policy.value}"


def would_be_refused(
    org: OrgApps, doors: Doors, uses: Uses, closed: Collection[str], ours: Collection[str]
) -> list[str]:
    """
    What is in use and would be refused once API Access Control lets in approved apps only; empty when it may be turned on.

    `closed` are ids of apps that are approved before that, `ours` of those that our own users or break-glass accounts sign in
    with, seen or not. External client apps are not asked: Salesforce Help, Manage API Access, speaks of connected apps.
    """
    found = [
        f"{app.label} is for everybody to authorize, and {counted(len(known(uses, app)), 'user')} signed in with it"
        + (
            "; no plan touches it, so leave it to admitted users in Setup"
            if app.id in ours
            else "; leave it to admitted users first"
        )
        for app in sorted(org.apps, key=lambda each: each.label)
        if app.kind is AppKind.CONNECTED_APP
        and app.admin_approved_only is not True
        and app.id not in closed
        and (app.id in ours or known(uses, app))
    ]
    found += [
        f"{name} is not installed, and {counted(users, 'user')} signed in with it; install it from Setup, Connected Apps OAuth "
        "Usage, and approve it first"
        for name, users in uses.strangers().items()
    ]
    # Whether it stops SOAP login(), which names no app, no reference says: the harder reading counts.
    found += [
        f"{login.username} signs in by SOAP with its password and names no app; move it to an approved app first"
        for login in doors.soap
    ]
    return found


def kept_out(org: OrgApps, uses: Uses, plan: Plan) -> dict[str, list[User]]:
    """
    Whom the plan keeps from an app, by its label: who signed in with it or holds a token for it, and is not admitted then.

    Only what the plan does about permitted users counts.
    """
    then = after(org.rights, plan)
    return {
        app.label: [user for user in known(uses, app) if user.id not in uses.admitted(app, then)]
        for app in _changed(org, plan, AppPolicy.PERMITTED_USERS)
    }


def ended(org: OrgApps, uses: Uses, plan: Plan) -> dict[str, list[User]]:
    """Whose token for an app ends with the refresh policy that the plan gives it, by the app's label."""
    return {app.label: uses.holders(app, idle=True) for app in _changed(org, plan, AppPolicy.REFRESH_TOKENS)}


def told(org: OrgApps, uses: Uses, plan: Plan) -> list[str]:
    """Both for an approver: integration users by name, of people only how many."""
    lines = [
        f"{org.org}: {label} refuses {who(org, users)} who did not use it lately, and whom nobody has admitted"
        for label, users in kept_out(org, uses, plan).items()
        if users
    ]
    return lines + [
        f"{org.org}: {label} asks {who(org, users)} to let it in anew, for a token was not used for so long"
        for label, users in ended(org, uses, plan).items()
        if users
    ]


def who(org: OrgApps, users: Sequence[User]) -> str:
    """Integration users by name; of people only how many."""
    machines = [user.username for user in users if _machine(org.rights, user)]
    people = len(users) - len(machines)
    return " and ".join(
        [
            *([named(machines)] if machines else []),
            *([counted(people, "user")] if people or not machines else []),
        ]
    )


def named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _machine(rights: OrgRights, user: User) -> bool:
    """Whether a profile or a set of the user makes it one that may use the API only."""
    held = {row.permission_set_id for row in rights.assignments if row.user_id == user.id}
    return any(
        "ApiUserOnly" in each.permissions
        for each in rights.permission_sets
        if each.id in held or (each.profile_id == user.profile_id and not each.group_id)
    )


def known(uses: Uses, app: App) -> list[User]:
    """Active users who signed in with an app or hold a token for it, by user name."""
    found = {user.id: user for user in (*uses.users(app), *uses.holders(app))}
    return sorted(found.values(), key=lambda user: user.username)


def _changed(org: OrgApps, plan: Plan, policy: AppPolicy) -> list[App]:
    keys = {c.resource.key for c in plan.changes if c.resource.org == org.org}
    return [app for app in org.apps if key_of(app, policy) in keys]
