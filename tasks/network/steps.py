"""Prefect tasks of the network room."""

from prefect import task

from tasks.network import gateway
from tasks.orgs import open_cloud, open_org
from tasks.policies import READ
from tasks.reading import Reading


@task(
    name="read-network",
    task_run_name="read-network-{org}",
    description="Address ranges, session and event settings, event logs and second factors of one org.",
    **READ,
)
def read_network(org: str, profiles: list[tuple[str, str]]) -> Reading:
    """`profiles` are (id, name) of the profiles whose address ranges matter."""
    with open_org(org) as session:
        return gateway.read_network(session, profiles=profiles)


@task(
    name="read-firewalls-and-backups",
    description="Web ACLs and backup buckets in AWS.",
    **READ,
)
def read_cloud_network(buckets: list[str]) -> Reading:
    return gateway.read_cloud_network(open_cloud(), buckets=buckets)
