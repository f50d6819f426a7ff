"""Credentials of the whole estate: how old, until when, what is due, and which lie where they do not belong. Only read here."""

from datetime import UTC, datetime

from prefect import flow
from prefect.logging import get_run_logger

from flows.plans import Person, kept
from flows.reading import SIDE_BY_SIDE, chosen_orgs, read_exposures, read_inventories, read_secrets
from tasks.credentials.ages import calendar
from tasks.credentials.model import CredentialAge
from tasks.credentials.moving import OrgExposed, moving_plan
from tasks.credentials.roads import unrotated
from tasks.credentials.schedule import scheduled, told
from tasks.credentials.steps import publish_calendar
from tasks.estate.steps import read_estate
from tasks.inventory.edges import find_edges

OF_CALENDAR = ("users", "outbound", "certificates", "inbound_certificates")
"""Sections without which lines would be missing, or nobody would know who uses what."""
CALENDAR = """
The **credential calendar** of all orgs: what expires when, who uses it, and what is due by policy. It only reads.

* Key pairs and client certificates, secrets in AWS Secrets Manager, passwords of integrations, consents (refresh tokens).
* Routes whose credential is not rotated by itself, and what a person does about each.
* Results: a table and a list of what is overdue or due soon, as artifacts of this run. `bulkhead calendar --ics` writes the
  same for the calendars of people.
"""
EXPOSED = """
Finds **secrets outside of the secrets manager** and makes a plan to move them: what to make there, what to change where, in
which order. It changes no org, and shows no value.

* The new secret has to be **another one**: what lay in an org was readable.
* Code and metadata are for people. Values of custom settings are cleared by the plan once you attest that nothing reads them
  any more; that **has no way back**.
"""


def run_name() -> str:
    return f"credential-calendar-{datetime.now(UTC):%Y-%m-%d}"


@flow(
    name="credential-calendar",
    flow_run_name=run_name,
    description=CALENDAR.strip(),
    task_runner=SIDE_BY_SIDE,
)
def credential_calendar(
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
) -> list[CredentialAge]:
    """
    Raises ConfigurationError for an unknown org.

    Args:
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.** Who uses a credential shows only when both orgs are read.
    """
    estate, policy = read_estate()
    evidence, unread = read_inventories(chosen_orgs(estate, orgs))
    unread |= {
        f"{alias} ({section})": org.gaps[section]
        for alias, org in evidence.items()
        for section in OF_CALENDAR
        if section in org.gaps
    }
    cloud = read_secrets()
    if "secrets" in cloud.gaps:
        unread["AWS"] = cloud.gaps["secrets"]
    now = max((org.now for org in evidence.values()), default=datetime.now(UTC))
    edges = find_edges(estate, evidence, cloud)
    lines = scheduled(calendar(evidence, cloud, edges, now), policy.rotation)
    publish_calendar(lines, unread, now, unrotated(estate, evidence, edges))
    logger = get_run_logger()
    for org, why in unread.items():
        logger.warning("%s is not in the calendar: %s", org, why)
    logger.info("%s", told(lines, now))
    return list(lines)


@flow(
    name="exposed-secrets",
    flow_run_name="exposed-secrets-for-{requester}",
    description=EXPOSED.strip(),
    task_runner=SIDE_BY_SIDE,
)
def exposed_secrets(
    requester: Person,
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
    switched: list[str] = [],  # noqa: B006  # the form shows a list
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown org.

    Args:
        requester: Who asks for the plan, and attests what is switched. **That person cannot approve it.**
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
        switched: What nothing reads any more, as findings call it with the org before: `hq/exposed:custom-setting:…`. **It is cleared for good.**
    """
    estate, policy = read_estate()
    found, now, unread = read_exposures(chosen_orgs(estate, orgs))
    lying = [OrgExposed(org=org, secrets=secrets) for org, secrets in found.items()]
    return kept(moving_plan(policy, lying, requester, now, switched=switched), unread)
