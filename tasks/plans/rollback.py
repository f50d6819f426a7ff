"""The way back: a plan that takes another one back, whole or in part."""

from collections.abc import Collection
from datetime import datetime, timedelta

from tasks.errors import ConfigurationError
from tasks.plans.digest import digest
from tasks.plans.model import Change, ChangeClass, History, Plan

_LIFETIME = timedelta(days=90)


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

    `only` names changes to take back; those that need them go with them, for they cannot stand alone. Raises KeyError
    for a number the plan does not have, and ConfigurationError for a plan that is a way back itself: undoing that one gives
    rights again, which wants a plan and approvals of its own.
    """
    if plan.undoes is not None:
        raise ConfigurationError(
            f"The plan {digest(plan)[:12]} itself takes another plan back. To have that one's changes again, make a new plan "
            "by its job and have it approved."
        )
    wanted = {plan.change(number).number for number in only} if only is not None else set(history.attempts)
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
