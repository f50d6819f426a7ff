"""A key was destroyed or exported, encryption taken from a field, or a classification lowered."""

import polars as pl

from tasks.anomalies.examples import ADMIN, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.trail import TRAIL, changed, entry
from tasks.anomalies.views import Views

PATTERN = (
    r"(?i)tenantSecret(Destroyed|Exported|Deleted)|encryption.*(removed|disabled|from enabled to disabled)|xdsEncryptedFieldChange|"
    r"(?i)(data sensitivity|compliance categor|classification).*from .*(Restricted|Confidential|MissionCritical)"
)


def judge(views: Views, context: Context) -> pl.LazyFrame:
    return changed(
        views,
        context,
        PATTERN,
        "a key or a field's protection was taken away",
        expected="keys that rotate and protection that stays",
    )


DETECTION = Detection(
    name="encryption-weakened",
    title="Encryption was weakened",
    severity=Severity.CRITICAL,
    technique="T1600",
    needs=TRAIL,
    runbook="A destroyed key can be brought back from its export only: find that first. Then ask who did it and why.",
    judge=judge,
    aspect=Aspect.SETTING,
    fires=(
        example(
            SetupAuditTrail=[entry(ADMIN, "tenantSecretDestroyed", "Destroyed tenant secret: Key version 1")]
        ),
    ),
    quiet=(
        example(
            "a rotation",
            SetupAuditTrail=[entry(ADMIN, "tenantSecretCreated", "Generated tenant secret: Key version 2")],
        ),
    ),
)
