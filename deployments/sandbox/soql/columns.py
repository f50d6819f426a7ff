"""The columns of a query's result, as `columns=true` describes them."""

from typing import Any

from deployments.sandbox.schema import Field, Schema, SObject
from deployments.sandbox.soql import ast
from deployments.sandbox.soql.aggregates import is_aggregate_query
from deployments.sandbox.soql.errors import Fault, malformed
from deployments.sandbox.soql.expressions import is_aggregate
from deployments.sandbox.soql.parse import parse
from deployments.sandbox.soql.select import Asking, Select, expand

Column = dict[str, Any]
_APEX = {
    "id": "Id", "reference": "Id", "boolean": "Boolean", "int": "Integer", "double": "Double", "currency": "Decimal",
    "date": "Date", "datetime": "Datetime", "base64": "Blob",
}  # fmt: skip
_NUMBERS = frozenset({"int", "double", "currency", "percent", "long"})


def columns(asking: Asking, soql: str) -> dict[str, Any]:
    """The whole answer. Raises SoqlError."""
    try:
        query = parse(soql)
        select = Select(asking, query)
        found = _columns(asking, select, query)
    except Fault as fault:
        raise fault.placed(soql) from None
    target = select.scope.target
    return {
        "columnMetadata": found,
        "entityName": target.name,
        "groupBy": bool(query.group),
        "idSelected": any(each["columnName"] == "Id" for each in found),
        "keyPrefix": target.prefix,
    }


def _columns(asking: Asking, select: Select, query: ast.Query) -> list[Column]:
    found: list[Column] = []
    unnamed = 0
    grouped = is_aggregate_query(query)
    for item in expand(select, query.items):
        if isinstance(item, ast.Query):
            found.append(_child(asking, select.scope.target, item))
        elif isinstance(item, ast.TypeOf):
            found.append(_column(item.path.names[-1], item.path.names[-1], None))
        elif isinstance(item.expression, ast.Path) and grouped:
            field = select.scope.column(item.expression).field
            found.append(_column(item.alias or field.name, item.alias or field.name, field))
        elif isinstance(item.expression, ast.Path):
            _path(asking.schema, select, item.expression, found)
        else:
            term = select.term(item.expression)
            unnamed += item.alias is None
            name = item.alias or f"expr{unnamed - 1}"
            column = _column(name, item.alias or term.path, term.field)
            column["aggregate"] = is_aggregate(item.expression)
            found.append(column)
    return found


def _path(schema: Schema, select: Select, path: ast.Path, found: list[Column]) -> None:
    """A parent's fields stand together under the relationship that leads there."""
    column = select.scope.column(path)
    level = found
    for step in column.way:
        parent = next((each for each in level if each["columnName"] == step), None)
        if parent is None:
            parent = _column(step, step, None)
            level.append(parent)
        level = parent["joinColumns"]
    level.append(_column(column.field.name, column.field.name, column.field))


def _child(asking: Asking, owner: SObject, query: ast.Query) -> Column:
    name = query.source.names[-1]
    child = asking.schema.children(owner.name).get(name.lower())
    target = asking.schema.get(child.sobject) if child else None
    if child is None or target is None:
        raise malformed(f"Didn't understand relationship '{name}' in FROM part of query call.")
    column = _column(child.name, child.name, None)
    column["aggregate"] = True
    column["joinColumns"] = _columns(asking, Select(asking, query, prefix="c", only=target), query)
    return column


def _column(name: str, shown: str, field: Field | None) -> Column:
    kind = field.type if field else ""
    return {
        "aggregate": False,
        "apexType": _APEX.get(kind, "String") if field else None,
        "booleanType": kind == "boolean",
        "columnName": name,
        "custom": field.custom if field else False,
        "displayName": shown,
        "foreignKeyName": None,
        "insertable": field.createable if field else False,
        "joinColumns": [],
        "numberType": kind in _NUMBERS,
        "textType": bool(field) and kind not in _APEX,
        "updatable": field.updateable if field else False,
    }
