"""Fixtures for every room: one embedded estate per test session, a real process."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from deployments.sandbox import launch
from tests.product import Product, drain, point_here, put_back
from tests.running import RunningEstate

ESTATE_USERS = 400


@pytest.fixture(scope="session")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEstate]:
    """Meridian Wealth with few users."""
    folder = tmp_path_factory.mktemp("estate") / "state"
    state = launch.start(folder, users=ESTATE_USERS, timeout=timedelta(minutes=2))
    yield RunningEstate(folder, state)
    launch.stop(folder)


@pytest.fixture(scope="session")
def product(estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Prefect server and worker with the estate registered, started as `bulkhead up` does."""
    from deployments import server
    from deployments.register import register_files
    from deployments.settings import Home

    home = Home(tmp_path_factory.mktemp("product") / "home")
    home.prepare()
    port = server.free_port(None)
    before = point_here(home, port)
    # What comes every minute would come between a test's two looks.
    running = server.up(home, port=port, sandbox=False, schedules=False)
    try:
        register_files(estate.folder / "estate.yaml")
        yield Product(home, running)
    finally:
        drain()
        server.down(home)
        put_back(before)


@pytest.fixture(autouse=True, scope="module")
def ledger_as_found(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """
    What a module noted would be believed by the next: grants in an estate that was put back, backups in a bucket of another
    test, a route's cursor, a secret that was exported.
    """
    if not any(
        item.module is request.module and "product" in item.fixturenames
        for item in request.session.items
        if isinstance(item, pytest.Function)
    ):
        yield
        return
    product: Product = request.getfixturevalue("product")
    ledger, before = product.home.root / "ledger" / "ledger.db", tmp_path_factory.mktemp("ledger") / "before.db"
    _copy(ledger, before)
    yield
    _copy(before, ledger)


def _copy(database: Path, to: Path) -> None:
    """As one transaction, whoever else reads or writes there."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to, timeout=60)) as target:
        source.backup(target)
