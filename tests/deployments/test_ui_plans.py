"""Least privilege in the Prefect UI, as a person does it: plan, approve, apply, take back by half and whole."""

import re

import pytest

from tasks.orgs import open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.overview import PlanStatus, Stage
from tests.deployments.person import Person

ROUTE = "HQ_to_EMEA_Account_Sync"


def status(digest: str) -> PlanStatus:
    with open_ledger() as ledger:
        book = PlanBook(ledger, "")
        return book.status(book.find(digest)[0])


@pytest.mark.slow
def test_a_person_plans_approves_applies_and_takes_back(person: Person) -> None:
    run = person.starts("least-privilege", requester="ada@meridian.example", routes=[ROUTE])
    shown = person.artifact(run, "plan-")
    digest = re.search(r"`([0-9a-f]{64})`", shown)
    assert digest is not None and ROUTE in shown and "What could break" in shown
    name = digest[1][:12]
    for approver in ("bob@meridian.example", "eve@meridian.example"):
        person.starts("approve-plan", digest=name, approver=approver, reason="reviewed with the team")
    person.starts("apply-plan", digest=name)
    applied = status(name)
    assert applied.stage is Stage.APPLIED and applied.approvals == (
        "bob@meridian.example",
        "eve@meridian.example",
    )
    numbers = [c.number for c in applied.plan.changes if c.resource.key.endswith("AnnualRevenue")]
    from flows.plans import rollback_plan

    rollback_plan(digest=name, reason="half of it", only=numbers)
    assert status(name).stage is Stage.PARTLY_TAKEN_BACK
    run = person.starts("rollback-plan", digest=name, reason="the rest too")
    assert status(name).stage is Stage.TAKEN_BACK
    assert "applied" in person.artifact(run, "outcome-")
