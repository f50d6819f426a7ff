"""Prefect tasks of the OAuth room."""

from prefect import task

from tasks.oauth import gateway
from tasks.oauth.model import Doors
from tasks.orgs import open_org
from tasks.policies import READ


@task(
    name="read-doors",
    task_run_name="read-doors-{org}",
    description="Which password and OAuth flows one org keeps open, and who went through them.",
    **READ,
)
def read_doors(org: str) -> Doors:
    """Raises OrgError."""
    with open_org(org) as session:
        return gateway.read_doors(session)
