"""Records were opened to more people: defaults of sharing, public groups, queues and roles."""

import polars as pl

from tasks.anomalies.examples import ADMIN, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.trail import TRAIL, changed, entry
from tasks.anomalies.views import Views

PATTERN = (
    r"(?i)(owd|org.?wide default|sharing model|default (internal|external) access).*to (Public|Read/Write|Controlled)|"
    r"(?i)(updatedgroup|groupMembership|queueMembership)\b.*(All Internal Users|All Partner|guest|All Customer)"
)


def judge(views: Views, context: Context) -> pl.LazyFrame:
    return changed(
        views,
        context,
        PATTERN,
        "records were opened to more people",
        expected="sharing that only plans change",
    )


DETECTION = Detection(
    name="sharing-widened",
    title="Sharing was widened",
    severity=Severity.ERROR,
    technique="T1098",
    needs=TRAIL,
    runbook="Compare with the plans that were applied. None did it: set the default back; it is recalculated for hours.",
    judge=judge,
    aspect=Aspect.SETTING,
    fires=(
        example(
            SetupAuditTrail=[
                entry(
                    ADMIN,
                    "owdUpdated",
                    "Changed org-wide default of Account from Private to Public Read/Write",
                )
            ]
        ),
    ),
    quiet=(
        example(
            "narrower",
            SetupAuditTrail=[
                entry(
                    ADMIN,
                    "owdUpdated",
                    "Changed org-wide default of Account from Public Read/Write to Private",
                )
            ],
        ),
    ),
)
