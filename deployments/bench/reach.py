"""
What a stolen credential reaches, counted as its user over the wire: cells, which are rows times fields.

Only objects count that object permissions govern. What the platform shows to every session whatever its rights (the
organization, users' names, one's own sign-ins) no plan can take away, and it would only blur the figure.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from deployments.bench.wire import UserOnWire

ALIKE = 200
"""Records that one query of UserRecordAccess may name (Object Reference, UserRecordAccess)."""


@dataclass(frozen=True)
class Cells:
    """Cells that can be read, changed, and taken away with their rows."""

    read: int = 0
    edit: int = 0
    delete: int = 0

    @property
    def total(self) -> int:
        return self.read + self.edit + self.delete

    def __add__(self, other: "Cells") -> "Cells":
        return Cells(self.read + other.read, self.edit + other.edit, self.delete + other.delete)

    def beyond(self, need: "Cells") -> int:
        """What exceeds a need; more of one kind is not made good by less of another."""
        return (
            max(0, self.read - need.read) + max(0, self.edit - need.edit) + max(0, self.delete - need.delete)
        )


@dataclass(frozen=True)
class ObjectReach:
    """One object as a user meets it: rows it can see, change and remove, and the fields it can read and write."""

    rows: int
    editable: int
    deletable: int
    readable_fields: frozenset[str]
    writable_fields: frozenset[str]

    @property
    def cells(self) -> Cells:
        """A row that is deleted takes all its fields with it; those that its user cannot see are not counted."""
        return Cells(
            self.rows * len(self.readable_fields),
            self.editable * len(self.writable_fields),
            self.deletable * len(self.readable_fields),
        )


Reach = dict[str, ObjectReach]
"""By object."""


def reach_of(user: UserOnWire, governed: Collection[str]) -> Reach:
    """Raises Refused for a user whom the org does not let in."""
    found = {}
    for each in user.get("sobjects")["sobjects"]:
        name = str(each["name"])
        if name in governed and each["queryable"] and (rows := user.count(f"SELECT COUNT() FROM {name}")):
            found[name] = _on(user, name, rows)
    return found


def total(reach: Iterable[ObjectReach]) -> Cells:
    return sum((each.cells for each in reach), Cells())


def may(user: UserOnWire, permissions: Iterable[str]) -> bool:
    """Whether the user itself is told that it holds one of these."""
    names = [f"Permissions{name}" for name in permissions]
    row = next(iter(user.rows(f"SELECT {', '.join(names)} FROM UserPermissionAccess")))
    return any(row[name] for name in names)


def _on(user: UserOnWire, name: str, rows: int) -> ObjectReach:
    described = user.get(f"sobjects/{name}/describe")
    writable = {f["name"] for f in described["fields"] if f["updateable"]} if described["updateable"] else ()
    editable, deletable = _shared(user, name, rows) if writable or described["deletable"] else (0, 0)
    return ObjectReach(
        rows=rows,
        editable=editable if writable else 0,
        deletable=deletable if described["deletable"] else 0,
        readable_fields=frozenset(f["name"] for f in described["fields"]),
        writable_fields=frozenset(writable),
    )


def _shared(user: UserOnWire, name: str, rows: int) -> tuple[int, int]:
    """
    Rows that sharing lets the user change and remove. The first and last hundred stand for all where they are alike, as
    they are under one default for all; else every row is asked about.
    """
    half = ALIKE // 2
    ends = [
        row["Id"]
        for order in ("ASC", "DESC")
        for row in user.rows(f"SELECT Id FROM {name} ORDER BY Id {order} LIMIT {half}")
    ]
    edit, delete = _allowed(user, list(dict.fromkeys(ends)))
    asked = len(set(ends))
    if {edit, delete} <= {0, asked}:
        return (rows if edit else 0), (rows if delete else 0)
    everything = [row["Id"] for row in user.rows(f"SELECT Id FROM {name}")]
    return _allowed(user, everything)


def _allowed(user: UserOnWire, ids: list[str]) -> tuple[int, int]:
    edit = delete = 0
    for start in range(0, len(ids), ALIKE):
        listed = ", ".join(f"'{each}'" for each in ids[start : start + ALIKE])
        for row in user.rows(
            "SELECT RecordId, HasEditAccess, HasDeleteAccess FROM UserRecordAccess "
            f"WHERE UserId = '{user.own_id}' AND RecordId IN ({listed})"
        ):
            edit += bool(row["HasEditAccess"])
            delete += bool(row["HasDeleteAccess"])
    return edit, delete
