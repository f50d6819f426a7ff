"""Beyond one machine: a server on PostgreSQL that asks for a password, and two workers that share its work."""

import importlib
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from deployments import fleet, server
from deployments.settings import API_URL, CAREFUL, QUIET, TUNED, Home
from tasks.errors import ConfigurationError
from tests.tasks.ledger.conftest import postgresql  # noqa: F401  # its server serves here, too

KEY = Fernet.generate_key().decode()
RIGHT = {
    fleet.DATABASE_URL: "postgresql+asyncpg://bulkhead@db.acme.example/prefect",
    fleet.AUTH: "ops:long-enough-4711",
    fleet.KEY: KEY,
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.prepare()
    return made


def test_a_server_that_others_reach_is_tuned_and_secured(home: Home) -> None:
    made = fleet.server_environment(
        home, "0.0.0.0", 4200, "https://bulkhead.acme.example/", RIGHT, migrate=False
    )
    assert made.items() >= {**TUNED, **QUIET, **CAREFUL}.items()
    assert "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED" not in made, "automations need triggers"
    assert made["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] == "https://bulkhead.acme.example"
    assert made["PREFECT_UI_API_URL"] == "https://bulkhead.acme.example/api"
    assert made["PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED"] == "true"
    assert made["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert not home.encryption_key.exists(), "it has one of its own"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({fleet.AUTH: ""}, "needs PREFECT_SERVER_API_AUTH_STRING"),
        ({fleet.AUTH: "ops:short"}, "fewer than 12"),
        ({fleet.AUTH: "no-name-and-colon"}, "fewer than 12"),
        ({fleet.KEY: ""}, "needs PREFECT_SERVER_ENCRYPTION_KEY"),
        ({fleet.KEY: "not-a-key"}, "is no key"),
        ({fleet.DATABASE_URL: ""}, "needs PREFECT_SERVER_DATABASE"),
        ({fleet.DATABASE_URL: "sqlite+aiosqlite:///x.db"}, "one machine"),
        ({fleet.REDIS_URL: "redis://redis.acme.example:6379/0"}, "names no password"),
        ({fleet.REDIS_URL: "redis.acme.example:6379"}, "is no address of a Redis"),
        ({fleet.REDIS_URL: "redis+cluster://:4711@redis.acme.example"}, "is no address of a Redis"),
    ],
)
def test_what_would_leave_it_open_is_refused(home: Home, changed: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as refused:
        fleet.server_environment(home, "0.0.0.0", 4200, "", {**RIGHT, **changed}, migrate=True)
    assert "4711" not in str(refused.value) and KEY not in str(refused.value)


def test_messages_go_through_redis_where_one_is_named(home: Home) -> None:
    given = {fleet.REDIS_URL: "rediss://:secret-4711@redis.acme.example:6379/0"}
    made = fleet.server_environment(home, "0.0.0.0", 4200, "", RIGHT | given, migrate=False)
    through = {name: value for name, value in made.items() if "prefect_redis" in value}
    assert set(through) == {
        "PREFECT_MESSAGING_BROKER",
        "PREFECT_MESSAGING_CACHE",
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE",
    }
    for module in through.values():
        importlib.import_module(module)
    assert "secret-4711" not in str(made), "the address stays where it is"
    plain = fleet.server_environment(home, "0.0.0.0", 4200, "", RIGHT, migrate=False)
    assert not any("prefect_redis" in value for value in plain.values())


def test_the_key_of_a_new_home_is_made_once_and_lies_outside_the_database(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(fleet.KEY, raising=False)
    monkeypatch.delenv(fleet.DATABASE_URL, raising=False)
    first = fleet.encryption(home)
    assert Fernet(first[fleet.KEY]) and fleet.encryption(home) == first
    assert stat.S_IMODE(home.encryption_key.stat().st_mode) == 0o600
    assert first[fleet.KEY] not in json.dumps(home.environment(4200))


def test_a_home_with_a_database_goes_on_with_the_key_in_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(fleet.KEY, raising=False)
    (home.prefect / "prefect.db").touch()
    assert fleet.encryption(home) == {}


def test_a_worker_wants_to_know_its_server(home: Home) -> None:
    with pytest.raises(ConfigurationError, match=API_URL):
        fleet.worker_environment(home, 8080, {})
    made = fleet.worker_environment(home, 9000, {API_URL: "https://bulkhead.acme.example/api"})
    assert made["PREFECT_API_URL"] == "https://bulkhead.acme.example/api"
    assert made["PREFECT_WORKER_WEBSERVER_PORT"] == "9000"


@pytest.fixture
def database(postgresql: str) -> Iterator[str]:  # noqa: F811  # the fixture of that name
    url = make_url(postgresql).set(database="prefect_fleet", drivername="postgresql+pg8000")
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE prefect_fleet"))
    yield str(url)
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE prefect_fleet WITH (FORCE)"))
    engine.dispose()


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_two_workers_share_the_work_of_a_server_on_postgresql(home: Home, database: str) -> None:
    port = server.free_port(None)
    api = f"http://127.0.0.1:{port}/api"
    environment = {
        **os.environ,
        **RIGHT,
        fleet.DATABASE_URL: database.replace("pg8000", "asyncpg"),
        API_URL: api,
        "PREFECT_API_AUTH_STRING": RIGHT[fleet.AUTH],
        "BULKHEAD_HOME": str(home.root),
        "BULKHEAD_LOG_FORMAT": "json",
    }
    subprocess.run([*_COMMAND, "migrate"], env=environment, check=True, timeout=300)
    health = [server.free_port(None) for _ in range(2)]
    with ExitStack() as stack:
        log = home.logs / "fleet.log"
        stack.enter_context(_running(log, environment, "serve", "--port", str(port), "--no-migrate"))
        _until(lambda: httpx.get(f"{api}/health", auth=_SIGNED, trust_env=False).status_code == 200)
        assert httpx.get(f"{api}/health", trust_env=False).status_code == 200, "probes bring no password"
        assert httpx.get(f"{api}/admin/settings", trust_env=False).status_code == 401
        body = {"flow_runs": None}
        with httpx.Client(auth=_SIGNED, trust_env=False) as person:
            assert person.post(f"{api}/flow_runs/filter", json=body).status_code == 403, "no token"
        register = "from deployments.register import register_deployments as r; r(schedules=False)"
        connect = (
            "from deployments import server; from deployments.settings import home; server.connect(home())"
        )
        subprocess.run(
            [sys.executable, "-c", f"{connect}; {register}"], env=environment, check=True, timeout=400
        )
        for number, each in enumerate(health):
            name = ["--name", f"worker-{number}", "--limit", "1", "--health-port", str(each)]
            stack.enter_context(_running(home.logs / f"worker-{number}.log", environment, "work", *name))
        for each in health:
            url = f"http://127.0.0.1:{each}/health"
            _until(lambda url=url: httpx.get(url, trust_env=False).status_code == 200)  # type: ignore[misc]  # bound now
        with closing(_client(api)) as client:
            found = client.get("/deployments/name/end-lost-runs/end-lost-runs-every-minute").json()
            started = [
                client.post(
                    f"/deployments/{found['id']}/create_flow_run", json={"state": {"type": "SCHEDULED"}}
                ).json()["id"]
                for _ in range(2)
            ]
            wanted = {"flow_runs": {"id": {"any_": started}, "state": {"type": {"any_": ["COMPLETED"]}}}}
            _until(lambda: len(client.post("/flow_runs/filter", json=wanted).json()) >= 1)
            workers = client.post("/work_pools/bulkhead/workers/filter", json={}).json()
            assert {each["name"] for each in workers} == {"worker-0", "worker-1"}
    with create_engine(database).connect() as connection:
        keys = connection.execute(text("SELECT key FROM configuration")).scalars().all()
    assert "ENCRYPTION_KEY" not in keys
    told = "".join((home.logs / f"worker-{number}.log").read_text() for number in range(2))
    lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    assert any("end-lost-runs" in str(line) for line in lines), told[-2000:]
    assert RIGHT[fleet.AUTH] not in told and KEY not in told


_COMMAND = [sys.executable, "-m", "deployments.cli"]
_SIGNED = ("ops", "long-enough-4711")


@contextmanager
def _running(log: Path, environment: dict[str, str], *arguments: str) -> Iterator[None]:
    with log.open("ab") as out:
        process = subprocess.Popen([*_COMMAND, *arguments], env=environment, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _client(api: str) -> httpx.Client:
    me = str(uuid4())
    client = httpx.Client(base_url=api, auth=_SIGNED, trust_env=False, timeout=60)
    token = client.get("/csrf-token", params={"client": me}).json()["token"]
    client.headers.update({"Prefect-Csrf-Client": me, "Prefect-Csrf-Token": token})
    return client


def _until(true: Callable[[], Any], seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except httpx.TransportError:
            pass
        time.sleep(1)
    raise AssertionError("it did not become true in time")
