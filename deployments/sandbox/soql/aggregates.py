"""Queries that count and group: AggregateResult records and COUNT()."""

from dataclasses import replace
from itertools import combinations

from deployments.sandbox.soql import ast
from deployments.sandbox.soql.errors import Fault, malformed
from deployments.sandbox.soql.expressions import Term, is_aggregate
from deployments.sandbox.soql.select import Asking, Select
from deployments.sandbox.soql.shape import TRUTH, Record, Row

_MOST_GROUPS = 2000


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
    return int(str(asking.store.tuples(f"SELECT COUNT(*) FROM ({sql})", params)[0][0]))


def groups(asking: Asking, query: ast.Query) -> list[Record]:
    """One record per group. Raises Fault beyond 2,000: aggregates cannot be paged."""
    made = [record for level in _levels(query) for record in _grouped(asking, query, level)]
    if len(made) > _MOST_GROUPS:
        reason = "Aggregate query does not support queryMore(), use LIMIT to restrict the results"
        raise Fault("EXCEEDED_ID_LIMIT", f"{reason} to a single batch")
    return made


def _levels(query: ast.Query) -> list[tuple[ast.Expression, ...]]:
    """What to group by: once for plain groups, ever fewer fields for ROLLUP, all subsets for CUBE."""
    first = query.group[0] if query.group else None
    if not isinstance(first, ast.Call) or first.name not in ("ROLLUP", "CUBE"):
        return [query.group]
    fields = tuple(each for each in first.args if not isinstance(each, ast.Value))
    sizes = range(len(fields), -1, -1)
    if first.name == "ROLLUP":
        return [fields[:size] for size in sizes]
    return [chosen for size in sizes for chosen in combinations(fields, size)]


def _grouped(asking: Asking, query: ast.Query, level: tuple[ast.Expression, ...]) -> list[Record]:
    select = Select(asking, replace(query, group=level, order=query.order if level == query.group else ()))
    if not select.scope.target.aggregates:
        reason = f"entity type {select.scope.target.name} does not support aggregate functions or GROUP BY"
        raise malformed(reason, query.source.line, query.source.column)
    rolled = _levels(query)[0]
    allowed, grouped = ({select.term(each).sql for each in part} for part in (rolled, level))
    names: list[str] = []
    booleans: list[str] = []
    for item in query.items:
        if not isinstance(item, ast.Item):
            raise malformed("Sub-queries cannot be used with aggregates.")
        if isinstance(item.expression, ast.Call) and item.expression.name == "GROUPING":
            names.append(item.alias or _unnamed(names))
            select.columns.append(_grouping(select, item.expression, grouped))
            continue
        wanted, at = select.term(item.expression), item.expression
        if not wanted.aggregate and wanted.sql not in allowed:
            raise malformed(f"Field must be grouped or aggregated: {wanted.path}", at.line, at.column)
        names.append(_key(item, wanted, names))
        # Not through add(): the same term twice gives two columns.
        select.columns.append(wanted.sql if wanted.aggregate or wanted.sql in grouped else "NULL")
        if wanted.kind == "boolean":
            booleans.append(names[-1])
    sql, params = select.statement()
    return [_shaped(row, names, booleans) for row in asking.store.tuples(sql, params)]


def _shaped(row: Row, names: list[str], booleans: list[str]) -> Record:
    record: Record = {"attributes": {"type": "AggregateResult"}, **dict(zip(names, row, strict=True))}
    record.update((name, TRUTH[record[name]]) for name in booleans)
    return record


def _unnamed(names: list[str]) -> str:
    return f"expr{sum(name.startswith('expr') and name[4:].isdigit() for name in names)}"


def _grouping(select: Select, call: ast.Call, grouped: set[str]) -> str:
    """1 in a row that adds up over the field, 0 where the field has a value of its own."""
    first = call.args[0] if len(call.args) == 1 else None
    if first is None or isinstance(first, ast.Value):
        raise malformed("GROUPING takes one field", call.line, call.column)
    return "0" if select.term(first).sql in grouped else "1"


def _key(item: ast.Item, wanted: Term, names: list[str]) -> str:
    """The record's key: the alias, the field's own name, or expr0, expr1… for unnamed functions."""
    if item.alias:
        key = item.alias
    elif isinstance(item.expression, ast.Path) and wanted.field is not None:
        key = wanted.field.name
    else:
        key = _unnamed(names)
    if key.lower() in map(str.lower, names):
        raise malformed(f"duplicate alias: {key}", item.expression.line, item.expression.column)
    return key
