"""A plan that takes too much: seen in the orgs' own logs, taken back for that user alone, told once."""

from collections.abc import Iterator
from typing import Any

import pytest

from deployments.sandbox import launch
from flows.continuous import keep_evidence, watch_plans
from flows.plans import apply_plan, rollback_plan
from flows.quick_wins import quick_wins
from tasks.alerts.ledger_gateway import AlertBook
from tasks.orgs import open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.overview import Stage
from tests.flows.test_plans import ADMINISTRATOR, ORG, ROUTE, SYNC_USER, approved, as_sync_user, rows
from tests.product import Product
from tests.running import RunningEstate

OTHER_ROUTE, OTHER_USER = "APAC_to_EMEA_Contact_Sync", "sync.apac-emea-contact@emea.meridian.example"
UNDECLARED = "query?q=SELECT Id, BillingCountry FROM Account LIMIT 1"


@pytest.fixture(autouse=True)
def as_before(product: Product, estate: RunningEstate) -> Iterator[None]:
    """The estate's time moves here, and only a snapshot goes back."""
    launch.save_snapshot(estate.folder, "before-watch")
    yield
    launch.restore_snapshot(estate.folder, "before-watch")
    launch.delete_snapshot(estate.folder, "before-watch")


def later(estate: RunningEstate, hours: float) -> None:
    launch.ask(estate.folder, "POST", "/clock", {"advance_seconds": hours * 3600})


def test_x(product: Product, estate: RunningEstate) -> None:
    r = as_sync_user(estate, "GET", UNDECLARED)
    print(r.status_code, r.text[:200])
    print(rows(estate, f"SELECT PermissionSet.Name FROM PermissionSetAssignment WHERE Assignee.Username = '{OTHER_USER}'"))
    later(estate, 5)
    digest = str(quick_wins(requester="ada@meridian.example", routes=[ROUTE, OTHER_ROUTE]))
    with open_ledger() as ledger:
        plan = PlanBook(ledger, "").status(digest).plan
    for c in plan.changes: print(c.number, c.resource, c.needs, c.kind)
    for r in plan.risks: print("risk", r)
    approved(digest, "bob", "eve")
    status = apply_plan(digest=digest)
    print(status.stage)
    for _ in range(2):
        r = as_sync_user(estate, "GET", UNDECLARED)
        print(r.status_code, r.text[:200])
    print(watch_plans())
    rows(estate, "SELECT Id FROM Account LIMIT 1")
    later(estate, 5)
    print(watch_plans())
    r = as_sync_user(estate, "GET", UNDECLARED)
    print(r.status_code, r.text[:200])
    with open_ledger() as ledger:
        print(PlanBook(ledger, "").status(digest).stage)
        for o in AlertBook(ledger).all(): print(o)
    assert 0
