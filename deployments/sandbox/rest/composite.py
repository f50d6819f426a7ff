"""Several calls in one request: composite, composite/batch, composite/graph and composite/sobjects."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import orjson

from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.faults.parts import strike
from deployments.sandbox.rest import collections, tree
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, error_reply, not_allowed, not_found
from deployments.sandbox.wire import Reply, json_reply

MOST_PARTS = 25
MOST_NODES = 500
MOST_QUERIES = 5
REFERENCE = re.compile(r"@\{([A-Za-z0-9_]+)((?:\.[A-Za-z0-9_]+|\[\d+\])*)\}")
QUERY = re.compile(r"/(query|queryAll|composite/sobjects)(/|$)")
STEP = re.compile(r"\.([A-Za-z0-9_]+)|\[(\d+)\]")
HALTED = {
    "errorCode": "PROCESSING_HALTED",
    "message": "The transaction was rolled back since another operation in the same transaction failed.",
}
Dispatch = Callable[[Call], Reply]


def answer(one: Call, dispatch: Dispatch) -> Reply:
    if one.parts[:2] == ("composite", "sobjects"):
        return collections.answer(one)
    if one.method != "POST":
        raise not_allowed(one.method, "POST")
    if one.parts == ("composite",):
        document = one.mapping()
        parts = _part_list(document, "compositeRequest")
        return json_reply(200, {"compositeResponse": _composite(one, parts, document, dispatch)})
    if one.parts == ("composite", "batch"):
        return _batch(one, dispatch)
    if one.parts == ("composite", "graph"):
        return _graphs(one, dispatch)
    if one.parts[:2] == ("composite", "tree"):
        return tree.answer(one)
    raise not_found()


def operations(one: Call) -> list[str]:
    """What a composite asked for, `METHOD url` each, for the wire log; empty for anything else."""
    if one.parts[:1] != ("composite",) or one.method != "POST":
        return []
    try:
        document = one.mapping()
    except ApiError:
        return []
    holders = [document, *_objects(document.get("graphs"))]
    names = ("compositeRequest", "batchRequests")
    parts = [part for holder in holders for name in names for part in _objects(holder.get(name))]
    return [f"{str(part.get('method', '')).upper()} {unquote(str(part.get('url', '')))}" for part in parts]


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _part_list(document: dict[str, Any], name: str, most: int = MOST_PARTS) -> list[dict[str, Any]]:
    parts = document.get(name)
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise ApiError("JSON_PARSER_ERROR", f"{name} must be a list of objects")
    if len(parts) > most:
        message = f"The maximum number of subrequests is {most}. Number of subrequests: {len(parts)}"
        raise ApiError("LIMIT_EXCEEDED", message)
    return parts


def _composite(
    one: Call, parts: list[dict[str, Any]], options: dict[str, Any], dispatch: Dispatch
) -> list[dict[str, Any]]:
    queries = [part for part in parts if QUERY.search(str(part.get("url")).partition("?")[0])]
    if len(queries) > MOST_QUERIES:
        raise ApiError(
            "LIMIT_EXCEEDED", f"Only {MOST_QUERIES} of the subrequests may be queries or collections"
        )
    whole = options.get("allOrNone") in (True, "true")
    answered: dict[str, Any] = {}
    responses: list[dict[str, Any]] = []
    failed = False
    for part in parts:
        reply, body = _run(one, part, answered, dispatch, hold=whole)
        failed = failed or reply.status >= 400
        reference = str(part.get("referenceId", ""))
        answered[reference] = body if reply.status < 400 else None
        headers = {"Location": reply.headers["Location"]} if "Location" in reply.headers else {}
        responses.append(
            {"body": body, "httpHeaders": headers, "httpStatusCode": reply.status, "referenceId": reference}
        )
        if failed and whole:
            break
    if failed and whole:
        one.store.rollback()
        return _halted(parts, responses)
    one.store.commit()
    return responses


def _halted(parts: list[dict[str, Any]], responses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Only the part that failed keeps its own error."""
    kept = {each["referenceId"]: each for each in responses if each["httpStatusCode"] >= 400}
    return [
        kept.get(reference)
        or {"body": [HALTED], "httpHeaders": {}, "httpStatusCode": 400, "referenceId": reference}
        for reference in (str(part.get("referenceId", "")) for part in parts)
    ]


def _run(
    one: Call, part: dict[str, Any], answered: dict[str, Any], dispatch: Dispatch, *, hold: bool
) -> tuple[Reply, Any]:
    """One part, with the references in its url and body filled in; `hold` leaves the transaction open."""
    try:
        url = _filled(str(part.get("url", "")), answered)
        inner = one.within(str(part.get("method", "")), url, _filled(part.get("body"), answered))
        if inner.parts[:1] == ("composite",) and inner.parts[1:2] != ("sobjects",):
            raise ApiError("INVALID_BATCH_REQUEST", "A composite may not hold another composite")
        strike(one.org, inner.method, "/".join((inner.base, *inner.parts)))
        reply = dispatch(replace(inner, hold=hold))
    except SalesforceError as error:
        reply = error_reply(error)
    return reply, orjson.loads(reply.body) if reply.body else None


def _filled(value: Any, answered: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(inner, answered) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, answered) for inner in value]
    if not isinstance(value, str) or "@{" not in value:
        return value
    return REFERENCE.sub(lambda match: _resolved(match[1], match[2], answered), value)


def _resolved(reference: str, path: str, answered: dict[str, Any]) -> str:
    value: Any = answered.get(reference)
    for name, index in STEP.findall(path):
        try:
            value = value[name] if name else value[int(index)]
        except (TypeError, KeyError, IndexError):
            value = None
    if value is None:
        raise ApiError(
            "PROCESSING_HALTED", f"Invalid reference specified. No value for {reference}{path} found"
        )
    return str(value)


def _batch(one: Call, dispatch: Dispatch) -> Reply:
    document = one.mapping()
    halt = document.get("haltOnError") in (True, "true")
    results: list[dict[str, Any]] = []
    failed = False
    for part in _part_list(document, "batchRequests"):
        if failed and halt:
            skipped = {
                "errorCode": "BATCH_PROCESSING_HALTED",
                "message": "Batch processing halted per request.",
            }
            results.append({"statusCode": 412, "result": [skipped]})
            continue
        renamed = {"method": part.get("method"), "url": part.get("url"), "body": part.get("richInput")}
        reply, body = _run(one, renamed, {}, dispatch, hold=False)
        failed = failed or reply.status >= 400
        results.append({"statusCode": reply.status, "result": body})
    return json_reply(200, {"hasErrors": failed, "results": results})


def _graphs(one: Call, dispatch: Dispatch) -> Reply:
    """Each graph is a composite of its own that holds or falls as a whole."""
    asked = one.mapping().get("graphs")
    if not isinstance(asked, list) or not asked or not all(isinstance(each, dict) for each in asked):
        raise ApiError("JSON_PARSER_ERROR", "graphs must be a list of objects")
    names = [each.get("graphId") for each in asked]
    if not all(isinstance(name, str) and name for name in names) or len(set(names)) != len(names):
        raise ApiError("INVALID_INPUT", "each graph needs a graphId of its own")
    graphs = []
    for graph in asked:
        parts = _part_list(graph, "compositeRequest", MOST_NODES)
        responses = _composite(one, parts, {"allOrNone": True}, dispatch)
        good = all(each["httpStatusCode"] < 400 for each in responses)
        graphs.append(
            {
                "graphId": graph.get("graphId"),
                "graphResponse": {"compositeResponse": responses},
                "isSuccessful": good,
            }
        )
    return json_reply(200, {"graphs": graphs})
