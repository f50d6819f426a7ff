"""Queries that count and group: AggregateResult records and COUNT()."""

from deployments.sandbox.soql import ast
from deployments.sandbox.soql.errors import Fault, malformed
from deployments.sandbox.soql.expressions import Term, is_aggregate
from deployments.sandbox.soql.select import Asking, Select

_MOST_GROUPS = 2000
_TRUTH: dict[object, bool | None] = {None: None, 0: False, 1: True}


def is_bare_count(query: ast.Query) -> bool:
    """SELECT COUNT() FROM …: answered by totalSize alone."""
    first = query.items[0]
    return (
        len(query.items) == 1
        and isinstance(first, ast.Item)
        and isinstance(first.expression, ast.Call)
        and first.expression.name == "COUNT"
        and not first.expression.args
    )


def is_aggregate_query(query: ast.Query) -> bool:
    return bool(query.group) or any(
        isinstance(item, ast.Item) and is_aggregate(item.expression) for item in query.items
    )


def count(asking: Asking, query: ast.Query) -> int:
    select = Select(asking, query)
    sql, params = select.statement()
    return int(str(asking.store.tuples(f"SELECT COUNT(*) FROM ({sql})", params)[0][0]))  # noqa: S608


def groups(asking: Asking, query: ast.Query) -> list[dict[str, object]]:
    """One record per group. Raises Fault beyond 2,000: aggregates cannot be paged."""
    select = Select(asking, query)
    if not select.scope.target.aggregates:
        raise malformed(
            f"entity type {select.scope.target.name} does not support aggregate functions or GROUP BY",
            query.source.line,
            query.source.column,
        )
    grouped = {select.term(each).sql for each in query.group}
    names: list[str] = []
    booleans: list[str] = []
    for item in query.items:
        if not isinstance(item, ast.Item):
            raise malformed("Sub-queries cannot be used with aggregates.")
        wanted = select.term(item.expression)
        if not wanted.aggregate and wanted.sql not in grouped:
            raise malformed(
                f"Field must be grouped or aggregated: {wanted.path}",
                item.expression.line,
                item.expression.column,
            )
        names.append(_key(item, wanted, names))
        # Not through add(): the same term twice gives two columns.
        select.columns.append(wanted.sql)
        if wanted.kind == "boolean":
            booleans.append(names[-1])
    sql, params = select.statement()
    rows = asking.store.tuples(sql, params)
    if len(rows) > _MOST_GROUPS:
        raise Fault(
            "EXCEEDED_ID_LIMIT",
            "Aggregate query does not support queryMore(), use LIMIT to restrict the "
            "results to a single batch",
        )
    made: list[dict[str, object]] = []
    for row in rows:
        record: dict[str, object] = {
            "attributes": {"type": "AggregateResult"},
            **dict(zip(names, row, strict=True)),
        }
        record.update((name, _TRUTH[record[name]]) for name in booleans)
        made.append(record)
    return made


def _key(item: ast.Item, wanted: Term, names: list[str]) -> str:
    """The record's key: the alias, the field's own name, or expr0, expr1… for unnamed functions."""
    if item.alias:
        key = item.alias
    elif isinstance(item.expression, ast.Path) and wanted.field is not None:
        key = wanted.field.name
    else:
        key = f"expr{sum(name.startswith('expr') and name[4:].isdigit() for name in names)}"
    if key.lower() in map(str.lower, names):
        raise malformed(f"duplicate alias: {key}", item.expression.line, item.expression.column)
    return key
