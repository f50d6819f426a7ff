"""
Components over the Tooling API: `FullName` and `Metadata` in, a row out.

Source: Tooling API guide, "Metadata" and "FullName" of its objects: both are written whole, and one at a time.
"""

from deployments.sandbox.metadata import components
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError
from deployments.sandbox.schema import SObject

_ROWS_ARE_ALL = frozenset({"ApexClass", "ApexTrigger", "ApexPage", "ApexComponent"})
"""Types that a client writes field by field."""


def is_component(one: Call, target: SObject) -> bool:
    return one.tooling and target.metadata_kind is not None and target.metadata_kind not in _ROWS_ARE_ALL


def create(one: Call, target: SObject, values: dict[str, object]) -> str:
    """The id of the row that stands for the new component. Raises ApiError."""
    name = values.get("FullName")
    if not isinstance(name, str) or not name:
        raise ApiError("REQUIRED_FIELD_MISSING", "Required fields are missing: [FullName]", ["FullName"])
    _write(one, "create", target, name, values)
    found = one.store.sql(f'SELECT Id FROM "{target.name}" WHERE {_name_of(target)} = ? COLLATE NOCASE', name)
    if not found:
        raise ApiError("UNKNOWN_EXCEPTION", f"{target.name} {name} has no row of its own")
    return str(found[0]["Id"])


def change(one: Call, target: SObject, record_id: str, values: dict[str, object]) -> None:
    _write(one, "update", target, full_name(one, target, record_id), values)


def remove(one: Call, target: SObject, record_id: str) -> None:
    try:
        components.delete(one.store, one.caller, str(target.metadata_kind), full_name(one, target, record_id))
    except components.Unwritable as error:
        raise ApiError(error.code, error.message) from None


def full_name(one: Call, target: SObject, record_id: str) -> str:
    """Raises ApiError ENTITY_IS_DELETED where there is no such row."""
    rows = one.store.sql(f'SELECT {_name_of(target)} AS n FROM "{target.name}" WHERE Id = ?', record_id)
    if not rows:
        raise ApiError("ENTITY_IS_DELETED", "entity is deleted")
    return str(rows[0]["n"])


def _write(one: Call, verb: str, target: SObject, name: str, values: dict[str, object]) -> None:
    if not one.caller.holds(("ModifyMetadata", "ModifyAllData", "CustomizeApplication")):
        raise ApiError("INSUFFICIENT_ACCESS", "You need Customize Application to write metadata")
    body = values.get("Metadata")
    if not isinstance(body, dict):
        raise ApiError("REQUIRED_FIELD_MISSING", "Required fields are missing: [Metadata]", ["Metadata"])
    others = sorted(set(values) - {"FullName", "Metadata", "attributes"})
    if others:
        message = f"Unable to write {', '.join(others)}: Metadata is written whole, or fields one at a time"
        raise ApiError("INVALID_FIELD_FOR_INSERT_UPDATE", message, others)
    try:
        components.write(one.store, one.caller, verb, str(target.metadata_kind), name, body)
    except components.Unwritable as error:
        raise ApiError(error.code, error.message) from None


def _name_of(target: SObject) -> str:
    parts = [f'"{part}"' if part in target.fields else f"'{part}'" for part in target.metadata_name]
    return " || ".join(parts)
