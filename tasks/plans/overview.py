"""Where a plan stands, read from what the ledger says about it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from tasks.ledger.model import Entry, EntryKind
from tasks.plans.model import History, Plan
from tasks.value import Value


class Stage(StrEnum):
    """In the order of a plan's life."""

    PLANNED = "planned"
    APPROVED = "approved"
    APPLYING = "applying"
    """Begun and not finished: also after a crash."""
    STOPPED = "stopped"
    APPLIED = "applied"
    TAKEN_BACK = "taken back"
    PARTLY_TAKEN_BACK = "partly taken back"
    EXPIRED = "expired"


class PlanStatus(Value):
    """One line of the list of plans. `reason` says why it stopped, where it did."""

    digest: str
    plan: Plan
    stage: Stage
    approvals: tuple[str, ...]
    history: History
    reason: str = ""


def history_of(entries: Sequence[Entry]) -> History:
    """What was attempted and verified, from a plan's own entries."""
    attempts: dict[int, int] = {}
    verified: set[int] = set()
    for entry in entries:
        numbers = _numbers(entry)
        if entry.kind is EntryKind.ATTEMPT:
            for number in numbers:
                attempts[number] = attempts.get(number, 0) + 1
        elif entry.kind is EntryKind.VERIFICATION:
            verified.update(numbers)
    return History(attempts=attempts, verified=frozenset(verified))


def status_of(
    digest: str, plan: Plan, entries: Sequence[Entry], undone: Sequence[tuple[Plan, History]], now: datetime
) -> PlanStatus:
    """`entries` are the plan's own in order; `undone` the plans that take it back, with what became of them."""
    history = history_of(entries)
    approvers = tuple(dict.fromkeys(e.actor for e in entries if e.kind is EntryKind.APPROVAL))
    last = next(
        (
            e
            for e in reversed(entries)
            if e.kind in (EntryKind.ATTEMPT, EntryKind.VERIFICATION, EntryKind.STOP)
        ),
        None,
    )
    stopped = last is not None and last.kind is EntryKind.STOP
    everything = {change.number for change in plan.changes}
    taken = {
        change.resource
        for way_back, done in undone
        for change in way_back.changes
        if change.number in done.verified
    }
    sent = {plan.change(number).resource for number in history.verified}
    if sent and taken >= sent:
        stage = Stage.TAKEN_BACK
    elif taken:
        stage = Stage.PARTLY_TAKEN_BACK
    elif history.verified >= everything:
        stage = Stage.APPLIED
    elif stopped:
        stage = Stage.STOPPED
    elif history.begun:
        stage = Stage.APPLYING
    elif now >= plan.expires_at:
        stage = Stage.EXPIRED
    else:
        stage = Stage.APPROVED if approvers else Stage.PLANNED
    reason = str(last.body.get("reason", "")) if last is not None and stopped else ""
    return PlanStatus(
        digest=digest, plan=plan, stage=stage, approvals=approvers, history=history, reason=reason
    )


def _numbers(entry: Entry) -> list[int]:
    found = entry.body.get("numbers", [])
    return [int(str(number)) for number in found] if isinstance(found, list) else []
