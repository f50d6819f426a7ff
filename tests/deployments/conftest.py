"""A person with a browser at the Prefect UI."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.deployments.person import Person, browser_page
from tests.product import Product


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with browser_page(tmp_path) as opened:
        yield opened


@pytest.fixture
def person(product: Product, page: Page, tmp_path: Path) -> Person:
    return Person(product, page, tmp_path)
