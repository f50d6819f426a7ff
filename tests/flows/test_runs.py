"""Prefect's record on a real server: a lost run ends, a living one does not, and what is spent goes."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Completed, Failed

from deployments import server
from deployments.settings import Home
from flows.runs import delete_old_runs, end_lost_runs
from tasks.runs.lost import SILENCE
from tasks.runs.names import FREQUENT
from tests.product import Product, drain, point_here, put_back

SLEEPER = """
import time
from prefect import flow

@flow(name="delete-old-runs", flow_run_name={name!r})
def sleeper():
    time.sleep(900)

sleeper()
"""


@flow(name="published-in-a-test")
def publishing(key: str) -> str:
    create_markdown_artifact("what was done", key=key)
    from prefect.runtime import flow_run

    return str(flow_run.get_id())


def test_spent_runs_go_and_the_others_stay(product: Product) -> None:
    week, year = datetime.now(UTC) - timedelta(days=8), datetime.now(UTC) - timedelta(days=401)
    with get_client(sync_client=True) as client:
        quiet, failed, rare, ancient, young = (
            client.create_flow_run(delete_old_runs, state=state, tags=tags).id
            for state, tags in (
                (Completed(), [FREQUENT]),
                (Failed(), [FREQUENT]),
                (Completed(), []),
                (Failed(), []),
                (Completed(), [FREQUENT]),
            )
        )
    telling = UUID(publishing("access"))
    _age(product, {quiet: week, failed: week, rare: week, telling: week, ancient: year})
    with closing(sqlite3.connect(product.home.prefect / "prefect.db", timeout=60)) as database:
        database.execute("UPDATE flow_run SET tags = ? WHERE id = ?", (f'["{FREQUENT}"]', str(telling)))
        database.commit()
    unjoined = product.home.root / "shards" / "of-days-ago"
    unjoined.mkdir(parents=True)
    os.utime(unjoined, (week.timestamp(), week.timestamp()))
    assert delete_old_runs(at_most=1) == 1, "a run of the flow deletes no more than it may"
    assert delete_old_runs() == 1
    with get_client(sync_client=True) as client:
        there = {run.id for run in client.read_flow_runs(limit=200)}
    assert there >= {failed, rare, telling, young}
    assert not there & {quiet, ancient}
    assert not unjoined.exists(), "what runs have read goes though no assessment comes after it"


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Home]:
    """A Prefect server that the test may kill, with our deployments and no schedule."""
    home = Home(tmp_path / "home")
    home.prepare()
    port = server.free_port(None)
    before = point_here(home, port)
    server.up(home, port=port, sandbox=False, schedules=False)
    try:
        yield home
    finally:
        drain()
        server.down(home)
        put_back(before)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_lost_run_ends_and_a_living_one_outlives_the_server(alone: Home) -> None:
    started = {name: _start(name) for name in ("lost", "living")}
    try:
        runs = {name: _running(name) for name in started}
        assert end_lost_runs() == [], "both have just been heard"
        os.kill(started["lost"].pid, signal.SIGKILL)
        killed = time.monotonic()
        found = server.read_running(alone)
        assert found is not None
        os.kill(found.server.pid, signal.SIGKILL)
        # Longer than the silence that is allowed: when the server is back, every run has been silent.
        time.sleep(SILENCE.total_seconds() + 10)
        server.up(alone, port=found.port, sandbox=False, schedules=False)
        # Looked for again and again, as its schedule does: a run that lives speaks first when the server is back.
        while not (ended := end_lost_runs()) and time.monotonic() - killed < 600:
            time.sleep(5)
        assert [run.id for run in ended] == [str(runs["lost"].id)]
        assert ended[0].job == "delete-old-runs"
        assert _state(runs["lost"]) is StateType.CRASHED
        assert _state(runs["living"]) is StateType.RUNNING
        assert time.monotonic() - killed < 600
    finally:
        for process in started.values():
            process.kill()
            process.wait()


def _start(name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", SLEEPER.format(name=name)])


def _running(name: str) -> FlowRun:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with get_client(sync_client=True) as client:
            for run in client.read_flow_runs(limit=20):
                if run.name == name and run.state_type is StateType.RUNNING:
                    return run
        time.sleep(1)
    raise AssertionError(f"{name} did not start")


def _state(run: FlowRun) -> StateType | None:
    with get_client(sync_client=True) as client:
        return client.read_flow_run(run.id).state_type


def _age(product: Product, ends: dict[UUID, datetime]) -> None:
    """Ages runs in the database itself: the API takes no end from anybody."""
    with closing(sqlite3.connect(product.home.prefect / "prefect.db", timeout=60)) as database:
        for run, end in ends.items():
            text = end.strftime("%Y-%m-%d %H:%M:%S.%f")
            changed = database.execute("UPDATE flow_run SET end_time = ? WHERE id = ?", (text, str(run)))
            assert changed.rowcount == 1
        database.commit()
