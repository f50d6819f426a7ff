"""Which alerts follow from plans: a way back that fails, a route that fails since its plan."""

from collections.abc import Collection, Iterable, Mapping

from tasks.alerts.model import Alert, Severity
from tasks.plans.model import Plan, Watch, WayBack
from tasks.plans.watch import said

FAILS, DOUBTFUL = "route-fails:", "route-doubtful:"
"""How keys of alerts about watched users begin."""


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


def failing(watches: Iterable[Watch], due: Collection[WayBack], automatic: bool) -> list[Alert]:
    """One alert for each user and plan. What its plan caused is open until that is taken back, or for days."""
    waiting = {(back.plan, back.org, back.user) for back in due}
    found = []
    for watch in watches:
        for user in watch.users:
            theirs = [failure for failure in watch.failures if failure.user == user]
            caused = [failure for failure in theirs if failure.caused]
            doubtful = [failure for failure in theirs if not failure.caused]
            if caused and (watch.plan, watch.org, user) in waiting:
                does = (
                    "Its changes are being taken back." if automatic else "Take its changes back, or mend it."
                )
                found.append(
                    Alert(
                        key=_key(FAILS, watch.plan, watch.org, user),
                        org=watch.org,
                        severity=Severity.CRITICAL,
                        title=f"A route of {watch.org} fails since a plan took rights from its user",
                        detail="; ".join(map(said, caused)),
                        next_step=f"{does} See `bulkhead plan show {watch.plan[:12]}`; declare in estate.yaml what it needs.",
                    )
                )
            if doubtful and not watch.over:
                found.append(
                    Alert(
                        key=_key(DOUBTFUL, watch.plan, watch.org, user),
                        org=watch.org,
                        severity=Severity.WARNING,
                        title=f"A route's user in {watch.org} is refused what it was never seen to do",
                        detail="; ".join(map(said, doubtful)),
                        next_step="Find out whether the route does it rarely, or somebody else uses its key. Nothing is taken back.",
                    )
                )
    return found


def passed(opened: Mapping[str, str], now: Iterable[Alert]) -> list[str]:
    """Keys of open alerts about watched users whose reason is gone."""
    known = {alert.key for alert in now}
    return [key for key in opened if key.startswith((FAILS, DOUBTFUL)) and key not in known]


def _key(start: str, plan: str, org: str, user: str) -> str:
    return f"{start}{plan[:12]}:{org}:{user}"[:150]
