"""What the platform itself writes into a record: author, owner, composed names, derived links, defaults."""

from collections.abc import Mapping

from deployments.sandbox.caller import Caller
from deployments.sandbox.errors import bad_field
from deployments.sandbox.identity import activation
from deployments.sandbox.schema import SObject
from deployments.sandbox.store import OrgStore

Body = Mapping[str, object]

_NAMED_BY_PARTS = frozenset({"User", "Contact", "Lead"})
_SETUP_ENTITIES = {
    "0H4": "ConnectedApplication",
    "0xI": "ExternalClientApplication",
    "01p": "ApexClass",
    "0XA": "NamedCredential",
}


def completed(
    store: OrgStore, target: SObject, values: dict[str, object], caller: Caller
) -> dict[str, object]:
    """What the platform fills in on create: author, owner, composed names, derived links."""
    author = caller.user_id or None
    made: dict[str, object] = {
        name: author for name in ("CreatedById", "LastModifiedById") if name in target.fields
    }
    values = {**values, **made}
    if "OwnerId" in target.fields:
        values["OwnerId"] = values.get("OwnerId") or author
    compose_name(target, values, values)
    if target.name == "PermissionSet":
        values |= {"IsCustom": True, "Type": "Session" if values.get("HasActivationRequired") else "Regular"}
    if target.name == "SetupEntityAccess":
        values["SetupEntityType"] = _SETUP_ENTITIES.get(str(values["SetupEntityId"])[:3])
    if target.name == "PermissionSetAssignment":
        _grant(store, values)
    if target.name == "SessionPermSetActivation":
        values |= activation.check(store, values)
    return values


def _grant(store: OrgStore, values: dict[str, object]) -> None:
    """Exactly one of set and group; a group is granted through its aggregate set."""
    group, chosen = values.get("PermissionSetGroupId"), values.get("PermissionSetId")
    if bool(group) == bool(chosen):
        raise bad_field(
            "Specify exactly one of PermissionSetId and PermissionSetGroupId",
            "PermissionSetId",
            "PermissionSetGroupId",
        )
    if group:
        found = store.find("PermissionSet", PermissionSetGroupId=group)
        if not found:
            raise bad_field("The permission set group has not been calculated yet", "PermissionSetGroupId")
        values["PermissionSetId"] = found[0]["Id"]


def compose_name(target: SObject, row: Body, values: dict[str, object]) -> None:
    if target.name in _NAMED_BY_PARTS:
        values["Name"] = " ".join(str(part) for part in (row.get("FirstName"), row.get("LastName")) if part)


def with_defaults(target: SObject, values: Body) -> dict[str, object]:
    return dict.fromkeys(target.booleans, False) | dict(values)


def modified_by(target: SObject, caller: Caller) -> dict[str, object]:
    return (
        {"LastModifiedById": caller.user_id} if caller.user_id and "LastModifiedById" in target.fields else {}
    )
