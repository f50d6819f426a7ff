"""A new administrator: a user with the profile, or a copy of the profile under another name."""

import polars as pl

from tasks.anomalies.examples import ADMIN, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.trail import TRAIL, changed, entry
from tasks.anomalies.views import Views

PATTERN = r"(?i)(createduser|changedprofileforuser\w*) .*System Administrator|profileClonedStandard .*System Administrator"


def judge(views: Views, context: Context) -> pl.LazyFrame:
    return changed(
        views,
        context,
        PATTERN,
        "a new administrator, or a copy of the administrator's profile",
        expected="administrators that the register knows",
    )


DETECTION = Detection(
    name="administrator-made",
    title="Somebody was made an administrator",
    severity=Severity.CRITICAL,
    technique="T1136.003",
    needs=TRAIL,
    runbook="Look for the approval. None: freeze the new user, and end the sessions of who made it.",
    judge=judge,
    aspect=Aspect.SETTING,
    fires=(
        example(
            SetupAuditTrail=[
                entry(ADMIN, "createduser", "Created new user x@hq.example with profile System Administrator")
            ]
        ),
        example(
            "a copy of the profile",
            SetupAuditTrail=[
                entry(
                    ADMIN,
                    "profileClonedStandard",
                    "Created profile cloned_system_admin: Cloned from profile System Administrator",
                )
            ],
        ),
    ),
    quiet=(
        example(
            "somebody in sales",
            SetupAuditTrail=[
                entry(ADMIN, "createduser", "Created new user x@hq.example with profile Standard User")
            ],
        ),
    ),
)
