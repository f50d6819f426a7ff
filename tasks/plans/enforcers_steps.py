"""Prefect task that looks whether an org can be changed."""

from prefect import task

from tasks.errors import ConfigurationError
from tasks.orgs import load_estate, open_for_writing, open_org
from tasks.plans.enforcers_gateway import try_enforcer
from tasks.policies import READ


@task(
    name="try-enforcer",
    task_run_name="try-enforcer-of-{org}",
    description="Looks whether the enforcer may sign in, so that a plan is about orgs that can be changed. Changes no org.",
    **READ,
)
def usable_enforcer(org: str) -> None:
    """Raises as `try_enforcer` does."""
    enforcer = load_estate().org(org).enforcer
    if enforcer is None:
        raise ConfigurationError(
            f"{org}: it has no enforcer, the user by which Bulkhead changes an org. Name one under `enforcer` in estate.yaml and "
            "register again."
        )
    try_enforcer(open_for_writing, open_org, org, enforcer.username)
