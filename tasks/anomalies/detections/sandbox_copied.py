"""A sandbox was made or refreshed by somebody who never did: production's data leaves for a weaker org."""

import polars as pl

from tasks.anomalies.examples import ADMIN, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import within
from tasks.anomalies.trail import TRAIL, changed, entry
from tasks.anomalies.views import Views

PATTERN = r"(?i)(create|refresh|clone|activate)\w*sandbox"


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """By the audit trail, and where there is none by the event file, which names the user and no more."""
    expected = "whose work it is"
    trail = changed(
        views,
        context,
        PATTERN,
        "a sandbox was made or refreshed by somebody who never did",
        expected=expected,
        strangers=True,
    )
    files = views.raw("Sandbox")
    if "USER_ID" not in files.collect_schema():
        return trail
    made = files.with_columns(USER=pl.col("USER_ID").str.slice(0, 15))
    new = made.filter(pl.col("AT") - pl.col("AT").min().over("ORG", "USER") < pl.duration(days=1))
    told = within(new, context).select(
        "ORG",
        "AT",
        "TIER",
        ACTOR="USER",
        EXPECTED=pl.lit(expected),
        SEEN=pl.lit("a sandbox was made or refreshed"),
        F_CHANGE=pl.lit(1.0),
    )
    return pl.concat([trail, told], how="diagonal")


DETECTION = Detection(
    name="sandbox-copied",
    title="Production was copied",
    severity=Severity.WARNING,
    technique="T1537",
    needs=(*TRAIL, frozenset({"Sandbox"})),
    runbook="See who may enter it and whether it was masked. Nobody asked for it: delete it.",
    judge=judge,
    aspect=Aspect.SETTING,
    fires=(example(SetupAuditTrail=[entry(ADMIN, "createSandbox", "Created sandbox PARTY of type Full")]),),
    quiet=(
        example(
            "whose work it is",
            SetupAuditTrail=[
                entry(ADMIN, "refreshSandbox", "Refreshed sandbox UAT", days=-40),
                entry(ADMIN, "refreshSandbox", "Refreshed sandbox UAT"),
            ],
        ),
    ),
)
