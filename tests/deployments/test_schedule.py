"""With the locked set of packages a schedule fires: with others it silently never does."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import prefect
import pytest
from prefect.schedules import Interval
from prefect.types.entrypoint import EntrypointType

from deployments.settings import WORK_POOL
from flows.assessment import assessment
from tests.product import Product

PATIENCE_SECONDS = 90


@pytest.mark.slow
def test_a_schedule_starts_the_assessment(product: Product) -> None:
    job: Any = assessment.to_deployment(
        "every-so-often",
        schedules=[Interval(timedelta(seconds=20), anchor_date=datetime.now(UTC), slug="often")],
        parameters={"orgs": ["hq-uat"]},
        work_pool_name=WORK_POOL,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    prefect.deploy(job, work_pool_name=WORK_POOL, print_next_steps_message=False, ignore_warnings=True)
    deployment = product.prefect("GET", "/deployments/name/assessment/every-so-often")
    try:
        run = _first_finished(product, deployment["id"])
        assert run["auto_scheduled"]
        assert run["state_type"] == "COMPLETED", run["state"]["message"]
    finally:
        product.prefect("DELETE", f"/deployments/{deployment['id']}")


def _first_finished(product: Product, deployment: str) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    wanted = {
        "flow_runs": {
            "deployment_id": {"any_": [deployment]},
            "state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}},
        }
    }
    while time.monotonic() < deadline:
        runs = product.prefect("POST", "/flow_runs/filter", json=wanted)
        if runs:
            found: dict[str, Any] = runs[0]
            return found
        time.sleep(1)
    raise AssertionError(f"no scheduled run finished within {PATIENCE_SECONDS} s")
