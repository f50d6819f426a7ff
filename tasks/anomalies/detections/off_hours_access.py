"""Records read outside somebody's own hours: a person's working day where they are, a machine's own schedule."""

import polars as pl

from tasks.anomalies.examples import CONTEXT, MACHINE, PERSON, daily, event, example
from tasks.anomalies.model import DAY, Context, Detection, Member, Severity
from tasks.anomalies.patterns import grouped, text
from tasks.anomalies.views import Views

LEAST, USED_TO, WATCHED_DAYS = 2_500, 3, 14


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """
    Hours are those of the user's zone, so that daylight saving moves nothing. Who has been seen off hours on three other days is
    used to it; an hour of the day that a machine never worked in, nor in those beside it, is off its schedule. Off its schedule and
    from a network it never came from weighs more: who moves a machine leaves its schedule as it is.
    """
    reads = views.local(views.reads.filter(pl.col("ROWS") > 0))
    hour, zoned = pl.col("LOCAL").dt.hour().cast(pl.Int64), pl.col("LOCAL").dt.weekday() >= 6
    off = reads.filter(
        (pl.col("KIND") == "person") & (zoned | (hour < pl.col("OPENS")) | (hour >= pl.col("CLOSES")))
    )
    day = pl.col("LOCAL").dt.date()
    off = off.sort("AT").with_columns(
        READ=pl.col("ROWS").cum_sum().over("ORG", "USER", day),
        SINCE=pl.col("AT").first().over("ORG", "USER", day),
        DAYS=day.rank("dense").over("ORG", "USER"),
    )
    people = off.filter((pl.col("READ") >= LEAST) & (pl.col("DAYS") <= USED_TO))
    return pl.concat([people, _off_schedule(reads)], how="diagonal").with_columns(
        ACTOR="USER",
        RECORDS="READ",
        EXPECTED=pl.when(pl.col("KIND") == "person")
        .then(text("work between {} and {} o'clock, {}", "OPENS", "CLOSES", "ZONE"))
        .otherwise(pl.lit("its own schedule")),
        SEEN=text("{} records at {} ({})", grouped("READ"), pl.col("LOCAL").dt.strftime("%a %H:%M"), "ZONE"),
        KEYS=pl.concat_list("KEY", "JOB"),
        F_HOUR=pl.lit(1.0),
        F_RECORDS=pl.col("READ") / 10_000,
    )


def _off_schedule(reads: pl.LazyFrame) -> pl.LazyFrame:
    """Records in a machine's hour of the day that it had not worked in on any day before, nor in the hours beside it; ours have no hours."""
    machine = reads.filter((pl.col("KIND") == "machine") & ~pl.col("OWN")).with_columns(
        HOUR=pl.col("LOCAL").dt.hour().cast(pl.Int64), DAY=pl.col("LOCAL").dt.date()
    )
    machine = machine.with_columns(CAME=pl.col("AT").min().over("ORG", "USER", "NET"))
    began = machine.group_by("ORG", "USER").agg(BEGAN=pl.col("AT").min())
    first = machine.group_by("ORG", "USER", "HOUR").agg(FIRST=pl.col("DAY").min())
    near = pl.concat([first.with_columns(HOUR=(pl.col("HOUR") + step) % 24) for step in (-1, 0, 1)])
    seen = near.group_by("ORG", "USER", "HOUR").agg(pl.col("FIRST").min())
    new = machine.join(seen, on=["ORG", "USER", "HOUR"]).filter(pl.col("DAY") <= pl.col("FIRST"))
    watched = new.join(began, on=["ORG", "USER"]).filter(
        pl.col("AT") >= pl.col("BEGAN") + pl.duration(days=WATCHED_DAYS)
    )
    together = watched.sort("AT").with_columns(
        READ=pl.col("ROWS").cum_sum().over("ORG", "USER", "DAY"),
        SINCE=pl.col("AT").first().over("ORG", "USER", "DAY"),
    )
    stranger = pl.col("NET").is_not_null() & (pl.col("AT") - pl.col("CAME") < pl.lit(DAY))
    weighed = together.with_columns(
        SEVERITY=pl.when(stranger).then(pl.lit(Severity.ERROR.value)), F_NEW_NETWORK=stranger.cast(pl.Float64)
    )
    return weighed.filter(pl.col("READ") >= LEAST).drop("HOUR", "DAY", "FIRST", "BEGAN", "CAME")


_TOKYO = CONTEXT.model_copy(
    update={
        "members": (
            Member(org="hq", user=PERSON, zone="Asia/Tokyo"),
            Member(org="hq", user=MACHINE, kind="machine"),
        )
    }
)
_OURS = CONTEXT.model_copy(update={"members": (Member(org="hq", user=MACHINE, kind="machine", own=True),)})
_NIGHTLY = daily(MACHINE, 28, ROWS_RETURNED=5_000)
DETECTION = Detection(
    name="off-hours-access",
    title="Records were read outside working hours",
    severity=Severity.WARNING,
    technique="T1078",
    needs=(
        frozenset({"ApiEvent"}),
        frozenset({"RestApi"}),
        frozenset({"Report"}),
        frozenset({"ReportEvent"}),
    ),
    runbook="Ask the person, over another way than the account itself. A machine: see whether its schedule was changed.",
    judge=judge,
    fires=(
        example("nine in the evening in Tokyo", _TOKYO, ReportEvent=[event(PERSON, ROWS_PROCESSED=3_000)]),
        example(
            "a job at another hour", ApiEvent=[*_NIGHTLY, event(MACHINE, minutes=9 * 60, ROWS_RETURNED=3_000)]
        ),
    ),
    quiet=(
        example("noon in London", ReportEvent=[event(PERSON, ROWS_PROCESSED=3_000)]),
        example("as every day", ApiEvent=[*_NIGHTLY, event(MACHINE, minutes=50, ROWS_RETURNED=5_000)]),
        example(
            "one of our own, whose jobs people start",
            _OURS,
            ApiEvent=[*_NIGHTLY, event(MACHINE, minutes=9 * 60, ROWS_RETURNED=3_000)],
        ),
        example("a few records", _TOKYO, ReportEvent=[event(PERSON, ROWS_PROCESSED=2_400)]),
    ),
)
