"""A person starts the assessment in the Prefect UI and finds what it left: in a real browser."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.product import Product

FINISHES_WITHIN_SECONDS = 120
ARTIFACTS = {"assessment-scoreboard", "assessment-findings", "assessment-blast-radius"}


@pytest.mark.slow
def test_a_person_starts_the_assessment_and_finds_its_artifacts(
    product: Product, page: Page, tmp_path: Path
) -> None:
    ui = product.running.ui
    page.goto(f"{ui}/deployments")
    page.get_by_role("link", name="assessment-weekly").click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Custom run").click()
    expect(page.get_by_text("Leave empty for all")).to_be_visible()
    page.screenshot(path=tmp_path / "form.png")
    page.get_by_role("button", name="Submit").click()
    run = _newest_run(product)
    page.goto(f"{ui}/runs/flow-run/{run}")
    page.screenshot(path=tmp_path / "running.png")
    _wait_until_recorded(product, run)
    page.reload()
    expect(page.get_by_text("Completed").first).to_be_visible()
    # The graph moves until it has found its place.
    page.wait_for_timeout(1500)
    page.screenshot(path=tmp_path / "run.png")
    page.get_by_role("button", name="Artifacts").or_(page.get_by_text("Artifacts", exact=True)).last.click()
    for name in sorted(ARTIFACTS):
        expect(page.get_by_text(name).first).to_be_visible()
    page.screenshot(path=tmp_path / "artifacts.png")


def _newest_run(product: Product) -> str:
    """The run that the button made: the only one of the deployment that no schedule made."""
    deployment = product.prefect("GET", "/deployments/name/assessment/assessment-weekly")
    wanted = {"flow_runs": {"deployment_id": {"any_": [deployment["id"]]}}}
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        runs = product.prefect("POST", "/flow_runs/filter", json=wanted)
        made: list[str] = [run["id"] for run in runs if not run["auto_scheduled"]]
        if made:
            return made[0]
        time.sleep(0.5)
    raise AssertionError("the button started no run")


def _wait_until_recorded(product: Product, run: str) -> None:
    """The run is over, and the server has written down its tasks, which it does a little later."""
    wanted = {"artifacts": {"flow_run_id": {"any_": [run]}}}
    deadline = time.monotonic() + FINISHES_WITHIN_SECONDS
    while time.monotonic() < deadline:
        state = product.prefect("GET", f"/flow_runs/{run}")["state_type"]
        keys = {artifact["key"] for artifact in product.prefect("POST", "/artifacts/filter", json=wanted)}
        tasks = product.prefect("POST", "/task_runs/filter", json={"flow_runs": {"id": {"any_": [run]}}})
        assert state not in ("FAILED", "CRASHED"), state
        if state == "COMPLETED" and keys >= ARTIFACTS and all(t["state_type"] == "COMPLETED" for t in tasks):
            return
        time.sleep(0.5)
    raise AssertionError("the run did not end in time")
