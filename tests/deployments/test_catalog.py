"""Every deployed job can be found, called and told from the others."""

import re
from importlib import import_module

import pytest
from prefect import Flow
from prefect.deployments.runner import RunnerDeployment

from deployments.catalog import catalog
from deployments.cli.flows import FLOWS
from deployments.settings import WORK_POOL
from tests.product import Product

JOBS = catalog()


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
class TestJob:
    def test_its_entrypoint_is_an_installed_module(self, job: RunnerDeployment) -> None:
        assert job.entrypoint
        module, _, name = job.entrypoint.rpartition(".")
        assert isinstance(getattr(import_module(module), name), Flow)

    def test_its_parameters_fit_its_flow(self, job: RunnerDeployment) -> None:
        assert job.entrypoint
        module, _, name = job.entrypoint.rpartition(".")
        flow: Flow[..., object] = getattr(import_module(module), name)
        if job.schedules:
            flow.validate_parameters(job.parameters)
        # What a person has to fill in first is left to the form.
        assert set(job.parameters) <= set(flow.parameters.properties)

    def test_every_parameter_says_what_it_is(self, job: RunnerDeployment) -> None:
        schema = job._parameter_openapi_schema
        for name, described in schema.properties.items():
            assert len(described.get("description", "")) > 20, name

    def test_its_runs_are_called_by_what_they_do(self, job: RunnerDeployment) -> None:
        """Prefect would call them `eta4-dakala`."""
        assert job.entrypoint
        module, _, name = job.entrypoint.rpartition(".")
        flow: Flow[..., object] = getattr(import_module(module), name)
        assert flow.flow_run_name, f"{job.flow_name} has no flow_run_name"

    def test_schedules_keep_their_identity(self, job: RunnerDeployment) -> None:
        for schedule in job.schedules:
            assert schedule.slug and re.fullmatch(r"[a-z0-9-]+", schedule.slug)

    def test_it_runs_in_our_pool_under_phase_and_job(self, job: RunnerDeployment) -> None:
        assert job.work_pool_name == WORK_POOL
        assert {tag.partition(":")[0] for tag in job.tags} >= {"phase", "job"}

    def test_a_newcomer_reads_what_it_does(self, job: RunnerDeployment) -> None:
        description = job.description or ""
        assert len(description.split()) > 10, description

    def test_what_it_may_change_is_said_first(self, job: RunnerDeployment) -> None:
        """A form that is sent as it is opens nothing: booleans begin as the careful choice."""
        schema = job._parameter_openapi_schema
        loud = [name for name, each in schema.properties.items() if each.get("default") is True]
        assert not loud or loud == ["fail_when_through"], loud

    def test_two_runs_never_overlap(self, job: RunnerDeployment) -> None:
        assert job.concurrency_limit == 1 or job.concurrency_options is not None


def test_what_nobody_starts_by_hand_has_a_schedule() -> None:
    assert {job.name for job in JOBS if job.schedules} == {
        "assessment-weekly",
        "back-up-orgs-daily",
        "verify-backups-weekly",
        "key-loss-drill-monthly",
        "watch-sandboxes-daily",
        "check-certificates-daily",
        "continuous-quarterly",
        "remind-approvals-hourly",
        "watch-drift-every-5-minutes",
        "credential-calendar-weekly",
        "end-lost-runs-every-minute",
        "delete-old-runs-daily",
        "heartbeat-every-5-minutes",
        "emerging-threats-daily",
        "keep-evidence-hourly",
        "quarterly-audit",
        "recertify-access-daily",
        "review-access-daily",
        "stream-events-every-5-minutes",
        "sweep-access-every-minute",
        "watch-plans-every-10-minutes",
        "rotate-credentials-hourly",
        "detect-anomalies-every-5-minutes",
        "detect-anomalies-files-hourly",
        "rehearsal",
    }


def test_names_are_unique() -> None:
    names = [job.name for job in JOBS]
    assert len(names) == len(set(names))


def test_without_schedules_all_is_deployed_and_nothing_is_due(product: Product) -> None:
    found = product.prefect("POST", "/deployments/filter", json={})
    assert {each["name"] for each in found} >= {job.name for job in catalog()}
    paused = {each["name"] for each in found if each["paused"]}
    assert paused == {job.name for job in catalog() if job.schedules} != set()
    assert not any(job.paused for job in catalog()), "with schedules, jobs start by themselves"


def test_every_deployed_flow_can_be_run_from_the_command_line_too() -> None:
    assert {job.flow_name for job in JOBS} == FLOWS.keys()
    assert {job.entrypoint for job in JOBS} == {path.replace(":", ".") for path in FLOWS.values()}
