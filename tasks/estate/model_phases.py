"""What policy.yaml says about the four phases."""

import datetime as dt
from datetime import timedelta

from pydantic import model_validator

from tasks.value import Value


class PhasesPolicy(Value):
    """Durations count from `start`, or where it is not given from the first assessment of the estate."""

    start: dt.date | None = None
    evidence_max_age: timedelta = timedelta(days=8)
    """How old an assessment may be that a phase starts from. The weekly one and a day."""
    assessment: timedelta = timedelta(weeks=2)
    """By when the assessment is to be done: weeks 1 and 2."""
    quick_wins: timedelta = timedelta(weeks=6)
    """By when the quick wins are to be carried out: weeks 3 to 6."""
    advanced: timedelta = timedelta(days=91)
    """By when the advanced controls are to be carried out: months 2 and 3. What is continuous has no end."""
    remind_after: timedelta = timedelta(days=1)
    """How long a plan waits for an approval before somebody is reminded of it."""
    drift_replan: bool = True
    """Whether a plan is drafted that restores a hardened setting which somebody undid. Nobody but a person applies it."""

    @model_validator(mode="after")
    def _in_order(self) -> "PhasesPolicy":
        if not timedelta(0) < self.assessment < self.quick_wins < self.advanced:
            raise ValueError("assessment, quick_wins and advanced end one after another")
        if self.evidence_max_age <= timedelta(0):
            raise ValueError("evidence_max_age must be longer than nothing")
        return self
