"""Which backup follows which, what the next one is, and how a whole one and its increments become rows again. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from tasks.backups.model import DELETED, ID, BackupKind, Manifest, ObjectBackup, Shape
from tasks.backups.rows import Cells
from tasks.errors import BackupRefused

_NAME, _SOQL = "%Y%m%dT%H%M%SZ", "%Y-%m-%dT%H:%M:%SZ"


def name_of(began: datetime, kind: BackupKind) -> str:
    """Names sort by time."""
    return f"{began.astimezone(UTC).strftime(_NAME)}-{kind.value}"


def kind_of_next(
    made: Sequence[Manifest], shapes: Iterable[Shape], now: datetime, full_every: timedelta, *, full: bool
) -> BackupKind:
    """
    An increment has the columns of its base, so a changed object brings a whole backup; so does one that was asked for. What
    the base could not read does not: it may come with an increment, whole.
    """
    if full or not made:
        return BackupKind.FULL
    base = next((each for each in made if each.id == made[-1].base), None)
    if base is None or now - base.began >= full_every:
        return BackupKind.FULL
    before = {shape.name: shape.columns for shape in shapes_of([m for m in made if m.base == base.id])}
    shown = {shape.name: shape.columns for shape in shapes}
    same = {each.shape.name for each in base.objects} <= {*shown} and all(
        before[name] == columns if name in before else name in base.missing for name, columns in shown.items()
    )
    return BackupKind.INCREMENT if same else BackupKind.FULL


def shapes_of(chain: Sequence[Manifest]) -> list[Shape]:
    """Of all objects of which a chain has anything, as its newest backup of each has them; sorted."""
    found = {each.shape.name: each.shape for manifest in chain for each in manifest.objects}
    return [found[name] for name in sorted(found)]


def mark_of(made: Sequence[Manifest], base: str, sobject: str) -> datetime | None:
    """Of the newest backup of a chain that has the object; None where an increment brings it whole."""
    marks = (
        each.mark
        for manifest in reversed(made)
        if manifest.base == base
        for each in manifest.objects
        if each.shape.name == sobject
    )
    return next(marks, None)


def since(mark: datetime | None, overlap: timedelta) -> str:
    """The WHERE of an increment, empty where nothing bounds it."""
    if mark is None:
        return ""
    return f" WHERE SystemModstamp >= {(mark - overlap).astimezone(UTC).strftime(_SOQL)}"


def moment_of(stamp: str) -> datetime:
    """`2026-11-29T06:00:00.000Z` and `…+0000`, as the platform writes instants."""
    return datetime.fromisoformat(stamp.replace("Z", "+00:00").replace("+0000", "+00:00")).astimezone(UTC)


def chain_to(made: Sequence[Manifest], backup: str) -> tuple[Manifest, ...]:
    """
    The whole backup and its increments up to one, oldest first; the last of all for an empty name.

    Raises BackupRefused for a name that is not there, and for one whose base is gone.
    """
    last = made[-1] if made and not backup else next((each for each in made if each.id == backup), None)
    if last is None:
        there = f"There are {', '.join(each.id for each in made)}." if made else "There is none yet."
        raise BackupRefused(f"There is no such backup to restore. {there}")
    chain = tuple(each for each in made if each.base == last.base and each.id <= last.id)
    if chain[0].kind is not BackupKind.FULL:
        raise BackupRefused(
            f"The whole backup {last.base} that {last.id} belongs to is gone, so it cannot be restored. Choose another."
        )
    return chain


def parts(chain: Sequence[Manifest], sobject: str) -> list[tuple[Manifest, ObjectBackup]]:
    """The files of one object, newest first. Without SystemModstamp each backup is whole, and the last one is all there is."""
    found = [
        (manifest, each)
        for manifest in reversed(chain)
        for each in manifest.objects
        if each.shape.name == sobject
    ]
    return found if not found or found[0][1].shape.stamped else found[:1]


def merged(files: Iterable[Iterable[Cells]], names: Sequence[str]) -> Iterator[Cells]:
    """Rows as they were at the last backup. `files` are newest first; a record counts as its newest row says, deleted or not.

    Ids of increments are kept in memory, those of the whole backup are not."""
    at = names.index(ID)
    gone = names.index(DELETED) if DELETED in names else None
    newer: set[str] = set()
    each = list(files)
    for number, rows in enumerate(each):
        last = number == len(each) - 1
        for row in rows:
            name = str(row[at])
            if name in newer:
                continue
            if not last:
                newer.add(name)
            if gone is None or row[gone] != "true":
                yield row
