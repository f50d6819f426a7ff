"""What Salesforce's own threat detection says, passed on with its score."""

import polars as pl

from tasks.anomalies.examples import PERSON, event, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import grouped, text, within
from tasks.anomalies.views import Views

STORES = (
    "ApiAnomalyEventStore", "CredentialStuffingEventStore", "GuestUserAnomalyEventStore", "LoginAnomalyEventStore",
    "ReportAnomalyEventStore", "SessionHijackingEventStore", "UniversalAnomalyEventStore",
)  # fmt: skip
LEAST = 20.0


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Some stores score from 0 to 1 and some to 100; all are told as the latter. No score counts as the middle."""
    parts = [_shaped(views.raw(name), name) for name in STORES if name in views.types]
    seen = within(pl.concat(parts), context) if parts else _shaped(views.raw(""), "")
    score = pl.col("SCORE").fill_null(50.0)
    shown = seen.with_columns(SCORE=pl.when(score <= 1.0).then(score * 100).otherwise(score))
    return shown.filter(pl.col("SCORE") >= LEAST).with_columns(
        ACTOR=pl.coalesce("USER", "IP", pl.lit("unknown")),
        SEVERITY=pl.when(pl.col("SCORE") >= 80)
        .then(pl.lit("critical"))
        .when(pl.col("SCORE") >= 60)
        .then(pl.lit("error"))
        .otherwise(pl.lit("warning")),
        EXPECTED=pl.lit("no anomaly"),
        SEEN=text("{} with a score of {} of 100", "STORE", grouped("SCORE")),
        F_SCORE=pl.col("SCORE") / 100,
    )


def _shaped(frame: pl.LazyFrame, name: str) -> pl.LazyFrame:
    there = frame.collect_schema().names()

    def one(column: str, dtype: type[pl.DataType]) -> pl.Expr:
        return pl.col(column).cast(dtype, strict=False) if column in there else pl.lit(None, dtype)

    return frame.select(
        "ORG", "AT", "TIER",
        USER=one("USER_ID", pl.String).str.slice(0, 15), IP=one("SOURCE_IP", pl.String), SCORE=one("SCORE", pl.Float64), STORE=pl.lit(name),
    )  # fmt: skip


DETECTION = Detection(
    name="threat-detection",
    title="Salesforce's threat detection found something",
    severity=Severity.ERROR,
    technique="T1078.004",
    needs=tuple(frozenset({name}) for name in STORES),
    runbook="Read the event in Setup and write the verdict back (ThreatDetectionFeedback), so that it learns.",
    judge=judge,
    aspect=Aspect.WHO,
    fires=(
        example(ApiAnomalyEventStore=[event(PERSON, SCORE=0.93)]),
        example("of 100", SessionHijackingEventStore=[event(PERSON, SCORE=61.0)]),
    ),
    quiet=(example("a low score", ApiAnomalyEventStore=[event(PERSON, SCORE=0.1)]),),
)
