"""Names in a query's FROM: fields, parents and the joins that reach them, as one caller sees them."""

from dataclasses import dataclass, field

from deployments.sandbox.caller import Caller
from deployments.sandbox.schema import Field, Schema, SObject
from deployments.sandbox.soql import ast
from deployments.sandbox.soql.errors import malformed, no_column, no_relation, no_type
from deployments.sandbox.soql.polymorphic import NAME, is_polymorphic, names_of

_DEEPEST = 5


@dataclass(frozen=True)
class Column:
    """A field as SQL names it, with the path of real relationship names that leads to it."""

    sql: str
    field: Field
    owner: SObject
    table: str
    way: tuple[str, ...]


@dataclass
class Scope:
    """One query level: its object, its alias and the parents joined so far."""

    schema: Schema
    caller: Caller
    target: SObject
    alias: str | None
    prefix: str
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Paths that stand for a name, in lower case."""
    joins: dict[tuple[str, ...], tuple[str, str, SObject]] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return f"{self.prefix}0"

    def from_sql(self) -> str:
        """FROM with every parent the query has named so far."""
        joined = "".join(f" {text}" for _, text, _ in self.joins.values())
        return f'"{self.target.name}" {self.table}{joined}'

    def column(self, path: ast.Path) -> Column:
        """The column a path names. Raises Fault when it does not exist in the caller's eyes."""
        names = self._without_alias(path.names)
        if len(names) - 1 > _DEEPEST:
            raise malformed(
                f"SOQL relationship paths may have at most {_DEEPEST} levels.", path.line, path.column
            )
        owner, table = self.target, self.table
        way: tuple[str, ...] = ()
        for name in names[:-1]:
            owner, table, way = self._parent(owner, table, way, name, path)
        found = owner.folded.get(names[-1].lower())
        if found is None or not self.caller.reads(owner, found):
            raise no_column(names[-1], owner.name, path.line, path.column)
        return Column(f'{table}."{found.name}"', found, owner, table, way)

    def _without_alias(self, names: tuple[str, ...]) -> tuple[str, ...]:
        first = names[0].lower()
        if first in self.aliases and len(names) > 1:
            names = (*self.aliases[first], *names[1:])
            first = names[0].lower()
        own = self.alias.lower() if self.alias else self.target.name.lower()
        if len(names) > 1 and first == own and (self.alias or first not in self.target.relations):
            return names[1:]
        return names

    def _parent(
        self, owner: SObject, table: str, way: tuple[str, ...], name: str, path: ast.Path
    ) -> tuple[SObject, str, tuple[str, ...]]:
        link = owner.relations.get(name.lower())
        if link is None or not self.caller.reads(owner, link):
            raise no_relation(name, path.line, path.column)
        kinds = [self.schema[each] for each in link.to if self.caller.sees(self.schema[each])]
        if not kinds:
            raise no_relation(name, path.line, path.column)
        several = is_polymorphic(link)
        parent = self.schema[NAME] if several else kinds[0]
        way = (*way, str(link.relationship))
        if way not in self.joins:
            joined = f"{self.prefix}{len(self.joins) + 1}"
            source = names_of(kinds) if several else f'"{parent.name}"'
            text = f'LEFT JOIN {source} {joined} ON {joined}.Id = {table}."{link.name}"'
            self.joins[way] = (joined, text, parent)
        return parent, self.joins[way][0], way


def open_scope(
    schema: Schema,
    caller: Caller,
    source: ast.Path,
    alias: str | None,
    joined: tuple[tuple[str, tuple[str, ...]], ...] = (),
    *,
    tooling: bool,
    prefix: str,
) -> Scope:
    """The scope of FROM. Raises Fault with INVALID_TYPE when the object is not served here or not visible."""
    name = ".".join(source.names)
    target = schema.get(name)
    api = "tooling" if tooling else "rest"
    if target is None or api not in target.api or not caller.sees(target):
        raise no_type(name, source.line, source.column)
    # An alias leads to those named before it, so that a chain of them ends.
    aliases: dict[str, tuple[str, ...]] = {}
    for name, path in joined:
        if path[0].lower() != name.lower():
            aliases.setdefault(name.lower(), (*aliases.get(path[0].lower(), path[:1]), *path[1:]))
    return Scope(schema, caller, target, alias, prefix, aliases)
