"""How tasks retry, and which run they belong to. One place, so that all rooms behave alike."""

from typing import Any, Final

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import flow_run
from prefect.tasks import exponential_backoff

from tasks.errors import CloudError, OrgUnavailable, RowLocked, SecretUnavailable, Throttled

_PASSING = (OrgUnavailable, Throttled, RowLocked, CloudError)


def worth_repeating(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Only what may pass by itself: a refused login or a missing right is refused again."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, _PASSING) and not isinstance(error, SecretUnavailable)


# The session itself has already waited and tried several times, so these few tries are for outages of minutes. No result
# is persisted and nothing cached: stale inventory is a wrong decision, and a result store is one more place to leak.
# No tags on tasks either: for each tag Prefect asks its server for a slot, one task after the other, and a busy server
# made five reads wait for seconds.
READ: Final[dict[str, Any]] = {
    "retries": 2,
    "retry_delay_seconds": exponential_backoff(backoff_factor=2),
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": worth_repeating,
    "cache_policy": NO_CACHE,
    "persist_result": False,
}

PUBLISH: Final[dict[str, Any]] = {"retries": 1, "cache_policy": NO_CACHE, "persist_result": False}


def first_run() -> str:
    """
    The id of the run that all of this began with, a phase for each of its jobs; empty outside of runs.

    Prefect's server is asked for it. Where that fails the nearest run is told: no job fails for want of a name.
    """
    try:
        return str(flow_run.root_flow_run_id or "")
    except Exception:  # whatever it is, the work itself can go on
        return str(flow_run.id or "")
