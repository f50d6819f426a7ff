"""What `up` makes good when a part of it was killed, and that `down` still stops all of it."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest

from deployments import server
from deployments.settings import Home
from tests.deployments.test_cli import bulkhead


@pytest.mark.slow
def test_up_makes_good_what_was_killed_and_down_stops_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    port = server.free_port(None)
    # With a password, as on a machine that others use too: every part has to bring it.
    for name in ("PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"):
        monkeypatch.setenv(name, "ops:long-enough-4711")
    try:
        assert _up(home, "--port", str(port))["ui"]
        os.kill(json.loads((home.estate / "state.json").read_text())["pid"], signal.SIGKILL)
        assert _up(home)["estate"]
        assert bulkhead(home.root, "doctor").returncode == 0
        assert httpx.get(f"http://127.0.0.1:{port}/api/admin/version", trust_env=False).status_code == 401
        for part in ("worker", "server"):
            os.kill(json.loads(home.running.read_text())[part]["pid"], signal.SIGKILL)
        found = _up(home)
        assert found["server"] and found["worker"] and found["ui"] == f"http://127.0.0.1:{port}"
    finally:
        stopped = bulkhead(home.root, "down").stdout
    assert "embedded estate" in stopped and "Prefect server" in stopped
    found = _status(home)
    assert not (found["server"] or found["worker"] or found["estate"])


def _up(home: Home, *options: str) -> dict[str, Any]:
    answer = bulkhead(home.root, "up", "--users", "400", *options)
    assert answer.returncode == 0, answer.stderr
    return _status(home)


def _status(home: Home) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bulkhead(home.root, "status", "--json").stdout)
    return found
