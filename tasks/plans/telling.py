"""Which alert follows when a way back fails."""

from tasks.alerts.model import Alert, Severity
from tasks.plans.model import Plan


def rollback_failed(digest: str, plan: Plan, why: str) -> Alert:
    """One alert for all ways back of one plan: the next that succeeds ends it."""
    undone = str(plan.undoes)[:12]
    return Alert(
        key=f"rollback-failed:{undone}",
        org=plan.orgs[0] if plan.changes else "",
        severity=Severity.CRITICAL,
        title=f"The plan {undone} could not be taken back",
        detail=why,
        next_step=f"Look at `bulkhead plan show {digest[:12]}`, mend what it names, and take the plan back again.",
    )
