"""Prefect tasks of the usage room."""

from datetime import datetime

from prefect import task

from tasks.orgs import open_org
from tasks.policies import READ
from tasks.reading import Reading
from tasks.usage import gateway


@task(
    name="read-usage",
    task_run_name="read-usage-{org}",
    description="What some users did through the APIs, from event log files and sign-ins of the last 90 days.",
    **READ,
)
def read_usage(org: str, users: list[str], now: datetime) -> Reading:
    """`users` are ids of the org."""
    with open_org(org) as session:
        return gateway.read_usage(session, users, now)
