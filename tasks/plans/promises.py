"""What a plan promises to users whose rights it takes: judged by what the platform itself says that they may do."""

from collections.abc import Iterable, Mapping, Sequence

from tasks.plans.model import Change, ResourceKind
from tasks.value import Value

OBJECT_COLUMNS = {
    "read": "IsReadable",
    "create": "IsCreatable",
    "edit": "IsEditable",
    "delete": "IsDeletable",
}
"""Of UserEntityAccess, by right."""
FIELD_COLUMNS = {"read": "IsAccessible", "edit": "IsUpdatable"}
"""Of UserFieldAccess, by right."""


class Promise(Value):
    """Rights that a user must hold once `number` is done: by object, and by field with its object before the dot."""

    number: int
    user: str
    objects: dict[str, tuple[str, ...]]
    fields: dict[str, tuple[str, ...]]

    @property
    def sobjects(self) -> tuple[str, ...]:
        return tuple(sorted({*self.objects, *(name.partition(".")[0] for name in self.fields)}))


def promises(done: Sequence[Change], plan: Sequence[Change]) -> tuple[Promise, ...]:
    """
    One for each user who lost something by the changes that are done: what those changes rest on is in place before.

    `plan` are all changes that they are part of; sets that the plan only assigns say nothing of what they give.
    """
    by_number = {change.number: change for change in plan}
    found: dict[str, Promise] = {}
    for change in done:
        user = _loser(change)
        if user is None:
            continue
        below = _below(change, by_number)
        given = {
            each.resource.key.rpartition("/")[2]
            for each in below
            if each.resource.kind is ResourceKind.ASSIGNMENT
            and each.after is not None
            and each.resource.key.rpartition("/")[0].lower() == user.lower()
        }
        objects = _rights(below, given, ResourceKind.OBJECT_PERMISSION, OBJECT_COLUMNS)
        fields = _rights(below, given, ResourceKind.FIELD_PERMISSION, FIELD_COLUMNS)
        if objects or fields:
            found[user.lower()] = Promise(number=change.number, user=user, objects=objects, fields=fields)
    return tuple(found.values())


def broken(
    promise: Promise,
    objects: Mapping[str, Mapping[str, object]],
    fields: Mapping[str, Mapping[str, object]],
) -> tuple[str, ...]:
    """
    What the platform says that the user may not do although it was promised.

    The rows of UserEntityAccess and UserFieldAccess by name in lower case; of what has no row the org says nothing.
    """
    found = []
    for promised, rows, columns in (
        (promise.objects, objects, OBJECT_COLUMNS),
        (promise.fields, fields, FIELD_COLUMNS),
    ):
        for name, flags in promised.items():
            row = rows.get(name.lower())
            found += [
                f"{flag} {name}" for flag in flags if row is not None and row.get(columns[flag]) is False
            ]
    return tuple(found)


def _loser(change: Change) -> str | None:
    if change.resource.kind is ResourceKind.USER:
        return change.resource.key
    if change.resource.kind is ResourceKind.ASSIGNMENT and change.after is None:
        return change.resource.key.rpartition("/")[0]
    return None


def _below(change: Change, by_number: Mapping[int, Change]) -> list[Change]:
    found: dict[int, Change] = {}
    waiting = [*change.needs]
    while waiting:
        number = waiting.pop()
        if number not in found and number in by_number:
            found[number] = by_number[number]
            waiting += by_number[number].needs
    return list(found.values())


def _rights(
    below: Iterable[Change], given: set[str], kind: ResourceKind, columns: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for change in below:
        container, _, name = change.resource.key.rpartition("/")
        if change.resource.kind is kind and container in given and change.after is not None:
            flags = {*found.get(name, ()), *(flag for flag in columns if change.after.get(flag))}
            found[name] = tuple(flag for flag in columns if flag in flags)
    return found
