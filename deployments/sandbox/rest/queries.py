"""Queries and their pages: query, queryAll and the next pages of both."""

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed
from deployments.sandbox.soql.columns import columns
from deployments.sandbox.soql.query import QueryResult, SoqlError, run_query
from deployments.sandbox.soql.select import Asking
from deployments.sandbox.store import OrgStore
from deployments.sandbox.switches import amount
from deployments.sandbox.wire import Reply, json_reply

MOST_CURSORS = 10
"""Open results of one user; the oldest goes when there are more (SOQL and SOSL Reference, query cursor limits)."""
SMALLEST_PAGE, LARGEST_PAGE = 200, 2000
GONE = ApiError("INVALID_QUERY_LOCATOR", "invalid query locator")


@dataclass
class _Cursor:
    result: QueryResult
    used: datetime


@dataclass
class _Cursors:
    """Open results of one user."""

    results: OrderedDict[str, _Cursor] = field(default_factory=OrderedDict)

    def keep(self, locator: str, result: QueryResult, now: datetime) -> None:
        self.results[locator] = _Cursor(result, now)
        while len(self.results) > MOST_CURSORS:
            self.results.popitem(last=False)

    def take(self, locator: str, now: datetime, idle: timedelta) -> QueryResult | None:
        """None when there is no such result, or nobody asked for it for too long."""
        cursor = self.results.get(locator)
        if cursor is None or now - cursor.used > idle:
            self.results.pop(locator, None)
            return None
        cursor.used = now
        return cursor.result


_OPEN: WeakKeyDictionary[OrgStore, dict[str, _Cursors]] = WeakKeyDictionary()


def _cursors(one: Call) -> _Cursors:
    return _OPEN.setdefault(one.store, {}).setdefault(one.caller.user_id, _Cursors())


def answer(one: Call) -> Reply:
    if one.method != "GET":
        raise not_allowed(one.method, "GET")
    if len(one.parts) > 1:
        return _next(one)
    if "explain" in one.query:
        return _explained(one, one.query["explain"])
    soql = one.query.get("q")
    if not soql:
        raise ApiError("MALFORMED_QUERY", "A query string has to be specified")
    if one.query.get("columns", "").lower() == "true":
        return json_reply(200, _columns(one, soql))
    # Noted before it is answered: a refused query stands in the logs too.
    one.notes.update(soql=soql, operation="query")
    result = _asked(one, soql)
    one.notes.update(entity=result.sobject, rows=len(result.records), soql=soql, operation="query")
    return _page(one, result, 0, locator="")


def _asked(one: Call, soql: str) -> QueryResult:
    try:
        return run_query(
            one.store,
            one.schema,
            soql,
            one.caller,
            tooling=one.tooling,
            include_deleted=one.parts[0] == "queryAll",
            version=one.version,
        )
    except SoqlError as error:
        raise ApiError(error.code, error.message) from error


def _columns(one: Call, soql: str) -> dict[str, object]:
    asking = Asking(one.store, one.schema, one.caller, one.tooling, False, one.store.clock.now(), one.version)
    try:
        return columns(asking, soql)
    except SoqlError as error:
        raise ApiError(error.code, error.message) from error


def _explained(one: Call, soql: str) -> Reply:
    """The plan of a query: over an index where it compares a key, over the whole table otherwise."""
    if not soql.strip():
        raise ApiError("MALFORMED_QUERY", "A query string has to be specified")
    result = _asked(one, soql)
    target = one.schema[result.sobject]
    total = int(one.store.sql(f'SELECT COUNT(*) FROM "{target.name}"')[0][0])
    indexed = [
        name
        for name, each in target.fields.items()
        if (each.type in ("id", "reference") or each.external_id or name == "Name")
        and re.search(rf"\b{name}\b\s*(=|\bIN\b)", soql, re.IGNORECASE)
    ]
    plan = {
        "cardinality": result.total_size,
        "fields": indexed[:1],
        "leadingOperationType": "Index" if indexed else "TableScan",
        "notes": []
        if indexed
        else [
            {
                "description": "Not considering filter for optimization because unindexed",
                "fields": ["IsDeleted"],
                "tableEnumOrId": target.name,
            }
        ],
        "relativeCost": round(result.total_size / total, 4) if indexed and total else 1.0,
        "sobjectCardinality": total,
        "sobjectType": target.name,
    }
    return json_reply(200, {"plans": [plan], "sourceQuery": soql})


def _next(one: Call) -> Reply:
    """Any page of an open result may be asked for, in any order: `<locator>-<offset>`."""
    locator, _, offset = one.parts[1].rpartition("-")
    idle = timedelta(minutes=amount(one.store, "query_cursor_idle_minutes"))
    result = _cursors(one).take(locator, one.store.clock.now(), idle)
    if result is None or not offset.isdigit():
        raise GONE
    return _page(one, result, int(offset), locator)


def _page(one: Call, result: QueryResult, offset: int, locator: str) -> Reply:
    size = _page_size(one, result)
    end = offset + size
    done = end >= len(result.records)
    document: dict[str, object] = {"totalSize": result.total_size, "done": done}
    if one.tooling:
        document.update(size=result.total_size, entityTypeName=result.sobject, queryLocator=None)
    if not done:
        if not locator:
            locator = one.store.new_id("01g")
            _cursors(one).keep(locator, result, one.store.clock.now())
        document["nextRecordsUrl"] = f"{one.base}/query/{locator}-{end}"
    document["records"] = result.records[offset:end]
    return json_reply(200, document)


def _page_size(one: Call, result: QueryResult) -> int:
    name, _, value = one.options.partition("=")
    if name.strip().lower() == "batchsize" and value.strip().isdigit():
        return min(max(int(value), SMALLEST_PAGE), LARGEST_PAGE, result.page_size)
    return result.page_size
