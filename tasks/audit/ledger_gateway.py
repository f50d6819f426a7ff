"""Waivers in the ledger: each assessment in which one was used, or was missed."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from tasks.audit.model import WaiverState, WaiverUse
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger

_NOTED = (WaiverState.USED, WaiverState.EXPIRED)


class WaiverBook:
    """The pages of the ledger that are about waivers."""

    def __init__(self, ledger: Ledger, policy: str) -> None:
        self._ledger = ledger
        self._policy = policy

    def note(self, uses: Iterable[WaiverUse], made_at: datetime) -> tuple[WaiverUse, ...]:
        """
        The same uses with their `times`. Noting one assessment twice notes it once. Raises LedgerUnavailable.
        """
        at, uses = made_at.isoformat(), tuple(uses)
        with self._ledger.exclusive() as pages:
            before = [
                (entry.subject, entry.body.get("assessment"), entry.body.get("state"))
                for entry in pages.entries((EntryKind.WAIVER,))
            ]
            there = {(subject, assessment) for subject, assessment, _ in before}
            new = [use for use in uses if use.state in _NOTED and (use.key, at) not in there]
            pages.append(*(self._note(use, at) for use in new))
        times = Counter(subject for subject, _, state in before if state == WaiverState.USED.value)
        times.update(use.key for use in new if use.state is WaiverState.USED)
        return tuple(use.model_copy(update={"times": times[use.key]}) for use in uses)

    def _note(self, use: WaiverUse, at: str) -> Note:
        return Note(
            kind=EntryKind.WAIVER,
            subject=use.key,
            actor="bulkhead",
            policy=self._policy,
            body={
                "assessment": at,
                "state": use.state.value,
                "waiver": use.waiver.model_dump(mode="json"),
                "resources": [*use.resources],
            },
        )
