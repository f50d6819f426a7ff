"""Letting those in who use an app today, before everybody else is refused."""

import re
from collections.abc import Collection, Sequence

from tasks.inventory.model import App, AppKind, User
from tasks.oauth.model import OrgApps
from tasks.plans.draft import Draft
from tasks.plans.model import ResourceKind, State

ONE_BY_ONE = 20
"""Users whom a set of its own admits to an app; where there are more, their profiles are."""
_KINDS = {
    AppKind.CONNECTED_APP: "ConnectedApplication",
    AppKind.EXTERNAL_CLIENT_APP: "ExternalClientApplication",
}


def admit(
    draft: Draft, org: OrgApps, app: App, missing: Sequence[User], spared: Collection[str]
) -> list[int]:
    """
    Numbers of the changes that must be in place before the app is closed to others; none where nobody is missing.

    `spared` are lower-case user names that no plan touches: a profile that one of them has is not given anything.
    """
    if not missing:
        return []
    profiles = sorted({user.profile_name for user in missing})
    shared = any(u.profile_name in profiles and u.username.lower() in spared for u in org.rights.users)
    if len(missing) > ONE_BY_ONE and not shared:
        return _by_profiles(draft, org.org, app, profiles)
    return _by_set(draft, org, app, missing)


def set_of(app: App) -> str:
    """The API name of an app's own set. The id keeps apps of like names apart; underscores never stand in a row."""
    return f"Bulkhead_App_{_plain(app.name)[:40].strip('_')}_{_plain(app.id)}"


def _by_profiles(draft: Draft, alias: str, app: App, profiles: Sequence[str]) -> list[int]:
    """Nobody gains by it: today all users may let the app in."""
    state: State = {"type": _KINDS[app.kind]}
    return [
        draft.change(
            alias,
            ResourceKind.APP_ACCESS,
            f"profile:{name}/{app.id}",
            None,
            state,
            _why(app),
            f"users with the profile {name} may use {app.label}",
        )
        for name in profiles
    ]


def _by_set(draft: Draft, org: OrgApps, app: App, missing: Sequence[User]) -> list[int]:
    name = set_of(app)
    own = next((s for s in org.rights.permission_sets if s.name == name and not s.profile_id), None)

    def change(kind: ResourceKind, key: str, after: State, effect: str, *needs: int) -> int:
        return draft.change(org.org, kind, key, None, after, _why(app), effect, *needs)

    made = opened = 0
    if own is None:
        bare: State = {"label": f"Bulkhead: may use {app.label}"[:80], "permissions": []}
        made = change(ResourceKind.PERMISSION_SET, name, bare, "nobody holds it yet")
    held = {(each.parent_id, each.app_id) for each in org.rights.app_access}
    if own is None or (own.id, app.id) not in held:
        state: State = {"type": _KINDS[app.kind]}
        effect = f"holders of {name} may use {app.label}"
        opened = change(ResourceKind.APP_ACCESS, f"{name}/{app.id}", state, effect, made)
    assigned = [
        change(
            ResourceKind.ASSIGNMENT,
            f"{user.username}/{name}",
            {"expires": None},
            f"{user.username} may use {app.label}",
            made,
        )
        for user in missing
    ]
    return [opened, *assigned]


def _why(app: App) -> str:
    return f"{app.label}: who uses it today is admitted before everybody else is refused"


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
