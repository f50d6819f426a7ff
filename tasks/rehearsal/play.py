"""Plays an attack step by step and sets two plays side by side; all I/O is the caller's."""

from collections.abc import Sequence

from tasks.rehearsal.model import Attack, Caller, Outcome, Refused


def play(attack: Attack, caller: Caller) -> tuple[Outcome, ...]:
    """Every step in order; a refused one does not end the play, for an intruder goes on with the session they hold."""
    outcomes = []
    for step in attack.steps:
        try:
            gained = step.run(caller)
        except Refused as refused:
            outcomes.append(Outcome(step=step.title, reached=False, status=refused.status, code=refused.code))
        else:
            outcomes.append(Outcome(step=step.title, reached=True, status=200, gained=gained))
    return tuple(outcomes)


def as_table(before: Sequence[Outcome], after: Sequence[Outcome]) -> list[tuple[str, str, str]]:
    """Rows of step, before, after. Raises ValueError when the two plays had different steps."""
    return [(one.step, in_words(one), in_words(other)) for one, other in zip(before, after, strict=True)]


def in_words(outcome: Outcome) -> str:
    if outcome.reached:
        return outcome.gained
    return f"refused: {outcome.status or 'no connection'} {outcome.code}".rstrip()
