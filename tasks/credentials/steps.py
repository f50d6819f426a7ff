"""Prefect tasks of the credentials room."""

from prefect import task

from tasks.credentials import gateway
from tasks.orgs import open_cloud, open_org
from tasks.policies import READ
from tasks.reading import Reading


@task(
    name="read-exposed-secrets",
    task_run_name="read-exposed-secrets-{org}",
    description="Secrets in Apex code, custom settings and custom metadata of one org: where, never what.",
    **READ,
)
def read_exposed(org: str) -> Reading:
    with open_org(org) as session:
        return gateway.read_exposed(session)


@task(
    name="read-secrets-manager",
    description="Names, ages and rotation of the secrets in AWS Secrets Manager, without their values.",
    **READ,
)
def read_stored() -> Reading:
    return gateway.read_stored(open_cloud())
