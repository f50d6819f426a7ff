"""Prefect's record of runs is kept true and small."""

from datetime import timedelta
from typing import Annotated

from prefect import flow
from prefect.logging import get_run_logger
from pydantic import Field

from flows.names import by_day, by_minute
from tasks.fleet.steps import sweep_shards
from tasks.runs.model import Going
from tasks.runs.steps import delete_spent_runs, end_lost_run, find_lost_runs

LOST = """
Ends **runs whose machine or process is gone**: Prefect calls them Running for ever, and the next run of the same job waits for
them. Runs every minute; it changes no org.

* A run is lost when neither a heartbeat nor an event nor a log line came for 100 seconds, nor for 75 more at a second look, while
  heartbeats of other runs do arrive. It becomes *Crashed*; where it was scheduled, an alert opens.
* Start the job again: changes, phases and rounds of questions go on where the lost run left them, and an assessment reads all anew.
"""
OLD = """
Deletes **runs that nobody needs any more** from Prefect's record. Runs every day; it changes no org, and the ledger stays.

* Runs of jobs of every few minutes go after a week when they succeeded and had nothing to tell.
* All others go after 400 days, longer than an auditor looks back.
* What runs have read of a large estate goes from `BULKHEAD_HOME` after two days, where no assessment came to take it.
"""
Days = Annotated[int, Field(ge=1, le=3650)]


@flow(name="end-lost-runs", flow_run_name=by_minute, description=LOST.strip())
def end_lost_runs() -> list[Going]:
    """Those that it ended."""
    ended = [run for run in find_lost_runs() if end_lost_run(run)]
    for run in ended:
        get_run_logger().warning("%s, a run of %s, was lost and has ended", run.name, run.job)
    return ended


@flow(name="delete-old-runs", flow_run_name=by_day, description=OLD.strip())
def delete_old_runs(frequent_days: Days = 7, other_days: Days = 400, at_most: int = 20_000) -> int:
    """
    How many went.

    Args:
        frequent_days: After how many days uneventful runs of jobs that run every few minutes go.
        other_days: After how many days every other run goes.
        at_most: How many go in one run; the next day takes the rest.
    """
    gone = delete_spent_runs(timedelta(days=frequent_days), timedelta(days=other_days), at_most)
    get_run_logger().info("%d runs were deleted", gone)
    sweep_shards()
    return gone
