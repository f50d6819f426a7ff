"""The phase of advanced controls: a plan for each of its jobs. Nothing is changed here."""

from datetime import UTC, datetime
from enum import StrEnum

from prefect import flow

from flows.encryption import plan_encryption
from flows.event_logs import event_logs
from flows.mutual_tls import mutual_tls
from flows.phases import Job, in_phase, named, started
from flows.plans import Person
from flows.prevention import transaction_policies
from flows.quick_wins import routes_to
from tasks.alerts.steps import read_heartbeats
from tasks.errors import StillLacking
from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.estate.steps import read_estate
from tasks.phases.model import Phase
from tasks.phases.ready import lacks_access, lacks_detection, lacks_prevention
from tasks.plans.model import Planned

DESCRIPTION = """
Phase 3 of 4, months 2 and 3. Makes **the plans of the advanced controls, one after another**. It changes no org.

* **D1** *mutual-tls*: the next step of each route towards a client certificate of its own.
* **D2** *plan-encryption*: sensitive fields under Shield Platform Encryption, as far as that stops nobody.
* **D3** *event-logs*: orgs write event log files, and nobody deletes them. *detect-anomalies*: looks whether somebody watches every
  five minutes and policy says how far that may lead. It makes no plan. *transaction-policies*: large queries and exports are refused
  while they happen.
* **D4** *just-in-time-access*: looks whether elevated rights are given for hours only and the sweep takes them back. It makes no
  plan: access is asked for by **request-access** when it is needed.

It starts from the last **assessment** and from **quick-wins** whose plans are carried out; otherwise it is refused and says what to
run. An org whose enforcer cannot be used, or in which a quick win failed, is left out and named with what to do; everything else
goes on. Started again it makes only what is missing. The page *advanced* of this run lists all plans, the page *zero-trust* what blocks
the next phase. Next for each plan: **approve-plan**, then **apply-plan**; the artifact *waiting-plans* leads to both, filled in.
"""


class Advanced(StrEnum):
    """Jobs of this phase, in the order in which they run."""

    MUTUAL_TLS = "mutual-tls"
    PLAN_ENCRYPTION = "plan-encryption"
    EVENT_LOGS = "event-logs"
    DETECT_ANOMALIES = "detect-anomalies"
    TRANSACTION_POLICIES = "transaction-policies"
    JUST_IN_TIME_ACCESS = "just-in-time-access"


@flow(name="advanced", flow_run_name="advanced-for-{requester}", description=DESCRIPTION.strip())
def advanced(
    requester: Person,
    jobs: list[Advanced] = [],  # noqa: B006  # the form shows a list
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
    anew: bool = False,
    although_open: bool = False,
) -> tuple[Planned, ...]:
    """
    Raises PhaseRefused where the evidence is missing or stale or quick wins are open, ConfigurationError for an unknown org, and
    PhaseIncomplete at the end when a job made no plan.

    Args:
        requester: Who asks for the plans. **That person cannot approve them.**
        jobs: Which advanced controls. **Leave empty for all.**
        orgs: Aliases of the orgs that routes lead to and whose fields are encrypted, as in estate.yaml. **Leave empty for all.**
        anew: Make plans that are there from the same assessment once more. **Otherwise only what is missing is made.**
        although_open: Start although plans of the quick wins are not carried out yet. **They are named in the log.**
    """
    start = started(Phase.ADVANCED, orgs, although_open)
    estate, policy = read_estate()
    everything = plans_of(estate, policy, requester)
    return in_phase(start, {job.value: everything[job] for job in jobs or Advanced}, requester, anew=anew)


def plans_of(estate: Estate, policy: Policy, requester: str) -> dict[Advanced, Job]:
    """What makes the plan of each job for some orgs."""

    def certified(orgs: list[str]) -> str:
        routes = routes_to(estate, orgs)
        job = named(Advanced.MUTUAL_TLS, Phase.ADVANCED, mutual_tls)
        return job(requester=requester, routes=routes) if routes else ""

    def encrypted(orgs: list[str]) -> str:
        return named(Advanced.PLAN_ENCRYPTION, Phase.ADVANCED, plan_encryption)(
            requester=requester, orgs=orgs
        )

    def logged(orgs: list[str]) -> str:
        return named(Advanced.EVENT_LOGS, Phase.ADVANCED, event_logs)(requester=requester, orgs=orgs)

    def detected(orgs: list[str]) -> str:
        if why := lacks_detection(policy, read_heartbeats(), datetime.now(UTC)):
            raise StillLacking(why)
        return ""

    def prevented(orgs: list[str]) -> str:
        if why := lacks_prevention(policy):
            raise StillLacking(why)
        return named(Advanced.TRANSACTION_POLICIES, Phase.ADVANCED, transaction_policies)(
            requester=requester, orgs=orgs
        )

    def granted(orgs: list[str]) -> str:
        if why := lacks_access(policy, read_heartbeats(), datetime.now(UTC)):
            raise StillLacking(why)
        return ""

    return {
        Advanced.MUTUAL_TLS: certified,
        Advanced.PLAN_ENCRYPTION: encrypted,
        Advanced.EVENT_LOGS: logged,
        Advanced.DETECT_ANOMALIES: detected,
        Advanced.TRANSACTION_POLICIES: prevented,
        Advanced.JUST_IN_TIME_ACCESS: granted,
    }
