"""What of a backup goes into a sandbox, under which ids, and whether it came out the same. Pure."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any, NamedTuple

from tasks.backups.model import ID, Column, Shape
from tasks.backups.order import Lookup, Step, in_order, lookups
from tasks.backups.rows import Cells, row_digest
from tasks.sync.rules import text, wire

_AUDIT = frozenset({"CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp"})
"""
Where an org lets its users set them, a record would carry a day before the drill, by which the drill could not find it
again to remove it.
"""


class Target(NamedTuple):
    """
    An object as the sandbox shows it to the enforcer. `createable` and `updateable` are fields, `required` those that cannot be
    empty, `unique` those whose values may stand once. `held` says whether it has records already.
    """

    createable: frozenset[str]
    updateable: frozenset[str]
    required: frozenset[str]
    unique: frozenset[str]
    held: bool


class Restoring(NamedTuple):
    """One object in a drill: `columns` are restored in this order, those of `later` once all records are there."""

    name: str
    columns: tuple[Column, ...]
    later: tuple[str, ...]
    left_out: tuple[str, ...]


def target_of(described: Mapping[str, Any], *, held: bool) -> Target:
    """Of a describe (REST API guide, sObject Describe)."""
    fields = described["fields"]

    def where(flag: str) -> frozenset[str]:
        return frozenset(f["name"] for f in fields if f.get(flag))

    required = frozenset(
        f["name"]
        for f in fields
        if f.get("createable") and not f.get("nillable") and not f.get("defaultedOnCreate")
    )
    return Target(where("createable"), where("updateable"), required, where("unique"), held)


def restoring(shapes: Sequence[Shape], targets: Mapping[str, Target]) -> list[Restoring]:
    """
    In the order in which records can be made.

    Left out is what the platform fills itself, also where it may be set, what the sandbox does not let the enforcer write, lookups to what no backup
    holds (users, record types), and unique values where records that hold them may be there already.
    """
    names = [shape.name for shape in shapes if shape.name in targets]
    by_name = {shape.name: shape for shape in shapes}
    found: dict[str, list[Lookup]] = {
        name: [
            each
            for each in lookups(by_name[name], names, targets[name].required)
            if each.column in targets[name].createable
        ]
        for name in names
    }
    return [_restoring(by_name[step.name], targets[step.name], step, names) for step in in_order(found)]


def _restoring(shape: Shape, target: Target, step: Step, names: Sequence[str]) -> Restoring:
    later = tuple(name for name in step.later if name in target.updateable)
    kept = tuple(
        column
        for column in shape.columns
        if column.name in target.createable - _AUDIT
        and (column.name not in step.later or column.name in later)
        and (column.type != "reference" or set(column.to) & {*names})
        and not (target.held and column.name in target.unique)
    )
    chosen = {column.name for column in kept}
    return Restoring(shape.name, kept, later, tuple(n for n in shape.names if n not in chosen and n != ID))


class Reader:
    """Picks the columns of one object out of rows of its backup, and turns ids of the org into ids of the sandbox."""

    def __init__(self, what: Restoring, names: Sequence[str], ids: Mapping[str, str]) -> None:
        self._what, self._ids = what, ids
        self._id = names.index(ID)
        self._at = [(column, names.index(column.name)) for column in what.columns]

    def record(self, row: Cells) -> tuple[str, dict[str, Any]]:
        """The old id, and what the record is made with: what is empty is left away."""
        values: dict[str, Any] = {}
        for column, at in self._at:
            if column.name in self._what.later:
                continue
            value = self._value(column, row[at])
            if value is not None:
                values[column.name] = value
        return str(row[self._id]), values

    def lookups_later(self, row: Cells) -> tuple[str, dict[str, Any]]:
        """The old id, and the lookups that are filled once all records are there."""
        values = {
            column.name: value
            for column, at in self._at
            if column.name in self._what.later and (value := self._value(column, row[at])) is not None
        }
        return str(row[self._id]), values

    def expected(self, row: Cells) -> tuple[str, bytes]:
        """The new id of a record that was made, empty otherwise, and the digest of what it should hold."""
        cells = [
            self._ids.get(str(row[at])) if column.type == "reference" else text(column.type, row[at])
            for column, at in self._at
        ]
        return self._ids.get(str(row[self._id]), ""), row_digest(cells)

    def dangling(self, row: Cells) -> bool:
        """Whether a lookup leads to a record that is not in the sandbox: the row is not whole there."""
        return any(
            column.type == "reference" and row[at] is not None and str(row[at]) not in self._ids
            for column, at in self._at
        )

    def _value(self, column: Column, cell: str | None) -> Any:
        if column.type == "reference":
            return None if cell is None else self._ids.get(cell)
        # As it was written, blanks at the ends included: what the platform does to them shows in the comparison.
        return wire(column.type, cell)


def found_digest(columns: Sequence[Column], cells: Sequence[Any]) -> bytes:
    """Of a record as the sandbox gives it back, in the order of the columns."""
    return row_digest(
        [
            cell if column.type == "reference" else text(column.type, cell)
            for column, cell in zip(columns, cells, strict=True)
        ]
    )


def compared(
    rows: Iterable[Cells],
    reader: Reader,
    found: Iterator[tuple[str, bytes]],
    wanted: MutableMapping[str, bytes],
) -> tuple[int, int, int]:
    """
    How many records are equal, differ, and are missing though the sandbox took them. `found` is new id and digest of what is
    there, `wanted` an empty place for all that should be. A record whose lookup leads nowhere differs: it came back without it.
    """
    differing = 0
    for row in rows:
        new, digest = reader.expected(row)
        if new:
            # No digest equals the empty one.
            wanted[new] = b"" if reader.dangling(row) else digest
    equal = 0
    for new, digest in found:
        expected = wanted.pop(new, None)
        if expected is None:
            continue
        equal += expected == digest
        differing += expected != digest
    return equal, differing, len(wanted)


def batches(
    picked: Iterable[tuple[str, dict[str, Any]]], size: int
) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    part: list[tuple[str, dict[str, Any]]] = []
    for each in picked:
        part.append(each)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
