"""Fixtures for every room: one embedded estate per test session, a real process."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from deployments.sandbox import launch
from tests.running import RunningEstate

ESTATE_USERS = 400


@pytest.fixture(scope="session")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEstate]:
    """Meridian Wealth with few users."""
    folder = tmp_path_factory.mktemp("estate") / "state"
    state = launch.start(folder, users=ESTATE_USERS, timeout=timedelta(minutes=2))
    yield RunningEstate(folder, state)
    launch.stop(folder)
