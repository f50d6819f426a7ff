"""`bulkhead bench fleet`: one assessment of more and more small orgs, through Prefect: seconds and memory per org, and their curve."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from math import inf
from pathlib import Path
from typing import Any

import yaml

from deployments import processes, server
from deployments.bench.weight import Weight, cpu_seconds
from deployments.sandbox import launch
from deployments.settings import Home, on_its_own
from tasks.audit.gateway import kept_assessments
from tasks.audit.model import Assessment

REPEATED = 3
"""
How often the two smallest estates are measured, of which the middle one counts: what else a machine does moves a point by some
seconds, which is little of the last slope and a quarter of the first.
"""
STEEPEST = 1.2
"""How much more one further org may cost among the most orgs than among the fewest."""
MAIN_USERS = 50
_COMMAND = "from deployments.cli import main; main()"
_FINE = (0, 1, 3)
"""Exit codes of a run that came to its end; what it did not judge shows in `judged`."""
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Point:
    """
    One assessment of `orgs` orgs in `shards` runs. `cpu_seconds` are those of the run, its shards and the Prefect server together,
    `wall_seconds` those of whoever waits; `peak_mib` is the most that the run and its shards held at once, `largest_mib` the most of
    one process. The embedded estate is not counted.
    """

    orgs: int
    judged: int
    shards: int
    cpu_seconds: float
    wall_seconds: float
    peak_mib: float
    largest_mib: float


@dataclass(frozen=True)
class Curve:
    points: tuple[Point, ...]

    def marginal(self, number: int) -> float:
        """CPU seconds of one further org between two points of the curve, of which `number` is the second."""
        before, after = self.points[number - 1], self.points[number]
        return (after.cpu_seconds - before.cpu_seconds) / (after.orgs - before.orgs)

    @property
    def ratio(self) -> float:
        """Of the last marginal cost to the first; infinite where the first is none."""
        first = self.marginal(1)
        return self.marginal(-1) / first if first else inf

    @property
    def good(self) -> bool:
        whole = all(point.judged == point.orgs for point in self.points)
        # Cost that falls with more orgs was measured wrongly; of two such slopes the ratio would look fine.
        rising = self.marginal(1) > 0 and self.marginal(-1) > 0
        return whole and rising and self.ratio <= STEEPEST

    def document(self) -> dict[str, Any]:
        return {
            "points": [asdict(point) for point in self.points],
            "marginal_cpu_seconds": [self.marginal(n) for n in range(1, len(self.points))],
            "ratio": self.ratio,
            "most": STEEPEST,
            "good": self.good,
        }


def sizes(wanted: Sequence[int]) -> tuple[int, ...]:
    """
    What is measured: the numbers that are asked for and half of the first, so that there is a slope there as well. Raises ValueError
    for fewer than two, or less than 4 orgs.
    """
    asked = sorted(set(wanted))
    if len(asked) < 2 or asked[0] < 4:
        raise ValueError("name two numbers of orgs or more, each 4 or more")
    return (asked[0] // 2, *asked)


@on_its_own()
def measure_fleet(wanted: Sequence[int], tell: Tell, seed: int = 0, repeated: int = REPEATED) -> Curve:
    """
    All orgs are there from the beginning; each point is an estate.yaml that names the first of them. Raises ValueError,
    ConfigurationError when something does not start, and CalledProcessError when a run fails.
    """
    counts = sizes(wanted)
    home = Home(Path(tempfile.mkdtemp(prefix="bulkhead-bench-")))
    try:
        tell(f"an estate of {counts[-1]} small orgs")
        launch.start(home.estate, users=MAIN_USERS, seed=seed, plants="none", light=counts[-1])
        running = server.up(home, port=server.free_port(), sandbox=False, schedules=False, tell=tell)
        points = []
        for number, count in enumerate(counts):
            found = [_measured(home, running, count) for _ in range(repeated if number < 2 else 1)]
            points.append(sorted(found, key=lambda point: point.cpu_seconds)[len(found) // 2])
            tell(_line(points[-1]))
        return Curve(tuple(points))
    finally:
        server.down(home)
        launch.stop(home.estate)
        shutil.rmtree(home.root, ignore_errors=True)


def as_text(curve: Curve) -> str:
    lines = [_line(point) for point in curve.points]
    lines += [
        f"one further org, from {before.orgs:3d} to {after.orgs:3d}: {curve.marginal(number):.2f} s CPU"
        for number, (before, after) in enumerate(zip(curve.points, curve.points[1:], strict=False), 1)
    ]
    lines.append(
        f"among the most orgs {curve.ratio:.2f} times as much as among the fewest, {STEEPEST} at most: "
        + ("good" if curve.good else "NOT GOOD")
    )
    return "\n".join(lines)


def _line(point: Point) -> str:
    return (
        f"{point.orgs:4d} orgs, {point.judged} judged, {point.shards} shards: {point.cpu_seconds:.1f} s CPU "
        f"({point.cpu_seconds / point.orgs:.2f} an org), {point.wall_seconds:.1f} s; {point.peak_mib:.0f} MiB at most "
        f"({point.peak_mib / point.orgs:.1f} an org), {point.largest_mib:.0f} in one process"
    )


def _measured(home: Home, running: server.Running, count: int) -> Point:
    assert running.worker is not None, "up started one"
    _register(home, running, count)
    before = cpu_seconds(running.worker.pid) + cpu_seconds(running.server.pid)
    began = time.monotonic()
    shards = _shard_runs()
    command = [sys.executable, "-c", _COMMAND, "run", "assessment"]
    with (home.logs / "bench.log").open("ab") as log:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environment(home, running)
        )
        weight = Weight([child.pid, running.worker.pid])
        spent = _awaited(child)
        peak = weight.stop()
    wall = time.monotonic() - began
    if child.returncode not in _FINE:
        raise subprocess.CalledProcessError(
            child.returncode, command, processes.last_lines(home.logs / "bench.log")
        )
    spent += cpu_seconds(running.worker.pid) + cpu_seconds(running.server.pid) - before
    found = next(kept_assessments(home.reports))
    return Point(
        orgs=count,
        judged=judged(found),
        shards=_shard_runs() - shards,
        cpu_seconds=spent,
        wall_seconds=wall,
        peak_mib=peak,
        largest_mib=weight.largest,
    )


def _awaited(child: "subprocess.Popen[bytes]") -> float:
    """CPU seconds of it and of what it started."""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def judged(found: Assessment) -> int:
    """Orgs of which all was read and judged; a cheap one that is half read would make the curve look flat."""
    scored = {each.org for each in found.scores if each.score is not None}
    with_gaps = {org for org, gaps in found.gaps.items() if gaps}
    return len(scored - found.unreadable.keys() - with_gaps)


def _shard_runs() -> int:
    """All so far on the server that this process is pointed at; none where one run read all."""
    from prefect.client.orchestration import get_client

    wanted = {"flows": {"name": {"any_": ["read-shard"]}}}
    with get_client(sync_client=True) as client:
        return int(client.request("POST", "/flow_runs/count", json=wanted).json())


def _register(home: Home, running: server.Running, count: int) -> None:
    """The first `count` small orgs, and what of the estate is about them alone."""
    document = yaml.safe_load((home.estate / "estate.yaml").read_text())
    orgs = [org for org in document["orgs"] if org["alias"].startswith("unit-")][:count]
    names = {org["alias"] for org in orgs}
    document["orgs"] = orgs
    document["routes"] = [
        route for route in document["routes"] if {route["source"], route["target"]} <= names
    ]
    document |= {"channels": [], "credentials": [], "attestations": []}
    written, policy = home.root / "estate.yaml", home.root / "policy.yaml"
    written.write_text(yaml.safe_dump(document, sort_keys=False))
    policy.write_text("{}\n")
    subprocess.run(
        [sys.executable, "-c", _COMMAND, "register", str(written), "--policy", str(policy), "--no-schedules"],
        env=_environment(home, running),
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _environment(home: Home, running: server.Running) -> dict[str, str]:
    return {**os.environ, **home.environment(running.port)}
