"""The way back: a plan that takes another one back, whole or in part."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from tasks.errors import ConfigurationError
from tasks.estate.model_changes import ChangePolicy
from tasks.plans.branch import person
from tasks.plans.digest import digest
from tasks.plans.gate import counted
from tasks.plans.model import (
    Approval,
    Change,
    ChangeClass,
    History,
    Plan,
    Resource,
    ResourceKind,
    Watched,
)
from tasks.plans.overview import PlanStatus, Stage
from tasks.plans.records import split

_LIFETIME = timedelta(days=90)
_SHOWN = 12


def rollback(
    plan: Plan,
    history: History,
    requester: str,
    now: datetime,
    only: Collection[int] | None = None,
    reason: str = "",
) -> Plan | None:
    """
    The plan that undoes what was sent of another, last change first; None when nothing was, or nothing that has a way back.

    What has none is left as it is, and named.

    `only` names changes to take back; those that need them go with them, for they cannot stand alone. None means all. Raises
    ConfigurationError for numbers the plan does not have and for no number at all, which is no wish for all of them, and for a
    plan that is a way back itself: undoing that one gives rights again, which wants a plan and approvals of its own.
    """
    if only is not None and not only:
        raise ConfigurationError(
            "No change is named, so nothing was taken back. Give the numbers of the changes to take back (`bulkhead plan show` "
            "lists them), or give no list at all to take back the whole plan."
        )
    if unknown := set(only or ()) - {change.number for change in plan.changes}:
        raise ConfigurationError(
            f"The plan {digest(plan)[:12]} has no change {', '.join(map(str, sorted(unknown)))}, so nothing was taken back; its "
            f"changes have the numbers 1 to {len(plan.changes)}."
        )
    if plan.undoes is not None:
        raise ConfigurationError(
            f"The plan {digest(plan)[:12]} itself takes another plan back. To have that one's changes again, make a new plan "
            "by its job and have it approved."
        )
    wanted = set(only) if only is not None else set(history.attempts)
    taken = [
        change
        for change in plan.changes
        if change.number in _with_dependants(plan, wanted) & history.attempts.keys()
    ]
    gone = [change for change in taken if change.final]
    taken = [change for change in taken if not change.final]
    if not taken:
        return None
    taken.reverse()
    place = {change.number: place for place, change in enumerate(taken, start=1)}
    return Plan(
        job=plan.job,
        title=f"Take back: {plan.title}",
        requester=requester,
        made_at=now,
        expires_at=now + _LIFETIME,
        policy_digest=plan.policy_digest,
        changes=tuple(_inverse(change, plan, place) for change in taken),
        risks=(
            *([f"it is taken back because: {reason}"] if reason else []),
            *(f"change {c.number} of the plan has no way back: {c.effect}" for c in gone),
        ),
        undoes=digest(plan),
    )


def _with_dependants(plan: Plan, wanted: set[int]) -> set[int]:
    found = set(wanted)
    for change in plan.changes:
        if found.intersection(change.needs):
            found.add(change.number)
    return found


def _inverse(change: Change, plan: Plan, place: dict[int, int]) -> Change:
    dependants = (c.number for c in plan.changes if change.number in c.needs)
    return Change(
        number=place[change.number],
        resource=change.resource,
        before=change.after,
        after=change.before,
        kind=_opposite(change.kind),
        control=change.control,
        why=f"takes back change {change.number}: {change.why}",
        effect=f"undone: {change.effect}",
        needs=tuple(sorted(place[number] for number in dependants if number in place)),
    )


def _opposite(kind: ChangeClass) -> ChangeClass:
    opposites = {ChangeClass.NARROWING: ChangeClass.WIDENING, ChangeClass.WIDENING: ChangeClass.NARROWING}
    return opposites.get(kind, kind)


def needed_by(back: Plan, others: Iterable[PlanStatus]) -> tuple[str, ...]:
    """
    Why a plan must not be taken back before others that came after it, of which something stands still.

    Such a plan was approved because things were as the earlier one made them, or it changed something within what the
    earlier one made. `others` are all plans, the earlier one among them.
    """
    known = list(others)
    first = next((status.plan for status in known if status.digest == back.undoes), None)
    found = []
    for status in known:
        if status.plan.undoes is not None or status.digest == back.undoes:
            continue
        if status.stage is Stage.TAKEN_BACK or not status.history.begun:
            continue
        if first is not None and status.plan.made_at <= first.made_at:
            continue
        if moved := [change.resource for change in back.changes if _carries(change, status)]:
            found.append(
                f"the later plan {status.digest[:_SHOWN]} ({status.plan.title}) relies on {', '.join(map(str, moved))}; "
                "take that one back first"
            )
    return tuple(found)


def unforced(
    plan: Plan, harm: Sequence[str], approvals: Sequence[Approval], policy: ChangePolicy
) -> tuple[str, ...]:
    """
    What of `harm` speaks against applying a plan: all of it, for whatever a plan gives it must not shut ourselves out.

    A way back may be all that helps in an emergency. Then somebody other than its requester answers for the harm, with a
    signature.
    """
    if not harm or plan.undoes is None:
        return tuple(harm)
    emergencies = [approval for approval in approvals if approval.emergency]
    if any(approval.signed_by is not None for approval in counted(plan, emergencies, policy)):
        return ()
    return (
        *harm,
        "only an emergency that somebody signs for lets this way back do it all the same: `bulkhead plan approve "
        f"{digest(plan)[:_SHOWN]} --emergency --key …`, then apply it",
    )


def _carries(change: Change, status: PlanStatus) -> bool:
    """Whether what a way back changes is what another plan relied on, or holds what that one changed."""
    if any(_was_seen(change, watched) for watched in status.plan.watched):
        return True
    made = change.resource.kind in (ResourceKind.PERMISSION_SET, ResourceKind.NEW_USER)
    if not made or change.after is not None:
        return False
    inside = (c for c in status.plan.changes if c.number in status.history.attempts)
    return any(change.resource.key.lower() in _names(each, change.resource) for each in inside)


def _was_seen(change: Change, watched: Watched) -> bool:
    seen, ours = watched.resource, change.resource
    if seen.org != ours.org:
        return False
    if seen == ours:
        # What it saw before the first plan may well come back.
        return watched.state != change.after
    key, whose = seen.key.lower(), (person(change) or "").lower()
    match seen.kind:
        case ResourceKind.SET_RIGHTS:
            return not whose and key in (ours.key.lower(), split(ours.key)[0].lower())
        case ResourceKind.USER_GRANTS:
            return key == whose
        case ResourceKind.USER:
            return ours.kind is ResourceKind.NEW_USER and key == whose
        case _:
            return False


def _names(change: Change, within: Resource) -> tuple[str, ...]:
    """Lower-case names of the users and sets of one org that a change is about."""
    if change.resource.org != within.org:
        return ()
    container, name = split(change.resource.key)
    if change.resource.kind is ResourceKind.ASSIGNMENT:
        return container.lower(), name.lower()
    return ((person(change) or container).lower(),)
