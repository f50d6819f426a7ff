"""An org with one app and its people, for a test to change in one place and then judge."""

from datetime import datetime
from typing import Any

from tasks.inventory.model import App, Login, OauthGrant
from tasks.network.model import AddressRange, ProfileAccess
from tasks.oauth.model import OrgApps
from tasks.permissions.model import AppAccess, OrgRights
from tests.tasks.audit.evidence_factory import (
    NOW,
    SETTINGS,
    app,
    assigned,
    days,
    permission_set,
    profile_set,
    user,
)
from tests.tasks.permissions.orgs import GLASS, SCANNER

ANN, BEN, SYNC = "ann@emea", "ben@emea", "sync@emea"
OFFICE, ELSEWHERE = "198.51.100.7", "203.0.113.99"
PORTAL = app(
    "Portal",
    scopes=("Api", "RefreshToken"),
    refresh_policy="specific_lifetime",
    full_name="Portal_App",
    pkce_required=True,
)


OURS = app("Ours", full_name="Ours", has_jwt_certificate=True)
"""What our scanner signs in with."""


def grant(
    who: str, used: float | None = 1, *, created: float = 200, of: App = PORTAL, **changes: Any
) -> OauthGrant:
    """A token for an app that was last used so many days ago."""
    values = {
        "app_name": of.label,
        "app_id": of.id,
        "user_id": f"005-{who}",
        "created": days(created),
        "last_used": None if used is None else days(used),
        "use_count": 3,
    }
    return OauthGrant.model_validate(values | changes)


def seen(
    who: str, application: str = "Portal", *, at: datetime = NOW, address: str = OFFICE, **changes: Any
) -> Login:
    values = {
        "user_id": f"005-{who}",
        "kind": "Remote Access 2.0",
        "application": application,
        "address": address,
        "success": True,
        "count": 2,
        "last": at,
    }
    return Login.model_validate(values | changes)


def org_apps(*apps: App, **changes: Any) -> OrgApps:
    """`changes` are fields of OrgApps, or of its rights. Our own app is always there, and our scanner signed in with it."""
    apps = (*apps, OURS)
    changes["logins"] = (*changes.get("logins", ()), seen(SCANNER, "Ours"))
    rights: dict[str, Any] = {
        "org": "emea",
        "users": (
            user(ANN, "clerk"),
            user(BEN, "clerk"),
            user(SYNC, "api"),
            user(GLASS, "admin"),
            user(SCANNER, "reading"),
        ),
        "permission_sets": (
            profile_set("clerk"),
            profile_set("api", "ApiUserOnly"),
            profile_set("reading", "ApiUserOnly"),
            profile_set("admin", "ManageUsers", "AssignPermissionSets"),
            permission_set("lets-in"),
            permission_set("ours"),
        ),
        "groups": (),
        "assignments": (assigned(SCANNER, "ours"),),
        "object_permissions": (),
        "field_permissions": (),
        "app_access": (),
        "apps": {each.id: (each.name, "ConnectedApplication") for each in apps},
        "facts": {},
        "mutual_auth_permission": None,
    }
    rights |= {name: changes.pop(name) for name in list(changes) if name in rights}
    values: dict[str, Any] = {
        "rights": OrgRights(**rights),
        "apps": apps,
        "grants": (),
        "logins": (),
        "profiles": (
            ProfileAccess(
                profile_id="00e-clerk",
                profile_name="clerk",
                login_ranges=(AddressRange(first="198.51.100.0", last="198.51.100.255"),),
            ),
            ProfileAccess(profile_id="00e-reading", profile_name="reading", login_ranges=()),
        ),
        "settings": SETTINGS,
    }
    return OrgApps(**(values | changes))


def admits(container: str, of: App = PORTAL) -> AppAccess:
    return AppAccess(parent_id=f"0PS-{container}", app_id=of.id)
