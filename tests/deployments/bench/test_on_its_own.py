"""A bench registers its orgs on a server of its own, whatever server, database or ledger the environment names."""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from prefect.context import refresh_global_settings_context
from prefect.settings import PREFECT_API_URL
from typer.testing import CliRunner

from deployments import processes, server
from deployments.bench import burst as burst_bench
from deployments.bench.backup import measure_backup
from deployments.bench.burst import Burst, measure_burst
from deployments.bench.fleet import measure_fleet
from deployments.bench.live.run import measure_live
from deployments.bench.plan import measure_plan
from deployments.bench.sync import measure_sync
from deployments.bench.whole import measure_whole
from deployments.cli.bench import app
from deployments.sandbox import launch
from deployments.settings import without_elsewhere

ELSEWHERE = {
    "BULKHEAD_API_URL": "https://bulkhead.acme.example/api",
    "BULKHEAD_LEDGER_URL": "postgresql+pg8000://db.acme.example/ledger",
    "BULKHEAD_DASK": "tls://scheduler.acme.example:8786",
    "PREFECT_API_URL": "https://bulkhead.acme.example/api",
    "PREFECT_API_AUTH_STRING": "ops:long-enough-4711",
    "PREFECT_SERVER_DATABASE_CONNECTION_URL": "postgresql+asyncpg://db.acme.example/prefect",
    "PREFECT_REDIS_MESSAGING_URL": "rediss://:secret-4711@redis.acme.example:6379/0",
}
BENCHES: dict[str, Callable[[], Any]] = {
    "fleet": lambda: measure_fleet([4, 6], lambda _: None),
    "whole": lambda: measure_whole(50),
    "sync": measure_sync,
    "backup": measure_backup,
    "plan": lambda: measure_plan(50, 1, "hq"),
    "live": lambda: measure_live(50, 0, lambda _: None),
    "burst": lambda: measure_burst(1),
}


class _FarEnough(Exception): ...


def test_only_what_leads_elsewhere_is_left_out() -> None:
    kept = {"PATH": "/bin", "BULKHEAD_HOME": "/srv/bulkhead", "BULKHEAD_LOG_FORMAT": "json"}
    assert without_elsewhere(kept | ELSEWHERE) == kept


@pytest.fixture
def elsewhere() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in ELSEWHERE.items():
            patch.setenv(variable, value)
        refresh_global_settings_context()
        yield
    refresh_global_settings_context()


@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_starts_nothing_that_knows_of_a_server_elsewhere(
    name: str, elsewhere: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, seen = dict(os.environ), dict[str, str]()

    def started(*_: Any, environment: Mapping[str, str] | None = None, **__: Any) -> None:
        seen.update({**os.environ, **(environment or {})})
        assert PREFECT_API_URL.value() != ELSEWHERE["PREFECT_API_URL"]
        raise _FarEnough

    monkeypatch.setattr(server, "up", started)
    monkeypatch.setattr(processes, "start", started)
    monkeypatch.setattr(launch, "start", lambda *_, **__: None)
    with pytest.raises(_FarEnough):
        BENCHES[name]()
    assert seen["PATH"] == before["PATH"] and not set(ELSEWHERE.values()) & set(seen.values())
    assert os.environ == before
    assert PREFECT_API_URL.value() == ELSEWHERE["PREFECT_API_URL"], (
        "what comes next in this process asks whom it asked"
    )


def test_a_burst_takes_addresses_with_passwords_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def measured(tasks: int, **given: Any) -> Burst:
        asked.update(given)
        return Burst(tasks, tasks, tasks, tasks, 1.0, 0.0, redis=True, database="PostgreSQL")

    monkeypatch.setattr(burst_bench, "measure_burst", measured)
    own = {"BULKHEAD_BENCH_REDIS": "redis://:of-a-test@127.0.0.1/0", "BULKHEAD_BENCH_DATABASE": ""}
    assert CliRunner().invoke(app, ["burst", "--tasks", "1"], env=own | ELSEWHERE).exit_code == 0
    assert asked == {"redis": own["BULKHEAD_BENCH_REDIS"], "database": ""}
    shown = CliRunner().invoke(app, ["burst", "--help"], env={"COLUMNS": "300"}).output
    assert own.keys() <= {word.strip(".│ ") for word in shown.split()}
