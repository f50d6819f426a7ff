"""The phase of quick wins: a plan for each of its jobs. Nothing is changed here."""

from enum import StrEnum

from prefect import flow

from flows.least_privilege import least_privilege
from flows.phase import chained
from flows.plans import Person
from flows.reading import chosen_orgs
from flows.sign_in import oauth_flows, second_factors
from tasks.estate.steps import read_estate
from tasks.plans.model import Planned

DESCRIPTION = """
Makes **the plans of the quick wins, one after another**. It changes no org.

* **least-privilege**: each sync user keeps exactly the rights its routes need.
* **second-factors**: who administers is asked for a second factor.
* **oauth-flows**: password doors are shut, apps tightened.

Each plan is an artifact of its own, and the page *quick-wins* of this run lists them all. Next for each of them:
**approve-plan**, then **apply-plan**. Plans that touch the same users go stale by each other: apply one, then make the
others again.
"""


class QuickWin(StrEnum):
    """Jobs of this phase, in the order in which they run."""

    LEAST_PRIVILEGE = "least-privilege"
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
    all_jobs = {
        QuickWin.LEAST_PRIVILEGE: lambda: least_privilege(requester=requester, routes=routes),
        QuickWin.SECOND_FACTORS: lambda: second_factors(requester=requester, orgs=aliases),
        QuickWin.OAUTH_FLOWS: lambda: oauth_flows(requester=requester, orgs=aliases),
    }
    return chained(
        "quick-wins", {name.value: job for name, job in all_jobs.items() if name in (jobs or QuickWin)}
    )
