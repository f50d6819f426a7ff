"""
Permission sets that came with a managed package: who installed it cannot change them, nor what belongs to them.

Sources: SOAP API Developer Guide, StatusCode CANNOT_MODIFY_MANAGED_OBJECT; ISVforce Guide, components of managed packages.
They can still be assigned, put into a group of one's own, and muted there.
"""

from collections.abc import Mapping

from deployments.sandbox.errors import bad_field
from deployments.sandbox.store import OrgStore

_CHILDREN = frozenset({"FieldPermissions", "ObjectPermissions", "SetupEntityAccess"})
_ENTITIES = {"PermissionSet": "CustomPermissionSet"}
"""The platform's own names for what it refuses, as refusals in public threads quote them."""
_OWN = frozenset({"MutingPermissionSet", "PermissionSet", "PermissionSetGroup"})


def check(store: OrgStore, sobject: str, row: Mapping[str, object]) -> None:
    """Judges a write on a row, or on what it belongs to. Raises SalesforceError CANNOT_MODIFY_MANAGED_OBJECT."""
    if sobject in _OWN:
        _refuse(sobject, row)
    elif sobject in _CHILDREN:
        parent = str(row["ParentId"])
        for kind in ("PermissionSet", "MutingPermissionSet"):
            _refuse(kind, store.get(kind, parent) or {})
    elif sobject == "PermissionSetGroupComponent":
        # Muting is what a subscriber can do to a group of somebody else's.
        muting = str(row["PermissionSetId"]).startswith(store.schema["MutingPermissionSet"].prefix)
        _refuse(
            "PermissionSetGroup",
            {} if muting else store.get("PermissionSetGroup", str(row["PermissionSetGroupId"])) or {},
        )


def _refuse(kind: str, row: Mapping[str, object]) -> None:
    if row.get("NamespacePrefix"):
        entity, component = _ENTITIES.get(kind, kind), str(row.get("Id"))[:15]
        message = f"Cannot modify managed object: entity={entity}, component={component}, state=installed"
        raise bad_field(message, "Id", code="CANNOT_MODIFY_MANAGED_OBJECT")
