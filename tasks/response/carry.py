"""
Taking and giving back, step by step: noted, done, read back, noted again.

Nothing is remembered but the ledger, and hands look before they write. So it may end anywhere, with or without an answer, and the
next run goes on.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from tasks.errors import BulkheadError
from tasks.response.model import Standing, Step

T = TypeVar("T")


class Book(Protocol):
    """The ledger's pages about one containment. All raise LedgerUnavailable; then nothing may be done."""

    def standing(self) -> Standing: ...

    def begin(self, number: int) -> None: ...

    def taken(self, number: int) -> None: ...

    def giving(self, number: int) -> None: ...

    def given(self, number: int, kept: bool) -> None: ...

    def over(self, now: datetime) -> None: ...


class Hands(Protocol):
    """
    Orgs, and what orders rotations. `take` does what is not so yet and reads it back. Both raise BulkheadError; then nobody
    knows whether it was done.
    """

    def take(self, step: Step) -> None: ...

    def give_back(self, step: Step) -> bool:
        """False where somebody else has changed it since: then it is left as it is."""
        ...


def take(book: Book, hands: Hands) -> tuple[str, ...]:
    """Why steps could not be taken, in order; one that fails keeps no other waiting. Raises LedgerUnavailable."""
    return _each(book.standing().due, book.begin, hands.take, lambda step, _: book.taken(step.number))


def give_back(book: Book, hands: Hands, now: datetime) -> tuple[str, ...]:
    """The same for the way back, the last step first. The containment is over once nothing is owed."""
    failed = _each(
        book.standing().owed,
        book.giving,
        hands.give_back,
        lambda step, same: book.given(step.number, kept=not same),
    )
    standing = book.standing()
    if not failed and standing.open and standing.returning is not None and not standing.owed:
        book.over(now)
    return failed


def _each(
    steps: Sequence[Step],
    before: Callable[[int], None],
    do: Callable[[Step], T],
    after: Callable[[Step, T], None],
) -> tuple[str, ...]:
    failed = []
    for step in steps:
        before(step.number)
        try:
            answer = do(step)
        except BulkheadError as error:
            failed.append(f"{step.what}: {error}")
            continue
        after(step, answer)
    return tuple(failed)
