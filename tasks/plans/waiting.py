"""Plans that wait for an approval longer than policy likes, and the reminder of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from tasks.alerts.model import EVERY_ORG, Alert, Severity
from tasks.plans.overview import PlanStatus, Stage

WAITS = "approval-waits:"
"""How keys of these reminders begin."""


def waiting(statuses: Iterable[PlanStatus], now: datetime, patience: timedelta) -> list[PlanStatus]:
    """Oldest first: with something to change, neither approved nor expired, and made at least `patience` ago."""
    found = [
        each
        for each in statuses
        if each.stage is Stage.PLANNED and each.plan.changes and now - each.plan.made_at >= patience
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
    """Keys of open reminders of plans that were approved, carried out or have expired."""
    keys = {alert.key for alert in still}
    return [key for key in opened if key.startswith(WAITS) and key not in keys]
