"""The report's charts: drawn when the report is made, so that it needs no script and prints as it looks."""

from dataclasses import dataclass
from math import nan
from statistics import median

from matplotlib.axes import Axes

from tasks.audit.model import Verdict
from tasks.reports.figure import as_svg, drawing
from tasks.reports.model import RadiusChange, Run

MANY = 8
"""More lines than that nobody can tell apart."""
STACK = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.WAIVED, Verdict.PASS)
_SIZE = 6.6, 2.7
_MOST_DAYS, _LONGEST_NAME = 5, 15
_INK, _DIM, _RULE = "#010001", "#010002", "#010003"
_LINES = tuple(f"#01010{n}" for n in range(MANY))
_DASHES = ("-", "--", ":", "-.")
_BARS = {verdict: (f"#01020{n}", f"#01030{n}") for n, verdict in enumerate(STACK)}
_THEME = {
    _INK: "var(--ink)",
    _DIM: "var(--dim)",
    _RULE: "var(--rule)",
    **{colour: f"var(--l{n})" for n, colour in enumerate(_LINES)},
    **{filled: f"var(--{verdict.value})" for verdict, (filled, _) in _BARS.items()},
    **{edge: f"var(--{verdict.value}-ink)" for verdict, (_, edge) in _BARS.items()},
}
"""Colours that nothing else has, and the page's own in their place."""


@dataclass(frozen=True)
class Pair:
    """One secret before and now; places are per cent of the width, None where it opens nothing."""

    name: str
    before: int
    now: int
    from_left: float
    to_left: float


def scores(runs: tuple[Run, ...]) -> dict[str, list[int | None]]:
    """Of each org, one for each run; of more than MANY orgs the highest, the middle and the lowest score of each run."""
    orgs = list(dict.fromkeys(org for run in runs for org in run.scores))
    if len(orgs) <= MANY:
        return {org: [run.scores.get(org) for run in runs] for org in orgs}
    known = [[s for s in run.scores.values() if s is not None] for run in runs]
    return {
        "highest": [max(each, default=None) for each in known],
        "middle": [round(median(each)) if each else None for each in known],
        "lowest": [min(each, default=None) for each in known],
    }


def score_chart(runs: tuple[Run, ...]) -> str:
    """An SVG element with one line per series of `scores`; where there is no score there is a gap."""
    figure, axes = drawing(*_SIZE)
    for n, (name, values) in enumerate(scores(runs).items()):
        last = next((value for value in reversed(values) if value is not None), "–")
        axes.plot(
            [nan if value is None else value for value in values],
            linestyle=_DASHES[n % len(_DASHES)],
            marker="o",
            markersize=4,
            color=_LINES[n],
            label=f"{_short(name)} {last}",
            clip_on=False,
        )
    axes.set(ylim=(0, 100), yticks=range(0, 101, 25))
    _finish(axes, runs)
    return as_svg(figure, "Scores from 0 to 100 by run; the numbers are in the table below", _THEME)


def verdict_chart(runs: tuple[Run, ...]) -> str:
    """An SVG element: how many verdicts of each kind each run came to; what is not applicable is left out."""
    figure, axes = drawing(*_SIZE)
    floor = [0] * len(runs)
    for verdict in reversed(STACK):
        counts = [run.verdicts.get(verdict, 0) for run in runs]
        filled, edge = _BARS[verdict]
        axes.bar(
            range(len(runs)),
            counts,
            0.7,
            floor,
            color=filled,
            edgecolor=edge,
            linewidth=0.6,
            label=f"{counts[-1]} {verdict.value}",
        )
        floor = [below + count for below, count in zip(floor, counts, strict=True)]
    _finish(axes, runs, stacked=True)
    return as_svg(figure, "Verdicts by run; the numbers are in the table below", _THEME)


def radius_pairs(changes: tuple[RadiusChange, ...], limit: int = 12) -> tuple[Pair, ...]:
    """Sensitive rows in reach of each secret, the most first; only those that had or have any."""
    wanted = [c for c in changes if c.sensitive_before or c.sensitive_now][:limit]
    most = max((max(c.sensitive_before or 0, c.sensitive_now or 0) for c in wanted), default=1)
    return tuple(
        Pair(
            c.secret_id,
            c.sensitive_before or 0,
            c.sensitive_now or 0,
            round(100 * (c.sensitive_before or 0) / most, 1),
            round(100 * (c.sensitive_now or 0) / most, 1),
        )
        for c in wanted
    )


def days(runs: tuple[Run, ...]) -> list[int]:
    """Numbers of the runs whose day has room on the lower axis: evenly apart, the newest always."""
    last = len(runs) - 1
    return sorted(range(last, -1, -max(1, -(-last // (_MOST_DAYS - 1)))))


def _finish(axes: Axes, runs: tuple[Run, ...], *, stacked: bool = False) -> None:
    """Days below, names beside, and everything in the colours of the page."""
    shown = days(runs)
    axes.set_xticks(shown, [f"{runs[each].made_at:%Y-%m-%d}" for each in shown])
    axes.tick_params(colors=_DIM)
    axes.grid(visible=False, axis="x")
    axes.grid(color=_RULE, axis="y")
    axes.spines[["left", "bottom"]].set_color(_RULE)
    axes.legend(
        loc="upper left", bbox_to_anchor=(1.01, 1.05), labelcolor=_INK, frameon=False, reverse=stacked
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
