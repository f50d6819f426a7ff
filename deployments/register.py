"""`bulkhead register`: checks estate.yaml and policy.yaml, saves Blocks, and registers the catalogue."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import prefect
from prefect.blocks.core import Block
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists
from prefect.workers.process import ProcessWorker

from blocks import EmailChannel, EstateDocument, PagerDutyChannel, SalesforceOrg, SecretStore, SlackChannel
from deployments.catalog import catalog
from deployments.settings import WORK_POOL
from tasks.errors import ConfigurationError
from tasks.estate.model import AlertChannel, ChannelKind, Estate, OrgEntry, Policy
from tasks.estate.read import read_estate, read_policy
from tasks.orgs import REGISTERED, forget_connections

_CHANNELS = {
    ChannelKind.SLACK: SlackChannel,
    ChannelKind.PAGERDUTY: PagerDutyChannel,
    ChannelKind.EMAIL: EmailChannel,
}


def read_files(estate_file: Path, policy_file: Path | None = None) -> tuple[Estate, Policy]:
    """
    Both files, checked. Without a named policy the `policy.yaml` beside the estate counts, or the defaults.

    Raises ConfigurationError that lists every mistake of both files.
    """
    beside = estate_file.with_name("policy.yaml")
    chosen = policy_file or (beside if beside.exists() else None)
    mistakes: list[str] = []
    estate, policy = None, Policy()
    try:
        estate = read_estate(_text(estate_file), str(estate_file))
    except ConfigurationError as error:
        mistakes.append(str(error))
    if chosen is not None:
        try:
            policy = read_policy(_text(chosen), str(chosen))
        except ConfigurationError as error:
            mistakes.append(str(error))
    if estate is None or mistakes:
        raise ConfigurationError("\n".join(mistakes))
    return _with_whole_paths(estate, estate_file.resolve().parent), policy


def register_files(estate_file: Path, policy_file: Path | None = None) -> Estate:
    """Nothing is saved unless both files are right. Raises ConfigurationError."""
    estate, policy = read_files(estate_file, policy_file)
    for name, block in blocks_of(estate, policy):
        _save(block, name)
    forget_connections()
    return estate


def blocks_of(estate: Estate, policy: Policy) -> Iterable[tuple[str, Block]]:
    """Every Block of an estate with its name."""
    for org in estate.orgs:
        yield org.alias, SalesforceOrg.model_validate(org.model_dump(mode="json"))
    yield REGISTERED, SecretStore.model_validate(estate.cloud.model_dump(mode="json"))
    for channel in estate.channels:
        yield channel.name, _channel(channel)
    # Last: with it the estate as a whole counts as registered.
    yield (
        REGISTERED,
        EstateDocument(estate=estate.model_dump(mode="json"), policy=policy.model_dump(mode="json")),
    )


def register_deployments() -> list[str]:
    """Makes the work pool and deploys the catalogue; gives `flow/deployment` names."""
    asyncio.run(_ensure_pool())
    jobs = catalog()
    prefect.deploy(*jobs, work_pool_name=WORK_POOL, print_next_steps_message=False, ignore_warnings=True)
    return [f"{job.flow_name}/{job.name}" for job in jobs]


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


def _with_whole_paths(estate: Estate, folder: Path) -> Estate:
    """Paths in the file are meant from the file; workers start elsewhere."""

    def whole(path: str | None) -> str | None:
        return str(folder / path) if path else path

    def of_org(org: OrgEntry) -> OrgEntry:
        return org.model_copy(update={"ca_bundle": whole(org.ca_bundle)})

    cloud = estate.cloud.model_copy(
        update={
            "ca_bundle": whole(estate.cloud.ca_bundle),
            "shared_credentials_file": whole(estate.cloud.shared_credentials_file),
        }
    )
    return estate.model_copy(update={"orgs": tuple(of_org(org) for org in estate.orgs), "cloud": cloud})


def _save(block: Any, name: str) -> None:
    block.save(name, overwrite=True, _sync=True)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError(
            f"{file}:1: (file): there is no such file; `bulkhead sandbox up` writes a complete example"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{file}:1: (file): cannot be read ({type(error).__name__}); it must be UTF-8 text"
        ) from None
