"""composite/tree: records with their children inside, all of them or none."""

from typing import Any

from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.rest import rows
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.schema import SObject
from deployments.sandbox.wire import Reply, json_reply

MOST_RECORDS, MOST_LEVELS = 200, 5
Entry = dict[str, Any]


def answer(one: Call) -> Reply:
    if len(one.parts) != 3:
        raise not_found()
    if one.method != "POST":
        raise not_allowed(one.method, "POST")
    target = one.sobject(one.parts[2])
    records = _list(one.mapping().get("records"))
    flat = _counted(records, 1)
    if len(flat) > MOST_RECORDS:
        raise ApiError("INVALID_INPUT", f"The tree may hold at most {MOST_RECORDS} records")
    references = [str(each["attributes"]["referenceId"]) for each in flat]
    if len(set(references)) != len(references):
        raise ApiError("INVALID_INPUT", "Duplicate ReferenceId provided in the request")
    results: list[Entry] = []
    errors: list[Entry] = []
    for each in records:
        _plant(one, target, each, {}, results, errors)
    if errors:
        if not one.hold:
            one.store.rollback()
        return json_reply(400, {"hasErrors": True, "results": errors})
    return json_reply(201, {"hasErrors": False, "results": results})


def _list(value: object) -> list[Entry]:
    if not isinstance(value, list) or not value:
        raise ApiError("INVALID_INPUT", "Include records in the request")
    for each in value:
        attributes = each.get("attributes") if isinstance(each, dict) else None
        if not isinstance(attributes, dict) or not isinstance(attributes.get("referenceId"), str):
            raise ApiError(
                "INVALID_INPUT", "Include a reference ID and a type in the attributes of each record"
            )
    return value


def _children(each: Entry) -> dict[str, list[Entry]]:
    return {
        name: _list(value["records"])
        for name, value in each.items()
        if isinstance(value, dict) and "records" in value
    }


def _counted(records: list[Entry], level: int) -> list[Entry]:
    if level > MOST_LEVELS:
        raise ApiError("INVALID_INPUT", f"A tree may be at most {MOST_LEVELS} levels deep")
    found = list(records)
    for each in records:
        for inner in _children(each).values():
            found += _counted(inner, level + 1)
    return found


def _plant(
    one: Call,
    target: SObject,
    each: Entry,
    link: dict[str, object],
    results: list[Entry],
    errors: list[Entry],
) -> None:
    reference = str(each["attributes"]["referenceId"])
    children = _children(each)
    values = {k: v for k, v in each.items() if k not in children and k != "attributes"}
    try:
        made = rows.create(one, target, {**values, **link})
    except SalesforceError as error:
        shown = {"fields": list(error.fields), "message": error.message, "statusCode": error.code}
        errors.append({"errors": [shown], "referenceId": reference})
        return
    results.append({"id": made, "referenceId": reference})
    for name, inner in children.items():
        child = one.schema.children(target.name).get(name.lower())
        if child is None:
            shown = {
                "fields": [],
                "message": f"No such relation '{name}' on {target.name}",
                "statusCode": "INVALID_FIELD",
            }
            errors.append({"errors": [shown], "referenceId": reference})
            continue
        for below in inner:
            _plant(one, one.schema[child.sobject], below, {child.field: made}, results, errors)
