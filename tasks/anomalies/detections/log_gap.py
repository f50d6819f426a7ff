"""An org that says something every day said nothing: its telemetry is gone, or somebody took it away."""

from datetime import UTC, datetime, time, timedelta

import polars as pl

from tasks.anomalies.examples import CONTEXT, MACHINE, NOON, daily, event, example
from tasks.anomalies.model import DAY, Aspect, Context, Detection, Severity, Tier
from tasks.anomalies.patterns import text
from tasks.anomalies.views import Views
from tasks.telemetry.model import Tier as Came
from tasks.telemetry.sources import LATE_AFTER

GAP = timedelta(hours=26)


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """
    Only for types that the context calls steady; told at the hour when the gap has become too long. Of what comes as files nothing
    is missed before they are due.
    """
    parts = [
        _gaps(views.raw(kind), kind, org, context)
        for org, kinds in context.steady.items()
        for kind in sorted(kinds)
    ]
    none = pl.LazyFrame(
        schema={
            "ORG": pl.String,
            "AT": pl.Datetime("us", "UTC"),
            "SINCE": pl.Datetime("us", "UTC"),
            "KIND": pl.String,
        }
    )
    return pl.concat([*parts, none]).with_columns(
        ACTOR="ORG",
        EXPECTED=text("events of {} on every day", "KIND"),
        SEEN=text("none since {}", pl.col("SINCE").dt.strftime("%Y-%m-%d %H:%M UTC")),
        F_GAP=pl.lit(1.0),
    )  # fmt: skip


def _gaps(frame: pl.LazyFrame, kind: str, org: str, context: Context) -> pl.LazyFrame:
    mine = frame.filter(pl.col("ORG") == org).select(pl.col("AT").dt.cast_time_unit("us"), "TIER").sort("AT")
    times = mine.select("AT")
    due = {tier: _due(tier, context.until) for tier in Tier}
    end = mine.tail(1).select(
        AT=pl.col("TIER")
        .cast(pl.String)
        .replace_strict(due, default=context.until)
        .cast(pl.Datetime("us", "UTC"))
    )
    steps = (
        pl.concat([times, end])
        .with_columns(BEFORE=pl.col("AT").shift(1))
        .filter(pl.col("BEFORE").is_not_null())
    )
    long = steps.filter(pl.col("AT") - pl.col("BEFORE") > pl.lit(GAP))
    return long.select(ORG=pl.lit(org), AT=pl.col("BEFORE") + pl.lit(GAP), SINCE="BEFORE", KIND=pl.lit(kind))


def _due(tier: Tier, until: datetime) -> datetime:
    """Up to when events must be here by now: an event of yesterday whose file comes tonight is not missing."""
    if tier is Tier.LIVE:
        return until
    late = until - LATE_AFTER[Came(tier.value)]
    if tier is Tier.HOURLY:
        return late
    return datetime.combine(late.date(), time(), UTC) + DAY


_FILES = CONTEXT.model_copy(update={"since": NOON - 5 * DAY})
_DAILY = [{**each, "TIER": "daily"} for each in daily(MACHINE)]
DETECTION = Detection(
    name="log-gap",
    title="An org has gone silent",
    severity=Severity.ERROR,
    technique="T1562.008",
    needs=(frozenset({"ApiTotalUsage"}), frozenset({"Login"}), frozenset({"LoginHistory"})),
    runbook="See whether our own right to read is still there (`bulkhead doctor`), then whether the org's event settings were changed.",
    judge=judge,
    aspect=Aspect.SETTING,
    fires=(
        example(ApiTotalUsage=daily(MACHINE)),
        example("files of days that are long due", _FILES, ApiTotalUsage=_DAILY[:-3]),
    ),
    quiet=(
        example("files of days that are not due yet", _FILES, ApiTotalUsage=_DAILY),
        example(
            "every day", ApiTotalUsage=[*daily(MACHINE), event(MACHINE), event(MACHINE, minutes=11 * 60)]
        ),
    ),
)
