"""An app was allowed or installed by somebody who never did that."""

import polars as pl

from tasks.anomalies.examples import ADMIN, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.trail import TRAIL, changed, entry
from tasks.anomalies.views import Views

PATTERN = r"(?i)^(insertConnectedApplication|installedpackagingapp|insertExternalClientApp\w*|oauthapp\w*)\b|SetupEntityAccessAudit\w*ConnectedApplication\w*Enabled"


def judge(views: Views, context: Context) -> pl.LazyFrame:
    return changed(
        views,
        context,
        PATTERN,
        "an app was allowed or installed by somebody who never did",
        expected="whose work it is",
        strangers=True,
    )


DETECTION = Detection(
    name="app-let-in",
    title="An app was let in",
    severity=Severity.WARNING,
    technique="T1098.001",
    needs=TRAIL,
    runbook="Ask who allowed it, by telephone, and what the app is for. Unknown: block it and revoke its tokens.",
    judge=judge,
    aspect=Aspect.SETTING,
    fires=(
        example(
            SetupAuditTrail=[
                entry(ADMIN, "insertConnectedApplication", "Created connected app My Ticket Portal")
            ]
        ),
    ),
    quiet=(
        example(
            "whose work it is",
            SetupAuditTrail=[
                entry(ADMIN, "installedpackagingapp", "Installed A", days=-9),
                entry(ADMIN, "installedpackagingapp", "Installed B"),
            ],
        ),
    ),
)
