"""Prefect tasks about runs themselves."""

from collections.abc import Mapping
from datetime import datetime

from prefect import task
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort

from tasks.policies import READ

_ENDED = [StateType.COMPLETED, StateType.FAILED, StateType.CRASHED]


@task(
    name="which-runs-succeed",
    description="Deployments whose last run that came to an end succeeded, after a time.",
    **READ,
)
def succeeding(since: Mapping[str, datetime]) -> list[str]:
    """`since` by name of the deployment; one that has not ended after its time is not among them."""
    found: list[str] = []
    with get_client(sync_client=True) as client:
        for name, at in since.items():
            runs = client.read_flow_runs(
                deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=[name])),
                flow_run_filter=FlowRunFilter(
                    state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_ENDED))
                ),
                sort=FlowRunSort.END_TIME_DESC,
                limit=1,
            )
            last = runs[0] if runs else None
            ended = last.end_time if last is not None else None
            if last is not None and last.state_type is StateType.COMPLETED and ended and ended > at:
                found.append(name)
    return found
