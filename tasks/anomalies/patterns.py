"""Patterns that several detections share. Each looks back only, so that a moment is judged by what came before it."""

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from tasks.anomalies.model import HOUR, Context

LEARNING = timedelta(days=7)
"""How long something has to be watched before what is new in it means anything."""


def first_seen(
    frame: pl.LazyFrame, owner: Sequence[str], value: str, learning: timedelta = LEARNING
) -> pl.LazyFrame:
    """The first row of each new `value` of an owner who has been watched for at least `learning`."""
    there = frame.filter(pl.col(value).is_not_null())
    began = there.group_by(*owner).agg(BEGAN=pl.col("AT").min())
    firsts = there.sort("AT").unique([*owner, value], keep="first", maintain_order=True)
    return firsts.join(began, on=list(owner)).filter(pl.col("AT") >= pl.col("BEGAN") + learning)


def within(frame: pl.LazyFrame, context: Context, before: timedelta = timedelta(0)) -> pl.LazyFrame:
    """What is judged, and `before` it: saves looking at history where a rule needs none."""
    return frame.filter(pl.col("AT").is_between(context.since - before, context.until))


def counted(
    frame: pl.LazyFrame,
    owner: Sequence[str],
    least: int,
    *,
    distinct: str | None = None,
    period: timedelta = HOUR,
) -> pl.LazyFrame:
    """
    Moments when an owner has at least `least` rows, or different values of `distinct`, in a window that slides: COUNT, SINCE.
    """
    there = frame.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in owner)).sort("AT")
    what = pl.len() if distinct is None else pl.col(distinct).n_unique()
    rolled = there.rolling("AT", period=period, group_by=list(owner)).agg(
        COUNT=what, SINCE=pl.col("AT").first()
    )
    return rolled.filter(pl.col("COUNT") >= least)


def followed(
    first: pl.LazyFrame, then: pl.LazyFrame, on: Sequence[str], within: timedelta, suffix: str = "_FIRST"
) -> pl.LazyFrame:
    """Rows of `then` that come at most `within` after the latest row of `first` of the same owner."""
    left = then.sort("AT")
    right = first.with_columns(pl.col("AT").alias(f"AT{suffix}")).sort("AT")
    return left.join_asof(
        right,
        on="AT",
        by=list(on),
        strategy="backward",
        tolerance=within,
        suffix=suffix,
        check_sortedness=False,
    ).filter(pl.col(f"AT{suffix}").is_not_null())


def text(template: str, *columns: str | pl.Expr) -> pl.Expr:
    """A sentence with columns in the places of `{}`."""
    return pl.format(template, *columns)


def grouped(column: str) -> pl.Expr:
    """A whole number with separators of thousands, as text."""
    whole = pl.col(column).round(0).cast(pl.Int64).cast(pl.String)
    return whole.str.reverse().str.replace_all(r"(\d{3})", "$1,").str.reverse().str.strip_chars(",")
