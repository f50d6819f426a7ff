"""What the platform refuses about permission rows: dependencies, duplicates and forbidden expiry."""

import json
from collections.abc import Mapping

from deployments.sandbox import licences, masters, shielding
from deployments.sandbox.caller import FLAG_NEEDS, OBJECT_FLAGS
from deployments.sandbox.clock import parse_stamp
from deployments.sandbox.errors import bad_field
from deployments.sandbox.identity import factors
from deployments.sandbox.identity.policy import switched_on
from deployments.sandbox.rights import permissions_of
from deployments.sandbox.store import OrgStore
from deployments.sandbox.switches import switched

Row = Mapping[str, object]

_WORDS = {"ViewAllRecords": "View All", "ModifyAllRecords": "Modify All", "ViewAllFields": "View All Fields"}
# Sets that administer users cannot be given for a limited time.
NEVER_EXPIRING = frozenset({"AssignPermissionSets", "ManageProfilesPermissionsets", "ManageUsers"})


def check(store: OrgStore, sobject: str, row: Row, record_id: str | None) -> None:
    """Judge the row as it would be stored. Raises SalesforceError when the platform would refuse it."""
    rule = {
        "ObjectPermissions": _object_permissions,
        "FieldPermissions": _field_permissions,
        "PermissionSetAssignment": _assignment,
        "PermissionSetLicenseAssign": _set_licence,
        "TwoFactorInfo": factors.check,
        "User": licences.check_user,
        "PermissionSet": _permission_set,
        "Profile": _permission_set,
        "TenantSecret": shielding.check_secret,
    }.get(sobject)
    if rule is not None:
        rule(store, row, record_id)


def _object_permissions(store: OrgStore, row: Row, record_id: str | None) -> None:
    sobject = str(row["SobjectType"])
    target = store.schema.get(sobject)
    if target is None or target.name != sobject:
        raise bad_field(
            f"Sobject Type Name: bad value for restricted picklist field: {sobject}",
            "SobjectType",
            code="INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        )
    held = {flag for flag in OBJECT_FLAGS if row.get(f"Permissions{flag}")}
    if not held:
        raise bad_field("A row without any permission is not allowed; delete the row instead")
    for flag in OBJECT_FLAGS:
        missing = [need for need in FLAG_NEEDS.get(flag, ()) if flag in held and need not in held]
        if missing:
            needed = ", ".join(f"{_WORDS.get(need, need)} {sobject}" for need in missing)
            raise bad_field(
                f"Permission {_WORDS.get(flag, flag)} {sobject} depends on permission(s): {needed}"
            )
    _unrepeated(store, "ObjectPermissions", record_id, ParentId=row["ParentId"], SobjectType=sobject)
    if record_id is None:
        masters.check(store, row["ParentId"], target)
    parent = store.get("PermissionSet", str(row["ParentId"])) or {}
    licences.check_rights(store, parent, sobject=sobject, flags=held)


def _field_permissions(store: OrgStore, row: Row, record_id: str | None) -> None:
    sobject, _, name = str(row["Field"]).partition(".")
    target = store.schema.get(sobject)
    field = target.fields.get(name) if target else None
    if sobject != row["SobjectType"] or field is None or not field.permissionable:
        raise bad_field(
            f"Field Name: bad value for restricted picklist field: {row['Field']}",
            "Field",
            code="INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        )
    if row.get("PermissionsEdit") and not row.get("PermissionsRead"):
        raise bad_field(f"Permission Edit {row['Field']} depends on permission(s): Read {row['Field']}")
    _unrepeated(store, "FieldPermissions", record_id, ParentId=row["ParentId"], Field=row["Field"])


def _unrepeated(store: OrgStore, sobject: str, record_id: str | None, **key: object) -> None:
    twins = [row for row in store.find(sobject, **key) if row["Id"] != record_id]
    if twins:
        message = f"duplicate value found: the permission set already has a row, id: {twins[0]['Id']}"
        raise bad_field(message, *key, code="DUPLICATE_VALUE")


def _assignment(store: OrgStore, row: Row, record_id: str | None) -> None:
    chosen = store.get("PermissionSet", str(row["PermissionSetId"])) or {}
    if record_id is None:
        direct = chosen.get("Type") == "Group" and not row.get("PermissionSetGroupId")
        if direct or chosen.get("IsOwnedByProfile"):
            raise bad_field("You can't assign this permission set to a user directly", "PermissionSetId")
        if store.find(
            "PermissionSetAssignment", AssigneeId=row["AssigneeId"], PermissionSetId=row["PermissionSetId"]
        ):
            raise bad_field(
                f"Duplicate PermissionSetAssignment. Assignee: {row['AssigneeId']}; Permission Set: "
                f"{row['PermissionSetId']}",
                "AssigneeId",
                "PermissionSetId",
                code="DUPLICATE_VALUE",
            )
        licences.check_assignment(store, row)
    _expiry(store, row)


def _set_licence(store: OrgStore, row: Row, record_id: str | None) -> None:
    licences.check_seat(store, row)


def _expiry(store: OrgStore, row: Row) -> None:
    expires = row.get("ExpirationDate")
    if expires is None:
        return
    if switched(store, "psa_expiration_needs_setting") and not switched_on(
        store, "UserManagementSettings", "UserManagement", "psaExpirationUIEnabled"
    ):
        message = "Expiration dates of permission set assignments are not enabled in User Management Settings"
        raise bad_field(message, "ExpirationDate")
    moment = parse_stamp(expires) if isinstance(expires, str) else expires
    if moment <= store.clock.now():  # type: ignore[operator]  # values() made it an aware datetime
        raise bad_field("The expiration date must be in the future", "ExpirationDate")
    held = permissions_of(store, json.dumps([row["PermissionSetId"]]))
    if held & NEVER_EXPIRING:
        named = ", ".join(sorted(held & NEVER_EXPIRING))
        raise bad_field(
            f"You can't set an expiration date for a permission set that contains: {named}", "ExpirationDate"
        )


def _refuse_expiring(store: OrgStore, set_id: str | None, added: set[str]) -> None:
    """A set that somebody holds for a limited time, by itself or in a group, does not come to administer users."""
    if not added or set_id is None or not switched(store, "expiring_sets_refuse_administration"):
        return
    held = store.sql(
        "SELECT 1 FROM PermissionSetAssignment WHERE ExpirationDate IS NOT NULL AND IsActive = 1 AND (PermissionSetId = ?"
        " OR PermissionSetGroupId IN (SELECT PermissionSetGroupId FROM PermissionSetGroupComponent"
        " WHERE PermissionSetId = ? AND IsDeleted = 0)) LIMIT 1",
        *(set_id, set_id),
    )
    if held:
        named = ", ".join(sorted(added))
        raise bad_field(f"You can't add {named} to a permission set that is assigned with an expiration date")


def _permission_set(store: OrgStore, row: Row, record_id: str | None) -> None:
    """Every permission held must have what the org's PermissionDependency rows say it needs.

    Only pairs the write touches are judged: an old fault elsewhere in the set does not block a repair.
    """
    before = (
        (store.get("PermissionSet", record_id) or store.get("Profile", record_id) or {}) if record_id else {}
    )
    touched = {
        name for name in row if name.startswith("Permissions") and row[name] != before.get(name, False)
    }
    added = {name.removeprefix("Permissions") for name in touched if row[name]}
    if added:
        licences.check_rights(store, row, added)
        _refuse_expiring(store, record_id, added & NEVER_EXPIRING)
    needs: dict[str, set[str]] = {}
    for each in store.sql('SELECT "Permission", "RequiredPermission" FROM "PermissionDependency"'):
        name, required = (f"Permissions{cell.removeprefix('Permissions')}" for cell in each)
        if row.get(name) and not row.get(required, True) and {name, required} & touched:
            needs.setdefault(name.removeprefix("Permissions"), set()).add(
                required.removeprefix("Permissions")
            )
    for name, missing in needs.items():
        raise bad_field(f"Permission {name} depends on permission(s): {', '.join(sorted(missing))}")
