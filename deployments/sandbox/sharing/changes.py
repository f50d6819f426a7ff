"""What sharing says to changes of records, and what changes of records do to sharing."""

from collections.abc import Mapping

from deployments.sandbox.caller import Caller
from deployments.sandbox.errors import SalesforceError, no_access, not_found
from deployments.sandbox.schema import SObject
from deployments.sandbox.sharing.principals import lay_role_groups
from deployments.sandbox.sharing.rows import Need, allowed, share_of
from deployments.sandbox.store import OrgStore

MANUAL = "Manual"


def check(store: OrgStore, caller: Caller, target: SObject, record_id: str, need: Need) -> None:
    """A record one cannot see is not there; one that is only readable is refused. Raises SalesforceError."""
    if allowed(store, caller, target, record_id, need):
        return
    if not allowed(store, caller, target, record_id, "Read"):
        raise not_found()
    raise no_access(record_id)


def check_share(store: OrgStore, caller: Caller, target: SObject, values: Mapping[str, object]) -> None:
    """Only who has all of a record shares it, and by hand only. Raises SalesforceError."""
    leader = store.schema.get(str(target.follows)) if target.follows else None
    share = share_of(store, leader) if leader else None
    if leader is None or share is None or share[0].name != target.name:
        return
    record_id = str(values[share[1]])
    check(store, caller, leader, record_id, "All")
    if values.get("RowCause", MANUAL) != MANUAL and not target.name.endswith("__Share"):
        message = "field integrity exception: RowCause (only manual shares are made through the API)"
        raise SalesforceError(400, "FIELD_INTEGRITY_EXCEPTION", message, ("RowCause",))


def created(store: OrgStore, target: SObject) -> None:
    if target.name == "UserRole":
        lay_role_groups(store)


def changed(
    store: OrgStore, target: SObject, before: Mapping[str, object], values: Mapping[str, object]
) -> None:
    """A new owner starts without what the old one shared by hand."""
    share = (
        share_of(store, target)
        if "OwnerId" in values and values["OwnerId"] != before.get("OwnerId")
        else None
    )
    if share is not None:
        rows, link, _ = share
        store.sql(f'DELETE FROM "{rows.name}" WHERE "{link}" = ? AND "RowCause" = ?', before["Id"], MANUAL)
