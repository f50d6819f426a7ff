"""What `down` stops is exactly what `up` started."""

import sys
from pathlib import Path

from deployments import processes
from deployments.processes import Started

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
FAMILY = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(c.pid, flush=True); time.sleep(60)",
]


def test_a_process_and_its_children_are_stopped(tmp_path: Path) -> None:
    log = tmp_path / "log"
    started = processes.start(FAMILY, log=log, environment={})
    while not log.read_text().strip():
        assert started.alive
    child = int(log.read_text())
    assert processes.stop(started)
    assert not started.alive
    while (state := processes.born(child)) is not None:
        assert state


def test_a_number_that_was_used_again_is_left_alone(tmp_path: Path) -> None:
    started = processes.start(SLEEPER, log=tmp_path / "log", environment={})
    try:
        stranger = Started(started.pid, "another time")
        assert not stranger.alive
        assert not processes.stop(stranger)
        assert started.alive
    finally:
        processes.stop(started)


def test_stopping_twice_is_harmless(tmp_path: Path) -> None:
    started = processes.start(SLEEPER, log=tmp_path / "log", environment={})
    assert processes.stop(started)
    assert not processes.stop(started)
