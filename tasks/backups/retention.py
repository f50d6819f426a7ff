"""Which backups may go. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tasks.backups.model import BackupKind, Manifest


def over(made: Sequence[Manifest], now: datetime, keep: timedelta, clock: datetime) -> tuple[Manifest, ...]:
    """
    Those that are older than `keep`, newest first, so that one that is interrupted leaves no increment without its base.

    A whole backup goes with its increments or not at all; the last whole one and what belongs to it stay, and so does all of
    a chain of which anything is locked. `now` is the org's own time, `clock` that by which the place unlocks.
    """
    fulls = [each.id for each in made if each.kind is BackupKind.FULL]
    going: list[Manifest] = []
    for base in fulls[:-1]:
        chain = [each for each in made if each.base == base]
        old = all(each.ended < now - keep for each in chain)
        locked = any(each.locked_until is not None and each.locked_until > clock for each in chain)
        if old and not locked:
            going += chain
    return tuple(sorted(going, key=lambda each: each.id, reverse=True))
