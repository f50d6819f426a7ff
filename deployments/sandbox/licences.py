"""
What a user's licence allows: which sets, which permissions, and how many users there can be.

Sources: help article platform.integration_user and Object Reference, PermissionSet.LicenseId; the words of refusals follow
threads that quote them.
"""

from collections.abc import Mapping

from deployments.sandbox.caller import OBJECT_FLAGS
from deployments.sandbox.errors import bad_field
from deployments.sandbox.store import OrgStore
from deployments.sandbox.switches import switched

Row = Mapping[str, object]
INTEGRATION = "PID_Salesforce_Integration"
INTEGRATION_SET_LICENCE = "SalesforceAPIIntegrationPsl"
ADMINISTRATION = frozenset(
    {
        "AssignPermissionSets", "CustomizeApplication", "ManageInternalUsers", "ManagePasswordPolicies",
        "ManageProfilesPermissionsets", "ManageRoles", "ManageSharing", "ManageUsers", "ResetPasswords",
    }
)  # fmt: skip
"""Permissions that a licence for machines may not allow; a switch decides."""
_FLAG_WORDS = {"ViewAllRecords": "View All", "ModifyAllRecords": "Modify All"}


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
            raise _refused(chosen, user, f"The user license doesn't allow the permission: {barred[0]}")
        if not with_data and (first := _first_data_right(store, str(each.get("Id")))):
            raise _refused(chosen, user, f"The user license doesn't allow the permission: {first}")


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
                return f"{_FLAG_WORDS.get(flag, flag)} {row['SobjectType']}"
    return None


def _refused(chosen: Row, user: Row, why: str) -> Exception:
    return bad_field(f"Can't assign permission set {chosen.get('Label')} to user {user.get('Name')}. {why}")
