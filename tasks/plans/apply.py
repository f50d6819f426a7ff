"""
Applies a plan to one org after the other: read, judge, note, write, read back, note.

The order of notes and writes is what makes a crash harmless: what is about to be sent is in the ledger before it is
sent, and the next attempt starts from what the org holds, not from what we remember.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from tasks.errors import OrgError, OrgUnavailable, RowLocked, Throttled, WriteHeld
from tasks.plans.advance import ATTEMPTS, PAUSES, Observed, next_step, stale, to_read, within
from tasks.plans.model import (
    Change,
    Finished,
    History,
    Outcome,
    Plan,
    Refusal,
    Resource,
    State,
    Stopped,
    Write,
)
from tasks.plans.reliance import leaned_on

UNCERTAIN = (OrgUnavailable, Throttled, RowLocked)
"""Errors after which only reading tells whether something was written."""


class Orgs(Protocol):
    """Hands on the orgs. They raise OrgError when an answer did not come: then nobody knows whether it was done."""

    def read(self, resources: Sequence[Resource]) -> dict[Resource, State | None]: ...

    def write(self, changes: Sequence[Change]) -> Mapping[int, Refusal]:
        """Changes of one org that travel in one call; what was refused, by number. The rest was accepted."""
        ...

    def try_out(self, changes: Sequence[Change]) -> Mapping[int, str]:
        """Tries as the identities that changes are about whether they hold, where that is safe; what did not, by number."""
        ...

    def wait(self, seconds: float) -> None:
        """Lets an org have so much time before it is asked again."""
        ...


class Journal(Protocol):
    """The ledger's pages about one plan. Every note is in place when the call returns, or it raises."""

    def history(self) -> History: ...

    def attempted(self, changes: Sequence[Change]) -> None: ...

    def verified(self, changes: Sequence[Change]) -> None: ...

    def stopped(self, stopped: Stopped) -> None: ...


class Gate(Protocol):
    """
    Asked before every write, so that a halt, a closed window or a spent approval stops a plan half way. Hands ask it too,
    before each batch of a change that takes long, and raise WriteHeld.
    """

    def __call__(self) -> Sequence[str]: ...


def apply(
    plan: Plan,
    orgs: Orgs,
    journal: Journal,
    gate: Gate,
    order: Sequence[str],
    part: Collection[int] | None = None,
) -> Outcome:
    """
    Goes on until all is so or something speaks against it. `order` names the plan's orgs in the order of the rings, `part`
    the changes that may be sent now with all that they need, where the rest has to wait. What is refused for now is sent
    again after ever longer pauses.

    Can be repeated at any time, after any failure: it never sends what is so already.
    """
    for org in order:
        # Each in its own turn: whoever calls holds this org alone, and reading some things wakes our rights in it.
        stopped = _apply_to(plan, org, orgs, journal, gate, part)
        if stopped is not None:
            return _stop(plan, journal, stopped)
    return Outcome(plan=plan, history=journal.history(), stopped=None)


def _apply_to(
    plan: Plan,
    org: str,
    orgs: Orgs,
    journal: Journal,
    gate: Gate,
    part: Collection[int] | None,
) -> Stopped | None:
    """
    One reading for each write: it shows whether the write took, and what the next one starts from. The last is of all. Where
    there has to be a pause it comes before the reading, so that nothing is sent that was not looked at just now.

    The first also shows whether the org is as it was planned for; all of it, though only a part may be sent.
    """
    begun = any(plan.change(number).resource.org == org for number in journal.history().attempts)
    resources = [change.resource for change in within(plan, org, part if begun else None)]
    relied = leaned_on(plan, org, begun=begun)
    observed = orgs.read([*resources, *(w.resource for w in relied)])
    moved = tuple(w.resource for w in relied if observed[w.resource] != w.state)
    if not begun and (changed := (*stale(plan, org, observed), *moved)):
        return Stopped(reason=f"the org is not as it was planned for: {_named(changed)}")
    sent: Counter[int] = Counter()
    put_off: Counter[int] = Counter()
    while True:
        # What took although its answer, or our note of it, was lost.
        late = [
            c
            for c in _unverified(plan, org, journal.history())
            if c.resource in observed and observed[c.resource] == c.after
        ]
        if stopped := _confirm(late, orgs, journal):
            return stopped
        step = next_step(plan, org, observed, journal.history(), part=part, sent=sent)
        match step:
            case Finished():
                return None
            case Stopped():
                return step
            case Write():
                if moved:
                    reason = f"what the plan relies on was changed by somebody else: {_named(moved)}"
                    return Stopped(reason=reason, numbers=_numbers(step.changes))
                if reasons := gate():
                    return Stopped(reason="; ".join(reasons), numbers=_numbers(step.changes))
                try:
                    refused = _write(step.changes, orgs, journal)
                except (WriteHeld, _RefusedAsAWhole) as error:
                    return Stopped(reason=str(error), numbers=_numbers(step.changes))
                passing = {number for number, refusal in refused.items() if refusal.passing}
                put_off.update(passing)
                sent.update({*_numbers(step.changes)} - passing)
                often = max((put_off[number] for number in passing), default=0)
                wanted = to_read(plan, org, observed, step.changes, part)
                if passing == refused.keys() and 0 < often <= len(PAUSES):
                    orgs.wait(PAUSES[often - 1])
                    # Others do not wait meanwhile.
                    relied = leaned_on(plan, org, begun=True)
                    observed = {**observed, **orgs.read([*wanted, *(w.resource for w in relied)])}
                    moved = tuple(w.resource for w in relied if observed[w.resource] != w.state)
                else:
                    observed = {**observed, **orgs.read(wanted)}
                if stopped := _judge(step.changes, refused, observed, orgs, journal, put_off):
                    return stopped


class _RefusedAsAWhole(Exception):
    pass


def _write(changes: Sequence[Change], orgs: Orgs, journal: Journal) -> Mapping[int, Refusal]:
    """What the org refused. A lost answer is a no for now: the reading that follows tells what became of it."""
    journal.attempted(changes)
    try:
        return orgs.write(changes)
    except OrgError as error:
        if isinstance(error, UNCERTAIN):
            unanswered = Refusal(code=error.code or "NO_ANSWER", what=error.what, passing=True)
            return {change.number: unanswered for change in changes}
        raise _RefusedAsAWhole(f"the org refused it ({error.what})") from None


def _judge(
    changes: Sequence[Change],
    refused: Mapping[int, Refusal],
    observed: Observed,
    orgs: Orgs,
    journal: Journal,
    put_off: Mapping[int, int],
) -> Stopped | None:
    """A refusal that will not pass stops the plan, and one that did not pass in minutes stops this apply."""
    held = [change for change in changes if observed[change.resource] == change.after]
    if stopped := _confirm(held, orgs, journal):
        return stopped
    left = {c.number: refused[c.number] for c in changes if c not in held and c.number in refused}
    if final := {number: refusal for number, refusal in left.items() if not refusal.passing}:
        return Stopped(reason=f"the org refused it ({_words(final)})", numbers=tuple(sorted(final)))
    if late := {number: refusal for number, refusal in left.items() if put_off[number] > len(PAUSES)}:
        reason = f"the org refused it for now, {len(PAUSES) + 1} times ({_words(late)}); apply the plan again later"
        return Stopped(reason=reason, numbers=tuple(sorted(late)))
    return None


def _words(refused: Mapping[int, Refusal]) -> str:
    return "; ".join(f"{number}: {refusal.what}" for number, refusal in sorted(refused.items()))


def _unverified(plan: Plan, org: str, history: History) -> list[Change]:
    """What was sent and not yet found to be so. A way back may find parts of itself done before it sent anything."""
    sent = history.attempts.keys() if plan.undoes is None else {change.number for change in plan.changes}
    numbers = sorted(sent - history.verified)
    return [plan.change(number) for number in numbers if plan.change(number).resource.org == org]


def _confirm(changes: Sequence[Change], orgs: Orgs, journal: Journal) -> Stopped | None:
    """Read back as planned is half of it; the other half is that it holds when tried."""
    if not changes:
        return None
    failed = orgs.try_out(changes)
    if holding := [change for change in changes if change.number not in failed]:
        journal.verified(holding)
    if not failed:
        return None
    what = "; ".join(f"{number}: {words}" for number, words in sorted(failed.items()))
    return Stopped(
        reason=f"it was written, but does not hold when tried ({what})", numbers=tuple(sorted(failed))
    )


def _numbers(changes: Sequence[Change]) -> tuple[int, ...]:
    return tuple(change.number for change in changes)


def _stop(plan: Plan, journal: Journal, stopped: Stopped) -> Outcome:
    journal.stopped(stopped)
    return Outcome(plan=plan, history=journal.history(), stopped=stopped)


def _named(resources: Sequence[Resource]) -> str:
    shown = ", ".join(str(resource) for resource in resources[:ATTEMPTS])
    return shown if len(resources) <= ATTEMPTS else f"{shown} and {len(resources) - ATTEMPTS} more"
