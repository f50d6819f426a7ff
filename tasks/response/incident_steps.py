"""Prefect tasks of an incident: collecting, and keeping its report."""

import hashlib
from datetime import datetime
from pathlib import Path

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.orgs import home, load_estate, load_policy, open_ledger, open_org
from tasks.plans.digest import policy_digest
from tasks.policies import PUBLISH, READ
from tasks.response.incident import Incident, Reach, reach_of
from tasks.response.incident_gateway import read_beside, read_readable
from tasks.response.incident_report import html, markdown
from tasks.response.ledger_gateway import ResponseBook
from tasks.response.plan import stored_credentials
from tasks.usage.model import Traffic


@task(
    name="collect-what-was-read",
    task_run_name="collect-for-{name}",
    description="Blast radius against what the logs show: objects, fields, addresses, and who else came from there. Reads only.",
    **READ,
)
def collect_reach(name: str, traffic: Traffic, since: datetime) -> Reach:
    """Raises OrgError."""
    with open_ledger() as ledger:
        made = ResponseBook(ledger, "").find(name).containment
    with open_org(made.facts.org) as session:
        readable = read_readable(session, made)
        found = reach_of(traffic, made.facts.username, readable, (), since)
        beside = read_beside(session, {*found.addresses, *made.facts.addresses}, since)
    own = load_estate().org(made.facts.org).own
    return reach_of(traffic, made.facts.username, readable, beside, since, own)


@task(
    name="list-credentials-to-replace",
    description="Registered credentials by which a contained actor signs in.",
    **READ,
)
def credentials_to_replace(name: str) -> list[str]:
    """Names of secrets."""
    with open_ledger() as ledger:
        made = ResponseBook(ledger, "").find(name).containment
    return stored_credentials(made, load_estate())


@task(
    name="keep-incident",
    description="Writes the incident's page, shows it, and notes its digest and the plays in the ledger.",
    **PUBLISH,
)
def keep_incident(incident: Incident) -> Path:
    """The HTML file, below `reports` of BULKHEAD_HOME."""
    name = incident.standing.containment.id
    page = html(incident).encode()
    path = report_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page)
    with open_ledger() as ledger:
        ResponseBook(ledger, "incident", policy_digest(load_policy())).incident(
            name,
            hashlib.sha256(page).hexdigest(),
            [each.model_dump(mode="json") for each in incident.plays],
        )
    create_markdown_artifact(
        markdown(incident),
        key=f"incident-{name[:12]}",
        description=f"{incident.standing.containment.facts.username}: {incident.standing.containment.facts.detection}.",
    )
    return path


def report_path(name: str) -> Path:
    return home() / "reports" / f"incident-{name}.html"
