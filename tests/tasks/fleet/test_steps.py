"""How the run of a shard is waited for: through a server that does not answer, and through a worker that dies."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import PrefectHTTPStatusError
from prefect.logging import disable_run_logger
from prefect.states import Cancelling, Completed, Crashed, Failed, Pending, Running

from tasks.errors import ShardLost
from tasks.fleet import gateway, steps
from tasks.fleet.model import Seen, Shard
from tasks.fleet.plan import idempotency_key

DUE = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
ASKER = UUID(int=7)
SHARD = Shard(name="0", orgs=("apac", "emea"))
SEEN = Seen(evidence={}, unreadable={"apac": "why", "emea": "why"}, calls={})


def answer(status: int) -> PrefectHTTPStatusError:
    request = httpx.Request("GET", "https://bulkhead.acme.example/api")
    return PrefectHTTPStatusError("", request=request, response=httpx.Response(status, request=request))


class Server:
    """Prefect's, with what each look at each run finds, a second after the other; the last is found again and again."""

    def __init__(self, folder: Path, *looks: Sequence[State[Any] | Exception]) -> None:
        self._folder = folder
        self._looks: list[list[State[Any] | Exception]] = [list(each) for each in looks]
        self.keys: list[str] = []
        self.outages: list[Exception] = []
        """What comes of the first times that a run is to be started."""
        self.pauses: list[float] = []
        self.ended: list[UUID] = []
        self.runs: dict[str, FlowRun] = {}
        self._now = 0.0

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self._now += 1

    def start(self, _: Shard, __: UUID, key: str) -> FlowRun:
        self.keys.append(key)
        # Also where its answer is lost on the way.
        if key not in self.runs:
            self.runs[key] = FlowRun(id=uuid4(), name=f"run-{len(self.runs)}", flow_id=uuid4())
        if self.outages:
            raise self.outages.pop(0)
        return self.runs[key]

    def read_flow_run(self, run: UUID) -> FlowRun:
        (found,) = (each for each in self.runs.values() if each.id == run)
        looks = self._looks[list(self.runs.values()).index(found)]
        seen = looks.pop(0) if len(looks) > 1 else looks[0]
        if isinstance(seen, Exception):
            raise seen
        if seen.is_completed():
            gateway.keep(self._folder, str(run), SEEN)
        began = DUE if not seen.is_pending() else found.start_time
        return found.model_copy(update={"state": seen, "start_time": began})

    def set_flow_run_state(self, run: UUID, state: State[Any]) -> None:
        assert state.type == Cancelling().type
        self.ended.append(run)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("BULKHEAD_HOME", str(tmp_path))
    runtime = SimpleNamespace(get_id=lambda: str(ASKER), get_run_count=lambda: 2)
    monkeypatch.setattr(steps, "flow_run", runtime)
    with disable_run_logger():
        yield tmp_path / "shards" / str(ASKER)


def asked(server: Server, monkeypatch: pytest.MonkeyPatch, seconds: int = 5) -> Seen:
    @contextmanager
    def client(**_: Any) -> Iterator[Server]:
        yield server

    monkeypatch.setattr(steps, "time", server)
    monkeypatch.setattr(steps, "get_client", client)
    monkeypatch.setattr(steps, "_start", server.start)
    return steps.run_shard.fn("assessment", SHARD, timedelta(seconds=seconds))


def test_a_server_that_does_not_answer_for_a_while_loses_no_shard(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(
        folder, [Running(), httpx.ConnectError("refused"), answer(503), httpx.ReadTimeout(""), Completed()]
    )
    assert asked(server, monkeypatch) == SEEN and not server.ended


def test_a_server_that_never_answers_again_is_not_waited_for_for_ever(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(folder, [Running(), httpx.ConnectError("refused")])
    with pytest.raises(ShardLost, match="did not end within 0:00:05"):
        asked(server, monkeypatch)


def test_what_a_server_refuses_is_no_outage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PrefectHTTPStatusError):
        asked(Server(folder, [answer(403)]), monkeypatch)


def test_a_server_that_is_out_of_order_when_a_run_is_started_starts_it_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(folder, [Completed()])
    server.outages = [answer(500), httpx.ReadTimeout(""), answer(503), answer(429)]
    assert asked(server, monkeypatch) == SEEN
    assert len(server.runs) == 1 and len(set(server.keys)) == 1 and len(server.keys) == 5
    assert server.pauses == [1, 2, 3, 2], "longer each time, and no longer than its patience"
    server = Server(folder, [Crashed()], [Completed()])
    server.start(SHARD, ASKER, idempotency_key("assessment", SHARD, ASKER))
    server.outages = [httpx.ConnectError("refused")]
    assert asked(server, monkeypatch) == SEEN and len(server.runs) == 2


def test_a_server_that_never_starts_a_run_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(folder, [Completed()])
    server.outages = [answer(500)] * 99
    with pytest.raises(ShardLost, match=r"did not start a run for it within 0:00:05 \(500\)"):
        asked(server, monkeypatch)
    assert len(server.keys) == 6


def test_a_shard_whose_worker_died_is_started_once_more(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(folder, [Running(), Crashed()], [Pending(), Running(), Completed()])
    assert asked(server, monkeypatch) == SEEN and len(server.runs) == 2
    server = Server(folder, [Crashed()], [Crashed()], [Completed()])
    with pytest.raises(ShardLost, match="run-1 ended as Crashed"):
        asked(server, monkeypatch)
    assert len(server.runs) == 2, "and only once"
    server = Server(folder, [Failed()], [Completed()])
    with pytest.raises(ShardLost, match="run-0 ended as Failed"):
        asked(server, monkeypatch)


def test_the_second_run_has_what_is_left_of_the_patience(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(folder, [Running()] * 3 + [Crashed()], [Running()])
    with pytest.raises(ShardLost, match="run-1 did not end"):
        asked(server, monkeypatch)
    assert server.monotonic() == 5 and server.ended == [list(server.runs.values())[1].id]


def test_a_run_that_waits_for_room_has_all_its_time_from_when_it_begins(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(folder, [Pending()] * 4 + [Running()] * 4 + [Completed()])
    assert asked(server, monkeypatch) == SEEN and server.monotonic() == 8
    with pytest.raises(ShardLost, match="did not begin within 0:00:05; is a worker up"):
        asked(Server(folder, [Pending()]), monkeypatch)


@pytest.mark.parametrize(("ago", "again"), [(timedelta(minutes=59), 0), (timedelta(minutes=61), 1)])
def test_what_was_read_long_ago_is_read_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch, ago: timedelta, again: int
) -> None:
    server = Server(folder, [Completed()], [Completed()])
    first = server.start(SHARD, ASKER, idempotency_key("assessment", SHARD, ASKER))
    old = {"state": Completed(), "end_time": datetime.now(UTC) - ago}
    server.runs[server.keys[0]] = first.model_copy(update=old)
    gateway.open_folder(folder, DUE)
    gateway.keep(folder, str(first.id), SEEN)
    assert asked(server, monkeypatch) == SEEN
    assert len(server.runs) == 1 + again


def test_a_run_on_a_disk_of_its_own_refuses_before_it_asks_an_org(folder: Path) -> None:
    with pytest.raises(ShardLost, match="share one BULKHEAD_HOME"):
        steps.expect_to_be_found(ASKER)
    gateway.open_folder(folder, DUE)
    steps.expect_to_be_found(ASKER)
