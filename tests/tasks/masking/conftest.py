"""A sandbox of the running estate, and a key; what a test writes is put back."""

from collections.abc import Iterator

import pytest

from deployments.sandbox import launch
from tasks.masking.fakes import Masker
from tests.running import RunningEstate

KEY = bytes(range(32))


@pytest.fixture
def masker() -> Masker:
    return Masker(KEY)


@pytest.fixture(scope="module")
def put_back(estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-masking")
    yield
    launch.restore_snapshot(estate.folder, "before-masking")
    launch.delete_snapshot(estate.folder, "before-masking")
