"""Least privilege in the Prefect UI, as a person does it: plan, approve, apply, take back by half and whole."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tasks.orgs import open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.overview import PlanStatus, Stage
from tests.product import Product
from tests.programs import chromium

ROUTE = "HQ_to_EMEA_Account_Sync"
PATIENCE = 90


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1400, "height": 1400})
        opened.set_default_timeout(20_000)
        yield opened
        opened.screenshot(path=tmp_path / "last.png")
        browser.close()


class Person:
    """Fills in the forms of deployments and waits for their runs."""

    def __init__(self, product: Product, page: Page, pictures: Path) -> None:
        self._product = product
        self._page = page
        self._pictures = pictures

    def starts(self, deployment: str, **fields: str | list[str]) -> str:
        """The id of the run that ended; fields are labels of the form as Prefect writes them."""
        ui, page = self._product.running.ui, self._page
        before = self._runs(deployment)
        page.goto(f"{ui}/deployments")
        # The list shows ten on a page.
        page.get_by_placeholder("Search deployments").fill(deployment)
        page.get_by_role("link", name=deployment, exact=True).first.click()
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_text("Custom run").click()
        for name, value in fields.items():
            label = f"normalize-space(.)='{name}' or normalize-space(.)='{name} (Optional)'"
            after = f"xpath=//label[{label}]/following::"
            if isinstance(value, list):
                for each in value:
                    page.locator(f"{after}button[contains(., 'Add item')][1]").first.click()
                    page.locator(f"{after}textarea[1]").first.fill(each)
            else:
                page.locator(f"{after}textarea[1]").first.fill(value)
        page.screenshot(path=self._pictures / f"{deployment}-form.png")
        run = self._submitted(deployment, before)
        state = self._ended(run)
        page.goto(f"{ui}/runs/flow-run/{run}")
        expect(page.get_by_text(re.compile(state, re.IGNORECASE)).first).to_be_visible()
        page.wait_for_timeout(1_000)
        page.screenshot(path=self._pictures / f"{deployment}-run.png")
        assert state == "Completed", (deployment, state)
        return run

    def artifact(self, run: str, key: str) -> str:
        page = self._page
        found = self._product.prefect(
            "POST", "/artifacts/filter", json={"artifacts": {"flow_run_id": {"any_": [run]}}}
        )
        artifact = next(each for each in found if each["key"].startswith(key))
        page.goto(f"{self._product.running.ui}/artifacts/artifact/{artifact['id']}")
        page.wait_for_timeout(1_500)
        page.screenshot(path=self._pictures / f"{key}.png", full_page=True)
        return str(artifact["data"])

    def _runs(self, deployment: str) -> set[str]:
        wanted = {"deployments": {"name": {"any_": [deployment]}}}
        return {run["id"] for run in self._product.prefect("POST", "/flow_runs/filter", json=wanted)}

    def _submitted(self, deployment: str, before: set[str]) -> str:
        """Presses again where the server was busy (503), as the message in the corner asks people to."""
        submit = self._page.get_by_role("button", name="Submit")
        for attempt in range(3):
            submit.click()
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                if new := self._runs(deployment) - before:
                    return new.pop()
                time.sleep(0.2)
            self._page.screenshot(path=self._pictures / f"{deployment}-refused-{attempt}.png")
        raise AssertionError(f"the form of {deployment} started nothing")

    def _ended(self, run: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            state: dict[str, Any] = self._product.prefect("GET", f"/flow_runs/{run}")["state"]
            if state["type"] in ("COMPLETED", "FAILED", "CRASHED"):
                return str(state["name"])
            time.sleep(0.3)
        raise AssertionError("the run did not end")


def status(digest: str) -> PlanStatus:
    with open_ledger() as ledger:
        book = PlanBook(ledger, "")
        return book.status(book.find(digest)[0])


@pytest.mark.slow
def test_a_person_plans_approves_applies_and_takes_back(product: Product, page: Page, tmp_path: Path) -> None:
    person = Person(product, page, tmp_path)
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
