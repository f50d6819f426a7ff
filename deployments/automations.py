"""What follows by itself: an incident from an alert about somebody, an alert from a run that failed or did not come."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.events.actions import RunDeployment
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

from deployments.limits import SCHEDULED
from tasks.alerts.events import ACTOR, SEVERITY
from tasks.response.authority import DETECTIONS

ENDED_BADLY = frozenset({"prefect.flow-run.Failed", "prefect.flow-run.Crashed", "prefect.flow-run.TimedOut"})
ENDED = frozenset({"prefect.flow-run.Completed", *ENDED_BADLY})
PERIODS = {
    "every-minute": timedelta(minutes=1),
    "five-minutes": timedelta(minutes=5),
    "every-5-minutes": timedelta(minutes=5),
    "every-10-minutes": timedelta(minutes=10),
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=31),
    "quarterly": timedelta(days=92),
    "yearly": timedelta(days=366),
}
"""By the slug of a schedule, the longest pause between two of its runs."""
_PERIODS = 2
_SLACK = timedelta(minutes=5)
"""For the start of a run's process and the run itself."""


def automations(
    ids: Mapping[str, UUID], periods: Mapping[str, timedelta], *, enabled: bool
) -> list[AutomationCore]:
    """
    `ids` are those of deployments by name, `periods` how often those with a schedule run. Where not `enabled`, none starts
    anything until somebody turns it on in the UI.
    """
    return [
        AutomationCore(
            name="alert-to-incident",
            description="An alert that names an actor starts the playbook: contain, collect, notify. Policy says how far.",
            enabled=enabled,
            trigger=EventTrigger(
                expect={"zero-trust.alert.opened"},
                match={
                    "prefect.resource.id": "zero-trust.org.*",
                    ACTOR: "known",
                    SEVERITY: ["error", "critical"],
                },
                posture=Posture.Reactive,
                threshold=1,
                within=timedelta(0),
            ),
            actions=[
                RunDeployment(
                    deployment_id=ids["incident"],
                    parameters={
                        "org": "{{ event.payload.org }}",
                        "username": "{{ event.payload.actor }}",
                        "detection": "{{ event.payload.kind }}",
                        "detected": "{{ event.occurred.isoformat() }}",
                        "severity": "{{ event.payload.severity }}",
                        "alert": "{{ event.payload.key }}",
                        # It counts only where the alert itself says this of the user.
                        "requester": DETECTIONS,
                    },
                )
            ],
        ),
        AutomationCore(
            name="failed-run-to-alert",
            description="A scheduled run that failed, crashed or took too long opens an alert; the next that succeeds ends it.",
            enabled=enabled,
            trigger=EventTrigger(
                expect={*ENDED_BADLY},
                match={"prefect.resource.id": "prefect.flow-run.*"},
                match_related={
                    "prefect.resource.role": "tag",
                    "prefect.resource.id": f"prefect.tag.{SCHEDULED}",
                },
                posture=Posture.Reactive,
                threshold=1,
                within=timedelta(0),
            ),
            actions=[
                RunDeployment(
                    deployment_id=ids["tell-run"],
                    parameters={"deployment": "{{ deployment.name }}", "what": "failed"},
                )
            ],
        ),
        *(_missing(name, ids, period, enabled) for name, period in periods.items()),
    ]


def _missing(name: str, ids: Mapping[str, UUID], period: timedelta, enabled: bool) -> AutomationCore:
    return AutomationCore(
        name=f"missing-run-to-alert-{name}",
        description=f"No run of {name} has ended within two of its periods: an alert says so until one does.",
        enabled=enabled,
        trigger=EventTrigger(
            expect={*ENDED},
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related={
                "prefect.resource.role": "deployment",
                "prefect.resource.id": f"prefect.deployment.{ids[name]}",
            },
            posture=Posture.Proactive,
            threshold=1,
            within=_PERIODS * period + _SLACK,
        ),
        actions=[
            RunDeployment(deployment_id=ids["tell-run"], parameters={"deployment": name, "what": "missing"})
        ],
    )


async def save(client: PrefectClient, wanted: list[AutomationCore]) -> None:
    """Each once, by its name; one that somebody turned off stays off."""
    for each in wanted:
        known = await client.read_automations_by_name(each.name)
        if known:
            kept = each.model_copy(update={"enabled": each.enabled and known[0].enabled})
            await client.update_automation(known[0].id, kept)
        else:
            await client.create_automation(each)
