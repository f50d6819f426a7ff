"""Fixtures for every room: one embedded estate per test session, a real process."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from deployments.sandbox import launch
from tests.product import Product, drain, point_here, put_back
from tests.running import RunningEstate
from tests.slices import ALTERNATING, left_out

ESTATE_USERS = 400


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Takes from the run what is not in this slice: of the long tests one file in three, or one test in three of a file."""
    names: dict[Path, list[str]] = defaultdict(list)
    files: dict[str, list[str]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker(ALTERNATING):
            names[item.path].append(item.nodeid)
        elif item.get_closest_marker("slow"):
            files[item.path.relative_to(config.rootpath).as_posix()].append(item.nodeid)
    away = set().union(*(left_out(each) for each in names.values()))
    away |= {name for file in left_out(sorted(files)) for name in files[file]}
    if away:
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in away])
        items[:] = [item for item in items if item.nodeid not in away]


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
    from deployments.register import begin, register_files
    from deployments.settings import Home

    home = Home(tmp_path_factory.mktemp("product") / "home")
    home.prepare()
    port = server.free_port(None)
    before = point_here(home, port)
    # What comes every minute would come between a test's two looks.
    running = server.up(home, port=port, sandbox=False, schedules=False)
    try:
        begin(register_files(estate.folder / "estate.yaml"), schedules=False)
        yield Product(home, running)
    finally:
        drain()
        server.down(home)
        put_back(before)


@pytest.fixture(autouse=True, scope="module")
def nothing_noted(request: pytest.FixtureRequest) -> None:
    """
    What a module noted would be believed by the next: grants in an estate that was put back, backups in a bucket of another
    test, a route's cursor, a secret that was exported.
    """
    uses_product = any(
        item.module is request.module and "product" in item.fixturenames
        for item in request.session.items
        if isinstance(item, pytest.Function)
    )
    if uses_product:
        product: Product = request.getfixturevalue("product")
        estate: RunningEstate = request.getfixturevalue("estate")
        product.begin_anew(estate.folder / "estate.yaml")
