"""Plays an attack step by step and sets two plays side by side; all I/O is the caller's."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from tasks.rehearsal.model import Attack, Caller, Outcome, Refused

Wait = Callable[[timedelta], None]


def at_once(_: timedelta) -> None:
    """For plays in which nobody watches."""


def play(
    attack: Attack, caller: Caller, wait: Wait = at_once, *, harmless: bool = False
) -> tuple[Outcome, ...]:
    """
    Every step in order; a refused one does not end the play, for an intruder goes on with the session they hold. With `harmless`
    only steps that touch canaries alone.

    `wait` is called before each step that comes after a while; a play in which nothing was reached yet does not wait.
    """
    outcomes: list[Outcome] = []
    for step in attack.steps:
        if harmless and not step.harmless:
            continue
        if step.after and any(each.reached for each in outcomes):
            wait(step.after)
        try:
            gained = step.run(caller)
        except Refused as refused:
            came = Outcome(step=step.title, reached=False, status=refused.status, code=refused.code)
        else:
            came = Outcome(
                step=step.title,
                reached=True,
                status=200,
                gained=gained.words,
                rows=gained.rows,
                of=gained.of,
            )
        outcomes.append(came.model_copy(update={"at": caller.now}))
    return tuple(outcomes)


def as_table(before: Sequence[Outcome], after: Sequence[Outcome]) -> list[tuple[str, str, str]]:
    """Rows of step, before, after. Raises ValueError when the two plays had different steps."""
    return [(one.step, in_words(one), in_words(other)) for one, other in zip(before, after, strict=True)]


def in_words(outcome: Outcome) -> str:
    if outcome.reached:
        return outcome.gained
    return f"refused: {outcome.status or 'no connection'} {outcome.code}".rstrip()
