"""The phase of quick wins: a plan for each of its jobs. Nothing is changed here."""

from collections.abc import Callable
from enum import StrEnum

from prefect import flow

from flows.allow_listing import allow_listing
from flows.credentials import exposed_secrets
from flows.least_privilege import least_privilege
from flows.phase import chained
from flows.plans import Person
from flows.reading import chosen_orgs
from flows.rotation import credential_rotation
from flows.segmentation import segmentation
from flows.sign_in import oauth_flows, second_factors
from flows.web_firewall import web_firewall
from tasks.estate.steps import read_estate
from tasks.plans.model import Planned

DESCRIPTION = """
Makes **the plans of the quick wins, one after another**. It changes no org.

* **allow-listing** and **web-firewall**: integrations and administrators come from the policy's networks only.
* **segmentation**: nothing joins production and other orgs.
* **least-privilege**: each sync user keeps exactly the rights its routes need.
* **credential-rotation** and **exposed-secrets**: what is old is replaced, what lies open moves to the secrets manager.
* **second-factors** and **oauth-flows**: who administers is asked for a second factor, password doors are shut.

Each plan is an artifact of its own, and the page *quick-wins* of this run lists them all. Next for each of them:
**approve-plan**, then **apply-plan**. Plans that touch the same users go stale by each other: apply one, then make the
others again.
"""


class QuickWin(StrEnum):
    """Jobs of this phase, in the order in which they run."""

    ALLOW_LISTING = "allow-listing"
    WEB_FIREWALL = "web-firewall"
    SEGMENTATION = "segmentation"
    LEAST_PRIVILEGE = "least-privilege"
    CREDENTIAL_ROTATION = "credential-rotation"
    EXPOSED_SECRETS = "exposed-secrets"
    SECOND_FACTORS = "second-factors"
    OAUTH_FLOWS = "oauth-flows"


@flow(name="quick-wins", flow_run_name="quick-wins-for-{requester}", description=DESCRIPTION.strip())
def quick_wins(
    requester: Person,
    jobs: list[QuickWin] = [],  # noqa: B006  # the form shows a list
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
) -> tuple[Planned, ...]:
    """
    Raises ConfigurationError for an unknown org, and PhaseIncomplete at the end when a job made no plan.

    Args:
        requester: Who asks for the plans. **That person cannot approve them.**
        jobs: Which quick wins. **Leave empty for all.**
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
    """
    estate, _ = read_estate()
    aliases = [org.alias for org in chosen_orgs(estate, orgs)]
    routes = [route.name for route in estate.routes if route.target in aliases]
    everything: dict[QuickWin, Callable[[], str]] = {
        QuickWin.ALLOW_LISTING: lambda: allow_listing(requester=requester, orgs=aliases),
        QuickWin.WEB_FIREWALL: lambda: web_firewall(requester=requester, orgs=aliases),
        QuickWin.SEGMENTATION: lambda: segmentation(requester=requester, orgs=aliases),
        QuickWin.LEAST_PRIVILEGE: lambda: least_privilege(requester=requester, routes=routes),
        QuickWin.CREDENTIAL_ROTATION: lambda: credential_rotation(requester=requester, orgs=aliases),
        QuickWin.EXPOSED_SECRETS: lambda: exposed_secrets(requester=requester, orgs=aliases),
        QuickWin.SECOND_FACTORS: lambda: second_factors(requester=requester, orgs=aliases),
        QuickWin.OAUTH_FLOWS: lambda: oauth_flows(requester=requester, orgs=aliases),
    }
    if not routes:
        # Asked about no route at all, the job would take that for all of them.
        del everything[QuickWin.LEAST_PRIVILEGE]
    return chained(
        "quick-wins", {job.value: make for job, make in everything.items() if job in (jobs or QuickWin)}
    )
