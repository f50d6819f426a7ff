"""
Notes of what was registered: digests of estate and policy, which Prefect keeps where whoever reaches its API can edit them.

Approvals are judged by the policy, so what is loaded counts only while it is what was registered last.
"""

from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger

_ABOUT = "estate and policy"
_ACTOR = "bulkhead"
_NEXT = "Look at who changed it, then run `bulkhead register estate.yaml`"


def note_registration(ledger: Ledger, estate: str, policy: str) -> None:
    """The digests, where they are not those of the last note. Raises LedgerUnavailable."""
    body = {"estate": estate, "policy": policy}
    with ledger.exclusive() as pages:
        last = pages.last((EntryKind.REGISTRATION,), _ABOUT)
        if last is None or last.body != body:
            pages.append(
                Note(
                    kind=EntryKind.REGISTRATION,
                    subject=_ABOUT,
                    actor=_ACTOR,
                    body={**body},
                    policy=policy,
                )
            )


def is_noted(ledger: Ledger) -> bool:
    """False for installations from before there were such notes, until they register again."""
    with ledger.read() as pages:
        return pages.last((EntryKind.REGISTRATION,), _ABOUT) is not None


def unregistered(ledger: Ledger, estate: str, policy: str) -> str | None:
    """
    Why what was loaded must not be judged by; None while it is what was registered, or where nothing was ever noted.

    An archive may have taken the note along: then it is not known whether there was one.
    """
    with ledger.read() as pages:
        last = pages.last((EntryKind.REGISTRATION,), _ABOUT)
        archived = pages.last((EntryKind.ARCHIVE,)) is not None
    if last is None:
        return f"the ledger no longer says what was registered. {_NEXT}" if archived else None
    changed = [
        f"{name}.yaml"
        for name, digest in (("estate", estate), ("policy", policy))
        if last.body.get(name) != digest
    ]
    if not changed:
        return None
    return f"{' and '.join(changed)} as Prefect keeps it is not what was registered on {last.at:%Y-%m-%d %H:%M} UTC. {_NEXT}"
