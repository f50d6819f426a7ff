"""More records in a day than this user, with this app and in this way, reads on such a day."""

import polars as pl

from tasks.anomalies.baseline import SERIES, USUAL, daily, expectations
from tasks.anomalies.examples import MACHINE, event, example
from tasks.anomalies.examples import daily as every_day
from tasks.anomalies.model import DAY, Context, Detection, Severity
from tasks.anomalies.patterns import grouped, text, within
from tasks.anomalies.views import Views


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """The moment at which the records read so far in the user's own day are more than the day's limit."""
    reads = views.local(views.reads).with_columns(DAY=pl.col("LOCAL").dt.date())
    since = (context.since - 2 * DAY).date()
    totals = daily(reads)
    # No limit is below the floor, and series know nothing of each other: who is quiet on the days that are judged costs nothing.
    busy = totals.filter((pl.col("DAY") >= since) & (pl.col("ROWS") > USUAL.floor)).select(SERIES)
    mine = totals.join(busy, on=SERIES, how="semi")
    limits = expectations(mine, until=context.until.date(), since=since).lazy()
    running = (
        within(reads, context, 2 * DAY)
        .filter(pl.col("ROWS").is_not_null() & pl.col("USER").is_not_null())
        .with_columns(pl.col("APP").fill_null(""))
        .sort("AT")
        .with_columns(
            READ=pl.col("ROWS").cum_sum().over(*SERIES, "DAY"),
            EVENTS=pl.int_range(1, pl.len() + 1).over(*SERIES, "DAY"),
            SINCE=pl.col("AT").first().over(*SERIES, "DAY"),
        )
    )
    over = running.join(limits.drop("ROWS"), on=[*SERIES, "DAY"]).filter(
        ~pl.col("LEARNING") & (pl.col("READ") > pl.col("LIMIT"))
    )
    return over.with_columns(
        ACTOR="USER",
        RECORDS="READ",
        USUAL="EXPECTED",
        KEYS=pl.concat_list("KEY", "JOB"),
        EXPECTED=text("about {} records, at most {}", grouped("EXPECTED"), grouped("LIMIT")),
        SEEN=text("{} records by {} so far that day", grouped("READ"), "FAMILY"),
        F_VOLUME=pl.col("READ") / (pl.col("EXPECTED") + 1_000),
        F_RECORDS=pl.col("READ") / 20_000,
    )


_USUAL = every_day(MACHINE, 28, ROWS_PROCESSED=4_000, METHOD="GET")
DETECTION = Detection(
    name="unusual-volume",
    title="More records than usual were read",
    severity=Severity.ERROR,
    technique="T1530",
    needs=(frozenset({"RestApi"}), frozenset({"ApiEvent"}), frozenset({"BulkApi2"}), frozenset({"API"}), frozenset({"Report"}),
           frozenset({"ReportEvent"})),
    runbook="Ask who runs the job whether a backfill was due. Nobody expected it: end the sessions, revoke the tokens, and list what "
    "was read.",
    judge=judge,
    fires=(example(RestApi=[*_USUAL, event(MACHINE, ROWS_PROCESSED=47_000, METHOD="GET")]),),
    quiet=(
        example("as every day", RestApi=[*_USUAL, event(MACHINE, ROWS_PROCESSED=4_300, METHOD="GET")]),
        example("too little history", RestApi=[*_USUAL[-5:], event(MACHINE, ROWS_PROCESSED=47_000, METHOD="GET")]),
        example("what two silent days left to do", RestApi=[*_USUAL[:-2], event(MACHINE, ROWS_PROCESSED=12_500, METHOD="GET")]),
    ),
)  # fmt: skip
