"""The phase of quick wins: refused without evidence, a plan for each job, resumed, and no job or org that hides another."""

from typing import Any

import pytest
from prefect import flow

from flows import quick_wins as phase_module
from flows.advanced import advanced
from flows.assessment import assessment
from flows.phase import chained
from flows.quick_wins import QuickWin, quick_wins
from tasks.errors import ConfigurationError, PhaseIncomplete, PhaseRefused, PlanRefused
from tasks.orgs import forget_connections, load_estate, open_ledger
from tasks.phases.ledger_gateway import PhaseBook
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


def test_without_an_assessment_it_is_refused_and_says_what_to_run(product: Product) -> None:
    with open_ledger() as ledger:
        estate = load_estate().name
        before = PhaseBook(ledger, estate).history()[0]
    if before:
        pytest.skip("another module of this session has assessed the estate already")
    with pytest.raises(PhaseRefused, match="bulkhead run assessment"):
        quick_wins(requester="ada", orgs=[ORG])


@pytest.fixture(scope="module")
def assessed(product: Product) -> None:
    forget_connections()
    assessment()


@pytest.mark.slow
def test_every_job_makes_its_plan(product: Product, assessed: None) -> None:
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

    runs = product.prefect(
        "POST", "/flow_runs/filter", json={"flow_runs": {"parent_task_run_id": {"is_null_": False}}}
    )
    assert "Q2-least-privilege-for-ada" in {run["name"] for run in runs}, "runs read like the article"
    calendar = page(product, "zero-trust")
    assert "weeks 3–6" in calendar and "What blocks advanced" in calendar


@pytest.mark.slow
def test_a_second_run_makes_only_what_is_missing(product: Product, assessed: None) -> None:
    first = quick_wins(requester="ada", orgs=[ORG])
    again = quick_wins(requester="ada", orgs=[ORG])
    assert [each.digest for each in again] == [each.digest for each in first]
    (anew,) = quick_wins(requester="ada", jobs=[QuickWin.SECOND_FACTORS], orgs=[ORG], anew=True)
    assert anew.job == "second-factors"
    assert anew.digest not in {each.digest for each in first}


@pytest.mark.slow
def test_advanced_waits_until_the_quick_wins_are_carried_out(product: Product, assessed: None) -> None:
    with pytest.raises(
        PhaseRefused, match=r"advanced starts from what quick-wins has hardened.*approve-plan"
    ):
        advanced(requester="ada", orgs=[ORG])


@pytest.mark.slow
def test_an_org_that_fails_fails_alone(
    product: Product, assessed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a job says of one org is put in its way here; that it is tried for each org, noted and shown is the product's."""
    real = phase_module.plans_of

    def broken(estate: Any, requester: str) -> Any:
        def job(orgs: list[str]) -> str:
            if "emea" in orgs:
                raise PlanRefused("The plan would lock out who must not be.")
            return real(estate, requester)[QuickWin.SECOND_FACTORS](orgs)

        return {QuickWin.SECOND_FACTORS: job}

    monkeypatch.setattr(phase_module, "plans_of", broken)
    with pytest.raises(PhaseIncomplete, match=r"Q4 second-factors \(emea\): The plan would lock out"):
        quick_wins(requester="ada", jobs=[QuickWin.SECOND_FACTORS], orgs=["emea", "compliance"], anew=True)
    monkeypatch.undo()
    done = quick_wins(requester="ada", jobs=[QuickWin.SECOND_FACTORS], orgs=["emea", "compliance"])
    assert not any(each.failed for each in done)
    assert {org for each in done for org in found(each.digest).orgs} <= {"emea", "compliance"}


@pytest.mark.slow
def test_an_unknown_org_is_told_before_any_job_begins(product: Product, assessed: None) -> None:
    with pytest.raises(ConfigurationError, match="nowhere"):
        quick_wins(requester="ada", orgs=["nowhere"])


@pytest.mark.slow
def test_a_job_that_fails_hides_no_other(product: Product, assessed: None) -> None:
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
