"""Prefect tasks of the data-protection room."""

from typing import Literal

from prefect import task

from tasks.encryption import gateway
from tasks.orgs import open_org
from tasks.policies import READ
from tasks.reading import Reading


@task(
    name="read-fields",
    task_run_name="read-fields-{org}",
    description="Fields, what a sample of their values looks like (counts only), encryption and masking of one org.",
    **READ,
)
def read_fields(org: str, kind: Literal["production", "sandbox"], api_share: float | None = None) -> Reading:
    with open_org(org, api_share=api_share) as session:
        return gateway.read_fields(session, kind=kind)
