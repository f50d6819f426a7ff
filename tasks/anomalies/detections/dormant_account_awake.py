"""An account that nobody used for three months signs in."""

from datetime import timedelta

import polars as pl

from tasks.anomalies.examples import PERSON, event, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import text, within
from tasks.anomalies.views import Views

IDLE = timedelta(days=90)


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """The last use before the telemetry comes from the inventory."""
    came = views.known(views.signins.filter("OK")).sort("AT")
    before = pl.coalesce(pl.col("AT").shift(1).over("ORG", "USER"), "LAST_SEEN")
    return within(came.with_columns(BEFORE=before), context).filter(pl.col("AT") - pl.col("BEFORE") >= pl.lit(IDLE)).with_columns(
        ACTOR="USER",
        EXPECTED=pl.lit(f"accounts in use; this one was idle for {IDLE.days} days or more"),
        SEEN=text("a sign-in after {} days, from {}", (pl.col("AT") - pl.col("BEFORE")).dt.total_days(), "IP"),
        KEYS=pl.concat_list("KEY"),
        F_IDLE=(pl.col("AT") - pl.col("BEFORE")).dt.total_days() / IDLE.days,
    )  # fmt: skip


DETECTION = Detection(
    name="dormant-account-awake",
    title="An idle account signed in",
    severity=Severity.WARNING,
    technique="T1078",
    needs=(frozenset({"LoginHistory"}), frozenset({"Login"}), frozenset({"LoginEvent"})),
    runbook="Ask the owner what for. Nobody owns it: freeze it.",
    judge=judge,
    aspect=Aspect.WHO,
    fires=(example(LoginHistory=[event("005000000000S01", STATUS="Success", SOURCE_IP="192.0.2.7")]),),
    quiet=(
        example("here last week", LoginHistory=[event("005000000000S01", days=-7, STATUS="Success"), event("005000000000S01", STATUS="Success")]),
        example("nothing known of before", LoginHistory=[event(PERSON, STATUS="Success")]),
    ),
)  # fmt: skip
