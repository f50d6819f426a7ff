"""Prefect tasks of the usage room."""

from datetime import UTC, datetime

from prefect import task

from tasks.orgs import open_org
from tasks.policies import READ
from tasks.reading import Reading
from tasks.usage import gateway, watch_gateway
from tasks.usage.model import Traffic


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


@task(
    name="read-traffic",
    task_run_name="read-traffic-{org}",
    description="What the users of an applied plan did since, and before where something failed. Reads only.",
    **READ,
)
def read_traffic(org: str, usernames: list[str], since: datetime, looked: datetime | None) -> Traffic:
    """`looked` is when the latest log file appeared that was read already."""
    with open_org(org) as session:
        return watch_gateway.read_traffic(session, usernames, since, looked, datetime.now(UTC))
