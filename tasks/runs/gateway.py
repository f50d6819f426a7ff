"""Prefect's record of runs: what goes on, what was heard of it, what is over."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterId,
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
    LogFilter,
    LogFilterFlowRunId,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort, LogSort
from prefect.events.filters import (
    EventAnyResourceFilter,
    EventFilter,
    EventNameFilter,
    EventOccurredFilter,
    EventResourceFilter,
)
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed

from tasks.runs.model import Ended, Going
from tasks.runs.names import FREQUENT, WORK_POOL

_GOING = [StateType.RUNNING, StateType.CANCELLING]
_UNEVENTFUL = (StateType.COMPLETED, StateType.CANCELLED)
_OVER = [*_UNEVENTFUL, StateType.FAILED, StateType.CRASHED]
_HEARTBEAT = "prefect.flow-run.heartbeat"
_PAGE = 200
LOST = "Its machine or its process is gone: no sign of life for minutes. Start it again; what it had done is in the ledger."


def read_going(client: SyncPrefectClient, now: datetime, quiet_for: timedelta) -> list[Going]:
    """Runs of our jobs, wherever they were started; of those whose state is older than `quiet_for`, what was heard last."""
    flows = _our_flows(client)
    if not flows:
        return []
    runs = client.read_flow_runs(
        flow_filter=FlowFilter(id=FlowFilterId(any_=flows)),
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_GOING))),
        limit=_PAGE,
    )
    names = {
        each.id: each.name for each in client.read_flows(flow_filter=FlowFilter(id=FlowFilterId(any_=flows)))
    }
    return [
        Going(
            id=str(run.id),
            name=run.name,
            job=names.get(run.flow_id, ""),
            heard=_heard(client, run) if now - _since(run) > quiet_for else _since(run),
        )
        for run in runs
    ]


def last_heartbeat(client: SyncPrefectClient, run: str) -> datetime | None:
    """When the server last heard a heartbeat of this run; None when never."""
    page = client.read_events(
        EventFilter(
            event=EventNameFilter(name=[_HEARTBEAT]),
            resource=EventResourceFilter(id=[f"prefect.flow-run.{run}"]),
        ),
        limit=1,
    )
    return page.events[0].occurred if page.events else None


def end_lost(client: SyncPrefectClient, run: Going) -> bool:
    """Crashed, as if its process had been seen to die; whether it still had to be said."""
    try:
        found = client.read_flow_run(UUID(run.id))
    except ObjectNotFound:
        return False
    if found.state_type not in _GOING:
        return False
    # Not forced: Prefect's own rules give back the slots that the run holds.
    client.set_flow_run_state(UUID(run.id), Crashed(message=LOST))
    return True


def read_ended(client: SyncPrefectClient, before: datetime, *, frequent: bool) -> Iterator[list[Ended]]:
    """Runs that ended before an instant, oldest first, in pages: of frequent jobs, or of all."""
    offset = 0
    wanted = FlowRunFilter(
        end_time=FlowRunFilterEndTime(before_=before),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_OVER)),
        tags=FlowRunFilterTags(all_=[FREQUENT]) if frequent else None,
    )
    while runs := client.read_flow_runs(
        flow_run_filter=wanted, sort=FlowRunSort.EXPECTED_START_TIME_ASC, limit=_PAGE, offset=offset
    ):
        artifacts = _artifacts(client, runs)
        yield [
            Ended(
                id=str(run.id),
                at=run.end_time or before,
                frequent=FREQUENT in run.tags,
                uneventful=run.state_type in _UNEVENTFUL,
                artifacts=frozenset(artifacts[run.id]),
            )
            for run in runs
        ]
        offset += len(runs)


def delete(client: SyncPrefectClient, run: str) -> None:
    """With its task runs; logs and artifacts follow by the server's own vacuum."""
    with suppress(ObjectNotFound):
        client.delete_flow_run(UUID(run))


def _our_flows(client: SyncPrefectClient) -> list[UUID]:
    pool, found, offset = WorkPoolFilter(name=WorkPoolFilterName(any_=[WORK_POOL])), set(), 0
    while page := client.read_deployments(work_pool_filter=pool, limit=_PAGE, offset=offset):
        found |= {each.flow_id for each in page}
        offset += len(page)
    return sorted(found)


def _heard(client: SyncPrefectClient, run: FlowRun) -> datetime:
    """The run's state, any event about it or its tasks, any line of its log: whatever came last."""
    since = _since(run)
    page = client.read_events(
        EventFilter(
            any_resource=EventAnyResourceFilter(id=[f"prefect.flow-run.{run.id}"]),
            occurred=EventOccurredFilter(since=since),
        ),
        limit=1,
    )
    logs = client.read_logs(
        LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run.id])), sort=LogSort.TIMESTAMP_DESC, limit=1
    )
    return max([since, *(each.occurred for each in page.events), *(each.timestamp for each in logs)])


def _since(run: FlowRun) -> datetime:
    """When it came into its state."""
    state = run.state
    assert state is not None and state.timestamp is not None
    return state.timestamp


def _artifacts(client: SyncPrefectClient, runs: list[FlowRun]) -> dict[UUID, list[str]]:
    """Keys of what each run published. Those without one are a run's progress and count as routine."""
    found: dict[UUID, list[str]] = defaultdict(list)
    offset = 0
    of_these = FlowRunFilter(id=FlowRunFilterId(any_=[run.id for run in runs]))
    while page := client.read_artifacts(flow_run_filter=of_these, limit=_PAGE, offset=offset):
        for each in page:
            if each.flow_run_id is not None and each.key:
                found[each.flow_run_id].append(each.key)
        offset += len(page)
    return found
