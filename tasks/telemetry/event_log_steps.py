"""The Prefect task that reads what the plan of event logs starts from."""

from prefect import task

from tasks.errors import BadRequest, OrgRefused
from tasks.network.model import EventLogSummary
from tasks.orgs import open_org
from tasks.plans.model import Resource, ResourceKind
from tasks.plans.settings_gateway import read_settings
from tasks.policies import READ
from tasks.telemetry.event_logs import DELETION, GENERATION
from tasks.telemetry.model import EventLogs
from tasks.telemetry.org_gateway import OrgTelemetry


@task(
    name="read-event-logs",
    task_run_name="read-event-logs-{org}",
    description="Whether one org writes event log files and lets people delete them, and which files there are. Reads only.",
    **READ,
)
def read_event_logs(org: str) -> EventLogs:
    """Raises OrgError; OrgRefused, too, where the org shows no EventSettings."""
    wanted = {
        key: Resource(org=org, kind=ResourceKind.ORG_SETTING, key=key) for key in (GENERATION, DELETION)
    }
    with open_org(org) as session:
        held = read_settings(session, wanted.values())
        if not held:
            raise OrgRefused(
                org,
                "the org gave no EventSettings",
                "Reading them needs Modify Metadata Through Metadata API.",
            )
        files: tuple[EventLogSummary, ...] = ()
        unseen = ""
        try:
            files = tuple(
                EventLogSummary(event_type=kind, interval=interval, files=number)
                for (kind, interval), number in sorted(OrgTelemetry(session).kinds().items())
            )
        except (BadRequest, OrgRefused) as error:
            unseen = error.what
    return EventLogs(
        org=org,
        generation=held[wanted[GENERATION]]["on"] is True,
        deletion=held[wanted[DELETION]]["on"] is True,
        files=files,
        unseen=unseen,
    )
