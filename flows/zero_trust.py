"""All four phases, one after another, as far as they may go today."""

from collections.abc import Callable
from datetime import UTC, datetime

from prefect import flow
from prefect.logging import get_run_logger

from flows.advanced import advanced
from flows.assessment import assessment
from flows.ongoing import continuous
from flows.phases import shown_as_it_stands
from flows.plans import Person
from flows.quick_wins import quick_wins
from flows.reading import chosen_orgs
from tasks.errors import PhaseIncomplete, PhaseRefused
from tasks.estate.steps import read_estate
from tasks.phases.model import Phase
from tasks.phases.plan import evidence_against, evidence_for
from tasks.phases.steps import read_phases, registered_digest

DESCRIPTION = """
Goes through **all four phases in order, as far as they may go today**: assessment, quick-wins, advanced, continuous. It changes no org.

* Each phase makes the plans that are missing. People approve and apply them (the artifact *waiting-plans* leads to
  **approve-plan** and **apply-plan**, filled in), then start this again: it goes on where it stopped.
* A phase whose turn has not come is no failure: the run is completed, and the page *zero-trust* says what it waits for.
* The page shows the calendar (weeks 1 and 2, weeks 3 to 6, months 2 and 3, ongoing), planned against actual.
"""


@flow(name="zero-trust", flow_run_name="zero-trust-for-{requester}", description=DESCRIPTION.strip())
def zero_trust(
    requester: Person,
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
) -> str:
    """
    The name of the phase that waits for people, or `continuous` where all are done. Raises ConfigurationError for an unknown
    org, and PhaseIncomplete where a job of a phase failed.

    Args:
        requester: Who asks for the plans. **That person cannot approve them.**
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
    """
    _assessed(orgs)
    phases: dict[Phase, Callable[[], object]] = {
        Phase.QUICK_WINS: lambda: quick_wins(requester=requester, orgs=orgs),
        Phase.ADVANCED: lambda: advanced(requester=requester, orgs=orgs),
        Phase.CONTINUOUS: lambda: continuous(orgs=orgs),
    }
    reached, failed = Phase.ASSESSMENT, ""
    for phase, run in phases.items():
        try:
            run()
        except PhaseRefused as error:
            get_run_logger().warning("%s", error)
            break
        except PhaseIncomplete as error:
            # One org may fail alone: the next phase leaves it out, or is refused. The reason is told at the end.
            failed = f"{failed} {error}".strip()
        else:
            reached = phase
    shown_as_it_stands(Phase.ASSESSMENT, [entry.alias for entry in read_estate()[0].orgs])
    if failed:
        raise PhaseIncomplete(failed)
    return reached.value


def _assessed(orgs: list[str]) -> None:
    """An assessment that is there and fresh is not made again: quick wins were planned from it."""
    estate, policy = read_estate()
    aliases = [entry.alias for entry in chosen_orgs(estate, orgs)]
    assessments, _ = read_phases()
    registered, now = registered_digest(), datetime.now(UTC)
    about = (registered, aliases, now, policy.phases)
    found = evidence_for(Phase.QUICK_WINS, assessments, *about)
    if evidence_against(Phase.QUICK_WINS, found, *about) or found is None or set(aliases) - set(found.read):
        assessment()
    else:
        get_run_logger().info("The assessment of %s is fresh enough", f"{found.at:%Y-%m-%d %H:%M} UTC")
