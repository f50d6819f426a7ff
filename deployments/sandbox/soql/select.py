"""From AST to one SELECT: what to fetch, from where, in which order and for whom."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from deployments.sandbox.caller import Caller
from deployments.sandbox.schema import Schema, SObject
from deployments.sandbox.sharing.rows import restriction
from deployments.sandbox.soql import ast
from deployments.sandbox.soql.conditions import Conditions
from deployments.sandbox.soql.errors import Fault, malformed
from deployments.sandbox.soql.expressions import Term, term
from deployments.sandbox.soql.scope import Scope, open_scope
from deployments.sandbox.store import OrgStore

_FURTHEST = 2000
_MOST_FIELDS_ROWS = 200


@dataclass(frozen=True)
class Asking:
    """One query's circumstances: the org, the caller, the door it came through and the estate's time."""

    store: OrgStore
    schema: Schema
    caller: Caller
    tooling: bool
    include_deleted: bool
    now: datetime
    version: str

    def url(self, target: SObject, record_id: object) -> str:
        shown = (target.wire_id or "000000000000000AAA") if target.hides_id else record_id
        door = "tooling/" if self.tooling else ""
        return f"/services/data/v{self.version}/{door}sobjects/{target.name}/{shown}"


@dataclass
class Select:
    """One level of a query, being turned into SQL with its parameters in the order of the text."""

    asking: Asking
    query: ast.Query
    prefix: str = "t"
    only: SObject | None = None
    columns: list[str] = field(default_factory=list)
    scope: Scope = field(init=False)

    def __post_init__(self) -> None:
        if self.only is not None:
            self.scope = Scope(
                self.asking.schema, self.asking.caller, self.only, self.query.alias, self.prefix
            )
            return
        self.scope = open_scope(
            self.asking.schema,
            self.asking.caller,
            self.query.source,
            self.query.alias,
            self.query.joined,
            tooling=self.asking.tooling,
            prefix=self.prefix,
        )

    def term(self, expression: ast.Expression) -> Term:
        return term(self.scope, expression)

    def add(self, sql: str) -> int:
        """The position of a column in the rows to come, asked for once."""
        if sql not in self.columns:
            self.columns.append(sql)
        return self.columns.index(sql)

    def statement(
        self, *, extra: str = "", extra_params: tuple[object, ...] = ()
    ) -> tuple[str, list[object]]:
        """The whole SELECT. Raises Fault as soon as anything in it is not allowed."""
        where = self._conditions()
        clauses = [where.sql(self.query.where)] if self.query.where else []
        params = where.params
        self._check_filters(where.filtered)
        for text, values in (*self._visible(), *([(extra, extra_params)] if extra else [])):
            clauses.append(text)
            params += values
        tail, tail_params = self._tail()
        selected = ", ".join(self.columns) or "1"
        filters = f" WHERE {' AND '.join(clauses)}" if clauses else ""
        # Joins are complete only now: every clause may have added some.
        sql = f"SELECT {selected} FROM {self.scope.from_sql()}{filters}{tail}"
        return sql, [*params, *tail_params]

    def _conditions(self) -> Conditions:
        return Conditions(self.term, self._subselect, self.asking.now)

    def _subselect(self, query: ast.Query) -> tuple[str, list[object]]:
        inner = Select(self.asking, query, prefix=f"{self.prefix}_")
        item = query.items[0]
        if len(query.items) != 1 or not isinstance(item, ast.Item):
            raise malformed("A semi-join sub-query must select exactly one field.")
        wanted = inner.term(item.expression)
        if wanted.kind not in ("id", "reference"):
            raise malformed(
                f"The inner select field '{wanted.path}' cannot have a non-id type in a semi-join."
            )
        inner.add(wanted.sql)
        sql, params = inner.statement(extra=f"{wanted.sql} IS NOT NULL")
        return sql, params

    def _visible(self) -> Iterator[tuple[str, tuple[object, ...]]]:
        """What keeps rows from this caller: deletion, ownership, sharing and USING SCOPE."""
        target, caller, table = self.scope.target, self.asking.caller, self.scope.table
        if "IsDeleted" in target.fields and not self.asking.include_deleted:
            yield f'{table}."IsDeleted" = 0', ()
        if not caller.sees_all_rows(target):
            yield f'{table}."{target.access.own_field}" = ?', (caller.user_id,)
        if "OwnerId" in target.fields and (self.query.scope or "").upper() == "MINE":
            yield f'{table}."OwnerId" = ?', (caller.user_id,)
        limits = restriction(self.asking.store, caller, target, self.prefix)
        if limits is not None:
            yield limits[0], tuple(limits[1])

    def _check_filters(self, filtered: set[str]) -> None:
        needed = self.scope.target.required_filters
        if needed and not self.only and not filtered.intersection((*needed, "Id")):
            raise malformed(
                f"Implementation restriction: a query on {self.scope.target.name} must filter on "
                f"{' or '.join(needed)}."
            )

    def _tail(self) -> tuple[str, list[object]]:
        text, params = "", []
        if self.query.group:
            text += " GROUP BY " + ", ".join(self._grouped(each) for each in self.query.group)
        if self.query.having:
            having = self._conditions()
            text += f" HAVING {having.sql(self.query.having)}"
            params += having.params
        if self.query.order:
            text += " ORDER BY " + ", ".join(map(self._sorted, self.query.order))
        return text + self._window(), params

    def _window(self) -> str:
        limit, offset = self.query.limit, self.query.offset
        if offset is not None and offset > _FURTHEST:
            raise Fault("NUMBER_OUTSIDE_VALID_RANGE", f"Maximum SOQL offset allowed is {_FURTHEST}")
        if limit is None and offset is None:
            return ""
        return f" LIMIT {-1 if limit is None else limit} OFFSET {offset or 0}"

    def _grouped(self, expression: ast.Expression) -> str:
        wanted = self.term(expression)
        if wanted.field is not None and not wanted.field.groupable:
            reason = f"field '{wanted.field.name}' can not be grouped in a query call"
            raise Fault("MALFORMED_QUERY", reason, expression.line, expression.column)
        return wanted.sql

    def _sorted(self, sort: ast.Sort) -> str:
        wanted = self.term(sort.expression)
        if wanted.field is not None and not wanted.field.sortable and not wanted.aggregate:
            reason = f"field '{wanted.field.name}' can not be sorted in a query call"
            raise Fault("MALFORMED_QUERY", reason, sort.expression.line, sort.expression.column)
        nulls = "" if sort.nulls_last is None else f" NULLS {'LAST' if sort.nulls_last else 'FIRST'}"
        return f"{wanted.sql}{' DESC' if sort.descending else ''}{nulls}"


def expand(
    select: Select, items: tuple[ast.Item | ast.TypeOf | ast.Query, ...]
) -> Iterator[ast.Item | ast.TypeOf | ast.Query]:
    """The SELECT list with FIELDS(ALL|STANDARD|CUSTOM) written out."""
    for item in items:
        call = item.expression if isinstance(item, ast.Item) else None
        if not isinstance(call, ast.Call) or call.name != "FIELDS":
            yield item
            continue
        group = str(call.args[0].names[0] if call.args and isinstance(call.args[0], ast.Path) else "").upper()
        if group not in ("ALL", "STANDARD", "CUSTOM"):
            raise malformed("FIELDS takes ALL, STANDARD or CUSTOM.", call.line, call.column)
        if group != "STANDARD" and (select.query.limit is None or select.query.limit > _MOST_FIELDS_ROWS):
            raise malformed(f"The SOQL FIELDS function must have a LIMIT of at most {_MOST_FIELDS_ROWS}")
        for each in select.scope.target.fields.values():
            wanted = group == "ALL" or each.custom == (group == "CUSTOM")
            if wanted and each.type != "metadata" and select.asking.caller.reads(select.scope.target, each):
                yield ast.Item(ast.Path((each.name,), call.line, call.column), None)
