"""`bulkhead bench assessment`: one estate made from a seed, assessed, and scored against its answer key."""

import json
import resource
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from deployments.bench.minimum import minimum_calls
from deployments.bench.parsing import ParseCost, parse_cost
from deployments.bench.reading import assess_directly
from deployments.bench.scoring import Score, score
from deployments.files import read_files
from deployments.sandbox import launch
from tasks.reading import Reading

CONTROLS = 22
CALLS_OVER_MINIMUM = 1.5


@dataclass(frozen=True, kw_only=True)
class Result:
    """`calls` maps an org to (spent, least possible); `peak_mib` is this process, the embedded estate not counted."""

    seed: int
    users: int
    score: Score
    calls: Mapping[str, tuple[int, int]]
    seconds: Mapping[str, float]
    wall: float
    peak_mib: float
    parse: ParseCost

    @property
    def good(self) -> bool:
        frugal = all(spent <= CALLS_OVER_MINIMUM * least for spent, least in self.calls.values())
        return self.score.good and frugal and self.score.controls_judged == CONTROLS

    def document(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "users": self.users,
            "good": self.good,
            "recall": self.score.recall,
            "precision": self.score.precision,
            "edge_recall": self.score.edge_recall,
            "wrong_edges": sorted(map(str, self.score.wrong_edges)),
            "missed": sorted(self.score.missed),
            "unexpected": sorted(self.score.unexpected),
            "flagged_decoys": sorted(self.score.flagged_decoys),
            "clean_org_findings": sorted(self.score.clean_org_findings),
            "wrong_radii": self.score.wrong_radii,
            "controls": self.score.controls_judged,
            "calls": {org: {"spent": spent, "least": least} for org, (spent, least) in self.calls.items()},
            "seconds": dict(self.seconds),
            "wall_seconds": self.wall,
            "peak_mib": self.peak_mib,
            "parse_microseconds_per_record": {
                "simple_salesforce": self.parse.ordered,
                "ours": self.parse.plain,
            },
        }


def measure(seed: int, users: int) -> Result:
    """Makes the estate in a folder of its own and throws it away again."""
    folder = Path(tempfile.mkdtemp(prefix="bulkhead-bench-"))
    try:
        launch.start(folder / "estate", seed=seed, users=users)
        return _measure_running(folder / "estate", seed, users)
    finally:
        launch.stop(folder / "estate")
        shutil.rmtree(folder, ignore_errors=True)


def as_text(result: Result) -> str:
    found = result.score
    lines = [
        f"seed {result.seed}, {result.users} users: {'good' if result.good else 'NOT GOOD'}",
        f"  findings   recall {found.recall:.3f}  precision {found.precision:.3f}  of {len(found.expected)} planted",
        f"  edges      recall {found.edge_recall:.3f}  wrong {len(found.wrong_edges)}  of {len(found.expected_edges)}",
        f"  decoys     {len(found.flagged_decoys)} of {len(found.decoys)} flagged",
        f"  clean org  {len(found.clean_org_findings)} findings in {found.clean_org or '(none is clean)'}",
        f"  radii      {len(found.wrong_radii)} of {len(found.expected_radii)} wrong",
        f"  controls   {found.controls_judged} judged",
        "  calls      " + ", ".join(f"{org} {spent}/{least}" for org, (spent, least) in result.calls.items()),
        "  seconds    "
        + ", ".join(f"{name} {s:.1f}" for name, s in result.seconds.items())
        + f"; wall {result.wall:.1f}",
        f"  memory     {result.peak_mib:.0f} MiB at most",
        f"  parsing    {result.parse.plain:.1f} µs a record, {result.parse.ordered:.1f} with simple-salesforce's default",
    ]
    lines += [f"  missed     {' '.join(place)}" for place in sorted(found.missed)]
    lines += [f"  invented   {' '.join(place)}" for place in sorted(found.unexpected)]
    lines += [f"  wrong edge {edge}" for edge in sorted(map(str, found.wrong_edges))]
    return "\n".join(lines)


def _measure_running(estate_folder: Path, seed: int, users: int) -> Result:
    estate, policy = read_files(estate_folder / "estate.yaml")
    began = perf_counter()
    timed = assess_directly(estate, policy)
    wall = perf_counter() - began
    key = json.loads((estate_folder / "answer-key.json").read_text())
    return Result(
        seed=seed,
        users=users,
        score=score(timed.assessment, key),
        calls={org: _calls(readings) for org, readings in timed.readings.items()},
        seconds=timed.seconds,
        wall=wall,
        peak_mib=_peak_mib(),
        parse=parse_cost(),
    )


def _calls(readings: Sequence[Reading]) -> tuple[int, int]:
    rows: Counter[str] = Counter()
    for reading in readings:
        rows.update(reading.rows)
    return sum(reading.calls for reading in readings), minimum_calls(rows)


def _peak_mib() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
