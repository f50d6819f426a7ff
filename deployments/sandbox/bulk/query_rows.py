"""The rows of a bulk query: what it may ask, its columns, and its records as lines of texts."""

from collections.abc import Callable, Iterator, Sequence

from deployments.sandbox.caller import Caller
from deployments.sandbox.schema import Schema, SObject
from deployments.sandbox.soql import ast
from deployments.sandbox.soql.errors import Fault
from deployments.sandbox.soql.parse import parse
from deployments.sandbox.soql.query import QueryResult, SoqlError, run_query
from deployments.sandbox.store import OrgStore

Record = dict[str, object]
ROWS_AT_ONCE = 2_000


def columns_of(schema: Schema, soql: str) -> tuple[str, tuple[str, ...]]:
    """
    The object and the columns, in the words of the schema. Raises SoqlError for what a bulk query cannot do: sub-queries,
    GROUP BY, OFFSET, TYPEOF, and aggregates (Bulk API 2.0 guide, SOQL considerations).
    """
    try:
        query = parse(soql)
    except Fault as fault:
        raise fault.placed(soql) from None
    target = schema.get(query.source.names[-1])
    if target is None:
        name = query.source.names[-1]
        raise SoqlError("INVALID_TYPE", f"sObject type '{name}' is not supported.")
    if query.group or query.offset is not None:
        word = "GROUP BY" if query.group else "OFFSET"
        raise SoqlError("API_ERROR", f"{word} is not supported in Bulk Query")
    columns = []
    for item in query.items:
        if isinstance(item, ast.Query):
            raise SoqlError("API_ERROR", "Aggregate Relationships not supported in Bulk Query")
        if isinstance(item, ast.TypeOf):
            raise SoqlError("API_ERROR", "TYPEOF is not supported in Bulk Query")
        if isinstance(item.expression, ast.Call):
            raise SoqlError("API_ERROR", f"{item.expression.name} is not supported in Bulk Query")
        columns.append(".".join(_path(schema, target, query.alias, item.expression.names)))
    return target.name, tuple(dict.fromkeys(columns))


def _path(schema: Schema, target: SObject, alias: str | None, names: tuple[str, ...]) -> list[str]:
    """Real names along a path; what is wrong in it the query itself will refuse."""
    first = names[0].lower()
    own = {(alias or "").lower(), target.name.lower()} - {""} - target.relations.keys()
    if len(names) > 1 and first in own:
        names = names[1:]
    found: list[str] = []
    owner: SObject | None = target
    for name in names[:-1]:
        link = owner.relations.get(name.lower()) if owner else None
        found.append(str(link.relationship) if link else name)
        owner = schema.get(link.to[0]) if link else None
    field = owner.folded.get(names[-1].lower()) if owner else None
    return [*found, field.name if field else names[-1]]


def ask(store: OrgStore, caller: Caller, soql: str, version: str, *, deleted: bool) -> QueryResult:
    """Raises SoqlError."""
    return run_query(store, store.schema, soql, caller, include_deleted=deleted, version=version)


def texts(records: Sequence[Record], columns: Sequence[str]) -> Iterator[list[list[str]]]:
    """The records as cells, ROWS_AT_ONCE at a time."""
    getters = [_getter(column.split(".")) for column in columns]
    for start in range(0, len(records), ROWS_AT_ONCE):
        yield [[get(record) for get in getters] for record in records[start : start + ROWS_AT_ONCE]]


def _getter(path: list[str]) -> Callable[[Record], str]:
    if len(path) == 1:
        name = path[0]
        return lambda record: text(record[name])

    def along(record: Record) -> str:
        value: object = record
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return text(value)

    return along


def text(value: object) -> str:
    """A cell: nothing for null, true and false in lower case."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
