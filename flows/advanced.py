"""The phase of advanced controls: a plan for each of its jobs. Nothing is changed here."""

from collections.abc import Callable
from enum import StrEnum

from prefect import flow

from flows.encryption import plan_encryption
from flows.mutual_tls import mutual_tls
from flows.phase import chained
from flows.plans import Person
from flows.reading import chosen_orgs
from tasks.estate.steps import read_estate
from tasks.plans.model import Planned

DESCRIPTION = """
Makes **the plans of the advanced controls, one after another**. It changes no org.

* **mutual-tls**: the next step of each route towards a client certificate of its own.
* **plan-encryption**: sensitive fields under Shield Platform Encryption, as far as that stops nobody.

Each plan is an artifact of its own, and the page *advanced* of this run lists them all. Next for each of them:
**approve-plan**, then **apply-plan**. Just-in-time access is asked for by **request-access** when it is needed.
"""


class Advanced(StrEnum):
    """Jobs of this phase, in the order in which they run."""

    MUTUAL_TLS = "mutual-tls"
    PLAN_ENCRYPTION = "plan-encryption"


@flow(name="advanced", flow_run_name="advanced-for-{requester}", description=DESCRIPTION.strip())
def advanced(
    requester: Person,
    jobs: list[Advanced] = [],  # noqa: B006  # the form shows a list
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
) -> tuple[Planned, ...]:
    """
    Raises ConfigurationError for an unknown org, and PhaseIncomplete at the end when a job made no plan.

    Args:
        requester: Who asks for the plans. **That person cannot approve them.**
        jobs: Which advanced controls. **Leave empty for all.**
        orgs: Aliases of the orgs that routes lead to and whose fields are encrypted, as in estate.yaml. **Leave empty for all.**
    """
    estate, _ = read_estate()
    aliases = [org.alias for org in chosen_orgs(estate, orgs)]
    routes = [route.name for route in estate.routes if route.target in aliases]
    everything: dict[Advanced, Callable[[], str]] = {}
    if routes:
        everything[Advanced.MUTUAL_TLS] = lambda: mutual_tls(requester=requester, routes=routes)
    everything[Advanced.PLAN_ENCRYPTION] = lambda: plan_encryption(requester=requester, orgs=aliases)
    return chained(
        "advanced", {job.value: make for job, make in everything.items() if job in (jobs or Advanced)}
    )
