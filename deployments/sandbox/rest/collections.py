"""composite/sobjects: up to 200 records in one call, answered in order, each with its own success."""

from typing import Any

from deployments.sandbox import records
from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.faults.parts import strike
from deployments.sandbox.ids import is_id, to18
from deployments.sandbox.rest import rows
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.schema import SObject
from deployments.sandbox.soql.query import SoqlError, run_query
from deployments.sandbox.wire import Reply, json_reply

MOST_RECORDS = 200
ROLLED_BACK = ApiError(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone header",
    [],
)


def answer(one: Call) -> Reply:
    if len(one.parts) == 4 and one.method == "PATCH":
        return _upsert(one, one.sobject(one.parts[2]), one.parts[3])
    if len(one.parts) == 3:
        return _retrieve(one, one.sobject(one.parts[2]))
    if len(one.parts) != 2:
        raise not_found()
    if one.method == "DELETE":
        ids = [each for each in one.query.get("ids", "").split(",") if each]
        items: list[Any] = [{"id": each} for each in ids]
        whole = one.query.get("allOrNone", "false").lower() == "true"
    elif one.method in ("POST", "PATCH"):
        items, whole = _records(one)
    else:
        raise not_allowed(one.method, "DELETE,PATCH,POST")
    if len(items) > MOST_RECORDS:
        message = f"record limit reached. cannot submit more than {MOST_RECORDS} records into this call"
        raise ApiError("EXCEEDED_ID_LIMIT", message)
    return json_reply(200, _run(one, items, whole=whole))


def _records(one: Call) -> tuple[list[Any], bool]:
    """The records of the body and whether all or none is asked for. Raises ApiError."""
    document = one.mapping()
    items = document.get("records")
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        raise ApiError("JSON_PARSER_ERROR", "records must be a list of objects")
    if len(items) > MOST_RECORDS:
        message = f"record limit reached. cannot submit more than {MOST_RECORDS} records into this call"
        raise ApiError("EXCEEDED_ID_LIMIT", message)
    return items, document.get("allOrNone") in (True, "true")


def _upsert(one: Call, target: SObject, field: str) -> Reply:
    """Each record is found by the external id it carries; each says whether it was created."""
    items, whole = _records(one)
    results: list[dict[str, Any]] = []
    for item in items:
        values = {name: value for name, value in item.items() if name != "attributes"}
        key = next((values.pop(name) for name in list(values) if name.lower() == field.lower()), None)
        try:
            strike(one.org, one.method, "/".join((one.base, *one.parts)))
            if isinstance(key, bool) or not isinstance(key, str | int | float) or key == "":
                raise ApiError("MISSING_ARGUMENT", f"{field} not specified", [])
            made, created = records.upsert(
                one.store, one.caller, target.name, field, str(key), values, tooling=one.tooling
            )
            results.append({"id": made, "success": True, "errors": [], "created": created})
        except SalesforceError as error:
            results.append({**_failure(error), "created": False})
    return json_reply(200, _kept(one, results, whole=whole))


def _kept(one: Call, results: list[dict[str, Any]], *, whole: bool) -> list[dict[str, Any]]:
    if not whole or all(each["success"] for each in results):
        return results
    # A composite around this one rolls back by itself.
    if not one.hold:
        one.store.rollback()
    return [_failure(ROLLED_BACK) if each["success"] else each for each in results]


def _run(one: Call, items: list[Any], *, whole: bool) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    for item in items:
        try:
            strike(one.org, one.method, "/".join((one.base, *one.parts)))
            results.append({"id": _apply(one, item), "success": True, "errors": []})
        except SalesforceError as error:
            results.append(_failure(error))
    return _kept(one, results, whole=whole)


def _failure(error: SalesforceError) -> dict[str, Any]:
    entry = {"statusCode": error.code, "message": error.message, "fields": list(error.fields)}
    return {"success": False, "errors": [entry]}


def _apply(one: Call, item: dict[str, Any]) -> str:
    record_id = to18(str(item.get("id") or item.get("Id") or ""))
    if one.method == "DELETE":
        target = one.schema.by_prefix(record_id) if is_id(record_id) else None
        if target is None:
            raise ApiError("MALFORMED_ID", f"malformed id {record_id}", [])
        rows.remove(one, one.sobject(target.name), record_id)
        return record_id
    attributes = item.get("attributes")
    kind = str(attributes.get("type", "")) if isinstance(attributes, dict) else ""
    try:
        target = one.sobject(kind)
    except SalesforceError as error:
        raise ApiError("INVALID_TYPE", f"sObject type '{kind}' is not supported.", []) from error
    values = {name: value for name, value in item.items() if name not in ("attributes", "id")}
    if one.method == "POST":
        return rows.create(one, target, values)
    values.pop("Id", None)
    rows.change(one, target, record_id, values)
    return record_id


def _retrieve(one: Call, target: SObject) -> Reply:
    """Records by id, in the order asked for; null where there is none to see."""
    if one.method == "POST":
        document = one.mapping()
        ids, fields = document.get("ids", []), document.get("fields", ["Id"])
        if not all(
            isinstance(each, list) and all(isinstance(x, str) for x in each) for each in (ids, fields)
        ):
            raise ApiError("JSON_PARSER_ERROR", "ids and fields must be lists of texts")
    else:
        ids = one.query.get("ids", "").split(",")
        fields = one.query.get("fields", "Id").split(",")
    ids = [to18(each) for each in ids if is_id(each)]
    if not ids:
        return json_reply(200, [])
    quoted = ", ".join(f"'{each}'" for each in ids)
    names = ", ".join(dict.fromkeys(["Id", *fields]))
    soql = f"SELECT {names} FROM {target.name} WHERE Id IN ({quoted})"
    try:
        found = run_query(
            one.store, one.schema, soql, one.caller, tooling=one.tooling, version=one.version
        ).records
    except SoqlError as error:
        raise ApiError(error.code, error.message) from error
    by_id = {record["Id"]: record for record in found}
    return json_reply(200, [by_id.get(each) for each in ids])
