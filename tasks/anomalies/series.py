"""
What is unusual in any series of numbers over time: one value a minute, an hour or a day, with gaps.

Several simple forecasts run side by side: the last values, the level of a while, and the same moment of earlier days and weeks
with and without the level's drift. At each moment the one counts that was nearest lately, half of its errors weighed. A value is
flagged when its error is too great for the errors before it: in robust deviations, and beyond twice what one in two hundred of them
reached, so that a series with wild moments of its own has to be wilder still. A value that no longer moves is flagged too.
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
    expected, score = _judged(grid, grid, periods, settings)
    for _ in range(_PASSES - 1):
        before = score > 1.0
        if not before.any():
            break
        expected, score = _judged(grid, _tamed(grid, expected, score), periods, settings)
        if ((score > 1.0) == before).all():
            break
    if settings.flat:
        score = np.maximum(score, _flat(grid, settings.flat))
    score[: settings.learning] = 0.0
    score = np.where(np.isnan(grid), 0.0, score)
    return SeriesFlags(expected[slots], score[slots], score[slots] > 1.0, step)


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
        if period >= 4 and abs(period - round(period)) < 0.02 * period and slots >= 2 * period:
            found.append(round(period))
    return found


def _judged(
    raw: Floats, cleaned: Floats, periods: list[int], settings: SeriesSettings
) -> tuple[Floats, Floats]:
    """Forecasts from `cleaned`, errors of `raw`; scores above 1 are flagged."""
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
    limits = np.stack([_limit(each, level, settings) for each in errors])[best, everywhere]
    score = np.where(np.isnan(error) | np.isinf(limits), 0.0, np.abs(error) / limits)
    if settings.side != "both":
        score = np.where((error > 0) == (settings.side == "up"), score, 0.0)
    return expected, np.nan_to_num(score)


def _limit(errors: Floats, level: Floats, settings: SeriesSettings) -> Floats:
    """How great an error of this forecast is flagged, by its own errors before."""
    middle, mean = (
        _before(errors, settings.window, "median", 20),
        _before(errors, settings.window, "mean", 20),
    )
    scale = np.fmax(np.fmax(_MAD * middle, 0.5 * mean), np.fmax(1e-3 * level, 1e-12))
    tail = np.nan_to_num(_before(np.where(np.isnan(middle), np.nan, errors / scale), settings.window, "tail"))
    limit: Floats = np.where(
        np.isnan(middle), np.inf, scale * np.maximum(settings.deviations, settings.tail * tail)
    )
    return limit


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
    elif what == "median":
        rolled = series.rolling_median(window, min_samples=min(least, window))
    else:
        rolled = series.rolling_quantile(_TAIL, interpolation="linear", window_size=window, min_samples=30)
    found: Floats = rolled.fill_null(float("nan")).to_numpy().astype(np.float64)
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
