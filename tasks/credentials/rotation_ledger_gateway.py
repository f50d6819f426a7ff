"""Rotations in the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager

from tasks.credentials.history import (
    Body,
    History,
    begin_note,
    end_note,
    step_note,
    told,
)
from tasks.credentials.model import Order, Rotation, Seen
from tasks.credentials.rotation import Act, Begin, End
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger


class RotationBook:
    """The pages about one credential. `actor` is who is at work, as they say."""

    def __init__(self, ledger: Ledger, secret: str, actor: str, policy: str = "") -> None:
        self._ledger = ledger
        self._secret = secret
        self._actor = actor
        self._policy = policy

    @contextmanager
    def turn(self, patience: float = 0) -> Iterator[None]:
        """While it lasts nobody else rotates it. Raises AlreadyRunning."""
        with self._ledger.held(f"the credential {self._secret}", patience):
            yield

    def halted(self) -> bool:
        """Whether somebody stopped all applies: then nothing new is begun, and what is to be revoked is revoked all the same."""
        with self._ledger.read() as pages:
            last = pages.last((EntryKind.HALT, EntryKind.RESUME))
        return last is not None and last.kind is EntryKind.HALT

    def history(self) -> History:
        entries = self._ledger.entries(EntryKind.ROTATION, subject=self._secret)
        return told(self._secret, (entry.body for entry in entries))

    def open_rotation(self) -> Rotation | None:
        return self.history().open

    def ordered(self) -> Order | None:
        return self.history().ordered

    def made(self) -> frozenset[str]:
        return self.history().made

    def begin(self, begin: Begin, order: Order, seen: Seen) -> None:
        self._note(begin_note(begin, order, seen))

    def about(self, act: Act, seen: Seen) -> None:
        self._step("about", act, seen)

    def done(self, act: Act, seen: Seen) -> None:
        self._step("done", act, seen)

    def refused(self, act: Act, seen: Seen) -> None:
        self._step("refused", act, seen)

    def end(self, end: End, seen: Seen) -> None:
        rotation = self.open_rotation()
        if rotation is not None:
            self._note(end_note(rotation, end, seen.now))

    def _step(self, phase: str, act: Act, seen: Seen) -> None:
        rotation = self.open_rotation()
        if rotation is not None:
            self._note(step_note(phase, act, rotation, seen))

    def _note(self, body: Body) -> None:
        self._ledger.append(
            Note(
                kind=EntryKind.ROTATION,
                subject=self._secret,
                actor=self._actor,
                body=body,
                policy=self._policy,
            )
        )
