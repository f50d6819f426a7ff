"""
A year and more of scheduled runs on a real Prefect server: its database stops growing, and what an auditor asks for stays.

Rows are copied into the database as Prefect itself had written one; a day goes by for each sweep. The share of the real number of runs
is small, since each one that goes is a request: the size that is asserted is per run, and does not depend on it.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import LogCreate
from prefect.states import Completed

from deployments import server
from deployments.settings import Home
from flows.runs import delete_old_runs
from tasks.runs.names import FREQUENT
from tasks.runs.steps import swept
from tests.product import drain, point_here, put_back

WEEK, AT_MOST = timedelta(days=7), 20_000
LINES = 8
"""Of the log of one run."""
SETTLED = 1.1
"""By how much the file may still grow between the time when as much goes as comes and the end."""


@dataclass(frozen=True)
class Scale:
    """So many days, with so many runs of frequent jobs and of others on each; `other` is how long the latter stay."""

    days: int
    frequent: int
    others: int
    other: timedelta


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A Prefect server of its own, which looks for logs without a run all the time and not once a day."""
    monkeypatch.setenv("PREFECT_SERVER_SERVICES_DB_VACUUM_ORPHAN_CLEANUP_LOOP_SECONDS", "2")
    made = Home(tmp_path / "home")
    made.prepare()
    port = server.free_port(None)
    before = point_here(made, port)
    server.up(made, port=port, sandbox=False, schedules=False)
    try:
        yield made
    finally:
        drain()
        server.down(made)
        put_back(before)


class Record:
    """Prefect's database, which is given runs that ended on some day."""

    def __init__(self, home: Home) -> None:
        self._file = home.prefect / "prefect.db"
        with get_client(sync_client=True) as client:
            self._models = {
                tags: client.create_flow_run(delete_old_runs, state=Completed(), tags=list(tags)).id
                for tags in ((FREQUENT,), ())
            }
            some = next(iter(self._models.values()))
            client.create_logs(
                [
                    LogCreate(
                        name="prefect.flow_runs",
                        level=20,
                        message="nothing was to be done " * 3,
                        timestamp=datetime.now(UTC),
                        flow_run_id=some,
                    )
                ]
            )
        self._kept = {tags: self._rows(run) for tags, run in self._models.items()}
        with self._open() as database:
            database.row_factory = sqlite3.Row
            self._line = dict(database.execute("SELECT * FROM log LIMIT 1").fetchone())

    def _open(self) -> "closing[sqlite3.Connection]":
        return closing(sqlite3.connect(self._file, timeout=120))

    def _rows(self, run: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
        with self._open() as database:
            database.row_factory = sqlite3.Row
            found = dict(database.execute("SELECT * FROM flow_run WHERE id = ?", (str(run),)).fetchone())
            state = database.execute("SELECT * FROM flow_run_state WHERE id = ?", (found["state_id"],))
            return found, dict(state.fetchone())

    def add(self, tags: tuple[str, ...], count: int, day: datetime) -> list[str]:
        """Runs that ended one after the other on this day; their ids."""
        runs, states, lines = [], [], []
        run, state = self._kept[tags]
        for number in range(count):
            at = (day + timedelta(days=number / count)).strftime("%Y-%m-%d %H:%M:%S.%f")
            me, mine = str(uuid4()), str(uuid4())
            times = {
                name: at
                for name in run
                if name in ("created", "updated") or name.endswith(("_time", "timestamp"))
            }
            durations = {name: run[name] for name in run if "run_time" in name}
            runs.append({**run, **times, **durations, "id": me, "state_id": mine, "name": f"run-{me[:8]}"})
            states.append({**state, "id": mine, "flow_run_id": me, "timestamp": at})
            lines += [
                {**self._line, "id": str(uuid4()), "flow_run_id": me, "timestamp": at} for _ in range(LINES)
            ]
        with self._open() as database:
            for table, rows in (("flow_run", runs), ("flow_run_state", states), ("log", lines)):
                names = list(rows[0])
                marks = ", ".join(f":{name}" for name in names)
                database.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)
            database.commit()
        return [each["id"] for each in runs]

    def there(self, runs: list[str]) -> int:
        with self._open() as database:
            known = {row[0] for row in database.execute("SELECT id FROM flow_run")}
        return len(known.intersection(runs))

    def pages(self) -> int:
        """Of the file, those that are free for what comes next included, once the logs of what was deleted are gone, too."""
        until = time.monotonic() + 120
        with self._open() as database:
            while database.execute(
                "SELECT count(*) FROM log WHERE flow_run_id NOT IN (SELECT id FROM flow_run)"
            ).fetchone()[0]:
                assert time.monotonic() < until, "logs of deleted runs stay"
                time.sleep(0.5)
            return int(database.execute("PRAGMA page_count").fetchone()[0])


@pytest.mark.timeout(7000)
@pytest.mark.parametrize(
    "scale",
    [
        pytest.param(Scale(30, 20, 2, timedelta(days=14)), marks=pytest.mark.slow, id="a month"),
        pytest.param(Scale(460, 100, 10, timedelta(days=400)), marks=pytest.mark.soak, id="over a year"),
    ],
)
def test_prefects_record_stops_growing_and_keeps_what_it_has_to(home: Home, scale: Scale) -> None:
    record = Record(home)
    begin = datetime.now(UTC) - timedelta(days=scale.days)
    settled = scale.other.days + WEEK.days
    phases: dict[int, list[str]] = {}
    sizes: dict[int, int] = {}
    gone = 0
    for day in range(scale.days):
        record.add((FREQUENT,), scale.frequent, begin + timedelta(days=day))
        phases[day] = record.add((), scale.others, begin + timedelta(days=day))
        now = begin + timedelta(days=day + 1)
        gone += swept(now, WEEK, scale.other, AT_MOST)
        if day % 7 == 0 or day in (settled, scale.days - 1):
            sizes[day] = record.pages()
        kept = [run for made, runs in phases.items() if made > day - scale.other.days for run in runs]
        if day in sizes:
            assert record.there(kept) == len(kept), f"a run of less than {scale.other.days} days went"
    print(
        f"{scale.days} days: {gone} of {scale.days * (scale.frequent + scale.others)} runs went; pages of the file by day: {sizes}"
    )
    assert sizes[scale.days - 1] <= SETTLED * sizes[settled]
    old = [run for made, runs in phases.items() if made < scale.days - 1 - scale.other.days for run in runs]
    assert old and record.there(old) == 0
    assert gone >= (scale.days - WEEK.days - 1) * scale.frequent
