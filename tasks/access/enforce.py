"""
Sweeps one org: look, work out, do, look again, note.

Nothing is remembered between two sweeps but the ledger; what an org has is always asked. So it may end at any point, with or
without an answer, and the next one goes on.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from tasks.access.model import Action, Give, Grant, Left, Place, Prolong, Seen, Settle, Swept, Take
from tasks.access.sweep import actions, strays
from tasks.errors import AccessOutlasts, OrgError, OrgUnavailable, RowLocked, Throttled

ROUNDS = 5
"""Looks at an org in one sweep: what is due is done in the first, seen in the second and noted; the rest is for races."""

UNREACHABLE = (OrgUnavailable, Throttled)
"""Whatever else is due would wait for the same; the next sweep tries again."""
_UNCHANGED = (
    "what was asked of the org is still so. Look whether somebody or something else changes the assignment."
)


class Book(Protocol):
    """The ledger's pages about grants."""

    def all(self) -> Sequence[Grant]: ...

    def revoked(self, grants: tuple[str, ...], now: datetime) -> None: ...


class Hands(Protocol):
    """One org. Both raise OrgError; after that nobody knows whether an action was done."""

    def look(self, sets: Iterable[str]) -> Seen: ...

    def carry_out(self, action: Action) -> None: ...


def sweep(org: str, book: Book, hands: Hands, managed: Collection[str]) -> Swept:
    """
    `managed` are the sets that nobody holds for good in this org.

    What the org refuses keeps nothing else from being done, and is told with what is still due after all rounds.
    """
    given = prolonged = taken = settled = 0
    left: dict[Place, str] = {}
    busy: dict[Place, str] = {}
    for _ in range(ROUNDS):
        grants = [
            g for g in book.all() if g.request.place.org == org and g.until is not None and g.revoked is None
        ]
        seen = hands.look({grant.request.place.permission_set for grant in grants} | set(managed))
        stubborn = {g.request.place for g in grants if g.request.place.permission_set in seen.cannot_expire}
        due = actions(grants, seen.held, stubborn, seen.now)
        left = {action.place: left.get(action.place, "") for action in due if not isinstance(action, Settle)}
        due = [action for action in due if isinstance(action, Settle) or not left[action.place]]
        if not due:
            break
        for action in due:
            try:
                match action:
                    case Settle():
                        book.revoked(action.grants, seen.now)
                        settled += len(action.grants)
                        continue
                    case _:
                        hands.carry_out(action)
            except UNREACHABLE:
                raise
            except RowLocked as error:
                busy[action.place] = str(error)
                continue
            except OrgError as error:
                left[action.place] = str(error)
                continue
            given += isinstance(action, Give)
            prolonged += isinstance(action, Prolong)
            taken += isinstance(action, Take)
    return Swept(
        org=org,
        given=given,
        prolonged=prolonged,
        taken=taken,
        settled=settled,
        strays=strays(grants, seen.held, {org: managed}, seen.now, seen.grouped),
        left=tuple(Left(place=place, why=why or busy.get(place, _UNCHANGED)) for place, why in left.items()),
    )


def complete(done: Swept, *places: Place) -> Swept:
    """The same, where nothing is left at these places, or none at all. Raises AccessOutlasts."""
    left = [each for each in done.left if not places or each.place in places]
    if left:
        raise AccessOutlasts("; ".join(f"{each.place}: {each.why}" for each in left))
    return done
