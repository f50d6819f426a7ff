"""Prefect tasks about runs."""

import time
from datetime import UTC, datetime, timedelta
from itertools import islice

from prefect import task
from prefect.client.orchestration import get_client
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from tasks.policies import PUBLISH, READ
from tasks.runs import gateway
from tasks.runs.lost import SECOND_LOOK, SILENCE, hears, lost, silent
from tasks.runs.model import Going
from tasks.runs.retention import spent


@task(name="find-lost-runs", description="Looks twice for runs without a sign of life.", **READ)
def find_lost_runs() -> list[Going]:
    """
    Takes SECOND_LOOK when some are silent, and no time otherwise. None where not even the heartbeats of this run arrive: then
    the server hears nobody, and silence proves nothing.
    """
    own = str(flow_run.get_id())
    with get_client(sync_client=True) as client:
        now = datetime.now(UTC)
        first = [run for run in silent(gateway.read_going(client, now, SILENCE), now) if run.id != own]
        if not first:
            return []
        time.sleep(SECOND_LOOK.total_seconds())
        now = datetime.now(UTC)
        second = gateway.read_going(client, now, SILENCE)
        if not hears(gateway.last_heartbeat(client, own), now):
            get_run_logger().warning(
                "%d runs are silent, and so is this one: the server hears no heartbeats. Nobody is judged.",
                len(first),
            )
            return []
    return lost(first, second, now)


@task(
    name="end-lost-run",
    description="Says of a lost run that it crashed.",
    task_run_name="end-{run.name}",
    **READ,
)
def end_lost_run(run: Going) -> bool:
    with get_client(sync_client=True) as client:
        return gateway.end_lost(client, run)


@task(
    name="delete-spent-runs",
    description="Deletes runs of Prefect's record that nobody needs any more.",
    **PUBLISH,
)
def delete_spent_runs(frequent: timedelta, other: timedelta, at_most: int) -> int:
    """How many went; the oldest first, and no more than `at_most`."""
    return swept(datetime.now(UTC), frequent, other, at_most)


def swept(now: datetime, frequent: timedelta, other: timedelta, at_most: int) -> int:
    """As `delete_spent_runs`, with what counts as now."""
    gone: list[str] = []
    with get_client(sync_client=True) as client:
        for before, only_frequent in ((now - other, False), (now - frequent, True)):
            # Read whole before anything goes: pages would shift under the reader's feet.
            wanted = (
                run.id
                for page in gateway.read_ended(client, before, frequent=only_frequent)
                for run in spent(page, now, frequent=frequent, other=other)
            )
            for each in list(islice(wanted, at_most - len(gone))):
                gateway.delete(client, each)
                gone.append(each)
    return len(gone)
