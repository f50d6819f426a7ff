"""Prefect tasks of the permissions room."""

from prefect import task

from tasks.orgs import open_org
from tasks.permissions import gateway
from tasks.permissions.newcomers import API_LICENCE
from tasks.policies import READ
from tasks.reading import Reading


@task(
    name="read-permissions",
    task_run_name="read-permissions-{org}",
    description="Permission sets, groups, muting, assignments, object and field permissions of one org.",
    **READ,
)
def read_permissions(org: str, fields: list[str], api_share: float | None = None) -> Reading:
    """`fields` are the qualified names of the org's sensitive fields."""
    with open_org(org, api_share=api_share) as session:
        return gateway.read_permissions(session, fields=fields)


@task(
    name="read-field-facts",
    task_run_name="read-field-facts-{org}",
    description="Which fields of the routes' objects have field-level security, and which can be written.",
    **READ,
)
def read_field_facts(org: str, sobjects: list[str]) -> Reading:
    """Raises BadRequest when the org has no such object."""
    with open_org(org) as session:
        return gateway.read_field_facts(session, sobjects)


@task(
    name="read-licences",
    task_run_name="read-licences-{org}",
    description="Licences of one org that are left for new users, and what such users take over from the routes' users.",
    **READ,
)
def read_newcomers(org: str, users: list[str]) -> Reading:
    """`users` are ids of the org."""
    with open_org(org) as session:
        return gateway.read_newcomers(session, users, API_LICENCE)
