"""The phase of quick wins: a plan for each job, one page about all, and no job that hides another."""

from typing import Any

import pytest
from prefect import flow

from flows.phase import chained
from flows.quick_wins import QuickWin, quick_wins
from tasks.errors import ConfigurationError, PhaseIncomplete, PlanRefused
from tasks.orgs import open_ledger
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Plan
from tests.product import Product

ORG = "hq-uat"
JOBS = {
    QuickWin.ALLOW_LISTING: "allow-listing",
    QuickWin.WEB_FIREWALL: "web-firewall",
    QuickWin.SEGMENTATION: "segmentation",
    QuickWin.LEAST_PRIVILEGE: "least-privilege",
    QuickWin.CREDENTIAL_ROTATION: "rotation",
    QuickWin.EXPOSED_SECRETS: "exposed-secrets",
    QuickWin.SECOND_FACTORS: "mfa",
    QuickWin.OAUTH_FLOWS: "oauth",
}


def found(digest: str) -> Plan:
    with open_ledger() as ledger:
        return PlanBook(ledger, "").find(digest)[1]


def page(product: Product, key: str) -> str:
    latest = product.prefect("GET", f"/artifacts/{key}/latest")
    return str(latest["data"])


def test_every_job_makes_its_plan(product: Product) -> None:
    done = quick_wins(requester="ada", orgs=[ORG])
    assert [each.job for each in done] == [job.value for job in QuickWin]
    for each in done:
        plan = found(each.digest)
        assert plan.job == JOBS[QuickWin(each.job)], "the digest is of this job's plan"
        assert len(plan.changes) == each.changes
        assert set(plan.orgs) <= {ORG}
        assert plan.requester == "ada"
    assert any(each.changes for each in done)
    shown = page(product, "quick-wins")
    assert all(each.digest[:12] in shown for each in done)


def test_jobs_can_be_chosen(product: Product) -> None:
    (only,) = quick_wins(requester="ada", jobs=[QuickWin.SECOND_FACTORS], orgs=[ORG])
    assert only.job == "second-factors"


def test_an_unknown_org_is_told_before_any_job_begins(product: Product) -> None:
    with pytest.raises(ConfigurationError, match="nowhere"):
        quick_wins(requester="ada", orgs=["nowhere"])


def test_a_job_that_fails_hides_no_other(product: Product) -> None:
    (good,) = quick_wins(requester="ada", jobs=[QuickWin.SECOND_FACTORS], orgs=[ORG])

    def refused() -> str:
        raise PlanRefused("The plan would lock out who must not be.")

    @flow(name="phase-of-a-test")
    def phase() -> Any:
        return chained("phase-of-a-test", {"bad": refused, "good": lambda: good.digest})

    with pytest.raises(
        PhaseIncomplete,
        match=r"1 of 2 jobs made no plan: bad: The plan would lock out who must not be\. The other",
    ):
        phase()
    shown = page(product, "phase-of-a-test")
    assert "would lock out" in shown
    assert good.digest[:12] in shown
