"""Somebody makes the org say less: policies, event storage, log files or field history are off or deleted."""

import polars as pl

from tasks.anomalies.examples import ADMIN, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.trail import TRAIL, changed, entry
from tasks.anomalies.views import Views

PATTERN = (
    r"(?i)(transaction ?security|real.?time event|event (log|monitoring|storage)|event manager|field history|delete monitoring data).*"
    r"(disabled|deleted|deactivated|switched off|turned off|from (enabled|true|on) to)|(?i)enableDeleteMonitoringData.*(true|enabled)"
)


def judge(views: Views, context: Context) -> pl.LazyFrame:
    return changed(
        views, context, PATTERN, "the org was made to say less", expected="monitoring that stays on"
    )


DETECTION = Detection(
    name="monitoring-switched-off",
    title="Monitoring was switched off",
    severity=Severity.CRITICAL,
    technique="T1562.008",
    needs=TRAIL,
    runbook="Switch it on again first. What happened meanwhile shows in the audit trail and in LoginHistory alone.",
    judge=judge,
    aspect=Aspect.SETTING,
    fires=(
        example(
            SetupAuditTrail=[entry(ADMIN, "eventsettings", "Event Manager: ApiEvent storage was disabled")]
        ),
    ),
    quiet=(
        example(
            "on",
            SetupAuditTrail=[entry(ADMIN, "eventsettings", "Event Manager: ApiEvent storage was enabled")],
        ),
    ),
)
