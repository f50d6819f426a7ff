"""
Runs of the sync and of its key rotation over the network, each in a process of its own that may die at any step (SIGKILL).

Such a process knows what the ledger, the orgs and the key ring hold, and nothing else.
"""

import os
import pickle
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self

import requests

from tasks.aws.cloud import AwsConnection, Cloud
from tasks.errors import BulkheadError
from tasks.ledger.store import Ledger
from tasks.salesforce.carrying import CarryingSession
from tasks.salesforce.connection import Connection
from tasks.salesforce.session import Session
from tasks.sync.carry import carry, replay
from tasks.sync.cursor import opened
from tasks.sync.hands import Hands
from tasks.sync.keys_gateway import seals_of, turned_ring
from tasks.sync.model import Column, Cursor, Rules
from tasks.sync.renewal import RenewalHands, begun, in_use, renew, sealed_part
from tasks.sync.source_gateway import SourceOrg
from tasks.sync.state_ledger_gateway import RouteState
from tasks.sync.target_gateway import TargetOrg

LIMIT = 7
OVERLAP = timedelta(seconds=30)
LIFE = timedelta(days=90)
REFUSED, PATIENCE = 3, 300.0
ROOT = Path(__file__).resolve().parents[3]
RULES = Rules(
    route="Wire_Schedules",
    source="hq",
    target="emea",
    sobject="Contact",
    key="External_Id__c",
    external_id="External_Id__c",
    columns=(
        Column(name="LastName", source="LastName", length=80),
        Column(name="Wire_Sealed__c", source="Department", sealed=True, length=255),
    ),
    removes=True,
)
_QUIET: dict[str, Any] = {"sleep": lambda seconds: None}


@dataclass(frozen=True)
class Job:
    """What a process is told. It dies at step `doom`, counted from 1: steps are what lies before and behind each call and note."""

    work: str
    source: Connection
    target: Connection
    cloud: AwsConnection
    ledger: str
    key: str
    seed: str
    doom: int = 0


class Nursery:
    """Processes that need not import all that they are made of: forks of one which has, and which does nothing else."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait()

    def outcome(self, job: Job, seconds: float = PATIENCE) -> int:
        """
        0 for a run that came to its end, REFUSED for one that an error of ours stopped, -9 for one that was killed: by itself at
        its doom, or from outside after so many seconds. Fails for anything else.
        """
        taking, giving = self._process.stdin, self._process.stdout
        assert taking is not None and giving is not None
        pickle.dump((job, seconds), taking)
        taking.flush()
        code = int(giving.readline())
        assert code in (0, REFUSED, -signal.SIGKILL), f"it ended with {code}; its own words are above"
        assert code != -signal.SIGKILL or job.doom or seconds < PATIENCE, "it did not come to its end"
        return code


def main() -> None:
    answers = os.dup(1)
    os.dup2(2, 1)
    while True:
        try:
            job, seconds = pickle.load(sys.stdin.buffer)  # from the test that started this process
        except EOFError:
            return
        os.write(answers, f"{_lived(job, seconds)}\n".encode())


def _lived(job: Job, seconds: float) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = _work(job)
        except BaseException:  # whatever it was, the parent must not go on twice
            traceback.print_exc()
        finally:
            os._exit(code)
    until = time.monotonic() + seconds
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            ended = os.waitpid(child, 0)
            break
        time.sleep(0.002)
    return os.waitstatus_to_exitcode(ended[1])


def _work(job: Job) -> int:
    step = _doomed(job.doom)
    usual = requests.Session.send

    def send(self: requests.Session, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        step()
        answer = usual(self, request, **how)
        step()
        return answer

    requests.Session.send = send  # type: ignore[method-assign]  # of this process, which has nothing else to do
    ledger = Ledger(job.ledger, lambda: datetime.now(UTC))
    try:
        {"carry": _carried, "turn": _turned}[job.work](job, Mortal(ledger, step))
    except BulkheadError as error:
        print(f"{job.work}: {type(error).__name__}: {error}", file=sys.stderr)
        return REFUSED
    return 0


def _doomed(doom: int) -> Callable[[], None]:
    left = [doom]

    def step() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return step


class Mortal(RouteState):
    """Notes are steps, too."""

    def __init__(self, ledger: Ledger, step: Callable[[], None]) -> None:
        super().__init__(ledger, RULES.route, "test")
        self._step = step

    def put(self, cursor: Cursor) -> None:
        self._noted(super().put, cursor)

    def verified(self, *what: Any) -> None:
        self._noted(super().verified, *what)

    def renewed(self, *what: Any) -> None:
        self._noted(super().renewed, *what)

    def _noted(self, note: Callable[..., None], *what: Any) -> None:
        self._step()
        note(*what)
        self._step()


def _carried(job: Job, state: RouteState) -> None:
    random, cloud, now = Random(job.seed), Cloud(job.cloud), datetime.now(UTC)
    with Session(job.source, **_QUIET) as ours, CarryingSession(job.target, **_QUIET) as theirs:
        source, target = SourceOrg(ours), TargetOrg(theirs, lambda attempt: 0.0)
        hands = Hands(
            source=source,
            target=target,
            state=state,
            seals=seals_of(lambda: cloud, RULES, job.key, now, LIFE),
            check=lambda profile: (),
            digest_key=os.urandom(32),
            overlap=OVERLAP,
            impersonal=False,
        )
        state.put(opened(state.cursor(), source.now()))
        way = "bulk" if random.random() < 0.3 else "collections"
        underway = state.cursor().underway
        if underway is not None and underway.job:
            way = "bulk"
        while not carry(hands, RULES, way, LIMIT).last:  # type: ignore[arg-type]  # a text out of two
            pass
        replay(hands, RULES)


def _turned(job: Job, state: RouteState) -> None:
    """New keys, until nothing is under older ones."""
    part, cloud, now = sealed_part(RULES), Cloud(job.cloud), datetime.now(UTC)
    with CarryingSession(job.target, **_QUIET) as theirs:
        target = TargetOrg(theirs, lambda attempt: 0.0)
        known = state.renewal()
        ring = turned_ring(lambda: cloud, RULES.route, job.key, now, known)
        assert ring.sealing is not None
        seals = seals_of(lambda: cloud, part, job.key, now, LIFE)
        hands = RenewalHands(target, state, seals, os.urandom(32))
        at = begun(known, ring)
        while not at.done:
            at = renew(hands, part, ring.sealing.key_id, at, 2_000)
        used = in_use(ring, target.sealed_values(part))
        assert {*used.live} <= {ring.sealing.key_id}, "no value is left under an older key"


if __name__ == "__main__":
    main()
