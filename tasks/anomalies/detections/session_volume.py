"""One session reads far more than any session of this user before."""

import polars as pl

from tasks.anomalies.examples import MACHINE, daily, event, example
from tasks.anomalies.model import Context, Detection, Severity
from tasks.anomalies.patterns import LEARNING, grouped, text
from tasks.anomalies.views import Views

TIMES, LEAST = 3.0, 5_000


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Held against the greatest session of all days before; seen while the session goes on."""
    reads = views.reads.filter(
        pl.col("ROWS").is_not_null() & (pl.col("KEY").str.len_bytes() > 0) & pl.col("USER").is_not_null()
    )
    day = reads.sort("AT").with_columns(DAY=pl.col("AT").dt.date())
    running = day.with_columns(
        READ=pl.col("ROWS").cum_sum().over("ORG", "USER", "KEY"),
        EVENTS=pl.int_range(1, pl.len() + 1).over("ORG", "USER", "KEY"),
        SINCE=pl.col("AT").first().over("ORG", "USER", "KEY"),
        BEGAN=pl.col("AT").min().over("ORG", "USER"),
    )
    days = running.group_by("ORG", "USER", "DAY").agg(GREATEST=pl.col("READ").max()).sort("DAY")
    most = days.with_columns(MOST=pl.col("GREATEST").cum_max().shift(1).over("ORG", "USER")).drop("GREATEST")
    over = running.join(most, on=["ORG", "USER", "DAY"]).filter(
        (pl.col("AT") - pl.col("BEGAN") >= pl.lit(LEARNING))
        & (pl.col("READ") >= pl.max_horizontal(pl.lit(float(LEAST)), pl.col("MOST") * TIMES))
    )
    return over.with_columns(
        ACTOR="USER",
        RECORDS="READ",
        EXPECTED=text("at most {} records in a session, as before", grouped("MOST")),
        SEEN=text("{} records in one session", grouped("READ")),
        KEYS=pl.concat_list("KEY"),
        F_VOLUME=pl.col("READ") / (pl.col("MOST") + 1),
    )


_USUAL = [{**row, "LOGIN_KEY": f"k{n}"} for n, row in enumerate(daily(MACHINE, ROWS_RETURNED=2_000))]
DETECTION = Detection(
    name="session-volume",
    title="More records than ever in one session",
    severity=Severity.ERROR,
    technique="T1530",
    needs=(frozenset({"ApiEvent"}), frozenset({"RestApi"}), frozenset({"API"}), frozenset({"ReportEvent"}), frozenset({"Report"})),
    runbook="Ask who runs it whether a backfill was due. Nobody expected it: end this session first, then look at the others.",
    judge=judge,
    fires=(example(ApiEvent=[*_USUAL, *(event(MACHINE, minutes=n, ROWS_RETURNED=2_000, LOGIN_KEY="x") for n in range(4))]),),
    quiet=(
        example("spread over sessions", ApiEvent=[*_USUAL, *(event(MACHINE, minutes=n, ROWS_RETURNED=2_000, LOGIN_KEY=f"x{n}") for n in range(4))]),
        example("a little more", ApiEvent=[*_USUAL, event(MACHINE, ROWS_RETURNED=4_900, LOGIN_KEY="x")]),
    ),
)  # fmt: skip
