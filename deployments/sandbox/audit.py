"""What a write to a setup object leaves behind: SetupAuditTrail rows and everything that follows from it."""

from collections.abc import Iterator, Mapping

from deployments.sandbox import shielding
from deployments.sandbox.caller import Caller
from deployments.sandbox.identity import factors
from deployments.sandbox.rights import recompute_group
from deployments.sandbox.schema import permission_labels
from deployments.sandbox.store import OrgStore

Row = Mapping[str, object]
Entry = tuple[str, str | None, str]
_PERMISSIONS = {
    "FieldPermissions": "FieldPermissions",
    "ObjectPermissions": "ObjectPermissions",
    "PermissionSet": "UserPermissions",
    "PermissionSetAssignment": "PermissionSetAssignment",
    "Profile": "UserPermissions",
}


def record(store: OrgStore, caller: Caller, action: str, section: str | None, display: str) -> None:
    """Add one SetupAuditTrail row in the caller's name."""
    row = {"Action": action, "Section": section, "Display": display, "CreatedById": caller.user_id or None}
    store.insert("SetupAuditTrail", [row])


def follow(store: OrgStore, caller: Caller, sobject: str, before: Row | None, after: Row | None) -> None:
    """Audit one write (before is None on create, after is None on delete) and refresh what depends on it."""
    entries = {
        "PermissionSetAssignment": _assignment,
        "PermissionSet": _permission_set,
        "UserLogin": _login,
        "User": _user,
        "Profile": _profile,
        "SetupEntityAccess": _entity_access,
        "ObjectPermissions": _child_rights,
        "FieldPermissions": _child_rights,
        "TenantSecret": _tenant_secret,
        "PermissionSetGroup": _group,
        "TwoFactorInfo": _factor,
    }.get(sobject)
    for action, section, display in entries(store, before, after) if entries else ():
        record(store, caller, action, section, display)
        if sobject in _PERMISSIONS:
            facts: dict[str, object] = {
                "user_id": caller.user_id,
                "CONTEXT": "API",
                "DESCRIPTION": display,
                "FEATURE_ID": (after or before or {}).get("Id"),
                "PERMISSION_TYPE": _PERMISSIONS[sobject],
                "UPDATE_TYPE": action,
            }
            store.note_event("PermissionUpdate", facts)
    _refresh_groups(store, sobject, after or before or {})
    if sobject == "Profile" and before is not None and after is not None:
        _mirror_profile(store, before, after)
    if sobject == "User" and before is None and after is not None:
        _provision(store, after)
    if sobject == "User" and before is not None and after is not None:
        _change_profile(store, before, after)
    if sobject == "TwoFactorInfo":
        factors.follow(store, before, after)
    if sobject == "User" and after is not None and not after["IsActive"]:
        store.sql('DELETE FROM "AuthSession" WHERE "UsersId" = ?', after["Id"])


def _name(store: OrgStore, sobject: str, record_id: object, field: str) -> object:
    row = store.get(sobject, str(record_id)) if record_id else None
    return row[field] if row else record_id


def _assignment(store: OrgStore, before: Row | None, after: Row | None) -> Iterator[Entry]:
    row = after or before or {}
    user = _name(store, "User", row["AssigneeId"], "Username")
    group = row["PermissionSetGroupId"]
    kind = "group " if group else ""
    label = (_name(store, "PermissionSetGroup", group, "MasterLabel") if group
             else _name(store, "PermissionSet", row["PermissionSetId"], "Label"))  # fmt: skip
    stem = "PermSetGroup" if group else "PermSet"
    if before is None:
        yield (f"{stem}Assign", "Manage Users", f"Permission set {kind}{label}: assigned to user {user}")
    elif after is None:
        yield (
            f"{stem}Unassign",
            "Manage Users",
            f"Permission set {kind}{label}: unassigned from user {user}",
        )


def _permission_set(store: OrgStore, before: Row | None, after: Row | None) -> Iterator[Entry]:
    row = after or before or {}
    if before is None:
        yield ("PermSetCreate", "Manage Users", f"Created permission set {row['Label']}: with no license")
    if after is None:
        yield "PermSetDelete", "Manage Users", f"Deleted permission set {row['Label']}"
        return
    for name, label in permission_labels().items():
        was, is_now = (bool(before and before[f"Permissions{name}"]), bool(after[f"Permissions{name}"]))
        if was != is_now:
            action = "PermSetEnableUserPerm" if is_now else "PermSetDisableUserPerm"
            words = "disabled to enabled" if is_now else "enabled to disabled"
            text = f"Changed permission set {row['Label']}: {label} permission was changed from {words}"
            yield action, "Manage Users", text


def _profile(store: OrgStore, before: Row | None, after: Row | None) -> Iterator[Entry]:
    for name, label in permission_labels().items():
        if before and after and before[f"Permissions{name}"] != after[f"Permissions{name}"]:
            words = "disabled to enabled" if after[f"Permissions{name}"] else "enabled to disabled"
            text = f"Changed profile {after['Name']}: {label} permission was changed from {words}"
            yield "profileUserPermChanged", "Manage Users", text


def _login(store: OrgStore, before: Row | None, after: Row | None) -> Iterator[Entry]:
    if before and after and before["IsFrozen"] != after["IsFrozen"]:
        user = _name(store, "User", after["UserId"], "Username")
        word = "froze" if after["IsFrozen"] else "unfroze"
        yield f"{word}user", "Manage Users", f"{word.capitalize()} user {user}"


def _user(store: OrgStore, before: Row | None, after: Row | None) -> Iterator[Entry]:
    row = after or before or {}
    if before is None:
        yield "createduser", "Manage Users", f"Created new user {row['Name']}"
    elif after and before["IsActive"] != after["IsActive"]:
        word = "activated" if after["IsActive"] else "deactivated"
        yield f"{word}user", "Manage Users", f"{word.capitalize()} user {row['Name']}"
    if before and after and before["ProfileId"] != after["ProfileId"]:
        was = _name(store, "Profile", before["ProfileId"], "Name")
        now = _name(store, "Profile", after["ProfileId"], "Name")
        text = f"Changed profile for user {row['Name']} from {was} to {now}"
        yield "changedprofileforuser", "Manage Users", text


def _entity_access(store: OrgStore, before: Row | None, after: Row | None) -> Iterator[Entry]:
    row = after or before or {}
    word = "Enabled" if before is None else "Disabled"
    label = _name(store, "PermissionSet", row["ParentId"], "Label")
    action = f"SetupEntityAccessAudit_PermissionSet_{row['SetupEntityType']}_{word}"
    yield (
        action,
        "Manage Users",
        f"{word} {row['SetupEntityType']} {row['SetupEntityId']} for permission set {label}",
    )


def _child_rights(store: OrgStore, before: Row | None, after: Row | None) -> Iterator[Entry]:
    row = after or before or {}
    label = _name(store, "PermissionSet", row["ParentId"], "Label")
    subject = row.get("Field") or row["SobjectType"]
    word = "created" if before is None else "removed" if after is None else "changed"
    action = "PermSetFlsChanged" if "Field" in row else "PermSetEntityPermChanged"
    yield (action, "Manage Users", f"Changed permission set {label}: access to {subject} was {word}")


def _group(store: OrgStore, before: Row | None, after: Row | None) -> Iterator[Entry]:
    row = after or before or {}
    if before is None:
        yield ("PermSetGroupCreate", "Manage Users", f"Created permission set group {row['MasterLabel']}")
    elif after is None:
        yield ("PermSetGroupDelete", "Manage Users", f"Deleted permission set group {row['MasterLabel']}")


def _tenant_secret(store: OrgStore, before: Row | None, after: Row | None) -> Iterator[Entry]:
    """A new secret archives the one that was active for its type; a destroyed one is no more than its row."""
    if after is not None and after["Status"] == "Destroyed" and (before or {}).get("Status") != "Destroyed":
        store.update("TenantSecret", str(after["Id"]), {"SecretValue": None})
        yield "tenantSecretDestroyed", "Platform Encryption", f"Destroyed key version {after['Version']}"
    if before is None and after is not None:
        version = 1 + max((int(str(each["Version"] or 0)) for each in store.find("TenantSecret")), default=0)
        for each in store.find("TenantSecret", Type=after["Type"], Status="Active"):
            if each["Id"] != after["Id"]:
                store.update("TenantSecret", str(each["Id"]), {"Status": "Archived"})
        made: dict[str, object] = {"Version": version}
        if after["SecretValue"] is None:
            made["SecretValue"] = shielding.export_of(str(after["Id"]))
        else:
            made["Source"] = "Uploaded"
        store.update("TenantSecret", str(after["Id"]), made)
        yield (
            "tenantSecretCreated",
            "Platform Encryption",
            f"Generated tenant secret: Key version {version}",
        )


def _factor(store: OrgStore, before: Row | None, after: Row | None) -> Iterator[Entry]:
    if before is not None and after is not None:
        return
    verb, word = ("insert", "added") if before is None else ("delete", "removed")
    user = _name(store, "User", (after or before or {})["UserId"], "Username")
    yield f"{verb}TwoFactorInfo2", "Manage Users", f"Time-Based Token {word} for {user}"


def _refresh_groups(store: OrgStore, sobject: str, row: Row) -> None:
    """Groups whose members changed get a new aggregate at once; real orgs take a moment."""
    if sobject == "PermissionSetGroup" and not row.get("IsDeleted") and store.get(sobject, str(row["Id"])):
        recompute_group(store, str(row["Id"]))
        return
    if sobject == "PermissionSetGroupComponent":
        recompute_group(store, str(row["PermissionSetGroupId"]))
        return
    changed = {"PermissionSet": "Id", "MutingPermissionSet": "Id",
               "ObjectPermissions": "ParentId", "FieldPermissions": "ParentId"}.get(sobject)  # fmt: skip
    if changed:
        members = store.find("PermissionSetGroupComponent", PermissionSetId=row[changed], IsDeleted=False)
        for group in sorted({str(each["PermissionSetGroupId"]) for each in members}):
            recompute_group(store, group)


def _mirror_profile(store: OrgStore, before: Row, after: Row) -> None:
    """A profile's permissions live in the set it owns: what changes here changes there."""
    flags = {
        name: after[name] for name in after if name.startswith("Permissions") and after[name] != before[name]
    }
    for own in store.find("PermissionSet", ProfileId=after["Id"], IsOwnedByProfile=True) if flags else ():
        store.update("PermissionSet", str(own["Id"]), flags)


def _change_profile(store: OrgStore, before: Row, after: Row) -> None:
    """The row that assigns a profile's own set goes with the profile."""
    if before["ProfileId"] == after["ProfileId"]:
        return
    new = store.find("PermissionSet", ProfileId=after["ProfileId"], IsOwnedByProfile=True)
    for old in store.find("PermissionSet", ProfileId=before["ProfileId"], IsOwnedByProfile=True):
        for row in store.find("PermissionSetAssignment", AssigneeId=after["Id"], PermissionSetId=old["Id"]):
            if new:
                store.update("PermissionSetAssignment", str(row["Id"]), {"PermissionSetId": new[0]["Id"]})


def _provision(store: OrgStore, user: Row) -> None:
    """What every new user has: a login row and the assignment of the profile's own set."""
    store.insert("UserLogin", [{"UserId": user["Id"]}])
    for own in store.find("PermissionSet", ProfileId=user["ProfileId"], IsOwnedByProfile=True):
        store.insert("PermissionSetAssignment", [{"AssigneeId": user["Id"], "PermissionSetId": own["Id"]}])
