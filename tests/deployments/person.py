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
        return self._shown(deployment, self._submitted(deployment, before), expected)

    def follows(
        self, key: str, digest: str, deployment: str, expected: str = "Completed", **fields: str
    ) -> str:
        """
        As `starts`, by the link that stands beside a digest on the newest page of that name; its form has the digest filled in.
        """
        before = self._runs(deployment)
        listing = self._page
        self.opens(key)
        with listing.expect_popup() as opened:
            row = listing.locator("tr", has_text=digest)
            row.get_by_role("link", name=deployment, exact=True).click()
        self._page = opened.value
        try:
            expect(self._page.locator("textarea").filter(visible=True).first).to_have_value(digest)
            for name, value in fields.items():
                self._fills(name, value)
            self._page.screenshot(path=self._pictures / f"{deployment}-filled-in.png")
            run = self._submitted(deployment, before)
        finally:
            self._page.close()
            self._page = listing
        return self._shown(deployment, run, expected)

    def opens(self, key: str) -> str:
        """The newest page of that name, by way of the list of its versions; what stands on it."""
        # What `/artifacts/…/latest` calls an id is the collection's.
        wanted = {"artifacts": {"key": {"any_": [key]}}, "sort": "CREATED_DESC", "limit": 1}
        (newest,) = self._product.prefect("POST", "/artifacts/filter", json=wanted)
        self._page.goto(f"{self._product.running.ui}/artifacts/key/{key}")
        self._page.get_by_role("link", name=newest["id"][:8]).click()
        self._page.wait_for_url(f"**/artifacts/artifact/{newest['id']}")
        self._page.wait_for_timeout(1_000)
        self._pictures_whole(key)
        return str(newest["data"])

    def _shown(self, deployment: str, run: str, expected: str) -> str:
        state, page = self._ended(run), self._page
        page.goto(f"{self._product.running.ui}/runs/flow-run/{run}")
        expect(page.get_by_text(re.compile(state, re.IGNORECASE)).first).to_be_visible()
        page.wait_for_timeout(1_000)
        page.screenshot(path=self._pictures / f"{deployment}-run.png")
        assert state == expected, (deployment, state)
        return run

    def offered(self, deployment: str, name: str) -> list[str]:
        """What a field of the form can be; empty where it is free text."""
        wanted = {"deployments": {"name": {"any_": [deployment]}}}
        (found,) = self._product.prefect("POST", "/deployments/filter", json=wanted)
        field = found["parameter_openapi_schema"]["properties"][name]
        return list(field.get("items", field).get("enum", ()))

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
        self._pictures_whole(key)
        return str(artifact["data"])

    def _pictures_whole(self, key: str) -> None:
        """Prefect scrolls within its page, so a picture of the page alone would end at the window's edge."""
        window = self._page.viewport_size
        assert window is not None
        height = self._page.evaluate(
            "() => Math.max(...[...document.querySelectorAll('*')].map(e => e.scrollHeight))"
        )
        self._page.set_viewport_size({"width": window["width"], "height": min(height + 100, 12_000)})
        self._page.screenshot(path=self._pictures / f"{key}.png")
        self._page.set_viewport_size(window)

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
                # A list of many stays open until something else has the focus.
                self._page.locator("input").first.focus()
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
        """Presses once: a form that is refused because the server was busy is a defect."""
        self._page.get_by_role("button", name="Submit").click()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if new := self._runs(deployment) - before:
                return new.pop()
            time.sleep(0.2)
        self._page.screenshot(path=self._pictures / f"{deployment}-refused.png")
        raise AssertionError(f"the form of {deployment} started nothing")

    def _ended(self, run: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            state: dict[str, Any] = self._product.prefect("GET", f"/flow_runs/{run}")["state"]
            if state["type"] in ("COMPLETED", "FAILED", "CRASHED"):
                return str(state["name"])
            time.sleep(0.3)
        raise AssertionError("the run did not end")
