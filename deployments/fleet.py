"""Beyond one machine: a Prefect server that others reach, workers anywhere, both in the foreground for whatever keeps them up."""

import os
import socket
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from typing import NoReturn
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from deployments.settings import API_URL, LOOPBACK, WORK_POOL, Home
from tasks.errors import ConfigurationError
from tasks.fleet.cluster import SETTING, local_processes

DATABASE_URL = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
AUTH = "PREFECT_SERVER_API_AUTH_STRING"
KEY = "PREFECT_SERVER_ENCRYPTION_KEY"
REDIS_URL = "PREFECT_REDIS_MESSAGING_URL"
"""Optional: `rediss://:password@host:6379/0`. Without, messages pass through the server's memory, which drops them in a burst."""
_THROUGH_REDIS = {
    "PREFECT_MESSAGING_BROKER": "prefect_redis.messaging",
    "PREFECT_MESSAGING_CACHE": "prefect_redis.messaging",
    "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
    # prefect-redis 0.3 loses what comes in while its timer publishes (Publisher._publish_current_batch reads the batch, waits
    # for Redis and then empties the batch). One message at a time, and a timer that never comes, leave nothing to lose.
    "PREFECT_REDIS_MESSAGING_PUBLISHER_BATCH_SIZE": "1",
    "PREFECT_REDIS_MESSAGING_PUBLISHER_PUBLISH_EVERY": "31536000",
}
_REDIS_SCHEMES = ("redis", "rediss", "redis+sentinel", "rediss+sentinel")
_NEEDED = {
    DATABASE_URL: "PostgreSQL: postgresql+asyncpg://user:password@host/database",
    AUTH: "who may use it: name:password",
    KEY: 'what encrypts Blocks: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"',
}


def encryption(home: Home) -> dict[str, str]:
    """
    The setting with the key of the server on this machine, made with a new home. One whose database has kept a key of its own
    goes on with that, for what it encrypted could not be read with another.
    """
    if KEY in os.environ:
        return {}
    file = home.encryption_key
    if not file.exists():
        if DATABASE_URL in os.environ or (home.prefect / "prefect.db").exists():
            return {}
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        file.write_bytes(Fernet.generate_key())
    return {KEY: file.read_text().strip()}


def server_environment(
    home: Home, host: str, port: int, public: str, environment: Mapping[str, str], *, migrate: bool
) -> dict[str, str]:
    """
    What a server runs with that people reach at `public`. Raises ConfigurationError where one that others reach would lack its
    password, its key or a database that several may use, and where the key is none or a Redis is named that cannot be used.
    """
    others = host not in (LOOPBACK, "localhost")
    if others:
        for name, what in _NEEDED.items():
            if not environment.get(name):
                raise ConfigurationError(f"A server that others reach needs {name} ({what}).")
        if not environment[DATABASE_URL].startswith("postgresql"):
            raise ConfigurationError(f"{DATABASE_URL} names no PostgreSQL; SQLite is for one machine.")
        if len(environment[AUTH].partition(":")[2]) < _SHORTEST_PASSWORD:
            raise ConfigurationError(
                f"The password in {AUTH} has fewer than {_SHORTEST_PASSWORD} characters; write name:password."
            )
    if key := environment.get(KEY):
        _check_key(key)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(public or f"http://{LOOPBACK}:{port}"))
    return {
        **home.settings(f"http://{LOOPBACK}:{port}/api"),
        # What acts inside the server calls its own API.
        **({"PREFECT_API_AUTH_STRING": environment[AUTH]} if environment.get(AUTH) else {}),
        **(encryption(home) if not environment.get(KEY) else {}),
        "PREFECT_UI_URL": origin,
        "PREFECT_UI_API_URL": f"{origin}/api",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": origin,
        "PREFECT_SERVER_METRICS_ENABLED": "true",
        "PREFECT_SERVER_DATABASE_MIGRATE_ON_START": "true" if migrate else "false",
        **(_through_redis(environment[REDIS_URL], others=others) if environment.get(REDIS_URL) else {}),
    }


def worker_environment(home: Home, health_port: int, environment: Mapping[str, str]) -> dict[str, str]:
    """Raises ConfigurationError where nobody says which server the worker serves, and for a Dask cluster that cannot be used."""
    if cluster := environment.get(SETTING):
        local_processes(cluster)
    api = environment.get(API_URL)
    if not api:
        raise ConfigurationError(
            f"Set {API_URL} to the address of the Prefect server's API, such as http://bulkhead-server:4200/api."
        )
    return {**home.settings(api), "PREFECT_WORKER_WEBSERVER_PORT": str(health_port)}


def server_command(host: str, port: int) -> list[str]:
    """How a Prefect server is started, here or for others."""
    return [sys.executable, "-m", "deployments.prefect_server", "--host", host, "--port", str(port)]


def serve(home: Home, *, host: str, port: int, public: str, migrate: bool) -> NoReturn:
    """Becomes the server."""
    home.prepare()
    wanted = server_environment(home, host, port, public, os.environ, migrate=migrate)
    _become(server_command(host, port), wanted)


def work(home: Home, *, name: str, health_port: int, limit: int) -> NoReturn:
    """Becomes a worker; `limit` runs at once."""
    home.prepare()
    wanted = worker_environment(home, health_port, os.environ)
    options = ["--pool", WORK_POOL, "--type", "process", "--limit", str(limit), "--with-healthcheck"]
    _become(
        [
            sys.executable,
            "-m",
            "prefect",
            "worker",
            "start",
            *options,
            "--name",
            name or socket.gethostname(),
        ],
        wanted,
    )


def migrate(home: Home) -> NoReturn:
    """Brings Prefect's tables to this version, then ends. Raises ConfigurationError without a database to bring."""
    if DATABASE_URL not in os.environ:
        raise ConfigurationError(f"Set {DATABASE_URL} ({_NEEDED[DATABASE_URL]}).")
    home.prepare()
    _become(
        [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"],
        home.settings(f"http://{LOOPBACK}/api"),
    )


_SHORTEST_PASSWORD = 12


def _through_redis(url: str, *, others: bool) -> dict[str, str]:
    """The address itself stays where it is, in the environment."""
    parts = urlsplit(url)
    if parts.scheme not in _REDIS_SCHEMES or not parts.netloc:
        raise ConfigurationError(
            f"{REDIS_URL} is no address of a Redis; write rediss://:password@host:6379/0."
        )
    if others and not parts.password:
        # Whoever writes there tells the server of runs and events that never were.
        raise ConfigurationError(
            f"{REDIS_URL} names no password; a server that others reach needs a Redis that asks for one."
        )
    if find_spec("prefect_redis") is None:
        raise ConfigurationError(
            f'{REDIS_URL} needs prefect-redis: install the extra "redis" from this repository (make setup does).'
        )
    return dict(_THROUGH_REDIS)


def _check_key(key: str) -> None:
    try:
        Fernet(key)
    except ValueError:
        raise ConfigurationError(f"{KEY} is no key. Make one: {_NEEDED[KEY].partition(': ')[2]}") from None


def _become(command: list[str], settings: Mapping[str, str]) -> NoReturn:
    # In place of this process, so that signals reach the one that is meant.
    sys.stdout.flush()
    os.execve(command[0], command, {**os.environ, **settings})  # noqa: S606  # a list of ours
