"""
From nothing to a hardened org in the Prefect UI, as somebody does it who knows the README, with the scoreboard before and after.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.deployments.person import Person
from tests.deployments.walk import SANDBOX, Desk, Walk, scores, signing
from tests.product import Product
from tests.running import RunningEstate


# Of a module, so that it is there before the browser: nothing can be registered inside the browser's own loop.
@pytest.fixture(scope="module")
def keys(product: Product, estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("keys")
    with signing(estate, folder):
        yield folder


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_from_nothing_to_a_hardened_org(person: Person, page: Page, product: Product, keys: Path) -> None:
    _, after = Walk(person, page, Desk(person, page, product, keys), [SANDBOX]).goes()
    before, now = scores(after)[SANDBOX]
    assert now > before
