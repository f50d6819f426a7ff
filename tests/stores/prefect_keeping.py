"""
What makes `prefect.sql` of a kept store: Prefect's database as a version leaves it, with what it registered and what people did.

It is run as a file with the version's own code before it, and so imports of ours only what every version has:
`PYTHONPATH=<its tree> python tests/stores/prefect_keeping.py <kept store> <its commit>`.
"""

import asyncio
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

AHEAD = datetime(2100, 1, 1, 12, tzinfo=UTC)
"""When a run is due that nobody is to see start."""
RUNS: Mapping[str, Mapping[str, Any]] = {
    "assessment/assessment-weekly": {"orgs": ["emea", "hq"]},
    "request-access/request-access": {
        "org": "emea",
        "username": "sync@emea.example",
        "permission_set": "Sync_Account",
        "hours": 1,
        "reason": "a case of a customer's",
        "requester": "ada@acme.example",
    },
    "quick-wins/least-privilege": {"requester": "ada@acme.example", "routes": ["HQ_to_EMEA"]},
    "collect-telemetry/telemetry-every-5-minutes": {"orgs": ["emea"]},
}
"""One run that is over and one that is to come of each of these that there is."""
PAUSED = ("watch-plans/watch-plans-every-10-minutes", "assessment/assessment-weekly")
"""The first that there is was paused by a person."""
_OURS = (
    "SELECT id FROM block_type WHERE slug LIKE 'bulkhead-%' OR slug IN ('salesforce-org', 'aws-secret-store')"
)
_NOT_KEPT = (
    # What a server makes anew when it starts, and what is long gone by the time of the next version.
    "DELETE FROM event_resources", "DELETE FROM events", "DELETE FROM log", "DELETE FROM csrf_token",
    f"DELETE FROM block_schema_reference WHERE parent_block_schema_id IN "
    f"(SELECT id FROM block_schema WHERE block_type_id NOT IN ({_OURS}))",
    f"DELETE FROM block_schema WHERE block_type_id NOT IN ({_OURS})",
    f"DELETE FROM block_type WHERE id NOT IN ({_OURS})",
    # Long texts that registering writes anew, and nothing else reads.
    "UPDATE deployment SET description = substr(description, 1, 80)",
    "UPDATE deployment SET parameter_openapi_schema = '{}' WHERE id NOT IN (SELECT deployment_id FROM flow_run)",
)  # fmt: skip


def keep(folder: Path, code: Path) -> Path:
    """Writes `prefect.sql` into a kept store from its estate.yaml and policy.yaml, with the version whose tree is `code`."""
    with tempfile.TemporaryDirectory() as place, _server(Path(place), code):
        from deployments.register import register_deployments, register_files

        estate = register_files(folder / "estate.yaml", folder / "policy.yaml")
        # Versions before the forms asked for no estate.
        takes_estate = "estate" in (register_deployments.__kwdefaults__ or {})
        register_deployments(**({"estate": estate} if takes_estate else {}))
        asyncio.run(_people())
        file = Path(place) / "prefect" / "prefect.db"
        (folder / "prefect.sql").write_text(_dumped(file))
        for key in Path(place).glob("prefect-encryption.key"):
            # The key of one database with nothing secret in it, made a moment ago.
            (folder / key.name).write_bytes(key.read_bytes())
    return folder / "prefect.sql"


@contextmanager
def _server(home: Path, code: Path) -> Iterator[None]:
    """As `up` of that version starts one, without schedules that make runs ahead; this process is pointed at it."""
    from deployments.settings import Home

    at, port = Home(home), _free_port()
    at.prepare()
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, **at.environment(port), "PYTHONPATH": str(code), **_encryption(at)}
    environment["PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED"] = "false"
    with (home / "server.log").open("ab") as log:
        running = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=code)
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        deadline = time.monotonic() + 120
        while True:
            try:
                opener.open(f"http://127.0.0.1:{port}/api/health", timeout=2)
                break
            except (urllib.error.URLError, OSError):
                if time.monotonic() > deadline or running.poll() is not None:
                    raise
                time.sleep(0.3)
        at.enter(port)
        yield
    finally:
        running.terminate()
        running.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _encryption(home: Any) -> dict[str, str]:
    try:
        from deployments.fleet import encryption
    except ImportError:
        return {}  # Prefect keeps a key of its own in the database
    return encryption(home)


async def _people() -> None:
    """Runs that are over and to come, a job that somebody paused, a variable, and a Block of somebody's own."""
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound
    from prefect.states import Completed, Scheduled
    from prefect.variables import Variable

    async with get_client() as client:
        for name, parameters in RUNS.items():
            try:
                job = await client.read_deployment_by_name(name)
            except ObjectNotFound:
                continue
            over = await client.create_flow_run_from_deployment(
                job.id, parameters=dict(parameters), name=f"over-{job.name}"
            )
            await client.set_flow_run_state(over.id, Completed(), force=True)
            await client.create_flow_run_from_deployment(
                job.id,
                parameters=dict(parameters),
                name=f"ahead-{job.name}",
                state=Scheduled(scheduled_time=AHEAD),
            )
        for name in PAUSED:
            try:
                job = await client.read_deployment_by_name(name)
            except ObjectNotFound:
                continue
            await client.pause_deployment(job.id)
            break
    await Variable.aset("our_own", ["of", "a", "person"])


def _dumped(file: Path) -> str:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=60)) as database:
        copy = sqlite3.connect(":memory:")
        database.backup(copy)
    with closing(copy):
        for statement in _NOT_KEPT:
            copy.execute(statement)
        copy.commit()
        return "\n".join(copy.iterdump()) + "\n"


if __name__ == "__main__":
    print(keep(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
