"""`bulkhead bench burst`: thousands of task runs at once, and how many of them the server's record has in the end."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deployments import fleet, processes, server
from deployments.settings import LOOPBACK, Home, on_its_own

STILL = 120.0
"""Seconds after which a record that no longer grows is taken for all there will be."""
_LOOK_SECONDS = 2.0


@dataclass(frozen=True)
class Burst:
    """
    Of `tasks` task runs the client saw `done` come to their end; the server's record has `recorded`, and `finished` of them as
    Completed. `seconds` for the client, `until_recorded` from its end to the last record.
    """

    tasks: int
    done: int
    recorded: int
    finished: int
    seconds: float
    until_recorded: float
    redis: bool
    database: str

    @property
    def lost(self) -> int:
        return self.tasks - self.finished

    @property
    def good(self) -> bool:
        return self.tasks == self.done == self.recorded == self.finished

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "lost": self.lost, "good": self.good}


@on_its_own()
def measure_burst(tasks: int, *, redis: str = "", database: str = "") -> Burst:
    """A server of its own, as `bulkhead serve` sets it up. Raises ConfigurationError when it does not start."""
    home = Home(Path(tempfile.mkdtemp(prefix="bulkhead-bench-")))
    port = server.free_port(None)
    given = {
        name: value for name, value in ((fleet.REDIS_URL, redis), (fleet.DATABASE_URL, database)) if value
    }
    running = None
    try:
        home.prepare()
        settings = fleet.server_environment(home, LOOPBACK, port, "", os.environ | given, migrate=True)
        command = fleet.server_command(LOOPBACK, port)
        running = processes.start(command, log=home.logs / "server.log", environment=settings | given)
        server.wait_for_server(port, running, home)
        played = subprocess.run(
            [sys.executable, "-m", "deployments.bench.burst", str(tasks)],
            env={
                **os.environ,
                **home.settings(f"http://{LOOPBACK}:{port}/api"),
                "PREFECT_LOGGING_LEVEL": "ERROR",
            },
            stdout=subprocess.PIPE,
            check=True,
        )
        told = json.loads(played.stdout.splitlines()[-1])
        kind = "PostgreSQL" if database else "SQLite"
        return Burst(tasks=tasks, redis=bool(redis), database=kind, **told)
    finally:
        if running is not None:
            processes.stop(running)
        shutil.rmtree(home.root, ignore_errors=True)


def as_text(burst: Burst) -> str:
    through = "Redis" if burst.redis else "memory"
    return (
        f"{burst.tasks} task runs at once, messages through {through}, {burst.database}: "
        f"{burst.recorded} recorded, {burst.finished} as Completed, {burst.lost} lost; client {burst.seconds:.1f} s, "
        f"record {burst.until_recorded:.1f} s later"
    )


def play(tasks: int) -> dict[str, Any]:
    """The client's side, in a process that Prefect's settings point at the server."""
    from prefect import flow, task
    from prefect.client.orchestration import get_client
    from prefect.context import get_run_context
    from prefect.task_runners import ThreadPoolTaskRunner

    @task
    def one(number: int) -> int:
        return number

    runner: Any = ThreadPoolTaskRunner(max_workers=8)

    @flow(name="burst", task_runner=runner)
    def burst() -> tuple[str, int]:
        run = get_run_context().flow_run.id  # type: ignore[union-attr]  # within a flow it is a flow's
        return str(run), len([future.result() for future in one.map(range(tasks))])

    began = time.monotonic()
    run, done = burst()
    ended = time.monotonic()
    with get_client(sync_client=True) as client:
        recorded = finished = -1
        grew = ended
        while finished < tasks and time.monotonic() - grew < STILL:
            now = _count(client, run), _count(client, run, "COMPLETED")
            if now != (recorded, finished):
                grew = time.monotonic()
            recorded, finished = now
            time.sleep(_LOOK_SECONDS if finished < tasks else 0)
    return {
        "done": done,
        "recorded": recorded,
        "finished": finished,
        "seconds": ended - began,
        "until_recorded": max(0.0, grew - ended),
    }


def _count(client: Any, run: str, state: str = "") -> int:
    wanted: dict[str, Any] = {"flow_run_id": {"any_": [run]}}
    if state:
        wanted["state"] = {"type": {"any_": [state]}}
    return int(client.request("POST", "/task_runs/count", json={"task_runs": wanted}).json())


if __name__ == "__main__":
    print(json.dumps(play(int(sys.argv[1]))))
