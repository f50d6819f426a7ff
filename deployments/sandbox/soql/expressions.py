"""Fields and functions as SQL terms that know their type."""

from dataclasses import dataclass

from deployments.sandbox.schema import Field
from deployments.sandbox.soql import ast
from deployments.sandbox.soql.errors import Fault, malformed
from deployments.sandbox.soql.scope import Scope

AGGREGATES = frozenset({"COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX"})
_NUMERIC = frozenset({"int", "double", "currency", "percent"})
_DAY = "substr({0}, 1, 10)"
# Date functions over the stored text; strftime counts week days from 0.
_DATE_PARTS = {
    "CALENDAR_YEAR": "CAST(substr({0}, 1, 4) AS INTEGER)",
    "FISCAL_YEAR": "CAST(substr({0}, 1, 4) AS INTEGER)",
    "CALENDAR_MONTH": "CAST(substr({0}, 6, 2) AS INTEGER)",
    "FISCAL_MONTH": "CAST(substr({0}, 6, 2) AS INTEGER)",
    "CALENDAR_QUARTER": "(CAST(substr({0}, 6, 2) AS INTEGER) + 2) / 3",
    "FISCAL_QUARTER": "(CAST(substr({0}, 6, 2) AS INTEGER) + 2) / 3",
    "DAY_IN_MONTH": "CAST(substr({0}, 9, 2) AS INTEGER)",
    "DAY_IN_WEEK": f"CAST(strftime('%w', {_DAY}) AS INTEGER) + 1",
    "DAY_IN_YEAR": f"CAST(strftime('%j', {_DAY}) AS INTEGER)",
    "WEEK_IN_YEAR": f"(CAST(strftime('%j', {_DAY}) AS INTEGER) + 6) / 7",
    "WEEK_IN_MONTH": "(CAST(substr({0}, 9, 2) AS INTEGER) + 6) / 7",
    "HOUR_IN_DAY": "CAST(substr({0}, 12, 2) AS INTEGER)",
}
_SAME = frozenset({"TOLABEL", "CONVERTTIMEZONE", "CONVERTCURRENCY", "FORMAT"})


@dataclass(frozen=True)
class Term:
    """SQL text with the type its values have; `path` names it in messages and in filter rules."""

    sql: str
    kind: str
    path: str
    field: Field | None = None
    aggregate: bool = False
    way: tuple[str, ...] = ()
    # Whether ids here are names, as in EntityDefinition, so that any text may be compared with them.
    named: bool = False


def is_aggregate(expression: object) -> bool:
    return isinstance(expression, ast.Call) and expression.name in AGGREGATES


def term(scope: Scope, expression: ast.Expression) -> Term:
    """The SQL of a field or function. Raises Fault on unknown names and unsuitable fields."""
    if isinstance(expression, ast.Path):
        column = scope.column(expression)
        path = ".".join((*column.way, column.field.name))
        named = column.owner.hides_id or "EntityDefinition" in column.field.to
        return Term(column.sql, column.field.type, path, column.field, way=column.way, named=named)
    if expression.name in AGGREGATES:
        return _aggregate(scope, expression)
    if len(expression.args) != 1:
        raise malformed(f"unexpected token: '{expression.name}'", expression.line, expression.column)
    inner = term(scope, _argument(expression))
    label = f"{expression.name}({inner.path})"
    if expression.name in _SAME:
        return Term(inner.sql, inner.kind, label, inner.field)
    if expression.name == "DAY_ONLY" and inner.kind in ("date", "datetime"):
        return Term(_DAY.format(inner.sql), "date", label)
    if expression.name in _DATE_PARTS and inner.kind in ("date", "datetime"):
        return Term(_DATE_PARTS[expression.name].format(inner.sql), "int", label)
    raise malformed(f"Invalid function: {expression.name}", expression.line, expression.column)


def _argument(call: ast.Call) -> ast.Expression:
    """The one argument of a function of one field. Raises Fault for a literal."""
    first = call.args[0]
    if isinstance(first, ast.Value):
        raise malformed(f"unexpected token: '{first.value}'", call.line, call.column)
    return first


def _aggregate(scope: Scope, call: ast.Call) -> Term:
    if not call.args:
        if call.name != "COUNT":
            raise malformed("unexpected token: ')'", call.line, call.column)
        return Term("COUNT(*)", "int", "COUNT()", aggregate=True)
    inner = term(scope, _argument(call))
    refused = inner.field is not None and (
        not inner.field.aggregatable or (call.name in ("SUM", "AVG") and inner.kind not in _NUMERIC)
    )
    if refused or inner.aggregate:
        reason = f"field {inner.path} does not support aggregate operator {call.name}"
        raise Fault("INVALID_FIELD", reason, call.line, call.column)
    kind = {"COUNT": "int", "COUNT_DISTINCT": "int", "AVG": "double"}.get(call.name, inner.kind)
    sql = f"COUNT(DISTINCT {inner.sql})" if call.name == "COUNT_DISTINCT" else f"{call.name}({inner.sql})"
    return Term(sql, kind, f"{call.name}({inner.path})", inner.field, aggregate=True)
