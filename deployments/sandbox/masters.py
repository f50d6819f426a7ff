"""Master and detail objects: rights on a detail depend on Read of its master (Salesforce Help, Object Relationships)."""

from deployments.sandbox.errors import bad_field
from deployments.sandbox.schema import SObject
from deployments.sandbox.sharing.rows import parent_link
from deployments.sandbox.store import OrgStore

_MOST_LEVELS = 3


def check(store: OrgStore, parent_id: object, detail: SObject) -> None:
    """Judges a new row of rights on an object. Raises SalesforceError FIELD_INTEGRITY_EXCEPTION."""
    master = _master_of(store, detail)
    if master and not store.find(
        "ObjectPermissions", ParentId=parent_id, SobjectType=master, PermissionsRead=True
    ):
        raise bad_field(f"Permission Read {detail.name} depends on permission(s): Read {master}")


def depth(store: OrgStore, sobject: str, seen: int = 0) -> int:
    """How many masters an object has above it; no object has more than three."""
    target = store.schema.get(sobject)
    master = _master_of(store, target) if target is not None and seen < _MOST_LEVELS else None
    return depth(store, master, seen + 1) if master else seen


def _master_of(store: OrgStore, target: SObject) -> str | None:
    link = parent_link(store, target) if target.custom else None
    return target.fields[link].to[0] if link else None
