"""
Records by way of a relationship: `/sobjects/Contact/{id}/Account`, `/sobjects/Account/{id}/Contacts`.

Source: REST API Developer Guide, Get Records Using sObject Relationships.
"""

from dataclasses import replace

from deployments.sandbox.rest import queries
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.schema import Child, Field, SObject
from deployments.sandbox.wire import Reply


def parent(one: Call, target: SObject, row: dict[str, object], field: Field) -> tuple[SObject, str]:
    """The record that a reference points to, with its object. Raises ApiError where it is empty or hidden."""
    value = row.get(field.name)
    if not value or not one.caller.reads(target, field):
        raise not_found()
    for name in field.to:
        found = one.schema.get(name)
        if found is not None and (len(field.to) == 1 or str(value).startswith(found.prefix)):
            return one.sobject(found.name), str(value)
    raise not_found()


def children(one: Call, target: SObject, record_id: str, child: Child) -> Reply:
    """All children in the shape of a query. Raises ApiError."""
    if one.method not in ("GET", "HEAD"):
        raise not_allowed(one.method, "GET,HEAD")
    below = one.sobject(child.sobject)
    named = one.query.get("fields")
    fields = [name.strip() for name in named.split(",")] if named else _readable(one, below)
    strange = [name for name in fields if name.lower() not in below.folded]
    if strange:
        raise ApiError(
            "INVALID_FIELD", f"No such column '{strange[0]}' on entity '{below.name}'", [strange[0]]
        )
    if "id" not in (name.lower() for name in fields):
        fields.append("Id")
    soql = f"SELECT {', '.join(fields)} FROM {below.name} WHERE {child.field} = '{record_id}'"
    return queries.answer(replace(one, method="GET", parts=("query",), query={"q": soql}))


def _readable(one: Call, below: SObject) -> list[str]:
    return [
        name
        for name, field in below.fields.items()
        if field.type != "metadata" and one.caller.reads(below, field)
    ]
