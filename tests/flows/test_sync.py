"""A route carried by flow runs on a real server and the embedded estate: over port 8443, under rights for the run."""

from collections.abc import Iterator
from typing import Any

import pytest

from deployments.bench.sync_setup import Wish, prepare
from deployments.register import register_files
from deployments.sandbox import launch
from flows.sync import sync_route
from tasks.ledger.model import EntryKind
from tasks.orgs import open_ledger
from tasks.sync.model import Lineage
from tests.product import Product
from tests.running import RunningEstate

ROUTE = "HQ_to_EMEA_Contact_Sync"
USER = "sync.hq-emea-contact@emea.meridian.example"
FIELDS = ("LastName", "FirstName", "Email", "Title", "External_Id__c", "SSN_Sealed__c")
WISH = Wish(
    route=ROUTE,
    source="hq",
    target="emea",
    sobject="Contact",
    fields=FIELDS,
    sync_user=USER,
    sealed={"SSN_Sealed__c": "SSN__c"},
    more={"deletes": "remove"},
)


@pytest.fixture(scope="module", autouse=True)
def ground(
    product: Product, estate: RunningEstate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-sync")
    files = prepare(estate.folder, WISH, tmp_path_factory.mktemp("sync"))
    register_files(*files)
    yield
    launch.restore_snapshot(estate.folder, "before-sync")
    launch.delete_snapshot(estate.folder, "before-sync")
    register_files(estate.folder / "estate.yaml")


def rows(estate: RunningEstate, org: str, soql: str) -> list[dict[str, Any]]:
    answer = estate.get(org, f"client.laboratory@{org}.meridian.example", f"v62.0/query?q={soql}")
    found: list[dict[str, Any]] = answer.json()["records"]
    return found


def test_first(product: Product, estate: RunningEstate) -> None:
    done: Lineage = sync_route(route=ROUTE)
    print(done)
