"""
From nothing to a hardened estate in the Prefect UI: all orgs in one go, but for one that cannot be changed.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.deployments.person import Person
from tests.deployments.walk import Desk, Walk, scores, signing
from tests.product import Product
from tests.running import RunningEstate

LEFT_OUT = "apac"
"""The org whose enforcer the embedded estate has made inactive."""


# Of a module, so that it is there before the browser: nothing can be registered inside the browser's own loop.
@pytest.fixture(scope="module")
def keys(product: Product, estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("keys")
    with signing(estate, folder):
        yield folder


@pytest.mark.soak
@pytest.mark.timeout(3_000)
def test_from_nothing_to_a_hardened_estate(
    person: Person, page: Page, product: Product, estate: RunningEstate, keys: Path
) -> None:
    """All orgs in one go. The enforcer of one of them cannot sign in: that one is named with what to do, and holds up no other."""
    desk = Desk(person, page, product, keys)
    planned, after = Walk(person, page, desk, []).goes()
    found = scores(after)
    assert set(found) == {org["alias"] for org in estate.env["orgs"]}
    assert all(now >= before for before, now in found.values()), found
    assert all(now > before for org, (before, now) in found.items() if before < 100), found
    of_signing_in = [shown for shown in desk.read.values() if "# Address ranges of" in shown]
    assert of_signing_in and all(f"{LEFT_OUT} is left out: " in shown for shown in of_signing_in)
    assert f"* {LEFT_OUT}: nothing can be changed there:" in planned
    assert f"The user is not active: activate it in Setup of {LEFT_OUT} (Users)." in planned
