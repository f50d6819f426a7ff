"""`bulkhead register`: saves the Blocks of an estate and deploys the catalogue."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import prefect
from prefect.blocks.core import Block
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import DeploymentUpdate, WorkPoolCreate
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.workers.process import ProcessWorker

from blocks import (
    EmailChannel,
    EstateDocument,
    Ledger,
    PagerDutyChannel,
    SalesforceOrg,
    SecretStore,
    SlackChannel,
    WebhookChannel,
)
from deployments.automations import PERIODS, automations, save
from deployments.catalog import catalog
from deployments.files import read_files
from deployments.forms import choices, offered
from deployments.holding import HELD, Deployed, hold
from deployments.retired import drop_schedules, retire
from deployments.settings import WORK_POOL
from tasks.errors import ConfigurationError
from tasks.estate.model import AlertChannel, ChannelKind, Estate, LedgerSettings
from tasks.estate.policy import Policy
from tasks.ledger.registration import note_registration
from tasks.orgs import REGISTERED, forget_connections, load_estate, open_ledger
from tasks.plans.digest import estate_digest, policy_digest

_CHANNELS = {
    ChannelKind.SLACK: SlackChannel,
    ChannelKind.PAGERDUTY: PagerDutyChannel,
    ChannelKind.EMAIL: EmailChannel,
    ChannelKind.WEBHOOK: WebhookChannel,
}


def register_files(estate_file: Path, policy_file: Path | None = None) -> Estate:
    """
    Nothing is saved unless both files are right; the ledger notes what was. Raises ConfigurationError, and LedgerUnavailable
    where that note could not be made: then nothing is approved or applied until it is.
    """
    estate, policy = read_files(estate_file, policy_file)
    for name, block in blocks_of(estate, policy):
        _save(block, name)
    forget_connections()
    with open_ledger() as ledger:
        note_registration(ledger, estate_digest(estate), policy_digest(policy))
    return estate


def blocks_of(estate: Estate, policy: Policy) -> Iterable[tuple[str, Block]]:
    """Every Block of an estate with its name."""
    for org in estate.orgs:
        yield org.alias, SalesforceOrg.model_validate(org.model_dump(mode="json", exclude={"event_bus"}))
    yield REGISTERED, SecretStore.model_validate(estate.cloud.model_dump(mode="json"))
    for channel in estate.channels:
        yield channel.name, _channel(channel)
    yield REGISTERED, _ledger(estate.ledger)
    # Last: with it the estate as a whole counts as registered.
    yield (
        REGISTERED,
        EstateDocument(estate=estate.model_dump(mode="json"), policy=policy.model_dump(mode="json")),
    )


def register_deployments(*, schedules: bool = True, estate: Estate | None = None) -> list[str]:
    """
    Makes the work pool, deploys the catalogue and takes away what earlier versions deployed; gives `flow/deployment` names.

    With an `estate` the start forms offer its orgs, routes and secrets to choose from, and jobs start by their schedules, with
    the automations around them. Without one no run could do anything, so nothing starts by itself until `begin`. Without
    `schedules` nothing does until somebody resumes it; people start every job as ever. What a person has paused stays so.
    """
    asyncio.run(_ensure_pool())
    jobs = catalog()
    hold(jobs, asyncio.run(_deployed(jobs)), schedules=schedules and estate is not None)
    for job in jobs if estate is not None else ():
        assert estate is not None
        form = job._parameter_openapi_schema
        form.properties = offered(form.properties, choices(estate, job.flow_name or ""))
    # It prints a table of its own; what was deployed is ours to say.
    with redirect_stdout(StringIO()):
        ids: Any = prefect.deploy(
            *jobs, work_pool_name=WORK_POOL, print_next_steps_message=False, ignore_warnings=True
        )
    if len(ids) != len(jobs):
        raise ConfigurationError(
            f"{len(jobs) - len(ids)} of {len(jobs)} jobs could not be deployed. Look at the log of the Prefect server, then "
            "register again."
        )
    asyncio.run(_retire())
    if estate is not None:
        by_name = dict(zip((job.name for job in jobs), ids, strict=True))
        asyncio.run(_automate(by_name, jobs, schedules=schedules))
    return [f"{job.flow_name}/{job.name}" for job in jobs]


def registered() -> Estate | None:
    """The estate that is registered, if one is."""
    try:
        return load_estate()
    except ConfigurationError:
        return None


def registered_document() -> Mapping[str, Any] | None:
    """The same as it was saved, whatever a version before or after ours may have written into it."""
    try:
        # Typed as perhaps a coroutine; in synchronous code it never is one.
        found = cast(Any, EstateDocument).load(REGISTERED, _sync=True)
    except ValueError:
        return None
    document: Mapping[str, Any] = found.estate
    return document


def offer_choices(estate: Estate) -> None:
    """Start forms of what is deployed already offer orgs, routes and secrets of this estate."""
    # Made here: within a running event loop Prefect gives coroutines instead of deployments.
    asyncio.run(_offer_choices(estate, catalog()))


def begin(estate: Estate, *, schedules: bool = True) -> None:
    """
    What was deployed before the estate was registered offers its choices, and where `schedules` are wanted starts by them from
    now on, but for what a person has paused.
    """
    jobs = catalog()
    asyncio.run(_begin(estate, jobs, schedules=schedules))


async def _begin(estate: Estate, jobs: Sequence[RunnerDeployment], *, schedules: bool) -> None:
    ids = await _offer_choices(estate, jobs)
    await _automate(ids, jobs, schedules=schedules)
    if not schedules:
        return
    async with get_client() as client:
        for name, was in (await _deployed(jobs)).items():
            if HELD in was.tags:
                known = ids[name.rpartition("/")[2]]
                # In this order: paused and unmarked would be a person's pause.
                await client.resume_deployment(known)
                await client.update_deployment(known, DeploymentUpdate(tags=sorted(was.tags - {HELD})))


async def _deployed(jobs: Iterable[RunnerDeployment]) -> dict[str, Deployed]:
    """Those that are there already, by `flow/deployment`."""
    found = {}
    async with get_client() as client:
        for job in jobs:
            try:
                known = await client.read_deployment_by_name(job.full_name)
            except ObjectNotFound:
                continue
            found[job.full_name] = Deployed(known.paused, frozenset(known.tags))
    return found


async def _offer_choices(estate: Estate, jobs: Iterable[RunnerDeployment]) -> dict[str, UUID]:
    """Ids of the deployments by name."""
    ids = {}
    async with get_client() as client:
        for job in jobs:
            known = await client.read_deployment_by_name(f"{job.flow_name}/{job.name}")
            ids[str(job.name)] = known.id
            form = job._parameter_openapi_schema
            form.properties = offered(form.properties, choices(estate, job.flow_name or ""))
            wanted = form.model_dump_for_openapi()
            if wanted != known.parameter_openapi_schema:
                await client.update_deployment(known.id, DeploymentUpdate(parameter_openapi_schema=wanted))
    return ids


async def _automate(ids: Mapping[str, UUID], jobs: Iterable[RunnerDeployment], *, schedules: bool) -> None:
    periods = {str(job.name): PERIODS[str(each.slug)] for job in jobs for each in job.schedules or ()}
    async with get_client() as client:
        await save(client, automations(ids, periods, enabled=schedules))


async def _retire() -> None:
    async with get_client() as client:
        await retire(client)
        await drop_schedules(client)


async def _ensure_pool() -> None:
    template = ProcessWorker.get_default_base_job_template()
    async with get_client() as client:
        try:
            await client.create_work_pool(
                WorkPoolCreate(name=WORK_POOL, type="process", base_job_template=template)
            )
        except ObjectAlreadyExists:
            return


def _channel(channel: AlertChannel) -> Block:
    return _CHANNELS[channel.kind](orgs=list(channel.orgs), secret=channel.secret)


def _ledger(settings: LedgerSettings) -> Block:
    anchor = settings.anchor
    anchored = (
        {}
        if anchor is None
        else {
            "anchor_bucket": anchor.bucket,
            "anchor_prefix": anchor.prefix,
            "anchor_days": anchor.retention.days,
        }
    )
    return Ledger.model_validate({**settings.model_dump(exclude={"anchor"}), **anchored})


def _save(block: Any, name: str) -> None:
    block.save(name, overwrite=True, _sync=True)
