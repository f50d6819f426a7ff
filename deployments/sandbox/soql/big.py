"""What a query may ask of a big object: its index from left to right, and little else."""

from collections.abc import Iterator

from deployments.sandbox.schema import SObject
from deployments.sandbox.soql import ast
from deployments.sandbox.soql.errors import Fault, malformed

_RANGES = frozenset({"<", "<=", ">", ">="})


def check(query: ast.Query, target: SObject) -> None:
    """
    Raises Fault. Filters compare the fields of the index in order, with = or IN, a range on the last one alone; no OR, NOT,
    LIKE or !=, and no aggregates (Big Objects Implementation Guide, SOQL with Big Objects).
    """
    if query.group or any(
        isinstance(i, ast.Item) and isinstance(i.expression, ast.Call) for i in query.items
    ):
        raise malformed(f"entity type {target.name} does not support aggregate functions or GROUP BY")
    for sort in query.order:
        named = sort.expression
        if not isinstance(named, ast.Path) or named.names[-1].lower() != target.big[0].lower():
            raise malformed(f"{target.name} can be ordered by {target.big[0]} alone")
    used: dict[str, set[str]] = {}
    for name, operator in _filters(query.where, target):
        used.setdefault(name.lower(), set()).add(operator)
    _in_order(used, target)


def _filters(condition: ast.Condition | None, target: SObject) -> Iterator[tuple[str, str]]:
    match condition:
        case None:
            return
        case ast.Junction("AND", parts):
            for part in parts:
                yield from _filters(part, target)
        case ast.Compare(ast.Path(names), operator, _) if operator in _RANGES | {"="}:
            yield names[-1], operator
        case ast.Among(ast.Path(names), False, values) if not isinstance(values, ast.Query):
            yield names[-1], "IN"
        case _:
            raise _unsupported(target)


def _in_order(used: dict[str, set[str]], target: SObject) -> None:
    index = [name.lower() for name in target.big]
    if any(name not in index for name in used):
        raise _unsupported(target)
    present = [name in used for name in index]
    if sorted(present, reverse=True) != present:
        raise _unsupported(target)
    last = sum(present) - 1
    for place, name in enumerate(index[: last + 1]):
        if place < last and used[name] & _RANGES:
            raise _unsupported(target)


def _unsupported(target: SObject) -> Fault:
    return Fault(
        "INVALID_QUERY_FILTER_OPERATOR",
        f"{target.name} can be filtered by its index fields alone, from left to right: {', '.join(target.big)}",
    )
