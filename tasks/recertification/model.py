"""Nouns of recertification: what is asked about, what was answered, and one round of questions."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from tasks.value import Value


class AccessKind(StrEnum):
    ROUTE = "route"
    """A trust that a declared route needs, with the standing rights of its user."""
    TRUST = "trust"
    """A trust that no route declares."""
    WINDOW = "window"
    """Access that policy.yaml approves beforehand."""


class Access(Value):
    """
    One thing to confirm or to drop. `id` is the same in each round; `name` is what people call it, `key` what it is found again
    by: that of a trust edge, or the name of a window. `owner` is empty where policy names none.
    """

    id: str = Field(pattern=r"^[0-9a-f]{12}$")
    kind: AccessKind
    org: str
    """Which it opens; empty for a window that names none."""
    name: str
    key: str
    what: str
    owner: str = ""


class Decision(StrEnum):
    CONFIRM = "confirm"
    DROP = "drop"


class Answer(Value):
    """The last one of each access counts, until the round is closed."""

    access: str
    decision: Decision
    person: str
    reason: str
    at: datetime


class Round(Value):
    """
    One round of questions, as the ledger has it. `closed` is when it ended; `plan` the digest of the plan that takes what was not
    confirmed, empty where none was made.
    """

    id: str
    asked: datetime
    due: datetime
    accesses: tuple[Access, ...]
    answers: tuple[Answer, ...] = ()
    closed: datetime | None = None
    plan: str = ""

    def answer_to(self, access: str) -> Answer | None:
        return next((each for each in reversed(self.answers) if each.access == access), None)

    def decided(self, decision: Decision) -> tuple[Access, ...]:
        return tuple(
            each
            for each in self.accesses
            if (answer := self.answer_to(each.id)) is not None and answer.decision is decision
        )

    @property
    def silent(self) -> tuple[Access, ...]:
        """What nobody answered."""
        return tuple(each for each in self.accesses if self.answer_to(each.id) is None)

    @property
    def to_revoke(self) -> tuple[Access, ...]:
        """What was dropped, and what nobody answered."""
        confirmed = {each.id for each in self.decided(Decision.CONFIRM)}
        return tuple(each for each in self.accesses if each.id not in confirmed)
