"""Queries that give records: fields, parents, child sub-queries and the Tooling API's Metadata."""

import json
from collections import defaultdict
from dataclasses import replace

from deployments.sandbox.soql import ast
from deployments.sandbox.soql.errors import Fault, malformed, no_relation
from deployments.sandbox.soql.select import Asking, Select, expand
from deployments.sandbox.soql.shape import Node, Record, Row, node_for, place, place_typeof

# Children of children are given since this version (Spring '23), five levels deep in all.
_NESTED_SINCE, _DEEPEST = 58.0, 4
# Profiles carry a metadata name of their own.
_PROFILE_NAMES = {"System Administrator": "Admin", "Standard User": "Standard"}


def records(asking: Asking, query: ast.Query) -> tuple[int, list[Record]]:
    """How many rows the query matches, and its records up to the object's ceiling."""
    select = Select(asking, query)
    root = node_for(select, select.scope.target, select.scope.table)
    children = _fields(select, root)
    name_at = _name_column(select, root)
    rows = _fetch(select)
    _refuse_pages(select, root, len(rows))
    shown = rows[: select.scope.target.ceiling]
    build = root.builder()
    made = [record for row in shown if (record := build(row)) is not None]
    for child in children:
        _attach(asking, select, child, shown, made, root.id_at)
    if root.computed and made:
        _fill_metadata(asking, root, made[0], str(shown[0][name_at]))
    return len(rows), made


def _fields(select: Select, root: Node) -> list[ast.Query]:
    """Place every selected field; gives the child sub-queries, which run afterwards."""
    children = []
    for item in expand(select, select.query.items):
        if isinstance(item, ast.Query):
            children.append(item)
        elif isinstance(item, ast.TypeOf):
            place_typeof(root, select, item)
        elif item.alias and isinstance(item.expression, ast.Path):
            named = item.expression
            raise malformed("only aggregate expressions use field aliasing", named.line, named.column)
        elif item.alias:
            root.name(item.alias, select.term(item.expression), select)
        elif not place(root, select, select.term(item.expression)):
            at = item.expression
            shown = ".".join(at.names) if isinstance(at, ast.Path) else at.name
            raise malformed(f"duplicate field selected: {shown}", at.line, at.column)
    return children


def _fetch(select: Select) -> list[Row]:
    sql, params = select.statement()
    return select.asking.store.tuples(sql, params)


def _name_column(select: Select, root: Node) -> int:
    target, table = root.target, select.scope.table
    parts = [f'{table}."{part}"' if part in target.fields else f"'{part}'" for part in target.metadata_name]
    return select.add(" || ".join(parts)) if root.computed and parts else 0


def _refuse_pages(select: Select, root: Node, count: int) -> None:
    target = select.scope.target
    if root.computed and count > 1:
        raise malformed(
            "When retrieving results with Metadata or FullName fields, the query qualifications must "
            f"specify no more than one row for retrieval. Result size: {count}"
        )
    if not target.query_more and count > target.page_size:
        raise Fault(
            "EXCEEDED_ID_LIMIT",
            f"{target.name} does not support queryMore(), use LIMIT to restrict the "
            "results to a single batch",
        )


def _fill_metadata(asking: Asking, root: Node, record: Record, name: str) -> None:
    kind = str(root.target.metadata_kind)
    body = asking.store.metadata(kind, name)
    if body is None and kind == "Profile" and name in _PROFILE_NAMES:
        name = _PROFILE_NAMES[name]
        body = asking.store.metadata(kind, name)
    for field_name in root.computed:
        record[field_name] = name if field_name == "FullName" else body


def _attach(
    asking: Asking,
    parent: Select,
    query: ast.Query,
    rows: list[Row],
    made: list[Record],
    id_at: int,
    level: int = 1,
) -> None:
    """Run one child sub-query for all parents at once and hang the results on their records."""
    name = query.source.names[-1]
    child = asking.schema.children(parent.scope.target.name).get(name.lower())
    target = asking.schema[child.sobject] if child else None
    api = "tooling" if asking.tooling else "rest"
    if child is None or target is None or api not in target.api or not asking.caller.sees(target):
        raise no_relation(name, query.source.line, query.source.column)
    unlimited = replace(query, limit=None, offset=None)
    select = Select(asking, unlimited, prefix="c", only=target)
    root = node_for(select, target, select.scope.table)
    inner = _fields(select, root)
    if inner and (level >= _DEEPEST or float(asking.version) < _NESTED_SINCE):
        raise malformed(
            "Sub-queries inside sub-queries are not supported.", query.source.line, query.source.column
        )
    link = f'{select.scope.table}."{child.field}"'
    link_at = select.add(link)
    ids = json.dumps([row[id_at] for row in rows])
    sql, params = select.statement(extra=f"{link} IN (SELECT value FROM json_each(?))", extra_params=(ids,))
    build = root.builder()
    grouped: dict[object, list[Record]] = defaultdict(list)
    found_rows = asking.store.tuples(sql, params)
    found_records = [build(row) for row in found_rows]
    kept = [
        (row, record) for row, record in zip(found_rows, found_records, strict=True) if record is not None
    ]
    for each in inner:
        _attach(asking, select, each, [r for r, _ in kept], [r for _, r in kept], root.id_at, level + 1)
    for row, record in kept:
        grouped[row[link_at]].append(record)
    first = query.offset or 0
    for row, record in zip(rows, made, strict=True):
        found = grouped.get(row[id_at], [])[first : None if query.limit is None else first + query.limit]
        record[child.name] = {"totalSize": len(found), "done": True, "records": found} if found else None
