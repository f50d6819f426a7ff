"""The article's plain rule: more than twice the average of the last 30 days. Runs only where somebody asks for it."""

import polars as pl

from tasks.anomalies.baseline import SERIES, daily, expectations
from tasks.anomalies.examples import MACHINE, event, example
from tasks.anomalies.examples import daily as every_day
from tasks.anomalies.model import Context, Detection, Severity
from tasks.anomalies.patterns import grouped, text
from tasks.anomalies.views import Views

TIMES = 2.0


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """All of a user's records count together; judged at the day's last event, as a daily job would."""
    reads = views.reads.filter(pl.col("ROWS").is_not_null()).with_columns(
        APP=pl.lit(""), FAMILY=pl.lit("all"), DAY=pl.col("AT").dt.date()
    )
    limits = expectations(daily(reads), until=context.until.date(), since=context.since.date()).lazy()
    last = reads.group_by(*SERIES, "DAY").agg(
        AT=pl.col("AT").max(), SINCE=pl.col("AT").min(), EVENTS=pl.len(), TIER=pl.col("TIER").last()
    )
    over = limits.join(last, on=[*SERIES, "DAY"]).filter(
        (pl.col("AVERAGE") > 0) & (pl.col("ROWS") > TIMES * pl.col("AVERAGE"))
    )
    return over.with_columns(
        ACTOR="USER",
        RECORDS="ROWS",
        USUAL="AVERAGE",
        EXPECTED=grouped("AVERAGE"),
        SEEN=text("{} records", grouped("ROWS")),
        F_VOLUME=pl.col("ROWS") / pl.col("AVERAGE"),
    )


_USUAL = every_day(MACHINE, 30, ROWS_PROCESSED=42_180)
DETECTION = Detection(
    name="volume-over-average",
    title="More than twice the 30-day average was read",
    severity=Severity.ERROR,
    technique="T1530",
    needs=(frozenset({"RestApi"}), frozenset({"ApiEvent"}), frozenset({"BulkApi2"}), frozenset({"API"})),
    runbook="Ask who runs the job whether a backfill was due. It rings at the end of every busy month.",
    judge=judge,
    fires=(example(RestApi=[*_USUAL, event(MACHINE, ROWS_PROCESSED=89_420)]),),
    quiet=(
        example("twice is not more than twice", RestApi=[*_USUAL, event(MACHINE, ROWS_PROCESSED=84_360)]),
    ),
    standard=False,
)
