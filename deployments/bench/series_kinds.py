"""Series as they are met: load of servers, traffic, counts, temperatures; with seasons, trends, gaps; and what is wrong in them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FIVE_MINUTES, HOUR, DAY = 300.0, 3_600.0, 86_400.0


@dataclass
class Labelled:
    """`moments` are first and last place of each thing that is wrong."""

    seconds: Floats
    values: Floats
    moments: list[tuple[int, int]] = field(default_factory=list)

    def wrong(self, rng: np.random.Generator, length: int, share: tuple[float, float]) -> slice:
        """Room for something wrong, begun in this share of the series."""
        count = len(self.values)
        first = int(rng.uniform(*share) * count)
        self.moments.append((first, first + length - 1))
        return slice(first, first + length)


Maker = Callable[[np.random.Generator], Labelled]
_EARLY, _LATE = (0.3, 0.55), (0.65, 0.9)


def _places(count: int, step: float) -> Floats:
    return np.linspace(0.0, (count - 1) * step, count)


def _daily(seconds: Floats, phase: float = 0.0) -> Floats:
    return np.sin(2 * np.pi * (seconds / DAY + phase))


def _weekend(seconds: Floats) -> NDArray[np.bool_]:
    return (seconds // DAY).astype(int) % 7 >= 5


def server_load(rng: np.random.Generator) -> Labelled:
    """Noise with peaks of its own; a much greater peak, and an hour of full load."""
    count = 4_000
    made = Labelled(_places(count, FIVE_MINUTES), 20 * rng.lognormal(0, 0.15, count))
    made.values[rng.random(count) < 0.01] *= 1.8
    made.values[made.wrong(rng, 2, _EARLY)] = 75.0
    made.values[made.wrong(rng, 24, _LATE)] = 95 + rng.normal(0, 1, 24)
    return made


def steady_load_with_jobs(rng: np.random.Generator) -> Labelled:
    """A regular job every three hours that is no news; an outage to zero."""
    count = 4_000
    seconds = _places(count, FIVE_MINUTES)
    values = 5 + rng.normal(0, 0.4, count)
    values[np.arange(count) % 36 < 2] += 30
    made = Labelled(seconds, values)
    made.values[made.wrong(rng, 20, _EARLY)] = 0.0
    made.values[made.wrong(rng, 3, _LATE)] = 90.0
    return made


def daily_traffic(rng: np.random.Generator) -> Labelled:
    """A day's and a week's season, five minutes apart; a jam, and a burst at night that would be nothing at noon."""
    count = 14 * 288 * 2
    seconds = _places(count, FIVE_MINUTES)
    usual = 300 + 200 * _daily(seconds, -0.25) * np.where(_weekend(seconds), 0.6, 1.0)
    made = Labelled(seconds, usual + rng.normal(0, 15, count))
    made.values[made.wrong(rng, 18, _EARLY)] *= 0.35
    night = int(0.75 * 28) * 288 + int(rng.integers(0, 24))
    made.moments.append((night, night + 11))
    made.values[night : night + 12] += 260
    return made


def weekly_demand(rng: np.random.Generator) -> Labelled:
    """Half-hours of months: a holiday without the morning's rise, and a great evening."""
    count = 48 * 120
    seconds = _places(count, 1_800.0)
    usual = (
        15_000 + 9_000 * _daily(seconds, -0.3) + 2_500 * np.where(_weekend(seconds), _daily(seconds, 0.2), 0)
    )
    made = Labelled(seconds, usual * rng.lognormal(0, 0.04, count))
    made.values[made.wrong(rng, 40, _EARLY)] *= 0.45
    made.values[made.wrong(rng, 6, _LATE)] += 14_000
    return made


def square_wave(rng: np.random.Generator) -> Labelled:
    """Clean rise and fall each day; one day higher, one day without the rise."""
    count = 288 * 14
    place = np.arange(count)
    up = (place % 288 >= 108) & (place % 288 < 216)
    made = Labelled(_places(count, FIVE_MINUTES), np.where(up, 80.0, 20.0) + rng.uniform(-4, 4, count))
    for day, level in ((7, 140.0), (11, 20.0)):
        first = day * 288 + 108
        made.values[first : first + 108] = level + rng.uniform(-4, 4, 108)
        made.moments.append((first, first + 107))
    return made


def trend(rng: np.random.Generator) -> Labelled:
    count = 3_000
    made = Labelled(_places(count, HOUR), 100 + 0.05 * np.arange(count) + rng.normal(0, 3, count))
    made.values[made.wrong(rng, 2, _EARLY)] -= 40
    made.values[made.wrong(rng, 5, _LATE)] += 35
    return made


def growing_season(rng: np.random.Generator) -> Labelled:
    """Seasons that grow with the level."""
    count = 24 * 150
    seconds = _places(count, HOUR)
    level = 100 * np.exp(0.008 * seconds / DAY)
    made = Labelled(seconds, level * (1 + 0.5 * _daily(seconds)) * rng.lognormal(0, 0.05, count))
    made.values[made.wrong(rng, 3, _EARLY)] *= 2.2
    made.values[made.wrong(rng, 4, _LATE)] *= 0.3
    return made


def level_shift(rng: np.random.Generator) -> Labelled:
    """The shift is wrong when it comes; what follows is the new level."""
    count = 4_000
    made = Labelled(_places(count, FIVE_MINUTES), 50 + rng.normal(0, 2, count))
    for share, by in ((_EARLY, 25.0), (_LATE, -30.0)):
        place = made.wrong(rng, 40, share)
        made.values[place.start :] += by
    return made


def sparse_counts(rng: np.random.Generator) -> Labelled:
    """Nothing most of the time; two bursts."""
    count = 4_000
    made = Labelled(_places(count, FIVE_MINUTES), rng.poisson(0.15, count).astype(float))
    made.values[made.wrong(rng, 3, _EARLY)] = rng.integers(9, 15, 3)
    made.values[made.wrong(rng, 10, _LATE)] += rng.poisson(6, 10)
    return made


def mentions(rng: np.random.Generator) -> Labelled:
    """Counts with a season and wild hours of their own; two that are wilder."""
    count = 288 * 40
    seconds = _places(count, FIVE_MINUTES)
    rate = 12 * (1 + 0.6 * _daily(seconds)) * rng.lognormal(0, 0.35, count)
    rate[rng.random(count) < 0.002] *= 5
    made = Labelled(seconds, rng.poisson(rate).astype(float))
    made.values[made.wrong(rng, 4, _EARLY)] += 500
    made.values[made.wrong(rng, 6, _LATE)] += 400
    return made


def temperature(rng: np.random.Generator) -> Labelled:
    """A slow walk that returns; a sensor that drops."""
    count = 8_000
    steps, values = rng.normal(0, 0.35, count), np.zeros(count)
    for place in range(1, count):
        values[place] = 0.995 * values[place - 1] + steps[place]
    made = Labelled(_places(count, FIVE_MINUTES), 85 + values)
    made.values[made.wrong(rng, 30, _EARLY)] -= 25
    made.values[made.wrong(rng, 12, _LATE)] -= 20
    return made


def gaps(rng: np.random.Generator) -> Labelled:
    """A season with lines missing and values empty."""
    made = daily_traffic(rng)
    made.values[rng.random(len(made.values)) < 0.03] = np.nan
    kept = rng.random(len(made.values)) > 0.05
    hole = int(0.58 * len(kept))
    kept[hole : hole + 300] = False
    for first, last in made.moments:
        kept[first : last + 1] = True
    new = np.cumsum(kept) - 1
    moments = [(int(new[first]), int(new[last])) for first, last in made.moments]
    return Labelled(made.seconds[kept], made.values[kept], moments)


def below_zero(rng: np.random.Generator) -> Labelled:
    count = 24 * 120
    seconds = _places(count, HOUR)
    made = Labelled(seconds, -5 + 4 * _daily(seconds) + rng.normal(0, 0.6, count))
    made.values[made.wrong(rng, 2, _EARLY)] += 14
    made.values[made.wrong(rng, 3, _LATE)] -= 11
    return made


def wavering_steps(rng: np.random.Generator) -> Labelled:
    """Times some seconds off, and now and then much later; a speed that falls."""
    count = 2_500
    gaps_between = rng.choice([300.0, 300.0, 300.0, 600.0, 900.0], count) + rng.normal(0, 5, count)
    seconds = np.cumsum(np.maximum(gaps_between, 60.0))
    made = Labelled(seconds, 70 - 8 * np.maximum(_daily(seconds), 0) + rng.normal(0, 3, count))
    made.values[made.wrong(rng, 10, _EARLY)] -= 38
    made.values[made.wrong(rng, 3, _LATE)] -= 42
    return made


def sawtooth(rng: np.random.Generator) -> Labelled:
    """A disk that fills and is emptied each day; a day on which it is not."""
    count = 288 * 21
    place = np.arange(count)
    made = Labelled(_places(count, FIVE_MINUTES), 20 + 50 * (place % 288) / 288 + rng.normal(0, 0.5, count))
    for day in (9, 16):
        first = day * 288
        made.values[first : first + 144] += 50
        made.moments.append((first, first + 143))
    return made


def nightly_batch(rng: np.random.Generator) -> Labelled:
    """Rows of an integration by the hour, at night only; a run at noon, and a night without one."""
    count = 24 * 90
    place = np.arange(count)
    values = np.where((place % 24 == 2) | (place % 24 == 3), 20_000 * rng.lognormal(0, 0.15, count), 0.0)
    made = Labelled(_places(count, HOUR), values)
    day = int(rng.integers(35, 45))
    values[day * 24 + 14] = 15_000
    made.moments.append((day * 24 + 14, day * 24 + 14))
    day = int(rng.integers(60, 75))
    values[day * 24 + 2 : day * 24 + 4] = 0
    made.moments.append((day * 24 + 2, day * 24 + 3))
    return made


def stuck(rng: np.random.Generator) -> Labelled:
    """A sensor whose value stands still."""
    made = below_zero(rng)
    made.moments.clear()
    count = 24 * 120
    made.values[:] = -5 + 4 * _daily(made.seconds) + rng.normal(0, 0.6, count)
    place = made.wrong(rng, 80, (0.5, 0.8))
    made.values[place] = made.values[place.start]
    return made


def flat_line(rng: np.random.Generator) -> Labelled:
    """Always the same; one value is not."""
    made = Labelled(_places(2_000, FIVE_MINUTES), np.full(2_000, 45.0))
    made.values[made.wrong(rng, 1, _LATE)] = 60.0
    return made


def nothing_wrong(rng: np.random.Generator) -> Labelled:
    count = 4_000
    seconds = _places(count, FIVE_MINUTES)
    return Labelled(seconds, 100 + 30 * _daily(seconds) + 4 * rng.standard_t(4, count))


def walk_without_wrong(rng: np.random.Generator) -> Labelled:
    return Labelled(_places(4_000, FIVE_MINUTES), np.cumsum(rng.normal(0, 1, 4_000)))


def days_of_month(rng: np.random.Generator) -> Labelled:
    """One value a day for a year and more, with weekends; an idle week and a day of thrice as much."""
    count = 420
    seconds = _places(count, DAY)
    made = Labelled(seconds, 40_000 * np.where(_weekend(seconds), 0.15, 1.0) * rng.lognormal(0, 0.15, count))
    made.values[made.wrong(rng, 7, _EARLY)] = 0.0
    made.values[made.wrong(rng, 1, _LATE)] = 130_000
    return made


KINDS: dict[str, Maker] = {
    make.__name__.replace("_", " "): make
    for make in (
        server_load, steady_load_with_jobs, daily_traffic, weekly_demand, square_wave, trend, growing_season, level_shift, sparse_counts,
        mentions, temperature, gaps, below_zero, wavering_steps, sawtooth, nightly_batch, stuck, flat_line, nothing_wrong,
        walk_without_wrong, days_of_month,
    )
}  # fmt: skip
