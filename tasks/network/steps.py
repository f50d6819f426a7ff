"""Prefect tasks of the network room."""

from collections.abc import Sequence
from datetime import datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.network import gateway, sign_ins_gateway
from tasks.network.listing import OrgListing, page
from tasks.orgs import open_cloud, open_org
from tasks.policies import PUBLISH, READ
from tasks.reading import Reading


@task(
    name="read-network",
    task_run_name="read-network-{org}",
    description="Address ranges, session and event settings, event logs and second factors of one org.",
    **READ,
)
def read_network(org: str, profiles: list[tuple[str, str]], api_share: float | None = None) -> Reading:
    """`profiles` are (id, name) of the profiles whose address ranges matter."""
    with open_org(org, api_share=api_share) as session:
        return gateway.read_network(session, profiles=profiles)


@task(
    name="read-firewalls-and-backups",
    description="Web ACLs and backup buckets in AWS.",
    **READ,
)
def read_cloud_network(buckets: list[str]) -> Reading:
    return gateway.read_cloud_network(open_cloud(), buckets=buckets)


@task(
    name="read-sign-ins",
    task_run_name="read-sign-ins-{org}",
    description="From which addresses some users of one org signed in and called its APIs, over the last 90 days.",
    **READ,
)
def read_sign_ins(org: str, users: list[str], now: datetime) -> Reading:
    """`users` are ids of the org."""
    with open_org(org) as session:
        return sign_ins_gateway.read_sign_ins(session, users, now)


@task(
    name="publish-listing",
    description="Shows by org and profile from where its users come, what changes, and what stays and why.",
    **PUBLISH,
)
def publish_listing(listings: Sequence[OrgListing], digest: str) -> None:
    create_markdown_artifact(
        page(listings, digest),
        key=f"allow-listing-{digest[:12]}",
        description=f"From where each profile may come, with the plan {digest[:12]}.",
    )
