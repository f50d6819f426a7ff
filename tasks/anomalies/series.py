"""
What is unusual in any series of numbers over time: one value a minute, an hour or a day, with gaps.

Several simple forecasts run side by side: the last values, the level of a while, and the same moment of earlier days and weeks
with and without the level's drift. At each moment the one counts that was nearest lately, half of its errors weighed. A value is
flagged when its error is too great for the errors before it: in robust deviations, and beyond twice what one in two hundred of them
reached, and of what its wildest moments did, so that a series with wild moments of its own has to be wilder still; hours with much
are held against hours with much. What is not far off counts too where it stays to one side. In the first three days only what is
beyond all before counts, since nobody knows yet what a day looks like. A value that no longer moves is flagged too.
Everything about a moment follows from what came before it; what was flagged teaches nothing: it is judged again, with
what the pass before flagged drawn back to the edge of the usual.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DAY_SECONDS, WEEK_DAYS = 86_400.0, 7
_CYCLES = 4
_MAD = 1.4826
_TAIL = 0.995
_BLOCK, _WILD, _LONG, _LEAST_BLOCKS = 24, 0.97, 5, 40
_FEW, _TAIL_OF_FEW, _WILDER = 600, 1.3, 0.85
_FIRST_DAYS, _FIRST_WEIGHT = 9, 0.6
_LEAST_SLOTS, _YOUNG_DAYS, _BEYOND = 4, 3, 0.1
_QUANTA = 0.3
_ROW, _STEADY = 4, 0.4
_RARELY = 0.05
_PASSES = 3
_LASTS = 24
_MOST_SLOTS = 5_000_000


@dataclass(frozen=True)
class SeriesSettings:
    """
    `deviations` is the least distance in robust deviations that is flagged, `tail` how many times what one in 200 errors
    reached. `window` is how many values errors are compared with, `learning` how many are watched first.
    """

    deviations: float = 5.0
    tail: float = 2.0
    window: int = 1_000
    learning: int = 30
    side: str = "both"
    """both, up or down."""
    flat: int = 24
    """A value repeated so often, and three times as often as ever before, is flagged; 0 for never."""


USUAL = SeriesSettings()


@dataclass(frozen=True)
class SeriesFlags:
    """As long as the input. `expected` is nan where nothing was known yet; `score` in multiples of what is flagged."""

    expected: Floats
    score: Floats
    flagged: NDArray[np.bool_]
    step_seconds: float


class SeriesUnusable(ValueError):
    """The series is too short, or its times make no sense."""


def flag_series(seconds: Floats, values: Floats, settings: SeriesSettings = USUAL) -> SeriesFlags:
    """
    `seconds` since any moment, ascending and different; `values` may hold nan. Raises SeriesUnusable.
    """
    if len(values) < settings.learning + 10:
        raise SeriesUnusable(f"{len(values)} values are too few: {settings.learning + 10} are needed.")
    gaps = np.diff(seconds)
    if (gaps <= 0).any():
        raise SeriesUnusable(f"Value {int(np.argmax(gaps <= 0)) + 2} is not later than the one before it.")
    step = float(np.median(gaps))
    slots = np.rint((seconds - seconds[0]) / step).astype(np.int64)
    if slots[-1] >= _MOST_SLOTS:
        raise SeriesUnusable("The series has gaps too long for its usual step.")
    # Two values may fall into one slot where the step wavers: then the later one stands, and both get its verdict.
    grid = np.full(int(slots[-1]) + 1, np.nan)
    grid[slots] = values
    periods = _periods(step, len(grid))
    news = _news(grid, round(DAY_SECONDS / step), settings.learning)
    missing = np.isnan(grid)
    expected, score = _judged(grid, grid, missing, periods, settings)
    score *= news
    for _ in range(_PASSES - 1):
        before = score > 1.0
        if not before.any():
            break
        expected, score = _judged(
            grid, _tamed(grid, expected, score), missing | _later(before), periods, settings
        )
        score *= news
        if ((score > 1.0) == before).all():
            break
    if settings.flat:
        score = np.maximum(score, _flat(grid, settings.flat) * (np.arange(len(grid)) >= settings.learning))
    score = np.where(np.isnan(grid), 0.0, score)
    return SeriesFlags(expected[slots], score[slots], score[slots] > 1.0, step)


def _news(values: Floats, day: int, learning: int) -> Floats:
    """
    How much of news something can be: nothing while the first values are watched; until three days are known, only what is beyond
    all before, since what a day looks like is not known yet; less until a week and its weekend have passed.
    """
    found = np.ones(len(values))
    young = min(_YOUNG_DAYS * day, len(values)) if day >= _LEAST_SLOTS else 0
    low, high = (
        np.r_[np.nan, np.asarray(step.accumulate(values))[:-1]][:young] for step in (np.fmin, np.fmax)
    )
    room = _BEYOND * (high - low)
    if young:
        found[: _FIRST_DAYS * day] = _FIRST_WEIGHT
    found[:young] *= (values[:young] > high + room) | (values[:young] < low - room)
    found[:learning] = 0.0
    return found


def _later(over: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """All of each run but its first."""
    found: NDArray[np.bool_] = over & np.r_[False, over[:-1]]
    return found


def _tamed(raw: Floats, expected: Floats, score: Floats) -> Floats:
    """
    What was flagged, drawn back to the edge of what is not; from its `_LASTS`th value in a row on it stands, since it may be here
    to stay.
    """
    over = score > 1.0
    place = np.arange(len(raw))
    began = np.maximum.accumulate(np.where(~over, place, -1))
    edge = expected + (raw - expected) / np.where(over, score, 1.0)
    tamed: Floats = np.where(over & (place - began <= _LASTS), edge, raw)
    return tamed


def _periods(step: float, slots: int) -> list[int]:
    """A day and a week in steps, where they are whole enough and two of them are there."""
    found = []
    for seconds in (DAY_SECONDS, WEEK_DAYS * DAY_SECONDS):
        period = seconds / step
        if period >= _LEAST_SLOTS and abs(period - round(period)) < 0.02 * period and slots >= 2 * period:
            found.append(round(period))
    return found


def _judged(
    raw: Floats, cleaned: Floats, skipped: NDArray[np.bool_], periods: list[int], settings: SeriesSettings
) -> tuple[Floats, Floats]:
    """Forecasts from `cleaned`, errors of `raw`; scores above 1 are flagged. How wild errors are is not learned from `skipped`."""
    forecasts = _forecasts(cleaned, periods)
    errors = np.abs(cleaned[None, :] - forecasts)
    recent = max(50, min(settings.window, 4 * max(periods, default=50)))
    lately = np.stack(
        [_before(error, recent, "median") + 0.5 * _before(error, recent, "mean") for error in errors]
    )
    lately = np.where(np.isnan(lately) | np.isnan(forecasts), np.inf, lately)
    best, everywhere = lately.argmin(axis=0), np.arange(len(raw))
    expected = np.where(np.isinf(lately[best, everywhere]), np.nan, forecasts[best, everywhere])
    error = raw - expected
    level = np.nan_to_num(np.abs(_before(cleaned, settings.window, "median")))
    least = np.fmax(1e-3 * level, _QUANTA * _quantum(raw))
    limits = np.stack([_limit(each, least, skipped, settings) for each in errors])[best, everywhere]
    great = np.abs(expected) >= 0.5 * np.nan_to_num(_before(np.abs(expected), settings.window, "max"))
    limits = np.where(
        great, np.fmax(limits, _limit_of(great, cleaned - expected, least, skipped, settings)), limits
    )
    score = np.where(np.isnan(error) | np.isinf(limits), 0.0, np.abs(error) / limits)
    score = np.fmax(score, _lasting(error, cleaned - expected, score, least, skipped, settings))
    if settings.side != "both":
        score = np.where((error > 0) == (settings.side == "up"), score, 0.0)
    return expected, np.nan_to_num(score)


def _limit_of(
    great: NDArray[np.bool_],
    errors: Floats,
    least: Floats,
    skipped: NDArray[np.bool_],
    settings: SeriesSettings,
) -> Floats:
    """Limit by the errors of the hours with much alone, since much varies more; nan where they are too few."""
    limit: Floats = settings.deviations * _scale(
        np.where(great & ~skipped, np.abs(errors), np.nan), least, settings
    )
    return limit


def _lasting(
    error: Floats,
    cleaned: Floats,
    score: Floats,
    least: Floats,
    skipped: NDArray[np.bool_],
    settings: SeriesSettings,
) -> Floats:
    """Score of what is not far off, but again and again to the same side: `_ROW` values, against such rows before."""
    signed = np.where(np.isnan(error), 0.0, np.sign(error) * np.abs(score))
    rows = np.lib.stride_tricks.sliding_window_view(np.r_[np.zeros(_ROW - 1), signed], _ROW)
    steady = (rows.min(axis=1) >= _STEADY) | (rows.max(axis=1) <= -_STEADY)
    if not steady.any():
        return np.zeros(len(error))
    now, before = (np.abs(_mean_of_last(each, _ROW)) for each in (error, cleaned))
    limit = _limit(before, least, skipped, settings)
    return np.where(steady & ~np.isnan(now) & ~np.isinf(limit), np.nan_to_num(now) / limit, 0.0)


def _mean_of_last(values: Floats, count: int) -> Floats:
    series = pl.Series(values).fill_nan(None).rolling_mean(count, min_samples=count)
    found: Floats = series.fill_null(float("nan")).to_numpy().astype(np.float64)
    return found


def _quantum(values: Floats) -> Floats:
    """The least step from one value to another before each: counts never move by less than one. 0 while nothing moved."""
    steps = np.abs(np.diff(values, prepend=np.nan))
    least = np.fmin.accumulate(np.where(steps > 0, steps, np.nan))
    found: Floats = np.nan_to_num(np.r_[np.nan, least[:-1]])
    return found


def _limit(errors: Floats, least: Floats, skipped: NDArray[np.bool_], settings: SeriesSettings) -> Floats:
    """How great an error of this forecast is flagged, by its own errors before."""
    scale = _scale(errors, least, settings)
    seen = np.where(skipped, np.nan, errors / scale)
    tail = np.nan_to_num(_before(seen, settings.window, "tail"))
    # Of few values, the greatest is no measure of what is rare.
    counted = np.cumsum(~np.isnan(seen))
    tail = tail * np.minimum(_TAIL_OF_FEW + counted / _FEW, settings.tail)
    tail = np.maximum(tail, _WILDER * settings.tail * _wild(seen, _LONG * settings.window))
    limit: Floats = np.where(np.isnan(scale), np.inf, scale * np.maximum(settings.deviations, tail))
    return limit


def _scale(errors: Floats, least: Floats, settings: SeriesSettings) -> Floats:
    """Robust standard deviation of the errors before, `least` at least; nan where they are too few."""
    middle, mean = (_before(errors, settings.window, what, 20) for what in ("median", "mean"))
    scale = np.fmax(np.fmax(_MAD * middle, 0.5 * mean), np.fmax(least, 1e-12))
    return np.where(np.isnan(middle), np.nan, scale)


def _forecasts(values: Floats, periods: list[int]) -> Floats:
    """One row each."""
    rows = [_before(values, 3, "median"), _before(values, 24, "median")]
    for period in periods:
        earlier = np.stack([_shifted(values, period * cycle) for cycle in range(1, _CYCLES + 1)])
        season = _median(earlier)
        drift = _before(values - season, max(3, min(24, period // 8)), "median")
        rows += [season, season + np.nan_to_num(drift)]
    return np.stack(rows)


def _shifted(values: Floats, by: int) -> Floats:
    moved = np.full(len(values), np.nan)
    if by < len(values):
        moved[by:] = values[: len(values) - by]
    return moved


def _median(rows: Floats) -> Floats:
    """Of each column, as far as there is something in it."""
    found = np.full(rows.shape[1], np.nan)
    some = ~np.isnan(rows).all(axis=0)
    found[some] = np.nanmedian(rows[:, some], axis=0)
    return found


def _before(values: Floats, window: int, what: str, least: int = 3) -> Floats:
    """Over the `window` values before each; nan for fewer than `least` of them."""
    series = pl.Series(values).fill_nan(None).shift(1)
    if what == "mean":
        rolled = series.rolling_mean(window, min_samples=least)
    elif what == "max":
        rolled = series.rolling_max(window, min_samples=least)
    elif what == "median":
        rolled = series.rolling_median(window, min_samples=min(least, window))
    else:
        rolled = series.rolling_quantile(_TAIL, interpolation="linear", window_size=window, min_samples=30)
    found: Floats = rolled.fill_null(float("nan")).to_numpy().astype(np.float64)
    return found


def _wild(errors: Floats, window: int) -> Floats:
    """
    What the wildest moments before each reached: the `_WILD` quantile of the greatest error of each block of `_BLOCK`. One long
    event fills few blocks, so it alone does not make the next one usual.
    """
    whole = len(errors) // _BLOCK
    if whole < _LEAST_BLOCKS:
        return np.zeros(len(errors))
    blocks = np.nan_to_num(errors[: whole * _BLOCK]).reshape(whole, _BLOCK).max(axis=1)
    rolled = pl.Series(blocks).rolling_quantile(
        _WILD,
        interpolation="lower",
        window_size=max(_LEAST_BLOCKS, window // _BLOCK),
        min_samples=_LEAST_BLOCKS,
    )
    known = np.r_[0.0, rolled.fill_null(0.0).to_numpy()]
    found: Floats = known[np.arange(len(errors)) // _BLOCK]
    return found


def _flat(values: Floats, least: int) -> Floats:
    """1.5 where the same value stands for the `least`th time, three times longer than any did before, and seldom repeats; else 0."""
    score = np.zeros(len(values))
    run, longest, repeated = 1, 1, 0
    for place in range(1, len(values)):
        if values[place] == values[place - 1]:
            run += 1
            if run >= max(least, 3 * longest) and repeated < _RARELY * (place - run):
                score[place] = 1.5
        else:
            longest, repeated, run = max(longest, run), repeated + run - 1, 1
    return score
