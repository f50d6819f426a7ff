"""Jobs and schedules that earlier versions deployed and this one does not: registering takes them away."""

from typing import Final

from prefect.client.orchestration import PrefectClient
from prefect.exceptions import ObjectNotFound

RETIRED: Final = frozenset(
    {
        # Had the name of the phase's flow; now a flow of its own.
        "quick-wins/least-privilege",
        # Reading and judging are one job since; telemetry alone is collected by hand.
        "collect-telemetry/telemetry-every-5-minutes",
        "collect-telemetry/telemetry-files-hourly",
    }
)
"""
As `flow/deployment`. Named one by one, so that what people deployed themselves, copies of ours among it, stays. Never shortened:
somebody may come from any version.
"""
RETIRED_SCHEDULES: Final[frozenset[tuple[str, str]]] = frozenset()
"""
As `flow/deployment` and slug, of jobs that stay: none so far. In pairs, because `daily` is what a person calls a schedule as well.
"""


async def retire(client: PrefectClient) -> list[str]:
    """What was there of them and went, with the runs that their schedules had made ahead; runs that are over stay."""
    gone = []
    for name in sorted(RETIRED):
        try:
            known = await client.read_deployment_by_name(name)
        except ObjectNotFound:
            continue
        for automation in await client.read_automations_by_name(f"missing-run-to-alert-{known.name}"):
            await client.delete_automation(automation.id)
        await client.delete_deployment(known.id)
        gone.append(name)
    return gone


async def drop_schedules(client: PrefectClient) -> list[tuple[str, str]]:
    """What was there of RETIRED_SCHEDULES and went."""
    gone = []
    for name, slug in sorted(RETIRED_SCHEDULES):
        try:
            known = await client.read_deployment_by_name(name)
        except ObjectNotFound:
            continue
        for schedule in known.schedules:
            if schedule.slug == slug:
                await client.delete_deployment_schedule(known.id, schedule.id)
                gone.append((name, slug))
    return gone
