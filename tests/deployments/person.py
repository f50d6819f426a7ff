"""A person at the Prefect UI, in a real browser: fills in forms, waits for runs, reads what they leave."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, TimeoutError, expect, sync_playwright

from tests.product import Product
from tests.programs import chromium

PATIENCE = 420
"""Seconds until a run has to be over."""


@contextmanager
def browser_page(pictures: Path) -> Iterator[Page]:
    """The last thing seen is kept as a picture, also when the test fails."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1400, "height": 1400})
        opened.set_default_timeout(20_000)
        try:
            yield opened
        finally:
            opened.screenshot(path=pictures / "last.png")
            browser.close()


class Person:
    """Fills in the forms of deployments and waits for their runs."""

    def __init__(self, product: Product, page: Page, pictures: Path) -> None:
        self._product = product
        self._page = page
        self._pictures = pictures

    def starts(self, deployment: str, expected: str = "Completed", **fields: str | list[str]) -> str:
        """The id of the run that ended so; fields are labels of the form as Prefect writes them."""
        ui, page = self._product.running.ui, self._page
        before = self._runs(deployment)
        page.goto(f"{ui}/deployments")
        # The list shows ten on a page.
        page.get_by_placeholder("Search deployments").fill(deployment)
        self._goes_to(deployment)
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_text("Custom run").click()
        for name, value in fields.items():
            self._fills(name, value)
        page.screenshot(path=self._pictures / f"{deployment}-form.png")
        run = self._submitted(deployment, before)
        state = self._ended(run)
        page.goto(f"{ui}/runs/flow-run/{run}")
        expect(page.get_by_text(re.compile(state, re.IGNORECASE)).first).to_be_visible()
        page.wait_for_timeout(1_000)
        page.screenshot(path=self._pictures / f"{deployment}-run.png")
        assert state == expected, (deployment, state)
        return run

    def begins(self, deployment: str, **parameters: Any) -> str:
        """As `starts`, without the form: for what its check boxes say."""
        wanted = {"deployments": {"name": {"any_": [deployment]}}}
        (found,) = self._product.prefect("POST", "/deployments/filter", json=wanted)
        path = f"/deployments/{found['id']}/create_flow_run"
        run = str(self._product.prefect("POST", path, json={"parameters": parameters})["id"])
        assert (state := self._ended(run)) == "Completed", (deployment, state)
        return run

    def artifact(self, run: str, key: str) -> str:
        page = self._page
        found = self._product.prefect(
            "POST", "/artifacts/filter", json={"artifacts": {"flow_run_id": {"any_": [run]}}}
        )
        # What Prefect itself keeps of a run has no key.
        artifact = next(each for each in found if (each["key"] or "").startswith(key))
        page.goto(f"{self._product.running.ui}/artifacts/artifact/{artifact['id']}")
        page.wait_for_timeout(1_500)
        page.screenshot(path=self._pictures / f"{key}.png", full_page=True)
        return str(artifact["data"])

    def _fills(self, name: str, value: str | list[str]) -> None:
        """Types, or chooses where the form offers a choice."""
        label = f"normalize-space(.)='{name}' or normalize-space(.)='{name} (Optional)'"
        # Each field stands in such a box with its label.
        box = "div[contains(concat(' ', @class, ' '), ' schema-form-property ')]"
        field = self._page.locator(f"xpath=//label[{label}]/ancestor::{box}[1]").first
        choice = field.locator("button.p-select-button__control")
        field.locator(
            "textarea, input, button.p-select-button__control, button:has-text('Add item')"
        ).first.wait_for()
        if choice.count():
            for each in [value] if isinstance(value, str) else value:
                # By keyboard: a click opens Prefect's lists and takes them away again in a browser without a screen.
                choice.first.focus()
                self._page.keyboard.press("Space")
                self._page.get_by_role("option").get_by_text(each, exact=True).click()
                self._page.keyboard.press("Escape")
        elif isinstance(value, list):
            for number, each in enumerate(value):
                field.get_by_role("button", name="Add item").click()
                field.locator("textarea").nth(number).fill(each)
        else:
            field.locator("textarea, input[type='number']").first.fill(value)

    def _goes_to(self, deployment: str) -> None:
        """The list is drawn anew while somebody types; a click that meets that is made again, as people do."""
        for _ in range(3):
            self._page.get_by_role("link", name=deployment, exact=True).first.click()
            try:
                return self._page.wait_for_url("**/deployments/deployment/**", timeout=5_000)
            except TimeoutError:
                continue
        raise AssertionError(f"the page of {deployment} does not open")

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
