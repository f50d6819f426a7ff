"""Unusual volume by users' daily sums alone: what the detection says where only event log files are at hand. Pure."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

import polars as pl

from tasks.anomalies.detect import detect
from tasks.anomalies.detections import unusual_volume
from tasks.anomalies.model import Context, Suspicion, Tier

_EVENT_TYPE, _PLACE = "RestApi", "files"
"""What the detection takes the sums for."""


class Span(NamedTuple):
    """Days, UTC, the last one included."""

    first: date
    last: date


def span(sums: pl.DataFrame) -> Span | None:
    """Of what was summed; None where no row tells its day."""
    days = _dated(sums)["DAY"]
    first, last = days.min(), days.max()
    return Span(first, last) if isinstance(first, date) and isinstance(last, date) else None


def unusual_days(sums: pl.DataFrame, judged: Span) -> list[Suspicion]:
    """
    Suspicions about days within `judged`; those before are their history. `sums` are as of tasks.telemetry.sums, and each row counts
    as one event of its day.
    """
    start = datetime.fromisoformat(f"{judged.first}T00:00+00:00")
    end = datetime.fromisoformat(f"{judged.last}T00:00+00:00") + timedelta(days=1)
    events = (
        _dated(sums)
        .filter(pl.col("USER").is_not_null())
        .select(
            pl.lit(_PLACE).alias("ORG"),
            pl.col("DAY").cast(pl.Datetime("us")).dt.replace_time_zone("UTC").alias("AT"),
            pl.lit(Tier.DAILY.value).alias("TIER"),
            pl.col("USER").alias("USER_ID"),
            pl.col("ROWS").alias("ROWS_PROCESSED"),
        )
    )
    found = detect(
        {_EVENT_TYPE: events.lazy()}, Context(since=start, until=end), detections=(unusual_volume.DETECTION,)
    )
    return [*found.suspicions]


def _dated(sums: pl.DataFrame) -> pl.DataFrame:
    return sums.with_columns(pl.col("DAY").str.to_date("%Y-%m-%d", strict=False)).filter(
        pl.col("DAY").is_not_null()
    )
