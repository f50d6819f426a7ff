"""Plans that wait for people, what each wants of whom, and the reminder of those that wait longer than policy likes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from tasks.alerts.model import EVERY_ORG, Alert, Severity
from tasks.estate.model_changes import ChangePolicy
from tasks.phases.model import PlanStand
from tasks.plans.gate import counted, is_signed, needed
from tasks.plans.model import Approval, Plan
from tasks.plans.overview import PlanStatus, Stage
from tasks.value import Value

WAITS = "approval-waits:"
"""How keys of these reminders begin."""
UNSENT = frozenset({Stage.PLANNED, Stage.APPROVED})
_OPEN = UNSENT | {Stage.APPLYING, Stage.STOPPED}


class Wanted(Value):
    """The approvals of one plan: `needed` people, of whom `given` said yes so that it counts; `signed` where only a signature does."""

    needed: int
    given: tuple[str, ...]
    signed: bool

    @property
    def missing(self) -> int:
        return max(0, self.needed - len(self.given))


def wanted(plan: Plan, approvals: Sequence[Approval], policy: ChangePolicy) -> Wanted:
    return Wanted(
        needed=needed(plan, policy) if plan.changes else 0,
        given=tuple(each.approver for each in counted(plan, approvals, policy)),
        signed=is_signed(plan, policy),
    )


def open_plans(statuses: Iterable[PlanStatus], stands: Mapping[str, PlanStand]) -> list[PlanStatus]:
    """
    What a person has still to approve or to apply, oldest first: no plan that has nothing to change, is past, or of whose changes
    the same job has planned some anew since.
    """
    return [
        each
        for each in _last(statuses, stands)
        if stands[each.digest].begun or not (stands[each.digest].outdated or stands[each.digest].overtaken)
    ]


def to_make_anew(statuses: Iterable[PlanStatus], stands: Mapping[str, PlanStand]) -> list[PlanStatus]:
    """Plans that another one has overtaken before anybody applied them, oldest first: their jobs have to be started again."""
    return [
        each
        for each in _last(statuses, stands)
        if (stand := stands[each.digest]).overtaken and not stand.begun and not stand.outdated
    ]


def _last(statuses: Iterable[PlanStatus], stands: Mapping[str, PlanStand]) -> list[PlanStatus]:
    """With something to change and not over, oldest first; what is not begun only while its job has planned nothing of it anew."""
    found: list[PlanStatus] = []
    ordered = sorted(statuses, key=lambda each: each.plan.made_at)
    for place, each in enumerate(ordered):
        ours = {change.resource for change in each.plan.changes}
        if each.stage not in _OPEN or not ours:
            continue
        newer = (other.plan for other in ordered[place + 1 :] if other.plan.job == each.plan.job)
        if stands[each.digest].begun or not any(
            ours & {change.resource for change in plan.changes} for plan in newer
        ):
            found.append(each)
    return found


def waiting(
    statuses: Iterable[PlanStatus], wants: Mapping[str, Wanted], now: datetime, patience: timedelta
) -> list[PlanStatus]:
    """
    Oldest first: with something to change, neither begun nor expired, made at least `patience` ago, and without all the approvals
    that count. `wants` are by digest, of what is UNSENT.
    """
    found = [
        each
        for each in statuses
        if each.stage in UNSENT and wants[each.digest].missing and now - each.plan.made_at >= patience
    ]
    return sorted(found, key=lambda each: each.plan.made_at)


def reminder(status: PlanStatus) -> Alert:
    """The same words for as long as it waits, so that it is told once, and escalated as policy says."""
    plan, short = status.plan, status.digest[:12]
    return Alert(
        key=f"{WAITS}{short}",
        org=plan.orgs[0] if len(plan.orgs) == 1 else EVERY_ORG,
        severity=Severity.WARNING,
        title=f"A plan waits for approval: {plan.title}"[:200],
        detail=f"{plan.requester} asked for it on {plan.made_at:%Y-%m-%d %H:%M} UTC; it holds until {plan.expires_at:%Y-%m-%d %H:%M}.",
        next_step=f"Read the artifact plan-{short}, then approve it with approve-plan, or let it expire.",
    )


def no_longer(opened: Mapping[str, str], still: Sequence[Alert]) -> list[str]:
    """Keys of open reminders of plans that have all approvals, were begun or have expired."""
    keys = {alert.key for alert in still}
    return [key for key in opened if key.startswith(WAITS) and key not in keys]
