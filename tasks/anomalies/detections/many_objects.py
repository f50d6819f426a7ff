"""More different objects in a day than this user ever read in one."""

import polars as pl

from tasks.anomalies.examples import MACHINE, daily, event, example
from tasks.anomalies.model import Context, Detection, Severity
from tasks.anomalies.patterns import text
from tasks.anomalies.views import Views

LEAST, TIMES, LEARNING_DAYS = 5, 2, 7


def judge(views: Views, context: Context) -> pl.LazyFrame:
    day = pl.col("AT").dt.date()
    reads = views.reads.filter(pl.col("ENTITY").is_not_null() & pl.col("USER").is_not_null()).sort("AT")
    once = reads.with_columns(DAY=day).unique(
        ["ORG", "USER", "DAY", "ENTITY"], keep="first", maintain_order=True
    )
    running = once.with_columns(
        OBJECTS=pl.int_range(1, pl.len() + 1).over("ORG", "USER", "DAY"),
        SINCE=pl.col("AT").first().over("ORG", "USER", "DAY"),
    )
    days = once.group_by("ORG", "USER", "DAY").agg(OBJECTS=pl.len()).sort("DAY")
    most = days.select(
        "ORG",
        "USER",
        "DAY",
        MOST=pl.col("OBJECTS").cum_max().shift(1).over("ORG", "USER"),
        DAYS=pl.int_range(pl.len()).over("ORG", "USER"),
    )
    over = running.join(most, on=["ORG", "USER", "DAY"]).filter(
        (pl.col("DAYS") >= LEARNING_DAYS)
        & (pl.col("OBJECTS") >= pl.max_horizontal(pl.lit(LEAST), pl.col("MOST") * TIMES))
    )
    return over.with_columns(
        ACTOR="USER",
        EVENTS="OBJECTS",
        EXPECTED=text("at most {} objects a day, as before", "MOST"),
        SEEN=text("{} different objects", "OBJECTS"),
        F_OBJECTS=pl.col("OBJECTS") / pl.col("MOST"),
    )


_USUAL = daily(MACHINE, ENTITY_NAME="Account", ROWS_PROCESSED=10)
_MANY = [event(MACHINE, minutes=n, ENTITY_NAME=f"Object{n}__c", ROWS_PROCESSED=1) for n in range(9)]
DETECTION = Detection(
    name="many-objects",
    title="More different objects than ever were read",
    severity=Severity.WARNING,
    technique="T1213.004",
    needs=(frozenset({"RestApi"}), frozenset({"ApiEvent"}), frozenset({"API"})),
    runbook="Compare with what the route declares. Nothing new was released: see from where it came.",
    judge=judge,
    fires=(example(RestApi=[*_USUAL, *_MANY]),),
    quiet=(
        example("a few more", RestApi=[*_USUAL, *_MANY[:3]]),
        example("somebody new", RestApi=[*_USUAL[-3:], *_MANY]),
    ),
)
