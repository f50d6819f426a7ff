"""Where a plan stands, read from what the ledger says about it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from tasks.ledger.model import Entry, EntryKind
from tasks.plans.model import Failure, History, Look, Plan, Watch, WayBack
from tasks.value import Value

WATCHING = (EntryKind.WATCH, EntryKind.LOOK, EntryKind.FAILURE, EntryKind.WATCHED)


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


def watches_of(entries: Sequence[Entry], titles: Mapping[str, str]) -> list[Watch]:
    """One for each plan and org, from entries of WATCHING in order; `titles` are those of the plans."""
    found: dict[tuple[str, str], Watch] = {}
    for entry in entries:
        key = entry.subject, str(entry.body["org"])
        watch = found.get(key)
        if entry.kind is EntryKind.WATCH:
            since = datetime.fromisoformat(str(entry.body["since"]))
            users = entry.body["users"]
            named = tuple(map(str, users)) if isinstance(users, list) else ()
            if watch is None:
                found[key] = Watch(
                    plan=entry.subject,
                    title=titles[entry.subject],
                    org=key[1],
                    users=named,
                    since=since,
                    latest=since,
                )
            else:
                both = tuple(dict.fromkeys((*watch.users, *named)))
                found[key] = watch.model_copy(update={"latest": since, "over": False, "users": both})
        elif watch is not None:
            found[key] = watch.model_copy(update=_seen(watch, entry))
    return list(found.values())


def _seen(watch: Watch, entry: Entry) -> dict[str, object]:
    match entry.kind:
        case EntryKind.LOOK:
            return {"look": Look.model_validate(entry.body["look"])}
        case EntryKind.FAILURE:
            return {"failures": (*watch.failures, Failure.model_validate(entry.body["failure"]))}
        case _:
            return {"over": True}


def due(
    failing: Sequence[Entry], standing: Mapping[str, PlanStatus], ways_back: Sequence[PlanStatus]
) -> list[WayBack]:
    """
    `failing` are entries about failures in order, `ways_back` plans that take others back with what became of them.

    A user's changes are due with the first failure that its plan caused, until every one of them was taken back.
    """
    found: dict[tuple[str, str, str], WayBack] = {}
    for entry in failing:
        failure = Failure.model_validate(entry.body["failure"])
        status = standing.get(entry.subject)
        numbers = _numbers(entry)
        if not failure.caused or not numbers or status is None:
            continue
        plan = status.plan
        org = str(entry.body["org"])
        taken = {
            change.resource
            for back in ways_back
            if back.plan.undoes == entry.subject
            for change in back.plan.changes
            if change.number in back.history.verified
        }
        left = [n for n in numbers if n in status.history.attempts and plan.change(n).resource not in taken]
        if left:
            found.setdefault(
                (entry.subject, org, failure.user),
                WayBack(
                    plan=entry.subject,
                    org=org,
                    user=failure.user,
                    numbers=tuple(numbers),
                    what=failure.what,
                    at=entry.at,
                    automatic=entry.body.get("automatic") is True,
                ),
            )
    return list(found.values())


def _numbers(entry: Entry) -> list[int]:
    found = entry.body.get("numbers", [])
    return [int(str(number)) for number in found] if isinstance(found, list) else []
