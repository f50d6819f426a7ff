"""The whole assessment as a person runs it: through Prefect, on the embedded estate, timed and weighed from outside."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deployments import server
from deployments.bench.weight import Weight
from deployments.settings import Home, on_its_own


@dataclass(frozen=True)
class Whole:
    """
    `start_seconds` until server, worker and estate were up; `run_seconds` for the flow run with its process; `peak_mib`
    the most memory that the run's processes held together (proportional set size, the contract checker included).
    """

    users: int
    start_seconds: float
    run_seconds: float
    peak_mib: float

    def document(self) -> dict[str, Any]:
        return asdict(self)


@on_its_own()
def measure_whole(users: int, seed: int = 0) -> Whole:
    """Raises ConfigurationError when something does not start, CalledProcessError when the run fails."""
    home = Home(Path(tempfile.mkdtemp(prefix="bulkhead-bench-")))
    try:
        began = time.monotonic()
        running = server.up(home, port=server.free_port(), users=users, seed=seed, tell=_quiet)
        started = time.monotonic()
        command = [sys.executable, "-c", "from deployments.cli import main; main()", "run", "assessment"]
        with (home.logs / "bench.log").open("wb") as log:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(home, running.port),
            )
            weight = Weight([child.pid])
            code = child.wait()
            peak = weight.stop()
        if code not in (0, 1):
            raise subprocess.CalledProcessError(code, command)
        return Whole(users, started - began, time.monotonic() - started, peak)
    finally:
        server.down(home)
        shutil.rmtree(home.root, ignore_errors=True)


def as_text(whole: Whole) -> str:
    return (
        f"whole, {whole.users} users, through Prefect: run {whole.run_seconds:.1f} s, "
        f"memory {whole.peak_mib:.0f} MiB at most, all up in {whole.start_seconds:.1f} s"
    )


def _environment(home: Home, port: int) -> dict[str, str]:
    return {**os.environ, **home.environment(port)}


def _quiet(text: str) -> None:
    pass
