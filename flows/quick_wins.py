"""The phase of quick wins: a plan for each of its jobs. Nothing is changed here."""

from enum import StrEnum

from prefect import Flow, flow

from flows.allow_listing import allow_listing
from flows.credentials import exposed_secrets
from flows.least_privilege import least_privilege
from flows.phases import Job, in_phase, named, started
from flows.plans import Person
from flows.rotation import credential_rotation
from flows.segmentation import segmentation
from flows.sign_in import oauth_flows, second_factors
from flows.web_firewall import web_firewall
from tasks.estate.model import Estate
from tasks.estate.steps import read_estate
from tasks.phases.model import Phase
from tasks.plans.model import Planned

DESCRIPTION = """
Phase 2 of 4, weeks 3 to 6. Makes **the plans of the quick wins, one after another**. It changes no org.

* **Q1** *allow-listing*, *web-firewall* and *segmentation*: integrations and administrators come from the policy's networks only,
  and nothing joins production and other orgs.
* **Q2** *least-privilege*: each sync user keeps exactly the rights its routes need.
* **Q3** *credential-rotation* and *exposed-secrets*: what is old is replaced, what lies open moves to the secrets manager.
* **Q4** *second-factors* and *oauth-flows*: who administers is asked for a second factor, password doors are shut.

It starts from the last **assessment** and is refused where that is missing or older than `phases.evidence_max_age` in policy.yaml.
Started again it makes only what is missing: jobs that failed, plans that have expired or that another plan has overtaken.
An org whose enforcer cannot be used is left out of them and named with what to do; everything else goes on.
The page *quick-wins* of this run lists all plans, the page *zero-trust* what blocks the next phase.
Next for each plan: **approve-plan**, then **apply-plan**; the artifact *waiting-plans* leads to both, filled in.
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
    anew: bool = False,
) -> tuple[Planned, ...]:
    """
    Raises PhaseRefused where the assessment is missing or stale, ConfigurationError for an unknown org, and PhaseIncomplete at
    the end when a job made no plan.

    Args:
        requester: Who asks for the plans. **That person cannot approve them.**
        jobs: Which quick wins. **Leave empty for all.**
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
        anew: Make plans that are there from the same assessment once more. **Otherwise only what is missing is made.**
    """
    start = started(Phase.QUICK_WINS, orgs, although_open=False)
    estate, _ = read_estate()
    everything = plans_of(estate, requester)
    return in_phase(start, {job.value: everything[job] for job in jobs or QuickWin}, requester, anew=anew)


def plans_of(estate: Estate, requester: str) -> dict[QuickWin, Job]:
    """What makes the plan of each job for some orgs."""

    def limited(orgs: list[str]) -> str:
        routes = routes_to(estate, orgs)
        # Asked about no route at all, the job would take that for all of them.
        return _named(QuickWin.LEAST_PRIVILEGE, requester, routes=routes) if routes else ""

    by_org = (job for job in QuickWin if job is not QuickWin.LEAST_PRIVILEGE)
    return {
        **{job: _by_org(job, requester) for job in by_org},
        QuickWin.LEAST_PRIVILEGE: limited,
    }


def routes_to(estate: Estate, orgs: list[str]) -> list[str]:
    return [route.name for route in estate.routes if route.target in orgs]


_FLOWS: dict[QuickWin, Flow[..., str]] = {
    QuickWin.ALLOW_LISTING: allow_listing,
    QuickWin.WEB_FIREWALL: web_firewall,
    QuickWin.SEGMENTATION: segmentation,
    QuickWin.LEAST_PRIVILEGE: least_privilege,
    QuickWin.CREDENTIAL_ROTATION: credential_rotation,
    QuickWin.EXPOSED_SECRETS: exposed_secrets,
    QuickWin.SECOND_FACTORS: second_factors,
    QuickWin.OAUTH_FLOWS: oauth_flows,
}


def _by_org(job: QuickWin, requester: str) -> Job:
    return lambda orgs: _named(job, requester, orgs=orgs)


def _named(job: QuickWin, requester: str, **about: list[str]) -> str:
    return str(named(job, Phase.QUICK_WINS, _FLOWS[job])(requester=requester, **about))
