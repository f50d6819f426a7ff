"""That orgs write down what happens and nobody deletes it, as a plan. Nothing is changed here."""

from datetime import UTC, datetime

from prefect import flow

from flows.plans import Person, kept
from flows.reading import SIDE_BY_SIDE, chosen_orgs, reason
from tasks.estate.steps import read_estate
from tasks.telemetry.event_log_steps import read_event_logs
from tasks.telemetry.event_logs import event_logs_plan
from tasks.telemetry.model import EventLogs

DESCRIPTION = """
Makes a plan by which orgs **write event log files, and nobody deletes them**. It changes no org.

* Switches `enableEventLogGeneration` on and `enableDeleteMonitoringData` off. Nobody is refused anything else.
* Files tell what happens from then on: hourly ones come within hours, daily ones the day after. The plan names orgs that have none
  yet, and those of which nothing shows that Event Monitoring is licensed; **a licence cannot be planned**.
* What looks at logs stands on it: detection, the watch over applied plans, the review of access. Run it before them.
* Next: **approve-plan**, then **apply-plan**, then **assessment-weekly** once there are files.
"""


@flow(
    name="event-logs",
    flow_run_name="event-logs-for-{requester}",
    description=DESCRIPTION.strip(),
    task_runner=SIDE_BY_SIDE,
)
def event_logs(
    requester: Person,
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown org.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
    """
    estate, policy = read_estate()
    running = {entry.alias: read_event_logs.submit(entry.alias) for entry in chosen_orgs(estate, orgs)}
    found: list[EventLogs] = []
    unread: dict[str, str] = {}
    for org, future in running.items():
        try:
            found.append(future.result())
        except Exception as error:  # one org that does not answer must not hide the others
            unread[org] = reason(error)
    return kept(event_logs_plan(policy, found, requester, datetime.now(UTC)), unread)
