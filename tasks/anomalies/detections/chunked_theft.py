"""A little every day: ten days together read far more than any ten days before."""

import polars as pl

from tasks.anomalies.examples import PERSON, daily, event, example
from tasks.anomalies.model import Context, Detection, Severity
from tasks.anomalies.patterns import grouped, text
from tasks.anomalies.views import Views

SPAN_DAYS, LEARNING_DAYS, TIMES, FLOOR = 10, 20, 2.5, 8_000


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """
    Judged for those who read on few days: a machine's daily thousands hide a few more, and it has other detections. Ten days are
    counted in hours, since days that are over keep no single reads.
    """
    reads = views.reads.filter(pl.col("ROWS").is_not_null() & pl.col("USER").is_not_null())
    began = reads.group_by("ORG", "USER").agg(BEGAN=pl.col("AT").min())
    persons = views.known(began).filter(pl.col("KIND") != "machine").select("ORG", "USER", "BEGAN")
    mine = reads.join(persons, on=["ORG", "USER"]).with_columns(HOUR=pl.col("AT").dt.truncate("1h"))
    hours = mine.group_by("ORG", "USER", "HOUR").agg(HOURLY=pl.col("ROWS").sum(), FIRST=pl.col("AT").min())
    window = (
        hours.sort("HOUR")
        .rolling("HOUR", period=f"{SPAN_DAYS}d", group_by=["ORG", "USER"])
        .agg(
            ALL=pl.col("HOURLY").sum(),
            UNTIL=pl.col("HOURLY").sum() - pl.col("HOURLY").last(),
            SINCE=pl.col("FIRST").first(),
        )
        .sort("HOUR")
    )
    earlier = window.select(
        "ORG",
        "USER",
        HOUR=pl.col("HOUR") + pl.duration(days=SPAN_DAYS),
        MOST=pl.col("ALL").cum_max().over("ORG", "USER"),
    )
    before = window.join_asof(
        earlier, on="HOUR", by=["ORG", "USER"], strategy="backward", check_sortedness=False
    )
    joined = (
        mine.join(before, on=["ORG", "USER", "HOUR"])
        .sort("AT")
        .with_columns(
            TOGETHER=pl.col("UNTIL") + pl.col("ROWS").cum_sum().over("ORG", "USER", "HOUR"),
            EVENTS=pl.int_range(1, pl.len() + 1).over("ORG", "USER", pl.col("AT").dt.date()),
        )
    )
    most = pl.col("MOST").fill_null(0.0)
    above = pl.col("TOGETHER") > pl.max_horizontal(most * TIMES, pl.lit(float(FLOOR)))
    # Told when the limit is crossed: for ten days afterwards the same records are still in the window.
    crossed = above & ~above.shift(1).over("ORG", "USER", order_by="AT").fill_null(False)
    over = joined.filter((pl.col("AT") >= pl.col("BEGAN") + pl.duration(days=LEARNING_DAYS)) & crossed)
    return over.with_columns(
        ACTOR="USER",
        RECORDS="TOGETHER",
        EXPECTED=text("at most {} records in ten days, as before", grouped("MOST")),
        SEEN=text("{} records in ten days", grouped("TOGETHER")),
        F_VOLUME=pl.col("TOGETHER") / FLOOR,
    )


DETECTION = Detection(
    name="chunked-theft",
    title="Many records were read a few at a time",
    severity=Severity.ERROR,
    technique="T1030",
    needs=(frozenset({"RestApi"}), frozenset({"ApiEvent"}), frozenset({"Report"}), frozenset({"ReportEvent"})),
    runbook="See which objects and reports were read, and whether that is this person's work. Ask the manager, not the user.",
    judge=judge,
    fires=(
        example(ReportEvent=[*daily(PERSON, 30, ROWS_PROCESSED=100)[:-3], *(event(PERSON, days=-n, ROWS_PROCESSED=2_900) for n in (2, 1, 0))]),
    ),
    quiet=(
        example("as always", ReportEvent=daily(PERSON, 30, ROWS_PROCESSED=900)),
        example("a machine", ReportEvent=[*daily("005000000000M01", 30, ROWS_PROCESSED=100), event("005000000000M01", ROWS_PROCESSED=9_000)]),
    ),
)  # fmt: skip
