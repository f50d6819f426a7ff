"""Prefect tasks of the fleet."""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from httpx import HTTPError, HTTPStatusError, TransportError
from prefect import task
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Cancelling

from tasks.errors import ShardLost
from tasks.fleet import gateway
from tasks.fleet.model import Seen, Shard
from tasks.fleet.plan import given_up, idempotency_key, pause, reusable
from tasks.orgs import home
from tasks.policies import PUBLISH, READ

READ_SHARD = "read-shard/read-shard"
"""Flow and deployment that read one shard."""
_LOOK_SECONDS = 2.0
_LATER = (408, 429)
"""Statuses by which a server, or what stands before it, asks for patience."""


@task(
    name="keep-shard",
    description="Puts what this run has read where the run that joins it looks for it.",
    **PUBLISH,
)
def keep_shard(seen: Seen, asked_by: UUID) -> None:
    gateway.keep(_folder(asked_by), str(flow_run.get_id()), seen)


def expect_to_be_found(asked_by: UUID) -> None:
    """Before an org is asked anything. Raises ShardLost where the run that joins it would not find what this one reads."""
    gateway.expect_folder(_folder(asked_by))


@task(
    name="run-shard",
    task_run_name="read-shard-{shard.name}",
    description="Starts the run that reads some of the orgs, waits for it, and takes what it read.",
    **READ,
)
def run_shard(phase: str, shard: Shard, patience: timedelta) -> Seen:
    """
    Asked again by the same run, it goes on with what is there. Raises ShardLost where no run began within `patience`, or came to its
    end within as much from there.
    """
    asker = UUID(str(flow_run.get_id()))
    folder = _folder(asker)
    gateway.open_folder(folder, datetime.now(UTC))
    key = idempotency_key(phase, shard, asker)
    again = f"{key}/{flow_run.get_run_count()}"
    wait = _Wait(patience)
    run = wait.for_start(shard, asker, key)
    if _over(run.state) and not _serves(run, folder):
        # It ended badly, was taken away, or is of long ago, before this one asked again.
        run = wait.for_start(shard, asker, again)
    get_run_logger().info("%s reads %d orgs", run.name, len(shard.orgs))
    state = wait.for_end(run)
    if state.is_crashed():
        # Its worker died; another may be there. Once, or orgs that bring workers down would do so for ever.
        get_run_logger().warning("%s crashed and is started once more", run.name)
        run = wait.for_start(shard, asker, f"{again}/crashed")
        state = wait.for_end(run)
    if not state.is_completed():
        raise ShardLost(f"its run {run.name} ended as {state.name}; that run says why")
    return gateway.read(folder, str(run.id))


@task(
    name="forget-shards",
    description="Takes away what the runs of this assessment have read, once it is published.",
    **PUBLISH,
)
def forget_shards() -> None:
    gateway.forget(_folder(UUID(str(flow_run.get_id()))))


@task(
    name="sweep-shards",
    description="Takes away what runs have read for an assessment that never joined it.",
    **PUBLISH,
)
def sweep_shards() -> int:
    return gateway.sweep(_root(), datetime.now(UTC))


def _start(shard: Shard, asker: UUID, key: str) -> FlowRun:
    """
    A run that is there under this key already is the one that is given. Raises ShardLost where it is refused, and TransportError and
    HTTPStatusError where the server is out of order.
    """
    try:
        made = run_deployment(
            READ_SHARD,
            parameters={"shard": shard.name, "orgs": list(shard.orgs), "asked_by": str(asker)},
            idempotency_key=key,
            flow_run_name=f"read-shard-{shard.name}",
            timeout=0,
        )
    except ObjectNotFound:
        raise ShardLost(f"{READ_SHARD} is not deployed; run `bulkhead register`") from None
    except PrefectHTTPStatusError as error:
        if _out_of_order(error):
            raise
        # Its text would show the answer.
        raise ShardLost(
            f"Prefect's server does not start a run for it ({error.response.status_code}); run `bulkhead register`, so that jobs "
            "know the orgs of this estate"
        ) from None
    # Typed as perhaps a coroutine; in synchronous code it never is one.
    return cast(FlowRun, made)


class _Wait:
    """For the runs of one shard, one after the other, within one patience."""

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience
        self._asked = time.monotonic()
        self._began: float | None = None

    def for_start(self, shard: Shard, asker: UUID, key: str) -> FlowRun:
        """
        The run, also through an outage of the server: what it was asked, and did not answer, it may have done, so that the same key
        is asked for again. Raises ShardLost where it does not answer in time, or refuses.
        """
        tried = 0
        while True:
            try:
                return _start(shard, asker, key)
            except (TransportError, HTTPStatusError) as error:
                if not _out_of_order(error):
                    raise
                left = self._patience.total_seconds() - (time.monotonic() - self._asked)
                if left <= 0:
                    raise ShardLost(
                        f"Prefect's server did not start a run for it within {self._patience} ({_told(error)}); look at the server, "
                        "then start the assessment again"
                    ) from None
                get_run_logger().warning(
                    "Prefect's server is out of order (%s); the run of %s is asked for again",
                    _told(error),
                    shard.name,
                )
                time.sleep(min(pause(tried), left))
                tried += 1

    def for_end(self, run: FlowRun) -> State[Any]:
        """Its last state. Raises ShardLost where it has none in time, and ends it."""
        while not given_up(self._asked, self._began, time.monotonic(), self._patience):
            found = _look(run.id)
            if found is not None and found.state is not None and found.state.is_final():
                return found.state
            if self._began is None and found is not None and found.start_time is not None:
                self._began = time.monotonic()
            time.sleep(_LOOK_SECONDS)
        _cancel(run.id)
        if self._began is None:
            raise ShardLost(
                f"its run {run.name} did not begin within {self._patience}; is a worker up that has room for it?"
            )
        raise ShardLost(
            f"its run {run.name} did not end within {self._patience}; where its orgs need longer, raise "
            "`fleet.shard_patience` in policy.yaml"
        )


def _look(run: UUID) -> FlowRun | None:
    """None where the server cannot be asked just now: the run goes on without it."""
    try:
        with get_client(sync_client=True) as client:
            return client.read_flow_run(run)
    except (TransportError, HTTPStatusError) as error:
        if _out_of_order(error):
            return None
        raise


def _out_of_order(error: HTTPError) -> bool:
    """Whether the server may do the same later: it cannot be reached, fails, or is asked too much."""
    if isinstance(error, HTTPStatusError):
        return error.response.is_server_error or error.response.status_code in _LATER
    return isinstance(error, TransportError)


def _told(error: HTTPError) -> str:
    """Never its text, which would show the answer."""
    return str(error.response.status_code) if isinstance(error, HTTPStatusError) else type(error).__name__


def _cancel(run: UUID) -> None:
    # What is told is why it was given up; a server that does not answer now knows it as late, all the same.
    with suppress(HTTPError), get_client(sync_client=True) as client:
        client.set_flow_run_state(run, Cancelling())


def _over(state: State[Any] | None) -> bool:
    return state is not None and state.is_final()


def _serves(run: FlowRun, folder: Path) -> bool:
    """What an earlier run under the same key has read."""
    return (
        run.state is not None
        and run.state.is_completed()
        and reusable(run.end_time, datetime.now(UTC))
        and gateway.kept(folder, str(run.id))
    )


def _folder(asker: UUID) -> Path:
    return _root() / str(asker)


def _root() -> Path:
    return home() / "shards"
