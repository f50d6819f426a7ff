"""Rotators that are really killed (SIGKILL) anywhere, against the running estate and AWS: nobody fails, one state remains."""

import multiprocessing
import os
import signal
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tasks.aws.cloud import Cloud
from tasks.credentials.model import Order
from tests.running import RunningEstate
from tests.slices import chosen
from tests.tasks.credentials.lab import Bench

SCHEDULES = 1_000
SLICE = 4
CALLS = {"client-secret": 90, "key-pair": 75, "password": 85, "client-certificate": 75}
"""Calls of one whole rotation to AWS, the org and the ledger; later points kill nothing."""


class Deadly:
    """Anything of ours, each of whose calls is counted over all of them; at one of them the process dies."""

    def __init__(self, inner: Any, counter: list[int], at: int, *, after: bool) -> None:
        self._inner, self._counter, self._at, self._after = inner, counter, at, after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def call(*given: Any, **named: Any) -> Any:
            self._counter[0] += 1
            mine = self._counter[0]
            if mine == self._at and not self._after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = found(*given, **named)
            if mine == self._at and self._after:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return call


def rotate(estate: RunningEstate, folder: Path, kind: str, at: int, after: bool) -> None:
    """One life of a rotator, in a process of its own."""
    bench = Bench(estate, Cloud(cloud_of(estate)), folder, kind)
    counter = [0]
    hands = bench.hands
    for owner, part in [
        (hands, "_openings"),
        *((hands._inner, each) for each in ("_vault", "_app", "_places")),
    ]:
        if hasattr(owner, part):
            setattr(owner, part, Deadly(getattr(owner, part), counter, at, after=after))
    with bench.book.turn(30):
        bench.run(hands, Deadly(bench.book, counter, at, after=after))
    bench.close()


def cloud_of(estate: RunningEstate) -> Any:
    from tasks.aws.cloud import AwsConnection
    from tasks.estate.read import read_estate

    return AwsConnection(**read_estate((estate.folder / "estate.yaml").read_text()).cloud.model_dump())


# One clean process imports what a rotator needs and starts each of them by a fork: importing it all takes seconds.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.tasks.credentials.lab"])


def in_a_process(*life: Any) -> int:
    """Its exit code; minus nine where it was killed."""
    child = PROCESSES.Process(target=rotate, args=life)
    child.start()
    child.join(120)
    assert child.exitcode is not None, "it hangs"
    return child.exitcode


def play(seed: int, estate: RunningEstate, bench: Bench, folder: Path) -> int:
    """How many rotators were killed."""
    chance = Random(seed)
    kind, held, killed = bench.credential.kind, bench.current(), 0
    before = held
    bench.order(chance.choice([Order.EMERGENCY, Order.REQUESTED]))
    for life in range(chance.randint(1, 3)):
        code = in_a_process(estate, folder, kind, chance.randint(1, CALLS[kind]), chance.random() < 0.5)
        assert code in (0, -signal.SIGKILL), (seed, life, code)
        killed += code != 0
        # A consumer with what it read last; refused, it reads once more.
        if not bench.admitted(held):
            held = bench.current()
            assert bench.admitted(held), (seed, life)
    assert in_a_process(estate, folder, kind, 0, False) == 0
    if bench.book.history().open is not None:
        # The org tells its time in whole seconds: what is over with the next one is not over in this one.
        time.sleep(1.1)
        assert in_a_process(estate, folder, kind, 0, False) == 0
    history = bench.book.history()
    assert history.open is None and history.ordered is None, (seed, history)
    assert bench.labels() == ["AWSCURRENT", "AWSPREVIOUS"], seed
    assert bench.admitted(bench.current()) and not bench.admitted(before), seed
    return killed


def kill_many(numbers: range, slice_of: int, estate: RunningEstate, bench: Bench, folder: Path) -> None:
    killed = [play(seed, estate, bench, folder) for seed in chosen(numbers, slice_of)]
    assert any(killed), "nobody was killed, so nothing was tried"


@pytest.mark.slow
@pytest.mark.timeout(7000)
@pytest.mark.parametrize("kind", ["staged", "paired", "password", "certificate"])
def test_rotators_that_are_killed(
    kind: str, estate: RunningEstate, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    bench: Bench = request.getfixturevalue(kind)
    kill_many(range(SCHEDULES // 4), SLICE, estate, bench, tmp_path)
