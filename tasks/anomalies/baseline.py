"""
What volume is usual for whom on which day.

A series is a user with an app and a family of events; its days are filled up with zeros. What is expected of a day follows
from days before it alone: the median of its weekday where that differs clearly from other days of its kind (working day or
weekend), else the median of its kind; times what the end of a month does to this series; plus what the days before fell
short, because an outage is made up for. Everything is judged on a logarithmic scale. Days over their limit are left out of what
is learned from, so that an attack does not teach that it is usual; a new level that lasts is taken over.

The plain rule, more than twice the average of 30 days, is there too (`average`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tasks.anomalies.window import BASELINE, LONGEST

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
SERIES = ("ORG", "USER", "APP", "FAMILY")
MONTH_END = 28
"""First day of the month's last days."""
_MAD = 1.4826
_LEAST_SPREAD = 0.12
_CLEARLY = 3.0
_LASTING, _LASTING_OF = 6, 10
_SPARSE = 0.5
_BY_HAND, _BY_HAND_FLOOR = frozenset({"report", "list"}), 3.0
"""What people look at by hand varies more, so its floor is higher."""


@dataclass(frozen=True)
class Settings:
    """
    `spread` is how many robust standard deviations of the logarithm are too many; `floor` records over the expected never are.
    A series that reads on few days is held against its own greatest day instead: `sparse_floor` records and `sparse_factor`.
    """

    window_days: int = BASELINE.days
    learning_days: int = 7
    spread: float = 5.0
    floor: float = 1_000.0
    sparse_floor: float = 4_000.0
    sparse_factor: float = 2.0


USUAL = Settings()


@dataclass(frozen=True)
class Expected:
    """By series and day. `learning` where there is too little history to say anything."""

    expected: Matrix
    limit: Matrix
    learning: Mask
    over: Mask


def daily(reads: pl.LazyFrame) -> pl.DataFrame:
    """Records by series and day: ORG, USER, APP, FAMILY, DAY, ROWS. Which day an event belongs to is its DAY."""
    return (
        reads.filter(pl.col("USER").is_not_null() & pl.col("ROWS").is_not_null())
        .with_columns(pl.col("APP").fill_null(""))
        .group_by(*SERIES, "DAY")
        .agg(pl.col("ROWS").sum())
        .collect()
    )


def expectations(
    totals: pl.DataFrame,
    settings: Settings = USUAL,
    until: date | None = None,
    since: date | None = None,
) -> pl.DataFrame:
    """
    EXPECTED, LIMIT and LEARNING for each series and day from `since` until `until`, the quiet ones included. Needs the columns of
    `daily`. Series know nothing of each other.
    """
    if totals.is_empty():
        return totals.with_columns(
            EXPECTED=pl.lit(0.0), LIMIT=pl.lit(0.0), AVERAGE=pl.lit(0.0), LEARNING=pl.lit(True)
        )
    days, keys, values, observed = _matrix(totals, until)
    seldom = keys["FAMILY"].is_in(sorted(_BY_HAND)).to_numpy()
    found = expect(values, observed, days, settings, np.where(seldom, _BY_HAND_FLOOR, 1.0) * settings.floor)
    mean = average(values, observed, settings.window_days)
    skipped = 0 if since is None else max((since - days[0]).days, 0)
    days = days[skipped:]
    count = len(days)
    return keys[np.repeat(np.arange(len(keys)), count)].with_columns(
        DAY=pl.Series(list(days) * len(keys), dtype=pl.Date),
        ROWS=pl.Series(values[:, skipped:].ravel()),
        EXPECTED=pl.Series(found.expected[:, skipped:].ravel()),
        LIMIT=pl.Series(found.limit[:, skipped:].ravel()),
        AVERAGE=pl.Series(mean[:, skipped:].ravel()),
        LEARNING=pl.Series(found.learning[:, skipped:].ravel()),
    )


def _matrix(totals: pl.DataFrame, until: date | None) -> tuple[list[date], pl.DataFrame, Matrix, Mask]:
    first: date = totals["DAY"].min()  # type: ignore[assignment]  # a column of days has days
    last: date = totals["DAY"].max()  # type: ignore[assignment]  # the same
    last = max(last, until) if until else last
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    keys = totals.select(SERIES).unique(maintain_order=True).with_row_index("ROW")
    placed = totals.join(keys, on=SERIES)
    values = np.zeros((len(keys), len(days)))
    rows, columns = placed["ROW"].to_numpy(), (placed["DAY"] - first).dt.total_days().to_numpy()
    values[rows, columns] = placed["ROWS"].to_numpy()
    begins = np.full(len(keys), len(days))
    np.minimum.at(begins, rows, columns)
    return days, keys.drop("ROW"), values, np.arange(len(days))[None, :] >= begins[:, None]


def average(values: Matrix, observed: Mask, window_days: int = BASELINE.days) -> Matrix:
    """The plain mean of the days before, as the article has it: nothing left out, no season."""
    summed = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values * observed, axis=1)], axis=1)
    counted = np.concatenate([np.zeros((len(values), 1)), np.cumsum(observed, axis=1)], axis=1)
    ends = np.arange(values.shape[1])
    starts = np.maximum(ends - window_days, 0)
    total, count = summed[:, ends] - summed[:, starts], counted[:, ends] - counted[:, starts]
    mean: Matrix = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    return mean


def expect(
    values: Matrix,
    observed: Mask,
    days: Sequence[date],
    settings: Settings = USUAL,
    floors: Matrix | None = None,
) -> Expected:
    """`values` and `observed` are series × days without gaps; `floors` of each series, else the settings'."""
    logs = np.log1p(values)
    weekday = np.array([day.weekday() for day in days])
    weekend, closing = weekday >= 5, np.array([day.day >= MONTH_END for day in days])
    shape = values.shape
    centre, limit = np.zeros(shape), np.full(shape, np.inf)
    learning, over, left_out = np.ones(shape, bool), np.zeros(shape, bool), np.zeros(shape, bool)
    residual = np.full(shape, np.nan)
    for t in range(shape[1]):
        past = slice(max(0, t - settings.window_days), t)
        good = observed[:, past] & ~left_out[:, past]
        learning[:, t] = good.sum(axis=1) < settings.learning_days
        closings = _closing(residual, observed, closing, t)
        season = np.where(closing[past][None, :], closings[:, None], 0.0)
        flat = np.where(good, logs[:, past] - season, np.nan)
        kind = np.where(weekend[past] == weekend[t], flat, np.nan)
        centre[:, t], spread = _centre(kind, np.where(weekday[past] == weekday[t], flat, np.nan))
        spread = np.fmax(_mad(np.where(good, residual[:, past] - season, np.nan)), spread)
        residual[:, t] = np.where(observed[:, t], logs[:, t] - centre[:, t], np.nan)
        centre[:, t] += closings * closing[t]
        upper = np.expm1(np.minimum(centre[:, t] + settings.spread * np.fmax(spread, _LEAST_SPREAD), 30.0))
        usual = np.expm1(centre[:, t])
        upper = np.maximum(upper, usual + (settings.floor if floors is None else floors)) + _owed(
            centre, values, learning, t
        )
        limit[:, t] = np.where(_sparse(values, good, past), _greatest(values, good, past, settings), upper)
        over[:, t] = ~learning[:, t] & (values[:, t] > limit[:, t])
        left_out[:, t] = over[:, t]
        _take_over(left_out, t)
    return Expected(np.expm1(centre), np.where(learning, np.inf, limit), learning, over)


def _median(values: Matrix) -> Matrix:
    """Along the days; nan where there is none."""
    if not values.shape[1]:
        return np.full(len(values), np.nan)
    # Sorting puts nan last. numpy's own nanmedian takes ten times as long.
    ordered, rows = np.sort(values, axis=1), np.arange(len(values))
    count = (~np.isnan(values)).sum(axis=1)
    middle: Matrix = 0.5 * (ordered[rows, np.maximum(count - 1, 0) // 2] + ordered[rows, count // 2])
    return middle


def _mad(values: Matrix) -> Matrix:
    """Robust standard deviation around the median; nan for fewer than five."""
    enough = (~np.isnan(values)).sum(axis=1) >= 5
    found = _MAD * _median(np.abs(values - _median(values)[:, None]))
    return np.where(enough, found, np.nan)


def _centre(kind: Matrix, same: Matrix) -> tuple[Matrix, Matrix]:
    """
    The weekday's own median where three of it agree on something clearly apart from days of its kind, else theirs; and
    the spread around it. nan-free: without history 0.
    """
    of_kind, of_day = _median(kind), _median(same)
    counted = (~np.isnan(same)).sum(axis=1)
    spread = np.nan_to_num(_mad(kind))
    own = (counted >= 3) & (np.abs(of_day - of_kind) > _CLEARLY * np.fmax(spread, _LEAST_SPREAD))
    apart = np.nan_to_num(_MAD * _median(np.abs(same - of_day[:, None])))
    return np.nan_to_num(np.where(own, of_day, of_kind)), np.where(own, apart, spread)


def _closing(residual: Matrix, observed: Mask, closing: Mask, t: int) -> Matrix:
    """What the end of a month adds: the median of at least three such days, so that one attack teaches nothing."""
    past = slice(max(0, t - LONGEST.days), t)
    ends = np.where(closing[past][None, :] & observed[:, past], residual[:, past], np.nan)
    enough = (~np.isnan(ends)).sum(axis=1) >= 3
    return np.where(enough, np.clip(np.nan_to_num(_median(ends)), 0.0, np.log(4.0)), 0.0)


def _owed(centre: Matrix, values: Matrix, learning: Mask, t: int) -> Matrix:
    """Records that the two days before fell short of what was expected of them."""
    owed = np.zeros(len(values))
    for back in (1, 2):
        if t >= back:
            short = np.maximum(np.expm1(centre[:, t - back]) - values[:, t - back], 0.0)
            owed += np.where(learning[:, t - back], 0.0, short)
    return owed


def _sparse(values: Matrix, good: Mask, past: slice) -> Mask:
    active = ((values[:, past] > 0) & good).sum(axis=1)
    sparse: Mask = active < _SPARSE * np.maximum(good.sum(axis=1), 1)
    return sparse


def _greatest(values: Matrix, good: Mask, past: slice, settings: Settings) -> Matrix:
    greatest = np.where(good, values[:, past], 0.0).max(axis=1, initial=0.0)
    limit: Matrix = np.maximum(greatest * settings.sparse_factor, settings.sparse_floor)
    return limit


def _take_over(left_out: Mask, t: int) -> None:
    """Who is over the limit on six of ten days has a new level, which is learned from."""
    last = slice(max(0, t - _LASTING_OF + 1), t + 1)
    lasting = left_out[:, last].sum(axis=1) >= _LASTING
    left_out[lasting, last] = False
