"""Prefect tasks of the credentials room."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from tasks.credentials import gateway
from tasks.credentials.model import CredentialAge
from tasks.credentials.schedule import told
from tasks.credentials.words import calendar_markdown, calendar_rows
from tasks.orgs import open_cloud, open_org
from tasks.policies import PUBLISH, READ
from tasks.reading import Reading


@task(
    name="read-exposed-secrets",
    task_run_name="read-exposed-secrets-{org}",
    description="Secrets in Apex code, settings, labels, addresses and messages of one org: where, never what.",
    **READ,
)
def read_exposed(org: str) -> Reading:
    with open_org(org) as session:
        return gateway.read_exposed(session)


@task(
    name="publish-credential-calendar",
    description="Shows what expires when, who uses it and what is due.",
    **PUBLISH,
)
def publish_calendar(lines: Sequence[CredentialAge], unread: Mapping[str, str], now: datetime) -> None:
    """`unread` says by org why its credentials are missing."""
    create_table_artifact(
        key="credential-calendar",
        table=calendar_rows(lines, now),
        description="Each row is one credential: " + told(lines, now) + ".",
    )
    create_markdown_artifact(
        calendar_markdown(lines, unread, now),
        key="credentials-due",
        description="Credentials that are overdue or due soon, and what they open.",
    )


@task(
    name="read-secrets-manager",
    description="Names, ages and rotation of the secrets in AWS Secrets Manager, without their values.",
    **READ,
)
def read_stored() -> Reading:
    return gateway.read_stored(open_cloud())
