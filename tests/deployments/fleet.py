"""A whole fleet as a test has it: PostgreSQL for Prefect and the ledger, one server and two workers, each of which can be killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import yaml
from cryptography.fernet import Fernet

from deployments import fleet, server
from deployments.settings import API_URL, Home
from tests.running import RunningEstate

PASSWORD = ("ops", "long-enough-4711")
LEDGER_SECRET = "bulkhead/ledger/address"
PATIENCE = 900.0
"""Seconds: on a busy machine a process needs minutes to import all that it is made of."""
_COMMAND = [sys.executable, "-m", "deployments.cli"]


def until(true: Callable[[], Any], what: str, seconds: float = PATIENCE, pause: float = 0.5) -> Any:
    """What it gave, once that is something. A server that is away is waited for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := true():
                return found
        except (httpx.TransportError, httpx.HTTPStatusError):
            pass
        time.sleep(pause)
    raise AssertionError(f"it did not come in time: {what}")


@dataclass
class Fleet:
    """`databases` are addresses for Prefect and the ledger."""

    home: Home
    databases: dict[str, str]
    port: int = field(default_factory=lambda: server.free_port(None))
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    health: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = Fernet.generate_key().decode()

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            fleet.DATABASE_URL: self.databases["prefect"].replace("pg8000", "asyncpg"),
            fleet.AUTH: ":".join(PASSWORD),
            fleet.KEY: self.key,
            API_URL: self.api,
            "PREFECT_API_AUTH_STRING": ":".join(PASSWORD),
            "BULKHEAD_HOME": str(self.home.root),
        }

    def begin(self, estate: RunningEstate, client: Any) -> None:
        """`client` speaks to Secrets Manager."""
        client.create_secret(Name=LEDGER_SECRET, SecretString=json.dumps({"url": self.databases["ledger"]}))
        document = yaml.safe_load((estate.folder / "estate.yaml").read_text())
        document["ledger"]["url_secret"] = LEDGER_SECRET
        # Beside the other: paths in it are meant from there.
        declared = estate.folder / "estate-of-the-fleet.yaml"
        declared.write_text(yaml.safe_dump(document, sort_keys=False))
        rules = yaml.safe_load((estate.folder / "policy.yaml").read_text())
        # Without, the job of it has nothing to plan.
        rules["response"]["transactions"] = [{"event": "ReportEvent", "over": 2000}]
        policy = estate.folder / "policy-of-the-fleet.yaml"
        policy.write_text(yaml.safe_dump(rules, sort_keys=False))
        self.does("migrate")
        self.start_server()
        self.does("register", "--no-schedules", "--policy", str(policy), str(declared))
        for name in ("first", "second"):
            self.start_worker(name)

    def does(self, *words: str) -> None:
        done = subprocess.run(
            [*_COMMAND, *words], env=self.environment, capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start_server(self) -> None:
        self._start("server", "serve", "--port", str(self.port), "--no-migrate")
        until(lambda: self.call("GET", "/health") is True, "the server")

    def start_worker(self, name: str) -> None:
        self.health[name] = server.free_port(None)
        self._start(name, "work", "--name", name, "--limit", "2", "--health-port", str(self.health[name]))
        url = f"http://127.0.0.1:{self.health[name]}/health"
        until(lambda: httpx.get(url, trust_env=False).status_code == httpx.codes.OK, f"the worker {name}")

    def kill(self, name: str) -> None:
        """As a machine that is gone: with all that it runs, and nothing of it says so."""
        process = self.processes.pop(name)
        for pid in (process.pid, *descendants(process.pid)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        process.wait()

    def stop(self) -> None:
        for name in [*self.processes]:
            self.kill(name)

    def busy(self) -> str | None:
        """The worker that carries out a run just now."""
        found = (name for name, each in self.processes.items() if name != "server" and descendants(each.pid))
        return next(found, None)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        me = str(uuid4())
        with httpx.Client(base_url=self.api, auth=PASSWORD, trust_env=False, timeout=60) as client:
            if method != "GET":
                token = client.get("/csrf-token", params={"client": me}).raise_for_status().json()["token"]
                client.headers.update({"Prefect-Csrf-Client": me, "Prefect-Csrf-Token": token})
            answer = client.request(method, path, json=body).raise_for_status()
            return answer.json() if answer.content else None

    def run(self, job: str, **parameters: Any) -> str:
        """Started as from the UI; gives the run's id."""
        found = until(lambda: self.call("GET", f"/deployments/name/{job}"), job)
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        return str(self.call("POST", f"/deployments/{found['id']}/create_flow_run", body)["id"])

    def state(self, run: str) -> str:
        return str(self.call("GET", f"/flow_runs/{run}")["state"]["type"])

    def ended(self, run: str) -> str:
        """The state in which it ended."""
        final = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
        return str(
            until(
                lambda: found if (found := self.state(run)) in final else None, f"the end of {run}", pause=2
            )
        )

    def _start(self, name: str, *arguments: str) -> None:
        with (self.home.logs / f"{name}.log").open("ab") as out:
            self.processes[name] = subprocess.Popen(
                [*_COMMAND, *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )


def descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, left = [], [pid]
    while left:
        left += (mine := children.get(left.pop(), []))
        found += mine
    return found
