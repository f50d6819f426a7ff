"""search and parameterizedSearch."""

from typing import Any

from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.soql.query import SoqlError
from deployments.sandbox.sosl.parse import BadSearch, Returning, Search, parse
from deployments.sandbox.sosl.run import run
from deployments.sandbox.wire import Reply, json_reply

WRAPPED_SINCE = 37.0
"""Earlier versions answer a search with the bare list."""
_GROUPS = ("ALL", "NAME", "EMAIL", "PHONE", "SIDEBAR")


def answer(one: Call) -> Reply:
    if one.parts in (("search", "scopeOrder"), ("search", "layout")):
        return json_reply(200, [])
    if one.parts == ("search", "suggestions"):
        return json_reply(200, {"autoSuggestResults": [], "hasMoreResults": False})
    if len(one.parts) != 1:
        raise not_found()
    if one.method != "GET":
        raise not_allowed(one.method, "GET")
    text = one.query.get("q", "")
    if not text.strip():
        raise ApiError("MALFORMED_SEARCH", "A search string has to be specified")
    return _answered(one, _parsed(text))


def parameterized(one: Call) -> Reply:
    if len(one.parts) != 1:
        raise not_found()
    if one.method == "GET":
        return _answered(one, _from_query(one.query))
    if one.method == "POST":
        return _answered(one, _from_document(one.mapping()))
    raise not_allowed(one.method, "GET,POST,HEAD")


def _parsed(text: str) -> Search:
    try:
        return parse(text)
    except BadSearch as error:
        raise ApiError("MALFORMED_SEARCH", str(error)) from None


def _answered(one: Call, search: Search) -> Reply:
    one.notes.update(operation="search", entity=",".join(each.sobject for each in search.returning))
    try:
        found = run(one.store, one.caller, search, tooling=one.tooling, version=one.version)
    except SoqlError as error:
        raise ApiError(error.code, error.message) from error
    return json_reply(200, {"searchRecords": found} if float(one.version) >= WRAPPED_SINCE else found)


def _from_query(query: dict[str, str]) -> Search:
    objects = [{"name": name} for name in query.get("sobject", "").split(",") if name]
    document: dict[str, Any] = {"q": query.get("q"), "sobjects": objects, "in": query.get("in", "ALL")}
    if query.get("fields"):
        document["fields"] = query["fields"].split(",")
    for name in ("overallLimit", "defaultLimit"):
        if query.get(name, "").isdigit():
            document[name] = int(query[name])
    return _from_document(document)


def _from_document(document: dict[str, Any]) -> Search:
    text = document.get("q")
    if not isinstance(text, str) or not text.strip():
        raise ApiError("MALFORMED_SEARCH", "A search string has to be specified")
    group = str(document.get("in") or "ALL").upper()
    if group not in _GROUPS:
        raise ApiError("MALFORMED_SEARCH", f"in must be one of {', '.join(_GROUPS)}")
    objects = document.get("sobjects") or []
    if not isinstance(objects, list):
        raise ApiError("JSON_PARSER_ERROR", "sobjects must be a list")
    common = _names(document.get("fields"))
    most = document.get("defaultLimit")
    returning = tuple(_returning(each, common, most) for each in objects)
    overall = document.get("overallLimit")
    limit = overall if isinstance(overall, int) and 0 < overall <= 2000 else 2000
    search = _parsed("FIND {" + text.replace("{", "").replace("}", "") + "}")
    return Search(search.text, group, returning, limit)  # type: ignore[arg-type]  # checked above


def _returning(entry: object, common: tuple[str, ...], most: object) -> Returning:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise ApiError("JSON_PARSER_ERROR", "each of sobjects needs a name")
    limit = entry.get("limit", most)
    return Returning(
        entry["name"],
        _names(entry.get("fields")) or common or ("Id",),
        str(entry.get("where") or ""),
        str(entry.get("orderBy") or ""),
        limit if isinstance(limit, int) else None,
    )


def _names(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()
