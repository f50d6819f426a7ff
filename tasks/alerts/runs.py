"""Which alerts follow from runs of ours that failed or did not come."""

from collections.abc import Iterable
from datetime import datetime

from tasks.alerts.model import EVERY_ORG, Alert, Fact, Opened, Severity

FAILED, MISSING = "run-failed:", "run-missing:"
"""How keys of these alerts begin; the deployment's name follows."""


def run_told(deployment: str, missing: bool) -> Alert:
    """The same words each time, so that it is told once until a run succeeds."""
    what = "did not come" if missing else "failed"
    return Alert(
        key=f"{MISSING if missing else FAILED}{deployment}"[:150],
        org=EVERY_ORG,
        severity=Severity.ERROR,
        title=f"A scheduled run {what}: {deployment}"[:200],
        detail="Within two of its periods none came to an end."
        if missing
        else "Its state and its log say why.",
        next_step="Look at the worker and at its schedule."
        if missing
        else "Look at its last run; start it again by hand.",
        facts=(Fact(key="deployment", label="Deployment", text=deployment),),
    )


def told_of(opened: Iterable[Opened]) -> dict[str, datetime]:
    """Deployments that open alerts are about, each with the time from which on a run has to succeed."""
    found: dict[str, datetime] = {}
    for each in opened:
        if each.alert.key.startswith((FAILED, MISSING)):
            name = each.alert.key.partition(":")[2]
            found[name] = max(each.at, found.get(name, each.at))
    return found


def ended(opened: Iterable[Opened], well: Iterable[str]) -> list[str]:
    """Keys of alerts about runs of jobs that do well again."""
    keys = {f"{start}{name}" for name in well for start in (FAILED, MISSING)}
    return [each.alert.key for each in opened if each.alert.key in keys]
