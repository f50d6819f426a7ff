"""Production and non-production kept apart: a plan that closes what joins them. Nothing is changed here."""

from datetime import UTC, datetime

from prefect import flow

from flows.changeable import changeable
from flows.plans import Person, kept
from flows.reading import SIDE_BY_SIDE, chosen_orgs, read_inventories, read_secrets
from tasks.errors import ConfigurationError
from tasks.estate.steps import read_estate
from tasks.inventory.edges import find_edges
from tasks.segmentation.crossings import crossings, silent
from tasks.segmentation.plan import segmentation_plan

DESCRIPTION = """
Makes a plan that closes **what joins production and non-production**: remote sites, undeclared callouts, copied users that
still have their password. It changes no org.

* Every change says what stops working, and when it was used last. What a declared route needs stays.
* Shared certificates, shared apps and secrets that lie outside of all orgs are for people: the plan says in which order.
* Next: **approve-plan**, then **apply-plan**.
"""


@flow(
    name="segmentation",
    flow_run_name="segmentation-for-{requester}",
    description=DESCRIPTION.strip(),
    task_runner=SIDE_BY_SIDE,
)
def segmentation(
    requester: Person,
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown org, and where AWS or no org could be read.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        orgs: Aliases of the orgs that may be changed, as in estate.yaml; all are read. **Leave empty for all.**
    """
    estate, policy = read_estate()
    chosen, unchangeable = changeable(entry.alias for entry in chosen_orgs(estate, orgs))
    evidence, unread = read_inventories(estate.orgs)
    cloud = read_secrets()
    if "secrets" in cloud.gaps:
        raise ConfigurationError(f"Who reaches which org cannot be said: {cloud.gaps['secrets']}")
    if not evidence:
        raise ConfigurationError(f"No org could be read: {'; '.join(unread.values())}")
    for alias, org in evidence.items():
        for section in (
            "outbound",
            "remote_sites",
            "users",
            "apps",
            "inbound_certificates",
            "auth_providers",
        ):
            if section in org.gaps:
                unread[f"{alias} ({section})"] = org.gaps[section]
    edges = find_edges(estate, evidence, cloud)
    found = crossings(estate, evidence, edges)
    now = max((org.now for org in evidence.values()), default=datetime.now(UTC))
    plan = segmentation_plan(estate, policy, found, edges, requester, now, orgs=chosen, off=silent(evidence))
    return kept(plan, unchangeable | unread)
