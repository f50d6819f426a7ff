"""Prefect tasks of emerging threats."""

from datetime import date

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.estate.model_threats import ThreatsPolicy
from tasks.policies import PUBLISH, READ
from tasks.threats import gateway
from tasks.threats.model import Outlook, PackStanding
from tasks.threats.pages import markdown
from tasks.threats.signed import standings


@task(
    name="read-threat-packs",
    description="Reads packs of data and holds each against the keys that policy names.",
    **READ,
)
def read_packs(policy: ThreatsPolicy, today: date) -> tuple[PackStanding, ...]:
    """Raises ConfigurationError."""
    return standings(gateway.read_packs(policy.folder), policy.publishers, today)


@task(name="publish-threats", description="Which routes and users each threat hits.", **PUBLISH)
def publish_threats(outlook: Outlook) -> None:
    create_markdown_artifact(
        markdown(outlook),
        key="emerging-threats",
        description="What is coming, what was seen elsewhere, and whom of ours it hits.",
    )
