"""The miniature estate: two tiny orgs in a real process, shared by the tests of the wire."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.sandbox import launch
from tests.running import RunningEstate

READY_WITHIN = 60


@pytest.fixture(scope="session")
def miniature(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEstate]:
    folder = tmp_path_factory.mktemp("miniature") / "state"
    log = folder.parent / "log"
    command = [sys.executable, "-m", "tests.deployments.sandbox.miniature", "serve", "--state", str(folder)]
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, cwd=Path(__file__).parents[3])
    deadline = time.monotonic() + READY_WITHIN
    while not (folder / "state.json").exists():
        assert process.poll() is None and time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
    yield RunningEstate(folder, json.loads((folder / "state.json").read_text()))
    launch.stop(folder)
    process.wait(timeout=20)
    assert "Traceback" not in log.read_text(), log.read_text()
