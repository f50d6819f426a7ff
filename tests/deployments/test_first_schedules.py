"""Nothing starts by itself before there is an estate that it could be about."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deployments import server
from deployments.catalog import catalog
from deployments.settings import Home
from tests.deployments.test_cli import bulkhead
from tests.running import RunningEstate

SCHEDULED = {job.name for job in catalog() if job.schedules}


class Watched:
    """What a server has deployed, asked as its UI does."""

    def __init__(self, port: int) -> None:
        self._api = f"http://127.0.0.1:{port}/api"

    def _all(self, what: str) -> Any:
        me = str(uuid4())
        with httpx.Client(trust_env=False, timeout=60) as client:
            token = client.get(f"{self._api}/csrf-token", params={"client": me}).json()["token"]
            headers = {"Prefect-Csrf-Client": me, "Prefect-Csrf-Token": token}
            found = client.post(f"{self._api}/{what}/filter", json={"limit": 200}, headers=headers)
            return found.raise_for_status().json()

    def paused(self) -> set[str]:
        return {each["name"] for each in self._all("deployments") if each["paused"]}

    def automations(self) -> set[bool]:
        return {each["enabled"] for each in self._all("automations")}

    def runs(self) -> list[str]:
        return [each["name"] for each in self._all("flow_runs")]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_schedules_wait_for_the_estate(estate: RunningEstate, tmp_path: Path) -> None:
    home, port = Home(tmp_path / "home"), server.free_port(None)

    def does(*words: str) -> None:
        answer = bulkhead(home.root, *words)
        assert answer.returncode == 0, answer.stderr

    watched = Watched(port)
    try:
        does("up", "--no-sandbox", "--port", str(port))
        assert watched.paused() == SCHEDULED
        assert watched.runs() == [] and watched.automations() == set()
        does("register", "--no-schedules", str(estate.folder / "estate.yaml"))
        assert watched.paused() == SCHEDULED and watched.runs() == []
        does("register", str(estate.folder / "estate.yaml"))
        assert watched.paused() == set()
        does("down")
        does("up", "--no-sandbox", "--port", str(port))
        assert watched.paused() == set(), "an estate is registered"
        does("down")
        does("up", "--no-sandbox", "--no-schedules", "--port", str(port))
        assert watched.paused() == SCHEDULED
    finally:
        bulkhead(home.root, "down")
