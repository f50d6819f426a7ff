"""How fast and how light the embedded estate is, measured from outside with a plain HTTP client."""

import http.client
import json
import ssl
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from deployments.sandbox import launch

CLIENTS = 8
VERSION = "62.0"
SIMPLE = (
    "SELECT Id, Name FROM Profile LIMIT 10",
    "SELECT Id, Username FROM User WHERE IsActive = true LIMIT 5",
    "SELECT Id, Name FROM Account ORDER BY Id LIMIT 3",
    "SELECT Id FROM PermissionSet WHERE Name = 'None_Of_That_Name'",
)
EXPORT = "SELECT Id, Name, Industry, Phone FROM Account"
_POLL_SECONDS = 0.02
_KIB = 1024


@dataclass(frozen=True)
class EstateFigures:
    """
    Seconds are wall time. `query_milliseconds` is the median of one client alone; `queries_per_second` what eight
    clients, each a process with one kept-alive connection through proxy and TLS, got together. `mib` is the
    proportional set size of the estate with its AWS after all that. `telemetry_rows` counts login history, event
    stores and the rows inside event log files of all orgs.
    """

    users: int
    fresh_start_seconds: float
    second_start_seconds: float
    query_milliseconds: float
    queries_per_second: float
    export_rows: int
    export_seconds: float
    save_seconds: float
    restore_seconds: float
    telemetry_rows: int
    mib: float

    def document(self) -> dict[str, Any]:
        return asdict(self)


def measure_estate(users: int, seed: int = 0, requests: int = 500) -> EstateFigures:
    """Makes an estate, uses it and throws it away. Raises EstateNotStarted."""
    with tempfile.TemporaryDirectory(prefix="bulkhead-bench-") as root:
        folder = Path(root) / "state"
        try:
            return _measure(folder, users, seed, requests)
        finally:
            launch.stop(folder)


def _measure(folder: Path, users: int, seed: int, requests: int) -> EstateFigures:
    fresh = _timed(lambda: launch.start(folder, users=users, seed=seed))
    launch.stop(folder)
    second = _timed(lambda: launch.start(folder, users=users, seed=seed))
    client = _Client.of(folder)
    alone = _ask_often(client, requests)
    together = _timed(lambda: _ask_together(client, requests))
    rows, export = client.export(EXPORT)
    save = _timed(lambda: launch.save_snapshot(folder, "bench"))
    restore = _timed(lambda: launch.restore_snapshot(folder, "bench"))
    state = launch.status(folder) or {}
    return EstateFigures(
        users=users,
        fresh_start_seconds=fresh,
        second_start_seconds=second,
        query_milliseconds=statistics.median(alone) * 1000,
        queries_per_second=CLIENTS * requests / together,
        export_rows=rows,
        export_seconds=export,
        save_seconds=save,
        restore_seconds=restore,
        telemetry_rows=int(launch.ask(folder, "GET", "/telemetry")["rows"]),
        mib=sum(_mib(int(state[name])) for name in ("pid", "aws_pid")),
    )


def as_text(figures: EstateFigures) -> str:
    return (
        f"estate of {figures.users} users: up from nothing in {figures.fresh_start_seconds:.1f} s, again in"
        f" {figures.second_start_seconds:.1f} s; simple query {figures.query_milliseconds:.2f} ms,"
        f" {figures.queries_per_second:.0f} queries/s with {CLIENTS} clients; {figures.export_rows:,} rows by Bulk 2.0"
        f" in {figures.export_seconds:.2f} s; snapshot saved in {figures.save_seconds:.2f} s, restored in"
        f" {figures.restore_seconds:.2f} s; {figures.telemetry_rows:,} telemetry rows; {figures.mib:.0f} MiB"
    )


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@dataclass(frozen=True)
class _Client:
    proxy: str
    ca_bundle: str
    host: str
    token: str

    @classmethod
    def of(cls, folder: Path) -> "_Client":
        """As the first app's user of hq, who may read all that is asked for here."""
        document = launch.client_environment(folder)
        org = next(each for each in document["orgs"] if each["alias"] == "hq")
        token = launch.mint_token(folder, "hq", str(org["apps"][0]["username"]))
        host = str(urlsplit(org["instance_url"]).hostname)
        return cls(document["proxy"], document["ca_bundle"], host, token)

    def connect(self) -> http.client.HTTPSConnection:
        proxy = urlsplit(self.proxy)
        context = ssl.create_default_context(cafile=self.ca_bundle)
        connection = http.client.HTTPSConnection(proxy.hostname or "", proxy.port, context=context)
        connection.set_tunnel(self.host, 443)
        connection.connect()
        return connection

    def send(
        self,
        connection: http.client.HTTPSConnection,
        method: str,
        path: str,
        document: dict[str, Any] | None = None,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        body = None if document is None else json.dumps(document)
        connection.request(method, f"/services/data/v{VERSION}/{path}", body, headers)
        response = connection.getresponse()
        content = response.read()
        if response.status >= 400:
            raise LookupError(f"the estate answered {response.status} to {method} {path.partition('?')[0]}")
        return response, content

    def export(self, soql: str) -> tuple[int, float]:
        """Rows and seconds of one Bulk 2.0 query job, all pages included."""
        began = time.perf_counter()
        connection = self.connect()
        job = json.loads(
            self.send(connection, "POST", "jobs/query", {"operation": "query", "query": soql})[1]
        )["id"]
        while json.loads(self.send(connection, "GET", f"jobs/query/{job}")[1])["state"] != "JobComplete":
            time.sleep(_POLL_SECONDS)
        rows, locator = 0, ""
        while locator != "null":
            page = f"jobs/query/{job}/results?maxRecords=50000" + (f"&locator={locator}" if locator else "")
            response, _ = self.send(connection, "GET", page)
            rows += int(response.headers["Sforce-NumberOfRecords"])
            locator = str(response.headers["Sforce-Locator"])
        connection.close()
        return rows, time.perf_counter() - began


def _ask_often(client: _Client, requests: int) -> list[float]:
    """Seconds of each of so many simple queries on one connection."""
    connection = client.connect()
    paths = [f"query?q={quote(soql)}" for soql in SIMPLE]
    seconds = []
    for number in range(requests):
        began = time.perf_counter()
        client.send(connection, "GET", paths[number % len(paths)])
        seconds.append(time.perf_counter() - began)
    connection.close()
    return seconds


def _ask_together(client: _Client, requests: int) -> None:
    """Processes, because threads would share one interpreter and measure the client; forked, to start together."""
    context = get_context("fork")
    with context.Pool(CLIENTS) as pool:
        pool.starmap(_ask_often, [(client, requests)] * CLIENTS)


def _mib(pid: int) -> float:
    """Proportional set size, from Linux's own accounting."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / _KIB
