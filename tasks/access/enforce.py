"""
Sweeps one org: look, work out, do, look again, note.

Nothing is remembered between two sweeps but the ledger; what an org has is always asked. So it may end at any point, with or
without an answer, and the next one goes on.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from tasks.access.model import Action, Give, Grant, Prolong, Seen, Settle, Swept, Take
from tasks.access.sweep import actions, strays

ROUNDS = 5
"""Looks at an org in one sweep: what is due is done in the first, seen in the second and noted; the rest is for races."""


class Book(Protocol):
    """The ledger's pages about grants."""

    def all(self) -> Sequence[Grant]: ...

    def revoked(self, grants: tuple[str, ...], now: datetime) -> None: ...


class Hands(Protocol):
    """One org. Both raise OrgError; after that nobody knows whether an action was done."""

    def look(self, sets: Iterable[str]) -> Seen: ...

    def carry_out(self, action: Action) -> None: ...


def sweep(org: str, book: Book, hands: Hands, managed: Collection[str]) -> Swept:
    """`managed` are the sets that nobody holds for good in this org."""
    given = prolonged = taken = settled = 0
    for _ in range(ROUNDS):
        grants = [
            g for g in book.all() if g.request.place.org == org and g.until is not None and g.revoked is None
        ]
        seen = hands.look({grant.request.place.permission_set for grant in grants} | set(managed))
        stubborn = {g.request.place for g in grants if g.request.place.permission_set in seen.cannot_expire}
        due = actions(grants, seen.held, stubborn, seen.now)
        if not due:
            found = strays(grants, seen.held, {org: managed}, seen.now)
            return Swept(
                org=org, given=given, prolonged=prolonged, taken=taken, settled=settled, strays=found
            )
        for action in due:
            match action:
                case Settle():
                    book.revoked(action.grants, seen.now)
                    settled += len(action.grants)
                    continue
                case Give():
                    given += 1
                case Prolong():
                    prolonged += 1
                case Take():
                    taken += 1
            hands.carry_out(action)
    return Swept(org=org, given=given, prolonged=prolonged, taken=taken, settled=settled)
