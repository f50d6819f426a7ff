"""
Notes about our own write rights: each waking before it happens, each end after it was seen.

A waking without an end is of a process that was killed, or of one that is still at work.
"""

import secrets
from collections.abc import Iterable, Sequence

from tasks.ledger.model import Entry, EntryKind, Note
from tasks.ledger.store import Ledger

KINDS = (EntryKind.AWAKE, EntryKind.ASLEEP)
_ACTOR = "bulkhead"


def awake(ledger: Ledger, org: str) -> str:
    """The name of the waking. Raises LedgerUnavailable: then nothing may be woken."""
    name = secrets.token_hex(8)
    ledger.append(Note(kind=EntryKind.AWAKE, subject=org, actor=_ACTOR, body={"waking": name}))
    return name


def asleep(ledger: Ledger, org: str, wakings: Sequence[str]) -> None:
    ledger.append(Note(kind=EntryKind.ASLEEP, subject=org, actor=_ACTOR, body={"wakings": [*wakings]}))


def wakings(ledger: Ledger) -> dict[str, list[str]]:
    """By org, the wakings whose end nobody noted."""
    return unended(ledger.entries(*KINDS))


def unended(entries: Iterable[Entry]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in entries:
        if entry.kind is EntryKind.AWAKE:
            found.setdefault(entry.subject, []).append(str(entry.body["waking"]))
            continue
        ended = entry.body["wakings"]
        assert isinstance(ended, list)
        left = [name for name in found.pop(entry.subject, []) if name not in ended]
        if left:
            found[entry.subject] = left
    return found
