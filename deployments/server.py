"""`bulkhead up` and `down`: the Prefect server, its worker and the embedded estate, side by side."""

import errno
import json
import os
import shutil
import socket
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from deployments import fleet, processes
from deployments.processes import Started
from deployments.settings import API_URL, DEFAULT_PORT, LOOPBACK, WORK_POOL, Home
from tasks.errors import ConfigurationError

FREE_BYTES_NEEDED = 300 * 1024 * 1024
HEALTH_PATIENCE = timedelta(seconds=120)
_PAUSE_SECONDS = 0.2
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Running:
    """What `up` started. `estate` says whether the embedded estate was started with it."""

    port: int
    server: Started
    worker: Started | None
    estate: bool

    @property
    def ui(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"


def up(
    home: Home,
    *,
    port: int = DEFAULT_PORT,
    sandbox: bool = True,
    users: int = 8000,
    seed: int = 0,
    schedules: bool = True,
    tell: Tell = print,
) -> Running:
    """
    Starts what is not running yet and registers the embedded estate; when all is up, only says so.

    Raises ConfigurationError for a busy port, a full disk, or a part that does not come up, and where the embedded estate would take
    the place of another that is registered.
    """
    prepare(home)
    running = read_running(home)
    if running is not None and running.server.alive and running.worker is not None and running.worker.alive:
        if sandbox and running.estate and not estate_running(home):
            _revive_estate(home, running, users, seed, tell)
        return running
    if running is not None:
        # Whoever gave no port finds the UI where it was.
        port = running.port if port == DEFAULT_PORT else port
        if sandbox and serves(running.port) == home.prefect.resolve():
            # Before it is stopped, so that a refusal leaves it as it was.
            home.enter(running.port)
            _check_place()
        down(home, estate=False)
    check_port(port)
    fresh = not (home.prefect / "prefect.db").exists() and fleet.DATABASE_URL not in os.environ
    home.enter(port)
    log = home.logs / "server.log"
    tell("starting the Prefect server" + (" and the embedded estate" if sandbox else ""))
    server = processes.start(
        fleet.server_command(LOOPBACK, port),
        log=log,
        environment={**home.environment(port), **fleet.encryption(home)},
    )
    # What an earlier `up` started stays ours, though its server has died since.
    ours = (running is not None and running.estate) or (sandbox and not estate_running(home))
    write_running(home, Running(port, server, None, ours))
    with ThreadPoolExecutor(3) as pool:
        # A home that has been in use may hold somebody's own estate, which only its server knows.
        estate = pool.submit(start_estate, home, users, seed) if sandbox and fresh else None
        ready = pool.submit(wait_for_server, port, server, home)
        imported = pool.submit(_import_prefect)
        try:
            _all(ready, imported)
            if sandbox and estate is None:
                _check_place()
                estate = pool.submit(start_estate, home, users, seed)
            _deploy(sandbox, schedules)
            if estate is not None:
                estate.result()
                tell("registering the embedded estate")
                _register_sandbox(home, schedules)
            # Last of all: it takes at once what became due while it was down, and that needs the estate.
            worker = _start_worker(home, port)
            write_running(home, Running(port, server, worker, ours))
        except BaseException:
            if estate is not None:
                estate.exception()
            down(home)
            raise
    return Running(port, server, worker, ours)


def down(home: Home, *, estate: bool = True) -> list[str]:
    """Stops exactly what `up` started; gives the names of what was running."""
    running = read_running(home)
    stopped = []
    if running is not None:
        if running.worker is not None and processes.stop(running.worker):
            stopped.append("worker")
        if processes.stop(running.server):
            stopped.append("Prefect server")
        if estate and running.estate and stop_estate(home):
            stopped.append("embedded estate")
        home.running.unlink(missing_ok=True)
    return stopped


def status(home: Home) -> dict[str, Any]:
    """What runs right now; `ui` is None when the server does not answer."""
    running = read_running(home)
    return {
        "home": str(home.root),
        "server": running is not None and running.server.alive,
        "worker": running is not None and running.worker is not None and running.worker.alive,
        "estate": estate_running(home),
        "ui": running.ui if running is not None and serves(running.port) is not None else None,
    }


def prepare(home: Home) -> None:
    try:
        home.prepare()
        free = shutil.disk_usage(home.root).free
    except OSError as error:
        raise ConfigurationError(
            f"{home.root} cannot be used ({os.strerror(error.errno or errno.EIO)}). Set BULKHEAD_HOME to a folder "
            "that you may write to."
        ) from None
    if free < FREE_BYTES_NEEDED:
        raise ConfigurationError(
            f"{home.root} has {free // 2**20} MiB free and {FREE_BYTES_NEEDED // 2**20} MiB are needed. Free some "
            "space, or set BULKHEAD_HOME to another disk."
        )


def check_port(port: int) -> None:
    """Raises ConfigurationError when something else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise ConfigurationError(
                f"Port {port} on {LOOPBACK} cannot be used ({os.strerror(error.errno or errno.EADDRINUSE)}). Stop "
                "what listens there, or choose another with `--port`."
            ) from None


def free_port(preferred: int | None = DEFAULT_PORT) -> int:
    """The preferred port, or any other that is free; None prefers none."""
    try:
        if preferred is not None:
            check_port(preferred)
            return preferred
    except ConfigurationError:
        pass
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def serves(port: int) -> Path | None:
    """PREFECT_HOME of the Prefect server that answers there; None where none does."""
    # The environment's proxies are not for loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(f"http://{LOOPBACK}:{port}/api/admin/settings")
    if password := os.environ.get("PREFECT_API_AUTH_STRING"):
        request.add_header("Authorization", f"Basic {b64encode(password.encode()).decode('ascii')}")
    try:
        with opener.open(request, timeout=2) as answer:
            return Path(json.load(answer)["home"]).resolve()
    except (urllib.error.URLError, OSError, ValueError, KeyError, TypeError):
        return None


def wait_for_server(port: int, server: Started, home: Home) -> None:
    """
    Raises ConfigurationError with the end of the log when the server dies or is not healthy in time, and when it is another
    that answers.
    """
    deadline = time.monotonic() + HEALTH_PATIENCE.total_seconds()
    log = home.logs / "server.log"
    while (found := serves(port)) != home.prefect.resolve():
        # Somebody may start between our look at the port and our server; what is registered there is not ours.
        if found is not None:
            raise ConfigurationError(
                f"Port {port} was taken by another Prefect server meanwhile. Choose another with `--port`."
            )
        if not server.alive or time.monotonic() > deadline:
            what = "did not become healthy" if server.alive else "ended"
            raise ConfigurationError(
                f"The Prefect server {what}. The end of {log}:\n{processes.last_lines(log)}"
            )
        time.sleep(_PAUSE_SECONDS)


def start_estate(home: Home, users: int = 8000, seed: int = 0, *, keep: bool = False) -> dict[str, Any]:
    """Raises ConfigurationError when the estate does not come up."""
    from deployments.sandbox import launch

    try:
        return launch.start(home.estate, users=users, seed=seed, keep=keep)
    except launch.EstateNotStarted as error:
        running = launch.status(home.estate)
        if running is not None:
            raise ConfigurationError(
                f"An embedded estate of {running['users']} users (seed {running['seed']}) already runs in {home.root}. "
                "Stop it with `bulkhead sandbox down`, or ask for the same."
            ) from None
        raise ConfigurationError(f"The embedded estate did not start: {error}") from None


def estate_running(home: Home) -> bool:
    from deployments.sandbox import launch

    return launch.status(home.estate) is not None


def stop_estate(home: Home) -> bool:
    from deployments.sandbox import launch

    return launch.stop(home.estate)


def read_running(home: Home) -> Running | None:
    try:
        found = json.loads(home.running.read_text())
        worker = Started(**found["worker"]) if found["worker"] else None
        return Running(found["port"], Started(**found["server"]), worker, found["estate"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_running(home: Home, running: Running) -> None:
    home.running.write_text(json.dumps(asdict(running)))


def connect(home: Home) -> None:
    """Points this process at the running server, or at the one that BULKHEAD_API_URL names. Raises ConfigurationError."""
    if elsewhere := os.environ.get(API_URL):
        prepare(home)
        home.join(elsewhere)
        return
    running = read_running(home)
    if running is None or not running.server.alive:
        raise ConfigurationError(
            "Prefect is not running. Start it with `bulkhead up`, for an estate of your own with `bulkhead up --no-sandbox`."
        )
    home.enter(running.port)


def is_embedded(estate: Mapping[str, Any]) -> bool:
    """Whether a registered estate is the embedded one, or some of its orgs."""
    from deployments.sandbox.seed.names import ESTATE, HOSTS

    hosts = {f"https://{host}" for host in HOSTS.values()}
    return estate.get("name") == ESTATE and all(
        org.get("my_domain") in hosts for org in estate.get("orgs", ())
    )


def _check_place() -> None:
    """Raises ConfigurationError where the embedded estate would take the place of somebody's own."""
    from deployments.register import registered_document

    found = registered_document()
    if found is not None and not is_embedded(found):
        raise ConfigurationError(
            f"The estate {found.get('name')} is registered here, and `bulkhead up` alone would register the embedded estate in its "
            "place. Nothing was changed. Start with `bulkhead up --no-sandbox`, or set BULKHEAD_HOME to another folder for the "
            "embedded estate."
        )


def _deploy(sandbox: bool, schedules: bool) -> None:
    """Until the embedded estate is up and registered, what its schedules start would find no org."""
    from deployments.register import register_deployments, registered

    register_deployments(schedules=schedules, estate=None if sandbox else registered())


def _register_sandbox(home: Home, schedules: bool) -> None:
    from deployments.register import begin, register_files

    begin(register_files(home.estate / "estate.yaml"), schedules=schedules)


def _revive_estate(home: Home, running: Running, users: int, seed: int, tell: Tell) -> None:
    """Its addresses are new, so it is registered again."""
    from deployments.register import register_files

    home.enter(running.port)
    _check_place()
    tell("the embedded estate has ended; starting it again")
    start_estate(home, users, seed)
    register_files(home.estate / "estate.yaml")


def _start_worker(home: Home, port: int) -> Started:
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", WORK_POOL, "--type", "process"]
    return processes.start(
        [*command, "--name", "bulkhead-local"],
        log=home.logs / "worker.log",
        environment=home.environment(port),
    )


def _import_prefect() -> None:
    """Costs seconds, which the server needs to start anyway."""
    import deployments.register  # noqa: F401  # imported for its time


def _all(*futures: Future[Any]) -> None:
    for future in futures:
        future.result()
