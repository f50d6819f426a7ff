"""A report is exported by somebody who never exports, or with many more rows than they ever took."""

import polars as pl

from tasks.anomalies.examples import PERSON, daily, event, example
from tasks.anomalies.model import Context, Detection, Severity
from tasks.anomalies.patterns import grouped, text, within
from tasks.anomalies.views import Views

FIRST_LEAST, TIMES, LEAST, WATCHED_DAYS = 1_000, 3.0, 5_000, 14


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Known by what the event says (`ReportExported`); exports that files do not mark are seen as reports alone."""
    reports = views.reads.filter((pl.col("FAMILY") == "report") & pl.col("USER").is_not_null())
    exports = reports.filter(pl.col("PATH").str.contains("(?i)export")).with_columns(
        pl.col("ROWS").fill_null(0)
    )
    came = pl.concat(
        [reports.select("ORG", "USER", "AT"), views.signins.filter("OK").select("ORG", "USER", "AT")]
    )
    began = came.group_by("ORG", "USER").agg(BEGAN=pl.col("AT").min())
    most = exports.sort("AT").with_columns(
        MOST=pl.col("ROWS").cum_max().shift(1).over("ORG", "USER"),
        NUMBER=pl.int_range(pl.len()).over("ORG", "USER"),
    )
    judged = (
        within(most, context)
        .join(began, on=["ORG", "USER"])
        .filter(pl.col("AT") >= pl.col("BEGAN") + pl.duration(days=WATCHED_DAYS))
    )
    first = (pl.col("NUMBER") == 0) & (pl.col("ROWS") >= FIRST_LEAST)
    greater = pl.col("ROWS") >= pl.max_horizontal(pl.lit(float(LEAST)), pl.col("MOST") * TIMES)
    return judged.filter(first | greater).with_columns(
        ACTOR="USER",
        RECORDS="ROWS",
        EXPECTED=pl.when(first).then(pl.lit("somebody who never exports")).otherwise(text("at most {} rows", grouped("MOST"))),
        SEEN=text("an export of {} rows", grouped("ROWS")),
        KEYS=pl.concat_list("JOB", "KEY"),
        F_FIRST=first.cast(pl.Float64),
        F_ROWS=pl.col("ROWS") / LEAST,
    )  # fmt: skip


_LOOKS = daily(PERSON, OPERATION="ReportRun", ROWS_PROCESSED=300)
_TAKES = daily(PERSON, OPERATION="ReportExported", ROWS_PROCESSED=2_000)
DETECTION = Detection(
    name="unusual-export",
    title="An unusual export of a report",
    severity=Severity.WARNING,
    technique="T1213.004",
    needs=(frozenset({"ReportEvent"}), frozenset({"Report"})),
    runbook="Ask the manager whether the person needs it. Somebody about to leave: keep the file names, and look at the other systems.",
    judge=judge,
    fires=(
        example(
            "the first one",
            ReportEvent=[*_LOOKS, event(PERSON, OPERATION="ReportExported", ROWS_PROCESSED=1_500)],
        ),
        example(
            "far greater",
            ReportEvent=[*_TAKES, event(PERSON, OPERATION="ReportExported", ROWS_PROCESSED=9_000)],
        ),
    ),
    quiet=(
        example(
            "as always",
            ReportEvent=[*_TAKES, event(PERSON, OPERATION="ReportExported", ROWS_PROCESSED=2_100)],
        ),
        example(
            "looked at", ReportEvent=[*_LOOKS, event(PERSON, OPERATION="ReportRun", ROWS_PROCESSED=1_500)]
        ),
    ),
)
