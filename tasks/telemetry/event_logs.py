"""
The plan by which orgs write event log files and nobody deletes them, and what no plan can bring: files of the past, and licences.

Sources: Metadata API Developer Guide, EventSettings (enableEventLogGeneration is false by default; enableDeleteMonitoringData lets
holders of Delete Event Monitoring Records delete event log files and LoginEvent data); REST API Developer Guide, Using Event
Monitoring (hourly files come three to six hours after the event, daily ones a day later, within three days at most); SP 800-53 r5
AU-12 (audit record generation) and AU-9 (protection of audit information).
"""

from collections.abc import Iterable
from datetime import datetime

from tasks.estate.policy import Policy
from tasks.plans.draft import Draft
from tasks.plans.model import Plan, ResourceKind
from tasks.telemetry.model import EventLogs
from tasks.telemetry.sources import FREE

JOB = "event-logs"
CONTROL = "ZT-18"
GENERATION = "Event.enableEventLogGeneration"
DELETION = "Event.enableDeleteMonitoringData"
_SOON = (
    "hourly files come three to six hours after what they tell where Event Monitoring is licensed, daily ones a day later, "
    "within three days at most"
)
_THEN = "Run assessment when they are there: until then ZT-18 finds no file"
_LICENCE = "Event Monitoring (or Shield) is a licence, which no plan brings"


def event_logs_plan(policy: Policy, orgs: Iterable[EventLogs], requester: str, now: datetime) -> Plan:
    """Generation on and deletion off wherever they are not; what is left for people to do stands under `afterwards`."""
    draft = Draft(CONTROL)
    orgs = list(orgs)
    for org in orgs:
        _generation(draft, org)
        _deletion(draft, org)
        _left(draft, org)
    title = f"Event log files of {', '.join(org.org for org in orgs) or 'no org'}"
    return draft.plan(JOB, title, requester, now, policy)


def _generation(draft: Draft, org: EventLogs) -> None:
    if org.generation:
        draft.keeps.append(f"{org.org}: event log files are written already")
        return
    draft.change(
        *(org.org, ResourceKind.ORG_SETTING, GENERATION),
        {"on": False},
        {"on": True},
        "what nobody writes down, nobody can detect, or look up after an incident (SP 800-53 r5 AU-12)",
        "event log files tell what happens from then on; nobody is refused anything",
    )
    draft.risks.append(
        f"{org.org}: of what happened while generation was off there will never be a file. Where the org takes the switch without "
        "keeping it, as one without the licence may, the apply stops there and says so"
    )


def _deletion(draft: Draft, org: EventLogs) -> None:
    if not org.deletion:
        draft.keeps.append(f"{org.org}: nobody may delete monitoring data already")
        return
    draft.change(
        *(org.org, ResourceKind.ORG_SETTING, DELETION),
        {"on": True},
        {"on": False},
        "who takes an account over that may delete logs takes the traces along (SP 800-53 r5 AU-9)",
        "event log files and LoginEvent data end by their age alone, whoever holds Delete Event Monitoring Records",
    )
    draft.risks.append(
        f"{org.org}: who deletes monitoring data because somebody asked to be forgotten cannot any more. For such a case roll this "
        "change back, delete, and plan again"
    )


def _left(draft: Draft, org: EventLogs) -> None:
    """What the two settings do not bring."""
    kinds = {each.event_type for each in org.files if each.files}
    if org.unseen:
        tell = f"which files there are was not seen ({org.unseen}): look at EventLogFile there"
    elif not kinds and not org.generation:
        tell = (
            f"there is no file yet: {_SOON}. {_THEN}. Without a licence only {_listed(FREE)} come; {_LICENCE}"
        )
    elif not kinds:
        tell = (
            f"there is no file although generation is on, and no setting is left to change: {_SOON}. {_THEN}. If there is none "
            f"after three days, ask Salesforce, and look at the licence: without it only {_listed(FREE)} come; {_LICENCE}"
        )
    elif kinds <= {*FREE}:
        tell = (
            f"its files are of types that every org has ({_listed(sorted(kinds))}), and nothing shows that it has more: "
            f"{_LICENCE}"
        )
    elif not org.generation:
        tell = f"its files end where generation was switched off: {_SOON}"
    else:
        return
    draft.afterwards.append(f"{org.org}: {tell}.")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
