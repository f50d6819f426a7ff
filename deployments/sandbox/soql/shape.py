"""Rows as the wire shows them: attributes first, parents nested, booleans true or false."""

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter

from deployments.sandbox.schema import SObject
from deployments.sandbox.soql.expressions import Term
from deployments.sandbox.soql.select import Asking, Select

Row = tuple[object, ...]
Record = dict[str, object]
_TRUTH: dict[object, bool | None] = {None: None, 0: False, 1: True}


@dataclass
class Node:
    """One record level of a result: its fields, the parents below it and where in the row they stand."""

    asking: Asking
    target: SObject
    id_at: int
    names: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    booleans: list[str] = field(default_factory=list)
    parents: dict[str, "Node"] = field(default_factory=dict)
    # Filled per record after the fetch: the metadata columns of a one-row Tooling query.
    computed: list[str] = field(default_factory=list)

    def builder(self) -> Callable[[Row], Record | None]:
        """A function from row to record, or to None where a parent is missing."""
        names, booleans, id_at, kind = (tuple(self.names), tuple(self.booleans), self.id_at, self.target.name)
        pick = itemgetter(*self.places) if len(names) > 1 else None
        only = self.places[0] if len(names) == 1 else -1
        parents = [(name, node.builder()) for name, node in self.parents.items()]
        base = self.asking.url(self.target, "")
        fixed_url = self.asking.url(self.target, None) if self.target.hides_id else None

        def build(row: Row) -> Record | None:
            record_id = row[id_at]
            if record_id is None:
                return None
            record: Record = {"attributes": {"type": kind, "url": fixed_url or f"{base}{record_id}"}}
            if pick is not None:
                record.update(zip(names, pick(row), strict=True))
            elif only >= 0:
                record[names[0]] = row[only]
            for name in booleans:
                record[name] = _TRUTH[record[name]]
            for name, parent in parents:
                record[name] = parent(row)
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
    return True
