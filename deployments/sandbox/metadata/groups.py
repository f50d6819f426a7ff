"""Permission set groups as metadata: their members are rows, from which the platform computes what they grant."""

from collections.abc import Mapping
from typing import Any

from deployments.sandbox import records
from deployments.sandbox.rights import Caller, recompute_group
from deployments.sandbox.store import OrgStore

_MEMBERS = {
    "permissionSets": ("PermissionSet", "Name"),
    "mutingPermissionSets": ("MutingPermissionSet", "DeveloperName"),
}


def read(store: OrgStore, row: Mapping[str, object]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "description": row["Description"],
        "hasActivationRequired": row["HasActivationRequired"],
        "label": row["MasterLabel"],
        "status": row["Status"],
    }
    for element, (sobject, name) in _MEMBERS.items():
        members = [store.get(sobject, member) for member in _members(store, row, sobject)]
        body[element] = sorted(str(each[name]) for each in members if each is not None)
    return body


def write(
    store: OrgStore,
    caller: Caller,
    row: Mapping[str, object] | None,
    full_name: str,
    brought: Mapping[str, Any],
) -> None:
    """The members are exactly those named. Raises SalesforceError."""
    columns = {
        "label": "MasterLabel",
        "description": "Description",
        "hasActivationRequired": "HasActivationRequired",
    }
    values = {column: brought[name] for name, column in columns.items() if name in brought}
    if row is None:
        made = records.create(
            store,
            caller,
            "PermissionSetGroup",
            {"DeveloperName": full_name, "MasterLabel": full_name, **values},
        )
        row = store.get("PermissionSetGroup", made) or {}
    elif values:
        records.update(store, caller, "PermissionSetGroup", str(row["Id"]), values)
    for element, (sobject, name) in _MEMBERS.items():
        if element in brought:
            _set_members(store, caller, row, sobject, _ids(store, sobject, name, brought[element]))
    recompute_group(store, str(row["Id"]))


def _ids(store: OrgStore, sobject: str, name: str, value: object) -> set[str]:
    names = value if isinstance(value, list) else [value] if value else []
    return {str(row["Id"]) for each in names for row in store.find(sobject, **{name: each})}


def _set_members(
    store: OrgStore, caller: Caller, row: Mapping[str, object], sobject: str, wanted: set[str]
) -> None:
    present = _members(store, row, sobject)
    for member in sorted(wanted - present.keys()):
        values = {"PermissionSetGroupId": row["Id"], "PermissionSetId": member}
        records.create(store, caller, "PermissionSetGroupComponent", values)
    for member in sorted(present.keys() - wanted):
        records.delete(store, caller, "PermissionSetGroupComponent", present[member])


def _members(store: OrgStore, row: Mapping[str, object], sobject: str) -> dict[str, str]:
    """Ids of the members of one kind, with the rows that make them members."""
    prefix = store.schema[sobject].prefix
    rows = store.find("PermissionSetGroupComponent", PermissionSetGroupId=row["Id"], IsDeleted=False)
    return {
        str(r["PermissionSetId"]): str(r["Id"]) for r in rows if str(r["PermissionSetId"]).startswith(prefix)
    }
