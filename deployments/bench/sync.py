"""`bulkhead bench sync`: all accounts of hq to emea with three sealed fields, through Prefect, judged from outside."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deployments import server
from deployments.bench.sync_setup import Wish, add_accounts, prepare
from deployments.register import register_files
from deployments.sandbox import launch
from deployments.settings import Home, on_its_own
from tasks.encryption.sealed import is_sealed

ROUTE = "HQ_to_EMEA_Account_Sync"
USER = "sync.hq-emea-account@emea.meridian.example"
CLEAR = ("Name", "Industry", "Phone", "BillingCountry")
SEALED = {"SSN_Sealed__c": "SSN__c", "Tax_Sealed__c": "TaxID__c", "Score_Sealed__c": "CreditScore__c"}
ROWS, SECONDS, MIB, CALLS = 47_000, 60.0, 300.0, 1.2
"""Seconds are for so many records, and longer in proportion; the memory is for any number."""
_KIB = 1024
_RUN = f"""
import json, resource, sys, time
from pathlib import Path
from flows.sync import sync_route
began = time.perf_counter()
done = sync_route(route={ROUTE!r})
seconds = time.perf_counter() - began
status = Path("/proc/self/status")
if status.exists():
    # Linux counts into ru_maxrss what the parent had when it started this process.
    [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
    peak = int(line.split()[1]) * {_KIB}
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({{"seconds": seconds, "peak": peak, "done": done.model_dump(mode="json")}}), file=open(sys.argv[1], "w"))
"""
_POLLS = ("GET jobs/ingest", "GET jobs/query")


@dataclass(frozen=True)
class SyncFigures:
    """
    `seconds` of the flow run, `processor` those in which its process and the checker's worked. `sending` and `sending_least` are
    calls that write; `calls` are all of the route's own users, `least` the fewest with which its way of reading, writing and
    reading back can do (polls as many as there were). `peak_mib` is the sync's own process at its largest. `wrong` counts
    records of the target that are not as the source has them, `clear` values in the clear in what the target keeps.
    """

    rows: int
    path: str
    seconds: float
    processor: float
    peak_mib: float
    sending: int
    sending_least: int
    calls: int
    least: int
    polls: int
    again: int
    """Records that a second run sent."""
    wrong: int
    clear: int

    @property
    def right(self) -> bool:
        return not (self.wrong or self.clear or self.again) and self.rows > 0

    @property
    def seconds_at_most(self) -> float:
        return SECONDS * max(1.0, self.rows / ROWS)

    @property
    def good(self) -> bool:
        return (
            self.right
            and self.seconds <= self.seconds_at_most
            and self.peak_mib <= MIB
            and self.sending <= CALLS * self.sending_least
            and self.calls <= CALLS * self.least
        )

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "good": self.good}


@on_its_own()
def measure_sync(
    users: int = 200, seed: int = 0, more: int = 0, tell: Callable[[str], None] = lambda text: None
) -> SyncFigures:
    """
    `more` accounts are added to those of the estate before the run.

    Raises ConfigurationError when something does not start, CalledProcessError when the run fails, RuntimeError and HTTP errors
    when an account cannot be added.
    """
    home = Home(Path(tempfile.mkdtemp(prefix="bulkhead-bench-")))
    try:
        running = server.up(home, port=server.free_port(), users=users, seed=seed, schedules=False, tell=tell)
        home.enter(running.port)
        wish = Wish(
            route=ROUTE,
            source="hq",
            target="emea",
            sobject="Account",
            fields=(*CLEAR, "External_Id__c", *SEALED),
            sync_user=USER,
            sealed=SEALED,
        )
        register_files(*prepare(home.estate, wish, home.root))
        add_accounts(home.estate, wish.source, more)
        launch.ask(home.estate, "POST", "/reset-wire")
        tell("the route is declared, the run begins")
        worked = _worked()
        first = _run(home, running.port)
        worked = _worked() - worked
        wire = [row for row in launch.ask(home.estate, "GET", "/wire?since=0") if _ours(row)]
        second = _run(home, running.port)
        counted = Counter(_kind(row) for row in wire)
        done = first["done"]
        return _figures(done, counted, first, worked, second["done"]["counts"]["sent"], home.estate / "orgs")
    finally:
        server.down(home)
        shutil.rmtree(home.root, ignore_errors=True)


def _run(home: Home, port: int) -> dict[str, Any]:
    told = home.root / "told.json"
    with (home.logs / "bench.log").open("ab") as log:
        subprocess.run(
            [sys.executable, "-c", _RUN, str(told)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **home.environment(port)},
            check=True,
        )
    found: dict[str, Any] = json.loads(told.read_text())
    return found


def _worked() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _ours(row: Mapping[str, Any]) -> bool:
    return row["user"] == USER or str(row["user"]).startswith("sync.reader.")


def _kind(row: Mapping[str, Any]) -> str:
    """`PATCH jobs/ingest`, `GET jobs/query/results`, …: what a call was for."""
    parts = str(row["path"]).partition("/services/data/v")[2].split("/")[1:]
    match parts:
        case ["jobs", kind]:
            return f"{row['method']} jobs/{kind}"
        case ["jobs", kind, _]:
            return f"{row['method']} jobs/{kind}"
        case ["jobs", kind, _, what]:
            return f"{row['method']} jobs/{kind}/{what}"
        case ["composite", "sobjects", _, *_]:
            return f"{row['method']} composite/sobjects"
    return f"{row['method']} {'/'.join(parts[:1])}"


def _figures(
    done: Mapping[str, Any],
    counted: Counter[str],
    first: Mapping[str, Any],
    worked: float,
    again: int,
    orgs: Path,
) -> SyncFigures:
    rows, batches = int(done["counts"]["sent"]), int(done["batches"])
    if done["path"] == "bulk":
        writes = ("POST jobs/ingest", "PUT jobs/ingest/batches", "PATCH jobs/ingest", "GET jobs/ingest")
        sending = sum(counted[name] for name in writes) + counted["GET jobs/ingest/failedResults"]
        sending_least = 3 * batches + counted["GET jobs/ingest"]
        # Read and read back: a job, its polls and its pages each.
        pages = 2 * -(-rows // 10_000) + 2 * (batches - 1)
        rest = 2 * batches + counted["GET jobs/query"] + pages
    else:
        sending, sending_least = counted["PATCH composite/sobjects"], -(-rows // 200)
        rest = 2 * -(-rows // 2_000)
    # Two describes, the sync user's id and its rights, and the count of what changed.
    least = sending_least + rest + 5
    wrong, clear = _judged(orgs)
    return SyncFigures(
        rows=rows,
        path=str(done["path"]),
        seconds=float(first["seconds"]),
        processor=worked,
        peak_mib=first["peak"] / _KIB**2,
        sending=sending,
        sending_least=sending_least,
        calls=sum(counted.values()),
        least=least,
        polls=sum(counted[name] for name in _POLLS),
        again=again,
        wrong=wrong,
        clear=clear,
    )


def _judged(orgs: Path) -> tuple[int, int]:
    """From the orgs' own files: records that are not as in the source, and sensitive values that stand anywhere in the target's sealed fields."""
    names = ", ".join(f'"{name}"' for name in CLEAR)
    with sqlite3.connect(f"file:{orgs / 'hq.sqlite'}?mode=ro", uri=True) as database:
        values = ", ".join(f'"{name}"' for name in SEALED.values())
        source = {
            row[0]: row[1:]
            for row in database.execute(
                f"SELECT External_Id__c, {names}, {values} FROM Account WHERE IsDeleted = 0"
            )
        }
    with sqlite3.connect(f"file:{orgs / 'emea.sqlite'}?mode=ro", uri=True) as database:
        held = ", ".join(f'"{name}"' for name in SEALED)
        target = [
            *database.execute(f"SELECT External_Id__c, {names}, {held} FROM Account WHERE IsDeleted = 0")
        ]
    count = len(CLEAR)
    seen = Counter(row[0] for row in target)
    wrong = sum(seen[name] != 1 for name in source)
    clear = 0
    for name, *cells in target:
        own = source.get(name)
        if own is None:
            continue
        wrong += list(own[:count]) != cells[:count]
        for value, sealed in zip(own[count:], cells[count:], strict=True):
            wrong += (value is None) != (sealed is None)
            clear += sealed is not None and not is_sealed(sealed)
    return wrong, clear


def as_text(figures: SyncFigures) -> str:
    verdict = "good" if figures.good else "NOT GOOD"
    return (
        f"{figures.rows:,} records with {len(SEALED)} sealed fields by {figures.path}: {figures.seconds:.1f} s (at most {figures.seconds_at_most:.0f}), "
        f"{figures.processor:.1f} s of them processor time of the sync; calls that write {figures.sending} of at least "
        f"{figures.sending_least}, all {figures.calls} of at least {figures.least} with {figures.polls} polls; the sync's process "
        f"{figures.peak_mib:.0f} MiB (at most {MIB:.0f}); {figures.wrong} records wrong, {figures.clear} values in clear, "
        f"{figures.again} sent again by a second run: {verdict}"
    )
