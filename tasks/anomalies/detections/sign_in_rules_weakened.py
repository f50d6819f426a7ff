"""Who may sign in, from where, and for how long was made laxer."""

import polars as pl

from tasks.anomalies.examples import ADMIN, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.trail import TRAIL, changed, entry
from tasks.anomalies.views import Views

PATTERN = (
    r"(?i)^deletedLoginIpRange|^(passwordexpiry|passwordcomplexity|passwordminlength|lockoutinterval|maxloginattempts)\b|"
    r"(?i)(enforce login IP ranges|lock sessions|multi-factor|require .*session).*from (enabled|true|on) to (disabled|false|off)|"
    r"(?i)(Waive Multi-Factor|Bypass MFA)\b.*from disabled to enabled"
)


def judge(views: Views, context: Context) -> pl.LazyFrame:
    return changed(
        views,
        context,
        PATTERN,
        "a rule about signing in was weakened",
        expected="rules that only plans change",
    )


DETECTION = Detection(
    name="sign-in-rules-weakened",
    title="A rule about signing in was weakened",
    severity=Severity.ERROR,
    technique="T1556",
    needs=TRAIL,
    runbook="Compare with the plans that were applied. None did it: put the rule back, and ask who needed it.",
    judge=judge,
    aspect=Aspect.SETTING,
    fires=(
        example(
            SetupAuditTrail=[
                entry(
                    ADMIN,
                    "deletedLoginIpRange_withProfile",
                    "Deleted login IP range 203.0.113.0 for profile Sync",
                )
            ]
        ),
        example(
            "a switch",
            SetupAuditTrail=[
                entry(
                    ADMIN,
                    "sessionsettings",
                    "Changed enforce login IP ranges on every request from enabled to disabled",
                )
            ],
        ),
    ),
    quiet=(
        example(
            "stricter",
            SetupAuditTrail=[
                entry(
                    ADMIN,
                    "sessionsettings",
                    "Changed enforce login IP ranges on every request from disabled to enabled",
                )
            ],
        ),
    ),
)
