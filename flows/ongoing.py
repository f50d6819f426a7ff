"""The phase that never ends: what keeps an estate as it was hardened, gone through once a quarter."""

from datetime import UTC, datetime
from enum import StrEnum

from prefect import flow

from flows.audit import quarterly_audit
from flows.continuous import keep_evidence, review_access
from flows.drift import watch_drift
from flows.phases import Job, in_phase, numbered, started
from flows.recertification import recertify_access
from flows.threats import emerging_threats
from tasks.errors import StillLacking
from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.estate.steps import read_estate
from tasks.phases.model import Phase
from tasks.phases.ready import lacks_penetration_test
from tasks.plans.model import Planned
from tasks.rehearsal.steps import last_rehearsals

DESCRIPTION = """
Phase 4 of 4, without an end. Goes through **what keeps the estate as it was hardened**, once a quarter. It changes no org.

* **C1** *keep-evidence*: what was found and done is signed, kept where nobody can remove it, and checked entry by entry.
  *quarterly-audit*: the evidence pack of the quarter that ended last.
* **C2** *rehearsal*: looks whether somebody has tried to break in within the year: a rehearsal of a sandbox, or `attestations` in
  estate.yaml. It attacks nothing by itself.
* **C3** *review-access*: what grants that are over were used for. *recertify-access*: owners are asked, once a quarter.
* **C4** *emerging-threats*: which routes an announced change or a campaign hits. *watch-drift*: what plans hardened is read again;
  what somebody undid is told, with who it was.

The jobs have schedules of their own, from every five minutes to once a year: they do not wait for this run. It starts from the last
**assessment** and from **advanced** whose plans are carried out; otherwise it is refused and says what to run.
"""


class Ongoing(StrEnum):
    """Jobs of this phase, in the order in which they run."""

    KEEP_EVIDENCE = "keep-evidence"
    QUARTERLY_AUDIT = "quarterly-audit"
    REHEARSAL = "rehearsal"
    REVIEW_ACCESS = "review-access"
    RECERTIFY_ACCESS = "recertify-access"
    EMERGING_THREATS = "emerging-threats"
    WATCH_DRIFT = "watch-drift"


def run_name() -> str:
    now = datetime.now(UTC)
    return f"continuous-{now:%Y}-q{(now.month + 2) // 3}"


@flow(name="continuous", flow_run_name=run_name, description=DESCRIPTION.strip())
def continuous(
    jobs: list[Ongoing] = [],  # noqa: B006  # the form shows a list
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
    anew: bool = False,
    although_open: bool = False,
) -> tuple[Planned, ...]:
    """
    Raises PhaseRefused where the evidence is missing or stale or advanced controls are open, ConfigurationError for an unknown
    org, and PhaseIncomplete at the end when a job failed.

    Args:
        jobs: Which jobs. **Leave empty for all.**
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
        anew: Run jobs that came to their end since the same assessment once more. **Otherwise only what is missing is run.**
        although_open: Start although plans of the advanced controls are not carried out yet. **They are named in the log.**
    """
    start = started(Phase.CONTINUOUS, orgs, although_open)
    estate, policy = read_estate()
    everything = jobs_of(estate, policy)
    return in_phase(start, {job.value: everything[job] for job in jobs or Ongoing}, "bulkhead", anew=anew)


def jobs_of(estate: Estate, policy: Policy) -> dict[Ongoing, Job]:
    """What runs each job for some orgs; none of them makes a plan that a phase would wait for."""

    def evidence(orgs: list[str]) -> str:
        numbered(Ongoing.KEEP_EVIDENCE, Phase.CONTINUOUS, keep_evidence)()
        return ""

    def audited(orgs: list[str]) -> str:
        numbered(Ongoing.QUARTERLY_AUDIT, Phase.CONTINUOUS, quarterly_audit)()
        return ""

    def rehearsed(orgs: list[str]) -> str:
        if why := lacks_penetration_test(estate, policy, orgs, last_rehearsals(orgs), datetime.now(UTC)):
            raise StillLacking(why)
        return ""

    def reviewed(orgs: list[str]) -> str:
        numbered(Ongoing.REVIEW_ACCESS, Phase.CONTINUOUS, review_access)()
        return ""

    def recertified(orgs: list[str]) -> str:
        numbered(Ongoing.RECERTIFY_ACCESS, Phase.CONTINUOUS, recertify_access)()
        return ""

    def forewarned(orgs: list[str]) -> str:
        numbered(Ongoing.EMERGING_THREATS, Phase.CONTINUOUS, emerging_threats)(orgs=orgs)
        return ""

    def watched(orgs: list[str]) -> str:
        numbered(Ongoing.WATCH_DRIFT, Phase.CONTINUOUS, watch_drift)(orgs=orgs)
        return ""

    return {
        Ongoing.KEEP_EVIDENCE: evidence,
        Ongoing.QUARTERLY_AUDIT: audited,
        Ongoing.REHEARSAL: rehearsed,
        Ongoing.REVIEW_ACCESS: reviewed,
        Ongoing.RECERTIFY_ACCESS: recertified,
        Ongoing.EMERGING_THREATS: forewarned,
        Ongoing.WATCH_DRIFT: watched,
    }
