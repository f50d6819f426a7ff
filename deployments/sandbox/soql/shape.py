"""Rows as the wire shows them: attributes first, parents nested, booleans true or false."""

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter

from deployments.sandbox.schema import SObject
from deployments.sandbox.soql import ast
from deployments.sandbox.soql.errors import no_column, no_relation
from deployments.sandbox.soql.expressions import Term
from deployments.sandbox.soql.masks import mask_for
from deployments.sandbox.soql.polymorphic import NAME
from deployments.sandbox.soql.select import Asking, Select

Row = tuple[object, ...]
Record = dict[str, object]
TRUTH: dict[object, bool | None] = {None: None, 0: False, 1: True}


@dataclass
class Node:
    """One record level of a result: its fields, the parents below it and where in the row they stand."""

    asking: Asking
    target: SObject
    id_at: int
    names: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    booleans: list[str] = field(default_factory=list)
    masks: dict[str, Callable[[object], object]] = field(default_factory=dict)
    parents: dict[str, "Node"] = field(default_factory=dict)
    # A polymorphic parent is the first of these that the row has.
    variants: dict[str, list["Node"]] = field(default_factory=dict)
    # Filled per record after the fetch: the metadata columns of a one-row Tooling query.
    computed: list[str] = field(default_factory=list)

    def name(self, alias: str, wanted: Term, select: Select) -> None:
        """A function's value under the name the query gives it."""
        self.names.append(alias)
        self.places.append(select.add(wanted.sql))
        if wanted.kind == "boolean":
            self.booleans.append(alias)
        self.veil(alias, wanted)

    def veil(self, name: str, wanted: Term) -> None:
        """An encrypted value is shown behind its mask to who may not view it."""
        mask = mask_for(self.asking.caller, wanted.field)
        if mask is not None:
            self.masks[name] = mask

    def builder(self) -> Callable[[Row], Record | None]:
        """A function from row to record, or to None where a parent is missing."""
        names, booleans, id_at, kind = (tuple(self.names), tuple(self.booleans), self.id_at, self.target.name)
        pick = itemgetter(*self.places) if len(names) > 1 else None
        only = self.places[0] if len(names) == 1 else -1
        parents = [(name, node.builder()) for name, node in self.parents.items()]
        variants = [(name, [node.builder() for node in nodes]) for name, nodes in self.variants.items()]
        masks = tuple(self.masks.items())
        base = self.asking.url(self.target, "")
        fixed_url = self.asking.url(self.target, None) if self.target.hides_id else None
        schema, url, shared = self.asking.schema, self.asking.url, kind == NAME

        def build(row: Row) -> Record | None:
            record_id = row[id_at]
            if record_id is None:
                return None
            address = fixed_url or f"{base}{record_id}"
            if shared and (real := schema.by_prefix(str(record_id))) is not None:
                # A reference of several kinds gives a Name, at the address of what it really is.
                address = url(real, record_id)
            record: Record = {"attributes": {"type": kind, "url": address}}
            if pick is not None:
                record.update(zip(names, pick(row), strict=True))
            elif only >= 0:
                record[names[0]] = row[only]
            for name in booleans:
                record[name] = TRUTH[record[name]]
            for name, mask in masks:
                record[name] = mask(record[name])
            for name, parent in parents:
                record[name] = parent(row)
            for name, choices in variants:
                record[name] = next((found for choice in choices if (found := choice(row)) is not None), None)
            return record

        return build


def node_for(select: Select, target: SObject, table: str) -> Node:
    return Node(select.asking, target, select.add(f"{table}.Id"))


def place(root: Node, select: Select, wanted: Term) -> bool:
    """Put a field into its node, opening parents on the way. False when the field is already there."""
    node = root
    way: tuple[str, ...] = ()
    for name in wanted.way:
        way = (*way, name)
        if name not in node.parents:
            table, _, parent = select.scope.joins[way]
            node.parents[name] = node_for(select, parent, table)
        node = node.parents[name]
    field_name = wanted.path.rpartition(".")[2] if wanted.field is None else wanted.field.name
    if field_name in node.names or field_name in node.computed:
        return False
    if wanted.kind == "metadata":
        node.computed.append(field_name)
        return True
    hidden = wanted.kind == "id" and node.target.hides_id
    sql = wanted.sql
    if wanted.kind == "base64" and wanted.field is not None:
        # A query gives the address of binary content, never the content.
        table = sql.partition(".")[0]
        base = select.asking.url(node.target, "").replace("'", "''")
        sql = f"CASE WHEN {sql} IS NOT NULL THEN '{base}' || {table}.Id || '/{field_name}' END"
    literal = f"'{node.target.wire_id}'" if node.target.wire_id else "NULL"
    node.names.append(field_name)
    node.places.append(select.add(literal if hidden else sql))
    if wanted.kind == "boolean":
        node.booleans.append(field_name)
    node.veil(field_name, wanted)
    return True


def place_typeof(root: Node, select: Select, item: ast.TypeOf) -> None:
    """Join every kind of parent a polymorphic reference may have, each with the fields its branch names."""
    at, scope = item.path, select.scope
    link = scope.target.relations.get(at.names[-1].lower())
    if len(at.names) != 1 or link is None or not scope.caller.reads(scope.target, link):
        raise no_relation(at.names[-1], at.line, at.column)
    branches = {name.lower(): paths for name, paths in item.branches}
    for name in link.to:
        parent = scope.schema[name]
        way = (str(link.relationship), f"TYPEOF {name}")
        table = f"{scope.prefix}{len(scope.joins) + 1}"
        text = f'LEFT JOIN "{parent.name}" {table} ON {table}.Id = {scope.table}."{link.name}"'
        scope.joins[way] = (table, text, parent)
        node = node_for(select, parent, table)
        for path in branches.get(name.lower(), branches.get("", ())):
            found = parent.folded.get(path.names[-1].lower())
            if found is None and name.lower() not in branches:
                # ELSE names what most kinds have; where one has it not, there is nothing to give.
                continue
            if found is None or len(path.names) > 1 or not scope.caller.reads(parent, found):
                raise no_column(".".join(path.names), name, path.line, path.column)
            place(node, select, Term(f'{table}."{found.name}"', found.type, found.name, found))
        root.variants.setdefault(str(link.relationship), []).append(node)
