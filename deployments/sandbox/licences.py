"""
What a user's licence allows: which sets, which permissions, and how many users there can be.

Sources: help article platform.integration_user and Object Reference, PermissionSet.LicenseId; the words of refusals follow
threads that quote them.
"""

from collections.abc import Iterable, Mapping

from deployments.sandbox.caller import OBJECT_FLAGS
from deployments.sandbox.errors import bad_field
from deployments.sandbox.licence_limits import (
    ADMINISTRATION,
    Limit,
    barred_permission,
    barred_right,
    limit_of,
    right_words,
)
from deployments.sandbox.schema import permission_labels
from deployments.sandbox.store import OrgStore
from deployments.sandbox.switches import switched

Row = Mapping[str, object]
NOT_ALLOWED = "The user license doesn't allow the permission"
INTEGRATION = "PID_Salesforce_Integration"
INTEGRATION_SET_LICENCE = "SalesforceAPIIntegrationPsl"


def check_assignment(store: OrgStore, row: Row) -> None:
    """Judges a new PermissionSetAssignment. Raises SalesforceError FIELD_INTEGRITY_EXCEPTION."""
    user = store.get("User", str(row["AssigneeId"])) or {}
    chosen = store.get("PermissionSet", str(row["PermissionSetId"])) or {}
    profile = store.get("Profile", str(user.get("ProfileId"))) or {}
    licence = store.get("UserLicense", str(profile.get("UserLicenseId"))) or {}
    held = _set_licences(store, str(user.get("Id")))
    sets = [chosen, *_members(store, row.get("PermissionSetGroupId"))]
    for each in sets:
        wanted = str(each.get("LicenseId") or "")
        if wanted.startswith("100") and licence and wanted != licence.get("Id"):
            raise _refused(
                chosen,
                user,
                f"The user license doesn't match the license of the permission set: {each.get('Label')}",
            )
        if wanted.startswith("0PL") and wanted not in held:
            raise _refused(
                chosen, user, "The user doesn't have the permission set license that the permission set needs"
            )
    limit = limit_of(licence)
    barred_here = [_first_barred(store, limit, each) for each in sets] if limit else []
    if first := next(filter(None, barred_here), None):
        raise _refused(chosen, user, f"{NOT_ALLOWED}: {first}")
    if licence.get("LicenseDefinitionKey") != INTEGRATION:
        return
    with_data = bool(
        store.sql(
            "SELECT 1 FROM PermissionSetLicenseAssign a JOIN PermissionSetLicense l ON l.Id = a.PermissionSetLicenseId"
            " WHERE a.AssigneeId = ? AND l.DeveloperName = ?",
            *(user.get("Id"), INTEGRATION_SET_LICENCE),
        )
    )
    for each in sets:
        barred = sorted(name for name in ADMINISTRATION if each.get(f"Permissions{name}"))
        if barred and switched(store, "integration_licence_refuses_administration"):
            raise _refused(chosen, user, f"{NOT_ALLOWED}: {permission_labels()[barred[0]].strip()}")
        if not with_data and (first := _first_data_right(store, str(each.get("Id")))):
            raise _refused(chosen, user, f"{NOT_ALLOWED}: {first}")


def check_rights(
    store: OrgStore,
    parent: Row,
    permissions: Iterable[str] = (),
    sobject: str = "",
    flags: Iterable[str] = (),
) -> None:
    """
    Judges rights that a set or profile is to have more: its own licence, its profile's, and those of the users who hold it
    have to allow them. Raises SalesforceError FIELD_INTEGRITY_EXCEPTION.
    """
    limited = {
        row["Id"]: limit
        for row in store.sql("SELECT Id, Name, LicenseDefinitionKey FROM UserLicense")
        if (limit := limit_of(dict(row))) is not None
    }
    if not limited:
        return
    administration = switched(store, "licence_limits_administration")
    for licence in _licences_of(store, parent) & limited.keys():
        first = barred_permission(limited[licence], permissions, administration=administration)
        first = first or barred_right(limited[licence], sobject, flags)
        if first:
            raise bad_field(f"{NOT_ALLOWED}: {first}")


def _licences_of(store: OrgStore, parent: Row) -> set[str]:
    """User licences behind a set or profile."""
    profile = store.get("Profile", str(parent.get("ProfileId"))) or {}
    own = {
        str(each)
        for each in (parent.get("LicenseId"), parent.get("UserLicenseId"), profile.get("UserLicenseId"))
    }
    rows = store.sql(
        "SELECT DISTINCT p.UserLicenseId FROM PermissionSetAssignment a JOIN User u ON u.Id = a.AssigneeId"
        " JOIN Profile p ON p.Id = u.ProfileId WHERE a.PermissionSetId = ? AND p.UserLicenseId IS NOT NULL",
        parent.get("Id"),
    )
    return own | {str(row[0]) for row in rows}


def _first_barred(store: OrgStore, limit: Limit, chosen: Row) -> str | None:
    held = {
        name.removeprefix("Permissions")
        for name, on in chosen.items()
        if name.startswith("Permissions") and on
    }
    administration = switched(store, "licence_limits_administration")
    if first := barred_permission(limit, held, administration=administration):
        return first
    for row in store.sql(
        "SELECT * FROM ObjectPermissions WHERE ParentId = ? ORDER BY SobjectType", chosen.get("Id")
    ):
        flags = [flag for flag in OBJECT_FLAGS if row[f"Permissions{flag}"]]
        if first := barred_right(limit, str(row["SobjectType"]), flags):
            return first
    return None


def check_seat(store: OrgStore, row: Row) -> None:
    """Judges a new PermissionSetLicenseAssign. Raises SalesforceError LICENSE_LIMIT_EXCEEDED."""
    licence = store.get("PermissionSetLicense", str(row["PermissionSetLicenseId"])) or {}
    used = store.sql(
        "SELECT COUNT(*) FROM PermissionSetLicenseAssign WHERE PermissionSetLicenseId = ?", licence.get("Id")
    )[0][0]
    total = licence.get("TotalLicenses")
    if total is not None and used >= int(str(total)):
        message = f"License Limit Exceeded: {licence.get('MasterLabel')}"
        raise bad_field(message, code="LICENSE_LIMIT_EXCEEDED")


def check_user(store: OrgStore, row: Row, record_id: str | None) -> None:
    """Judges a user who is or becomes active. Raises SalesforceError LICENSE_LIMIT_EXCEEDED."""
    before = (store.get("User", record_id) or {}) if record_id else {}
    same = before.get("IsActive") and before.get("ProfileId") == row.get("ProfileId")
    profile = store.get("Profile", str(row.get("ProfileId"))) or {}
    licence = store.get("UserLicense", str(profile.get("UserLicenseId"))) or {}
    if same or not row.get("IsActive", True) or licence.get("TotalLicenses") is None:
        return
    used = store.sql(
        "SELECT COUNT(*) FROM User u JOIN Profile p ON p.Id = u.ProfileId WHERE u.IsActive = 1 AND p.UserLicenseId = ?",
        licence["Id"],
    )[0][0]
    if used >= int(str(licence["TotalLicenses"])):
        raise bad_field(f"License Limit Exceeded: {licence.get('Name')}", code="LICENSE_LIMIT_EXCEEDED")


def _set_licences(store: OrgStore, user_id: str) -> set[str]:
    rows = store.sql(
        "SELECT PermissionSetLicenseId FROM PermissionSetLicenseAssign WHERE AssigneeId = ?", user_id
    )
    return {str(row[0]) for row in rows}


def _members(store: OrgStore, group_id: object) -> list[Row]:
    if not group_id:
        return []
    rows = store.sql(
        "SELECT PermissionSetId FROM PermissionSetGroupComponent WHERE PermissionSetGroupId = ?", group_id
    )
    return [found for row in rows if (found := store.get("PermissionSet", str(row[0]))) is not None]


def _first_data_right(store: OrgStore, set_id: str) -> str | None:
    for row in store.sql("SELECT * FROM ObjectPermissions WHERE ParentId = ? ORDER BY SobjectType", set_id):
        for flag in OBJECT_FLAGS:
            if row[f"Permissions{flag}"]:
                return right_words(flag, str(row["SobjectType"]))
    return None


def _refused(chosen: Row, user: Row, why: str) -> Exception:
    return bad_field(f"Can't assign permission set {chosen.get('Label')} to user {user.get('Name')}. {why}")
