"""
How well `detect-series` sees what is unusual: series of many kinds, made from a number, with what is wrong in them labelled,
against two plain rivals, a robust z-score over the whole series and one over the values before.

A labelled moment lasts from its first value to `_LATE` of the series after its last one; flags in it find it, once. All other
flags are false, value by value.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deployments.bench.series_kinds import KINDS, Labelled
from tasks.anomalies.series import flag_series

Flags = NDArray[np.bool_]
_MAD, _Z, _WINDOW, _LATE = 1.4826, 5.0, 500, 0.01
SPEED_ROWS = 20_000


def ours(series: Labelled) -> Flags:
    return flag_series(series.seconds, series.values).flagged


def whole(series: Labelled) -> Flags:
    """Robust z over all of the series, what comes later included."""
    middle = np.nanmedian(series.values)
    spread = _MAD * np.nanmedian(np.abs(series.values - middle))
    return np.nan_to_num(np.abs(series.values - middle)) > _Z * max(float(spread), 1e-9)


def rolling(series: Labelled) -> Flags:
    """Robust z over the values before."""
    flags = np.zeros(len(series.values), bool)
    for place in range(30, len(flags)):
        past = series.values[max(0, place - _WINDOW) : place]
        middle = np.nanmedian(past)
        spread = max(float(_MAD * np.nanmedian(np.abs(past - middle))), 1e-9)
        flags[place] = abs(series.values[place] - middle) > _Z * spread
    return flags


DETECTORS: dict[str, Callable[[Labelled], Flags]] = {
    "bulkhead": ours,
    "robust z, whole": whole,
    "robust z, rolling": rolling,
}


@dataclass
class Counted:
    """`wanted` labelled moments, `found` of them; `false` flags among `calm` values outside of them; `hits` flags inside."""

    wanted: int = 0
    found: int = 0
    false: int = 0
    false_runs: int = 0
    calm: int = 0

    def add(self, series: Labelled, flags: Flags) -> None:
        inside = np.zeros(len(flags), bool)
        late = max(3, round(_LATE * len(flags)))
        for first, last in series.moments:
            end = min(last + late, len(flags) - 1)
            inside[first : end + 1] = True
            self.wanted += 1
            self.found += bool(flags[first : end + 1].any())
        outside = flags & ~inside
        self.false += int(outside.sum())
        self.false_runs += int((outside & ~np.r_[False, outside[:-1]]).sum())
        self.calm += int((~inside).sum())

    @property
    def recall(self) -> float:
        return self.found / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        """Of moments: found ones among these and the runs of false flags."""
        return self.found / (self.found + self.false_runs) if self.found + self.false_runs else 1.0

    @property
    def false_per_thousand(self) -> float:
        return 1_000 * self.false / max(1, self.calm)

    @property
    def f1(self) -> float:
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0


@dataclass
class SeriesResult:
    seeds: tuple[int, ...]
    counted: dict[str, dict[str, Counted]] = field(default_factory=dict)
    """By detector and kind."""
    seconds: float = 0.0
    """For one series of 20,000 values."""

    def over_all(self, detector: str) -> Counted:
        parts = [asdict(each) for each in self.counted[detector].values()]
        return Counted(**{name: sum(part[name] for part in parts) for name in parts[0]})

    @property
    def failings(self) -> list[str]:
        mine = self.over_all("bulkhead")
        return [
            f"{name} is as good: F1 {self.over_all(name).f1:.3f} against {mine.f1:.3f}"
            for name in self.counted
            if name != "bulkhead" and self.over_all(name).f1 >= mine.f1
        ]

    def document(self) -> dict[str, Any]:
        shown = {
            detector: {kind: _told(each) for kind, each in {**kinds, "all": self.over_all(detector)}.items()}
            for detector, kinds in self.counted.items()
        }
        return {
            "seeds": list(self.seeds),
            "detectors": shown,
            "seconds_of_20000": self.seconds,
            "failings": self.failings,
        }


def _told(each: Counted) -> dict[str, Any]:
    return {
        **asdict(each),
        "recall": each.recall,
        "precision": each.precision,
        "f1": each.f1,
        "false_per_thousand": each.false_per_thousand,
    }


def measure_series(seeds: Sequence[int], tell: Callable[[str], None] = lambda text: None) -> SeriesResult:
    result = SeriesResult(tuple(seeds))
    for kind, make in KINDS.items():
        tell(kind)
        for seed in seeds:
            made = make(np.random.default_rng([seed, sum(kind.encode())]))
            for name, detector in DETECTORS.items():
                counted = result.counted.setdefault(name, {}).setdefault(kind, Counted())
                counted.add(made, detector(made))
    rng = np.random.default_rng(0)
    places = np.arange(SPEED_ROWS)
    values = 100 + 50 * np.sin(2 * np.pi * places / 288) + rng.normal(0, 5, SPEED_ROWS)
    began = perf_counter()
    flag_series(np.linspace(0.0, (SPEED_ROWS - 1) * 300.0, SPEED_ROWS), np.asarray(values, np.float64))
    result.seconds = perf_counter() - began
    return result


def as_text(result: SeriesResult) -> str:
    names = list(result.counted)
    lines = [f"{'kind':<22}" + "".join(f"{name:>34}" for name in names)]
    lines.append(" " * 22 + f"{'recall · precision · false ‰':>34}" * len(names))
    for kind in [*KINDS, "all"]:
        cells = [result.over_all(name) if kind == "all" else result.counted[name][kind] for name in names]
        lines.append(
            f"{kind:<22}"
            + "".join(f"{c.recall:>16.2f} · {c.precision:5.2f} · {c.false_per_thousand:7.2f}" for c in cells)
        )
    lines.append(f"F1 over all: {', '.join(f'{name} {result.over_all(name).f1:.3f}' for name in names)}")
    lines.append(f"{SPEED_ROWS:,} values in {result.seconds:.2f} s")
    return "\n".join([*lines, *(f"NOT GOOD: {each}" for each in result.failings)])
