"""
`bulkhead bench back-test`: a store with four orgs' event log files is asked what a changed rule would have said of thirty days, and
what one day's look costs with a month and with three months of history.

Each question is a process of its own, so that its peak of memory is its own. A look is asked several times and the fastest counts: the
first one condenses the days before, which is done once in the life of a day.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import timedelta
from time import perf_counter
from typing import Any

import polars as pl

from deployments.bench.detection.run import Played, played
from deployments.bench.detection.tiers import frames
from deployments.bench.memory import peak_mib
from tasks.anomalies.backtest import back_tested
from tasks.anomalies.history_gateway import History
from tasks.anomalies.model import Tier
from tasks.anomalies.model_live import Known, TuningDocument
from tasks.telemetry.model import Tier as FileTier
from tasks.telemetry.store import TelemetryStore

DAYS, SHORT, LONG = 30, 30, 90
MINUTES, SAME = 10.0, 1.5
_SEED, _LOOKS = 100, 4
_REPEATED = timedelta(days=63)
"""The world's first weeks are there once more before it began: whole weeks, so that weekdays stay what they are."""


@dataclass(frozen=True)
class BackTestFigures:
    """Seconds and MiB of back-testing all orgs; seconds of one org's look at a day with SHORT and with LONG days of history."""

    orgs: int
    users: int
    events: int
    seconds: float
    mib: float
    suspicions: int
    short: float
    long: float

    @property
    def ratio(self) -> float:
        return self.long / self.short

    @property
    def good(self) -> bool:
        return self.seconds <= MINUTES * 60 and self.ratio <= SAME and self.suspicions > 0

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "good": self.good}


def measure_back_test(orgs: int = 4, machines: int = 5, persons: int = 25) -> BackTestFigures:
    """Fills a folder that goes afterwards."""
    size: dict[str, Any] = {"orgs": orgs, "machines": machines, "persons": persons}
    game = played(_SEED, **size)
    with tempfile.TemporaryDirectory(prefix="bulkhead-back-test-") as folder:
        events = fill(TelemetryStore(folder), game)
        looks: dict[int, list[float]] = {SHORT: [], LONG: []}
        for _ in range(_LOOKS):
            for history, took in looks.items():
                took.append(_asked(folder, size, "look", history)["seconds"])
        whole = _asked(folder, size, "test", SHORT)
    return BackTestFigures(
        orgs=orgs,
        users=len(game.world.members),
        events=events,
        seconds=whole["seconds"],
        mib=whole["mib"],
        suspicions=whole["suspicions"],
        short=min(looks[SHORT]),
        long=min(looks[LONG]),
    )


def fill(store: TelemetryStore, game: Played) -> int:
    """Daily files of all orgs as the traffic generator makes them; gives how many events."""
    count = 0
    early = pl.col("AT") < game.world.start + _REPEATED
    for kind, frame in frames(game.facts, Tier.DAILY).items():
        before = frame.filter(early).with_columns(pl.col("AT") - _REPEATED)
        rows = pl.concat([before, frame]).sort("AT").collect()
        for org in game.world.orgs:
            mine = rows.filter(pl.col("ORG") == org)
            with store.staging(org, kind, FileTier.DAILY, "made") as staged:
                staged.add(mine)
                staged.publish(compare=False)
            count += mine.height
    return count


def ask(store: TelemetryStore, game: Played, what: str, history: int) -> int:
    """`test` is the back-test of a changed rule for all orgs, `look` one org's last day; gives how many suspicions there are."""
    until, usual = game.world.until, TuningDocument()
    days = timedelta(days=DAYS if what == "test" else 1)
    changed = TuningDocument(without=("many-objects",)) if what == "test" else usual
    orgs = game.world.orgs if what == "test" else game.world.orgs[:1]
    found = 0
    for org in orgs:
        members = tuple(each for each in game.world.members if each.org == org)
        known = Known(org=org, at=until, members=members)
        tested = back_tested(
            org, History(store, org), known, (usual, changed), (), (),
            tiers="files", since=until - days, until=until, history=timedelta(days=history),
        )  # fmt: skip
        found += len(tested.now)
    return found


def _asked(folder: str, size: dict[str, Any], what: str, history: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "deployments.bench.back_test", folder, json.dumps(size), what, str(history)],
        capture_output=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _work(folder: str, size: dict[str, Any], what: str, history: int) -> dict[str, Any]:
    game = played(_SEED, **size)
    began = perf_counter()
    found = ask(TelemetryStore(folder), game, what, history)
    return {"seconds": perf_counter() - began, "mib": peak_mib(), "suspicions": found}


def as_text(figures: BackTestFigures) -> str:
    verdict = "good" if figures.good else f"NOT GOOD, {MINUTES:.0f} minutes and {SAME} are asked for"
    return (
        f"A changed rule back-tested over {DAYS} days of {figures.orgs} orgs, {figures.users} users, {figures.events:,} stored events: "
        f"{figures.seconds / 60:.2f} min, {figures.mib:.0f} MiB, {figures.suspicions} suspicions. One day's look at an org "
        f"{figures.short:.2f} s with {SHORT} days of history, {figures.long:.2f} s with {LONG}: {figures.ratio:.2f} times as long, "
        f"{verdict}."
    )


if __name__ == "__main__":
    print(json.dumps(_work(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3], int(sys.argv[4]))))
