"""Profiles and permission sets as metadata: their rights live in rows, and are read from and written to them."""

from collections.abc import Iterable, Mapping
from typing import Any

from deployments.sandbox import records
from deployments.sandbox.identity.policy import PROFILE_NAMES, entries
from deployments.sandbox.rights import Caller
from deployments.sandbox.store import OrgStore

KINDS = frozenset({"Profile", "PermissionSet"})
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


def names(store: OrgStore, kind: str) -> list[str]:
    """Full names of the rows of a kind; sets that belong to a profile or a group are no components."""
    if kind == "Profile":
        rows = store.sql("SELECT Name FROM Profile ORDER BY Name")
        return [PROFILE_NAMES.get(row["Name"], row["Name"]) for row in rows]
    rows = store.sql(
        "SELECT Name FROM PermissionSet WHERE IsOwnedByProfile = 0 AND Type IS NOT 'Group' ORDER BY Name"
    )
    return [row["Name"] for row in rows]


def read(store: OrgStore, kind: str, full_name: str) -> dict[str, Any] | None:
    """What the rows say about a component; None when there is no such row."""
    row = _row(store, kind, full_name)
    if row is None:
        return None
    held = _own_set(store, row) if kind == "Profile" else row
    body: dict[str, Any] = {"description": row.get("Description")}
    if kind == "PermissionSet":
        body |= {"label": row["Label"], "hasActivationRequired": row["HasActivationRequired"]}
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


def write(store: OrgStore, caller: Caller, kind: str, full_name: str, brought: Mapping[str, Any]) -> None:
    """Writes the rights a component brings, as its caller. Raises SalesforceError."""
    row = _row(store, kind, full_name)
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
    if row is None:
        values = {"Name": full_name, "Label": full_name, **flags}
        records.create(store, caller, kind, values)
        row = _row(store, kind, full_name) or {}
    elif flags:
        records.update(store, caller, kind, str(row["Id"]), flags)
    parent = _own_set(store, row) if kind == "Profile" else row
    for entry in entries(brought.get("objectPermissions")):
        key = {"SobjectType": entry["object"]}
        _put(store, caller, "ObjectPermissions", parent, key, _columns(entry, OBJECT_FLAGS))
    for entry in entries(brought.get("fieldPermissions")):
        key = {"SobjectType": str(entry["field"]).partition(".")[0], "Field": entry["field"]}
        _put(store, caller, "FieldPermissions", parent, key, _columns(entry, FIELD_FLAGS))


def delete(store: OrgStore, caller: Caller, kind: str, full_name: str) -> bool:
    """Whether there was such a permission set; a profile is not deleted. Raises SalesforceError."""
    row = _row(store, kind, full_name)
    if row is None or kind == "Profile":
        return False
    records.delete(store, caller, kind, str(row["Id"]))
    return True


def _row(store: OrgStore, kind: str, full_name: str) -> dict[str, object] | None:
    if kind == "Profile":
        found = store.find("Profile", Name=LABELS.get(full_name, full_name))
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
