"""Geometry of the report's charts: drawn when the report is made, so that it needs no script and prints as it looks."""

from dataclasses import dataclass
from statistics import median

from tasks.audit.model import Verdict
from tasks.reports.model import RadiusChange, Run

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 46, 150, 14, 30
MANY = 8
"""More lines than that nobody can tell apart."""
STACK = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.WAIVED, Verdict.PASS)


@dataclass(frozen=True)
class Line:
    """`paths` are stretches of SVG path data, `points` of (x, y, value, day); without a score there is a gap."""

    name: str
    paths: tuple[str, ...]
    points: tuple[tuple[float, float, int, str], ...]
    label_y: float


@dataclass(frozen=True)
class Bar:
    """One run. `parts` are (verdict, y, height, count), from the bottom up."""

    x: float
    width: float
    day: str
    parts: tuple[tuple[Verdict, float, float, int], ...]


@dataclass(frozen=True)
class Pair:
    """One secret before and now; places are per cent of the width, None where it opens nothing."""

    name: str
    before: int
    now: int
    from_left: float
    to_left: float


def score_lines(runs: tuple[Run, ...]) -> tuple[Line, ...]:
    """One line per org; of more than MANY orgs the highest, the middle and the lowest score of each run."""
    orgs = list(dict.fromkeys(org for run in runs for org in run.scores))
    if len(orgs) <= MANY:
        series = {org: [run.scores.get(org) for run in runs] for org in orgs}
    else:
        known = [[s for s in run.scores.values() if s is not None] for run in runs]
        series = {
            "highest": [max(each, default=None) for each in known],
            "middle": [round(median(each)) if each else None for each in known],
            "lowest": [min(each, default=None) for each in known],
        }
    drawn = [(name, _points(values, runs)) for name, values in series.items()]
    ends = _spread({name: points[-1][1] if points else _y(0) for name, points in drawn})
    return tuple(Line(name, _paths(series[name], points), points, ends[name]) for name, points in drawn)


def verdict_bars(runs: tuple[Run, ...]) -> tuple[Bar, ...]:
    """How many verdicts of each kind each run came to; what is not applicable is left out."""
    top = max((sum(run.verdicts.get(v, 0) for v in STACK) for run in runs), default=0) or 1
    room = (WIDTH - LEFT - RIGHT) / max(len(runs), 1)
    width = min(46.0, room * 0.7)
    made = []
    for i, run in enumerate(runs):
        floor, parts = float(HEIGHT - BOTTOM), []
        for verdict in reversed(STACK):
            count = run.verdicts.get(verdict, 0)
            height = (HEIGHT - TOP - BOTTOM) * count / top
            floor -= height
            parts.append((verdict, round(floor, 1), round(height, 1), count))
        made.append(
            Bar(
                round(LEFT + room * (i + 0.5) - width / 2, 1),
                round(width, 1),
                f"{run.made_at:%Y-%m-%d}",
                tuple(parts),
            )
        )
    return tuple(made)


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


def days(runs: tuple[Run, ...], most: int = 5) -> tuple[tuple[int, float, str], ...]:
    """Labels of the lower axis that have room, evenly apart, the newest always: number of the run, x, day."""
    last = len(runs) - 1
    step = max(1, -(-last // (most - 1)))
    picked = range(last, -1, -step)
    return tuple((i, _x(i, len(runs)), f"{runs[i].made_at:%Y-%m-%d}") for i in sorted(picked))


def _points(values: list[int | None], runs: tuple[Run, ...]) -> tuple[tuple[float, float, int, str], ...]:
    return tuple(
        (_x(i, len(runs)), _y(value), value, f"{runs[i].made_at:%Y-%m-%d}")
        for i, value in enumerate(values)
        if value is not None
    )


def _paths(values: list[int | None], points: tuple[tuple[float, float, int, str], ...]) -> tuple[str, ...]:
    stretches: list[list[str]] = [[]]
    left = iter(points)
    for value in values:
        if value is None:
            stretches.append([])
        else:
            x, y, *_ = next(left)
            stretches[-1].append(f"{x} {y}")
    return tuple("M" + " L".join(each) for each in stretches if len(each) > 1)


def _spread(ends: dict[str, float], gap: float = 15) -> dict[str, float]:
    """Labels that would lie on each other move down, and up again from the lower edge."""
    placed, last = {}, TOP - gap
    for name, y in sorted(ends.items(), key=lambda each: (each[1], each[0])):
        last = max(y, last + gap)
        placed[name] = last
    over = max(0.0, last - (HEIGHT - BOTTOM))
    return {name: round(y - over, 1) for name, y in placed.items()}


def _x(i: int, count: int) -> float:
    inner = WIDTH - LEFT - RIGHT
    return round(LEFT + inner * (i / (count - 1) if count > 1 else 0.5), 1)


def _y(value: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / 100, 1)
