"""What earlier versions deployed is taken over by registering, or taken away with its schedules; what people deployed stays."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson
import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.responses import DeploymentResponse
from prefect.events.actions import DoNothing
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.exceptions import ObjectNotFound
from prefect.states import Scheduled

from deployments import fleet, processes, retired, server
from deployments.automations import PERIODS
from deployments.catalog import catalog
from deployments.register import _ensure_pool, register_deployments
from deployments.retired import RETIRED, RETIRED_SCHEDULES, drop_schedules
from deployments.settings import WORK_POOL, Home
from tasks.estate.read import read_estate
from tests.product import drain, point_here, put_back
from tests.stores.keeping import KEPT, described, stores

EVERY = [each.name for each in stores()]
OWN, OURS = "8 8 8 8 *", "7 7 7 7 *"
ASSESSMENT = "assessment/assessment-weekly"
DROPPED = "missing-run-to-alert-telemetry-files-hourly"


def before(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads((KEPT / name / "deployments.json").read_bytes())
    return found


@pytest.mark.parametrize("name", EVERY)
def test_each_job_of_before_is_still_there_or_is_taken_away(name: str) -> None:
    now = {f"{job.flow_name}/{job.name}" for job in catalog()}
    assert not now & RETIRED
    assert {f"{job['flow']}/{job['name']}" for job in before(name)} <= now | RETIRED


@pytest.mark.parametrize("name", EVERY)
def test_each_schedule_of_before_is_still_there_or_is_taken_away(name: str) -> None:
    now = {
        (f"{job.flow_name}/{job.name}", each["slug"])
        for job in catalog()
        for each in described(job)["schedules"]
    }
    assert not now & RETIRED_SCHEDULES
    kept = {
        (job_name, each["slug"])
        for job in before(name)
        if (job_name := f"{job['flow']}/{job['name']}") not in RETIRED
        for each in job["schedules"]
    }
    assert kept <= now | RETIRED_SCHEDULES


class _Schedules:
    """Prefect's client, as far as schedules go: one deployment with two of them."""

    def __init__(self) -> None:
        self.slugs = ["weekly", "daily"]

    async def read_deployment_by_name(self, name: str) -> SimpleNamespace:
        if name != ASSESSMENT:
            raise ObjectNotFound(Exception(name))
        return SimpleNamespace(id="it", schedules=[SimpleNamespace(id=s, slug=s) for s in self.slugs])

    async def delete_deployment_schedule(self, deployment: str, schedule: str) -> None:
        self.slugs.remove(schedule)


def test_a_schedule_goes_only_from_the_job_it_is_named_with(monkeypatch: pytest.MonkeyPatch) -> None:
    client: Any = _Schedules()
    assert asyncio.run(drop_schedules(client)) == [] and client.slugs == ["weekly", "daily"]
    pairs = frozenset({(ASSESSMENT, "weekly"), ("gone/gone", "daily")})
    monkeypatch.setattr(retired, "RETIRED_SCHEDULES", pairs)
    assert asyncio.run(drop_schedules(client)) == [(ASSESSMENT, "weekly")] and client.slugs == ["daily"]


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A server alone, with nothing registered."""
    home, port = Home(tmp_path_factory.mktemp("earlier") / "home"), server.free_port(None)
    home.prepare()
    kept = point_here(home, port)
    running = processes.start(
        fleet.server_command("127.0.0.1", port),
        log=home.logs / "server.log",
        environment={**home.environment(port), **fleet.encryption(home)},
    )
    try:
        server.wait_for_server(port, running, home)
        yield home
    finally:
        drain()
        processes.stop(running)
        put_back(kept)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_registering_takes_over_what_every_version_deployed(prefect: Home) -> None:
    """All on one server, as on a machine that was there from the first day on and never lost anything."""
    deployed = {(job["flow"], job["name"]): job for name in EVERY for job in before(name)}
    asyncio.run(_deploy([*deployed.values(), {**before(EVERY[0])[0], "name": "my-own-copy"}]))
    old = asyncio.run(_watch_for_missing("telemetry-files-hourly"))
    register_deployments(schedules=False, estate=read_estate((KEPT / EVERY[-1] / "estate.yaml").read_text()))
    names, schedules, orphans = asyncio.run(_look(old))
    jobs = {f"{job.flow_name}/{job.name}": described(job)["schedules"] for job in catalog()}
    own = {
        f"{flow}/{name}": [(each["slug"], each["schedule"]["cron"]) for each in _others(job["schedules"])]
        for (flow, name), job in deployed.items()
    }
    assert names - {"assessment/my-own-copy"} == jobs.keys(), "what people deployed themselves stays"
    assert {name: schedules[name] for name in jobs} == {
        name: sorted(
            [
                *((each["slug"], each["schedule"]["cron"]) for each in planned),
                *own.get(name, []),
            ]
        )
        for name, planned in jobs.items()
    }
    assert orphans == 0, "no run of what went is still to come"


async def _deploy(jobs: list[dict[str, Any]]) -> None:
    await _ensure_pool()
    async with get_client() as client:
        for job in jobs:
            flow = await client.create_flow_from_name(job["flow"])
            schedules = [*job["schedules"], *_others(job["schedules"])]
            await client.create_deployment(
                flow,
                job["name"],
                entrypoint=job["entrypoint"],
                tags=job["tags"],
                parameters=job["parameters"],
                schedules=[
                    DeploymentScheduleCreate(schedule=each["schedule"], slug=each["slug"], active=True)
                    for each in schedules
                ],
                work_pool_name=WORK_POOL,
            )


def _others(schedules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two that somebody made in the UI, one of them under a name that we give other jobs."""
    ours = next(slug for slug in PERIODS if slug not in {each["slug"] for each in schedules})
    both = [{"slug": ours, "schedule": {"cron": OURS}}, {"slug": "mine", "schedule": {"cron": OWN}}]
    return both if schedules else []


async def _watch_for_missing(name: str) -> UUID:
    """An automation about a job that went, and a run of it that is to come."""
    async with get_client() as client:
        await client.create_automation(
            AutomationCore(
                name=DROPPED,
                trigger=EventTrigger(
                    expect={"prefect.flow-run.Completed"},
                    match={"prefect.resource.id": "prefect.flow-run.*"},
                    posture=Posture.Proactive,
                    threshold=1,
                    within=timedelta(hours=2),
                ),
                actions=[DoNothing()],
            )
        )
        found = await client.read_deployment_by_name(f"collect-telemetry/{name}")
        await client.create_flow_run_from_deployment(found.id, state=Scheduled())
        return found.id


async def _look(old: UUID) -> tuple[set[str], dict[str, list[tuple[str, str]]], int]:
    async with get_client() as client:
        found = await _deployments(client)
        flows = {each.id: (await client.read_flow(each.flow_id)).name for each in found}
        named = {f"{flows[each.id]}/{each.name}": each for each in found}
        schedules = {
            name: sorted((str(each.slug), getattr(each.schedule, "cron", "")) for each in job.schedules)
            for name, job in named.items()
        }
        assert not await client.read_automations_by_name(DROPPED)
        runs = await client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[old]))
        )
        return set(named), schedules, len(runs)


async def _deployments(client: PrefectClient) -> list[DeploymentResponse]:
    pool = WorkPoolFilter(name=WorkPoolFilterName(any_=[WORK_POOL]))
    found: list[DeploymentResponse] = []
    while page := await client.read_deployments(work_pool_filter=pool, limit=100, offset=len(found)):
        found += page
    return found
