"""WHERE and HAVING as SQL whose values are all bound parameters."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from deployments.sandbox.ids import to18
from deployments.sandbox.schema.extension import CASE_SENSITIVE
from deployments.sandbox.soql import ast
from deployments.sandbox.soql.dates import bound, day_text, span
from deployments.sandbox.soql.errors import Fault, malformed
from deployments.sandbox.soql.expressions import Term

# More values than this are bound as one JSON list instead of one parameter each.
_IDS = frozenset({"id", "reference"})
_MANY = 400
_WIDE = 50
_MOMENTS = frozenset({"date", "datetime"})
_NUMBERS = frozenset({"int", "double", "currency"})


@dataclass
class Conditions:
    """Turns conditions into SQL, collecting parameters in the order the SQL mentions them."""

    term: Callable[[ast.Expression], Term]
    subselect: Callable[[ast.Query], tuple[str, list[object]]]
    now: datetime
    params: list[object] = field(default_factory=list)
    filtered: set[str] = field(default_factory=set)

    def sql(self, condition: ast.Condition) -> str:
        match condition:
            case ast.Junction(word, parts):
                return _joined([self.sql(part) for part in parts], word)
            case ast.Negation(inner):
                # SOQL conditions are never unknown: what does not hold, does not hold under NOT either.
                return f"NOT COALESCE({self.sql(inner)}, 0)"
            case ast.Compare():
                return self._compare(condition)
            case ast.Among():
                return self._among(condition)
            case ast.Picks():
                return self._picks(condition)

    def _filterable(self, expression: ast.Expression) -> Term:
        term = self.term(expression)
        if term.field is not None and not term.field.filterable and not term.aggregate:
            raise Fault(
                "INVALID_FIELD",
                f"field '{term.field.name}' can not be filtered in a query call",
                expression.line,
                expression.column,
            )
        self.filtered.add(term.path)
        if term.field is not None and term.field.scheme == CASE_SENSITIVE:
            return replace(term, sql=f"{term.sql} COLLATE BINARY")
        return term

    def _compare(self, condition: ast.Compare) -> str:
        term = self._filterable(condition.left)
        operator, value = condition.operator, condition.right
        if term.field is not None and term.field.scheme and operator not in ("=", "!="):
            reason = f"invalid operator on encrypted field '{term.field.name}': {operator}"
            raise Fault("INVALID_QUERY_FILTER_OPERATOR", reason)
        if value.kind == "range" and term.kind in _MOMENTS:
            return self._in_range(term, operator, str(value.value))
        if value.kind == "null" or (value.value == "" and term.kind not in _IDS and operator in ("=", "!=")):
            # An empty text and no text are one and the same.
            if operator not in ("=", "!="):
                raise Fault("INVALID_QUERY_FILTER_OPERATOR", "invalid operator on null value")
            return f"{term.sql} IS {'NOT ' if operator == '!=' else ''}NULL"
        if operator == "LIKE":
            return self._like(term, value)
        self.params.append(self._bind(term, value))
        # SQLite's IS NOT keeps null rows, as != does here.
        return f"{term.sql} {'IS NOT' if operator == '!=' else operator} ?"

    def _like(self, term: Term, value: ast.Value) -> str:
        if value.kind != "string" or term.kind in _MOMENTS | _NUMBERS | {"boolean", "id", "reference"}:
            raise Fault("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on {term.kind} field")
        self.params.append(value.pattern)
        return f"{term.sql} LIKE ? ESCAPE '\\'"

    def _in_range(self, term: Term, operator: str, word: str) -> str:
        first, after = (day_text(day, term.kind) for day in span(word, self.now))
        match operator:
            case "=":
                self.params += [first, after]
                return f"({term.sql} >= ? AND {term.sql} < ?)"
            case "!=":
                self.params += [first, after]
                return f"COALESCE({term.sql} < ? OR {term.sql} >= ?, 1)"
            case "<" | ">=":
                self.params.append(first)
            case ">":
                self.params.append(after)
                operator = ">="
            case "<=":
                self.params.append(after)
                operator = "<"
            case _:
                raise malformed(f"unexpected token: '{operator}'")
        return f"{term.sql} {operator} ?"

    def _among(self, condition: ast.Among) -> str:
        term = self._filterable(condition.left)
        if isinstance(condition.values, ast.Query):
            if term.kind not in ("id", "reference"):
                raise malformed(f"The left operand '{term.path}' cannot have a non-id type in a semi-join.")
            inside, params = self.subselect(condition.values)
            self.params += params
        else:
            inside = self._listed(term, [value for value in condition.values if not _empty(value, term)])
        nulls = isinstance(condition.values, tuple) and any(_empty(value, term) for value in condition.values)
        if condition.negated:
            kept = "AND {0} IS NOT NULL" if nulls else "OR {0} IS NULL"
            return f"({term.sql} NOT IN ({inside}) {kept.format(term.sql)})"
        return f"({term.sql} IN ({inside}) OR {term.sql} IS NULL)" if nulls else f"{term.sql} IN ({inside})"

    def _listed(self, term: Term, values: list[ast.Value]) -> str:
        cells = [self._bind(term, value) for value in values]
        if len(cells) > _MANY:
            self.params.append(json.dumps(cells))
            return "SELECT value FROM json_each(?)"
        self.params += cells
        return ", ".join("?" * len(cells))

    def _picks(self, condition: ast.Picks) -> str:
        term = self._filterable(condition.left)
        if term.kind != "multipicklist":
            raise Fault("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on {term.kind} field")
        any_of = []
        for value in condition.values:
            wanted = str(value.value).split(";")
            self.params += [f"%;{each};%" for each in wanted]
            any_of.append("(" + " AND ".join([f"';' || {term.sql} || ';' LIKE ?"] * len(wanted)) + ")")
        either = "(" + " OR ".join(any_of) + ")"
        return f"NOT COALESCE({either}, 0)" if condition.negated else either

    def _bind(self, term: Term, value: ast.Value) -> object:
        """The parameter a literal is bound as. Raises Fault when the literal does not suit the field."""
        kind, name = term.kind, term.field.name if term.field else term.path
        if value.kind == "null":
            return None
        if kind in _MOMENTS:
            return bound(value, kind, name)
        if kind == "boolean":
            return int(bool(_suits(value, "boolean", "boolean", name)))
        if kind in _NUMBERS:
            return _suits(value, "number", "double" if kind == "double" else kind, name)
        if value.kind != "string":
            raise Fault(
                "INVALID_FIELD",
                f"value of filter criterion for field '{name}' must be of type string "
                "and should be enclosed in quotes",
            )
        return _record_id(str(value.value), term) if kind in ("id", "reference") else value.value


def _empty(value: ast.Value, term: Term) -> bool:
    return value.kind == "null" or (value.value == "" and term.kind not in _IDS)


def _joined(parts: list[str], word: str) -> str:
    """A balanced tree of AND or OR: SQLite refuses expressions that nest a thousand deep."""
    if len(parts) <= _WIDE:
        return "(" + f" {word} ".join(parts) + ")"
    middle = len(parts) // 2
    return f"({_joined(parts[:middle], word)} {word} {_joined(parts[middle:], word)})"


def _suits(value: ast.Value, kind: str, label: str, name: str) -> object:
    if value.kind != kind:
        raise Fault(
            "INVALID_FIELD",
            f"value of filter criterion for field '{name}' must be of type {label} "
            "and should not be enclosed in quotes",
        )
    return value.value


def _record_id(text: str, term: Term) -> str:
    if not term.named and not (len(text) in (15, 18) and text.isascii() and text.isalnum()):
        raise Fault("INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {text[:40]}")
    return to18(text)
