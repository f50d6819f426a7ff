"""Prefect tasks of the inventory room."""

from prefect import task

from tasks.inventory import gateway
from tasks.orgs import open_org
from tasks.policies import READ
from tasks.reading import Reading


@task(
    name="read-inventory",
    task_run_name="read-inventory-{org}",
    description="Users, apps, credentials, certificates, grants and sign-ins of one org.",
    **READ,
)
def read_inventory(org: str, api_share: float | None = None) -> Reading:
    with open_org(org, api_share=api_share) as session:
        return gateway.read_inventory(session)
