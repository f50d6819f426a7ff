"""Profiles, permission sets and muting sets as metadata: their rights live in rows, read from and written to them."""

from collections.abc import Iterable, Mapping
from typing import Any

from deployments.sandbox import masters, records
from deployments.sandbox.errors import bad_field
from deployments.sandbox.identity.policy import PROFILE_NAMES, entries
from deployments.sandbox.metadata import groups
from deployments.sandbox.rights import Caller
from deployments.sandbox.store import OrgStore

KINDS = frozenset({"Profile", "PermissionSet", "MutingPermissionSet", "PermissionSetGroup"})
SECTIONS = frozenset({"userPermissions", "objectPermissions", "fieldPermissions"})
"""Elements that rows hold; the stored body never does."""
OBJECT_FLAGS = {
    "allowCreate": "PermissionsCreate",
    "allowDelete": "PermissionsDelete",
    "allowEdit": "PermissionsEdit",
    "allowRead": "PermissionsRead",
    "modifyAllRecords": "PermissionsModifyAllRecords",
    "viewAllRecords": "PermissionsViewAllRecords",
}
FIELD_FLAGS = {"editable": "PermissionsEdit", "readable": "PermissionsRead"}
LABELS = {name: label for label, name in PROFILE_NAMES.items()}
# What identifies an entry of a list that a profile keeps: an update changes the entries it brings and no others.
_KEYS: dict[str, tuple[str, ...]] = {
    "applicationVisibilities": ("application",),
    "categoryGroupVisibilities": ("dataCategoryGroup",),
    "classAccesses": ("apexClass",),
    "customMetadataTypeAccesses": ("name",),
    "customPermissions": ("name",),
    "customSettingAccesses": ("name",),
    "externalCredentialPrincipalAccesses": ("externalCredentialPrincipal",),
    "externalDataSourceAccesses": ("externalDataSource",),
    "flowAccesses": ("flow",),
    "layoutAssignments": ("layout", "recordType"),
    "pageAccesses": ("apexPage",),
    "recordTypeVisibilities": ("recordType",),
    "tabSettings": ("tab",),
    "tabVisibilities": ("tab",),
}


def merged(kind: str, stored: Mapping[str, Any], brought: Mapping[str, Any]) -> dict[str, Any]:
    """The lists of a profile with the brought entries put in their places; empty for other types."""
    found: dict[str, Any] = {}
    for section, names in _KEYS.items() if kind == "Profile" else ():
        if section in brought:
            entries_by_key = {
                tuple(str(entry.get(name)).lower() for name in names): entry
                for entry in (*entries(stored.get(section)), *entries(brought[section]))
            }
            found[section] = list(entries_by_key.values())
    return found


def names(store: OrgStore, kind: str) -> list[str]:
    """Full names of the rows of a kind; sets that belong to a profile or a group are no components."""
    if kind == "Profile":
        rows = store.sql("SELECT Name FROM Profile ORDER BY Name")
        return [PROFILE_NAMES.get(row["Name"], row["Name"]) for row in rows]
    if kind in ("MutingPermissionSet", "PermissionSetGroup"):
        rows = store.sql(
            f'SELECT "DeveloperName" FROM "{kind}" WHERE "IsDeleted" = 0 ORDER BY "DeveloperName"'
        )
        return [row["DeveloperName"] for row in rows]
    rows = store.sql(
        "SELECT Name FROM PermissionSet WHERE IsOwnedByProfile = 0 AND Type IS NOT 'Group' ORDER BY Name"
    )
    return [row["Name"] for row in rows]


def read(store: OrgStore, kind: str, full_name: str) -> dict[str, Any] | None:
    """What the rows say about a component; None when there is no such row."""
    row = _row(store, kind, full_name)
    if row is None:
        return None
    if kind == "PermissionSetGroup":
        return groups.read(store, row)
    held = _own_set(store, row) if kind == "Profile" else row
    body: dict[str, Any] = {"description": row.get("Description")}
    if kind == "PermissionSet":
        body |= {"label": row["Label"], "hasActivationRequired": row["HasActivationRequired"]}
    if kind == "MutingPermissionSet":
        body["label"] = row["MasterLabel"]
    permissions = sorted(
        name for name, value in held.items() if name.startswith("Permissions") and value is True
    )
    body["userPermissions"] = [
        {"enabled": True, "name": name.removeprefix("Permissions")} for name in permissions
    ]
    body["objectPermissions"] = [
        {**{flag: bool(each[column]) for flag, column in OBJECT_FLAGS.items()}, "object": each["SobjectType"]}
        for each in store.find("ObjectPermissions", ParentId=held.get("Id"))
    ]
    body["fieldPermissions"] = [
        {**{flag: bool(each[column]) for flag, column in FIELD_FLAGS.items()}, "field": each["Field"]}
        for each in store.find("FieldPermissions", ParentId=held.get("Id"))
    ]
    return body


def write(
    store: OrgStore,
    caller: Caller,
    kind: str,
    full_name: str,
    brought: Mapping[str, Any],
    *,
    replace: bool = False,
) -> None:
    """
    Writes the rights a component brings, as its caller; with `replace` all others go. Raises SalesforceError.
    """
    row = _row(store, kind, full_name)
    if kind == "PermissionSetGroup":
        groups.write(store, caller, row, full_name, brought)
        return
    if kind == "Profile" and row is None:
        row = _new_profile(store, full_name, brought)
    if replace and row is not None:
        _clear(store, caller, kind, row, brought)
    flags: dict[str, object] = {
        f"Permissions{entry['name']}": entry.get("enabled") is True
        for entry in entries(brought.get("userPermissions"))
    }
    if kind == "PermissionSet":
        plain = {
            "label": "Label",
            "description": "Description",
            "hasActivationRequired": "HasActivationRequired",
        }
        flags |= {column: brought[name] for name, column in plain.items() if name in brought}
    if kind == "MutingPermissionSet" and "label" in brought:
        flags["MasterLabel"] = brought["label"]
    if row is None:
        own = (
            {"DeveloperName": full_name, "MasterLabel": full_name}
            if kind == "MutingPermissionSet"
            else {"Name": full_name, "Label": full_name}
        )
        values = {**own, **flags}
        records.create(store, caller, kind, values)
        row = _row(store, kind, full_name) or {}
    elif flags:
        _update(store, caller, kind, row, flags)
    parent = _own_set(store, row) if kind == "Profile" else row
    # Masters before their details, whose rights depend on them.
    for entry in sorted(
        entries(brought.get("objectPermissions")), key=lambda each: masters.depth(store, str(each["object"]))
    ):
        key = {"SobjectType": entry["object"]}
        _put(store, caller, "ObjectPermissions", parent, key, _columns(entry, OBJECT_FLAGS))
    for entry in entries(brought.get("fieldPermissions")):
        key = {"SobjectType": str(entry["field"]).partition(".")[0], "Field": entry["field"]}
        _put(store, caller, "FieldPermissions", parent, key, _columns(entry, FIELD_FLAGS))


def _update(
    store: OrgStore, caller: Caller, kind: str, row: Mapping[str, object], flags: dict[str, object]
) -> None:
    """A profile's permissions are those of its own set; a profile's fields are few."""
    changed = {name: value for name, value in flags.items() if row.get(name) != value}
    if changed:
        records.update(store, caller, kind, str(row["Id"]), changed)


def _new_profile(store: OrgStore, full_name: str, brought: Mapping[str, Any]) -> dict[str, object]:
    """A custom profile with the set that holds its rights; the licence is named or the full one."""
    wanted = str(brought.get("userLicense") or "Salesforce")
    licences = store.find("UserLicense", Name=wanted)
    licence = {"UserLicenseId": licences[0]["Id"]} if licences else {}
    profile = store.insert("Profile", [{"Name": full_name, **licence}])[0]
    own = {
        "Name": f"X{profile[:15]}",
        "Label": full_name,
        "IsOwnedByProfile": True,
        "ProfileId": profile,
        "Type": "Profile",
    }
    store.insert("PermissionSet", [own])
    return store.get("Profile", profile) or {}


def _clear(
    store: OrgStore, caller: Caller, kind: str, row: Mapping[str, object], brought: Mapping[str, Any]
) -> None:
    """What a replacing write does not name: permissions, object rights and field rights."""
    kept = {f"Permissions{entry['name']}" for entry in entries(brought.get("userPermissions"))}
    off = {
        name: False
        for name, value in row.items()
        if name.startswith("Permissions") and value and name not in kept
    }
    if off:
        records.update(store, caller, kind, str(row["Id"]), off)
    objects = {entry["object"] for entry in entries(brought.get("objectPermissions"))}
    fields = {entry["field"] for entry in entries(brought.get("fieldPermissions"))}
    _remove(
        store, caller, "FieldPermissions",
        [r for r in store.find("FieldPermissions", ParentId=row["Id"]) if r["Field"] not in fields],
    )  # fmt: skip
    _remove(
        store, caller, "ObjectPermissions",
        [r for r in store.find("ObjectPermissions", ParentId=row["Id"]) if r["SobjectType"] not in objects],
    )  # fmt: skip


def delete(store: OrgStore, caller: Caller, kind: str, full_name: str) -> bool:
    """Whether there was such a component. Raises SalesforceError."""
    row = _row(store, kind, full_name)
    if row is None:
        return False
    if kind == "Profile":
        if store.find("User", ProfileId=row["Id"]):
            raise bad_field("Cannot delete a profile that is assigned to users", code="DEPENDENCY_EXISTS")
        own = _own_set(store, row)
        for sobject in ("ObjectPermissions", "FieldPermissions"):
            store.sql(f'DELETE FROM "{sobject}" WHERE "ParentId" = ?', own.get("Id"))
        store.delete("PermissionSet", str(own["Id"]))
        store.delete("Profile", str(row["Id"]))
        return True
    records.delete(store, caller, kind, str(row["Id"]))
    return True


def _row(store: OrgStore, kind: str, full_name: str) -> dict[str, object] | None:
    if kind == "Profile":
        found = store.find("Profile", Name=LABELS.get(full_name, full_name))
    elif kind in ("MutingPermissionSet", "PermissionSetGroup"):
        found = [r for r in store.find(kind, DeveloperName=full_name) if not r.get("IsDeleted")]
    else:
        found = store.find("PermissionSet", Name=full_name, IsOwnedByProfile=False)
    return found[0] if found else None


def _own_set(store: OrgStore, profile: Mapping[str, object]) -> dict[str, object]:
    owned = store.find("PermissionSet", ProfileId=profile.get("Id"), IsOwnedByProfile=True)
    return owned[0] if owned else {}


def _columns(entry: Mapping[str, Any], flags: Mapping[str, str]) -> dict[str, object]:
    return {column: entry[flag] is True for flag, column in flags.items() if flag in entry}


def _put(
    store: OrgStore,
    caller: Caller,
    sobject: str,
    parent: Mapping[str, object],
    key: Mapping[str, object],
    columns: Mapping[str, object],
) -> None:
    """One rights row: made, changed, or removed when nothing is left of it."""
    found = store.find(sobject, ParentId=parent.get("Id"), **key)
    if not any(columns.values()):
        _remove(store, caller, sobject, found)
    elif found:
        records.update(store, caller, sobject, str(found[0]["Id"]), columns)
    else:
        records.create(store, caller, sobject, {"ParentId": parent.get("Id"), **key, **columns})


def _remove(store: OrgStore, caller: Caller, sobject: str, rows: Iterable[Mapping[str, object]]) -> None:
    for row in rows:
        records.delete(store, caller, sobject, str(row["Id"]))
