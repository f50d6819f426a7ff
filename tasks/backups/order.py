"""In which order objects are restored: parents first, and lookups that lead in a circle afterwards. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from tasks.backups.model import Shape
from tasks.errors import BackupRefused


class Step(NamedTuple):
    """One object. `later` are its lookups that are filled once all records are there."""

    name: str
    later: tuple[str, ...]


class Lookup(NamedTuple):
    """`required` cannot be empty when the record is made."""

    column: str
    to: frozenset[str]
    required: bool


def lookups(shape: Shape, among: Sequence[str], required: frozenset[str]) -> list[Lookup]:
    """Those that lead to objects of this backup; lookups to anything else are not restored."""
    return [
        Lookup(column.name, frozenset(column.to) & frozenset(among), column.name in required)
        for column in shape.columns
        if frozenset(column.to) & frozenset(among)
    ]


def in_order(found: dict[str, list[Lookup]]) -> list[Step]:
    """
    Every object once. Where objects wait for each other, the one whose lookups may be empty goes first.

    Raises BackupRefused for a circle of lookups that must all be filled.
    """
    left = dict(sorted(found.items()))
    done: set[str] = set()
    steps: list[Step] = []
    while left:
        name = next((each for each in left if not _waits(left[each], each, done)), None) or next(
            (each for each in left if not any(x.required for x in _waits(left[each], each, done))), None
        )
        if name is None:
            raise BackupRefused(
                f"{', '.join(left)} need each other's records before any of them can be made, so none can be restored."
            )
        done.add(name)
        own = left.pop(name)
        steps.append(Step(name, tuple(each.column for each in own if each.to - done or name in each.to)))
    return steps


def _waits(own: list[Lookup], name: str, done: set[str]) -> list[Lookup]:
    """A lookup to the object itself never holds it up; one that must be filled would not exist for the first record."""
    return [each for each in own if each.to - done - {name}]
