"""The burst of thousands of task runs that loses records in memory loses none in Redis."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from deployments import fleet, server
from deployments.bench.burst import Burst, as_text, measure_burst
from deployments.settings import LOOPBACK, Home, without_elsewhere
from tests.slices import chosen

SIZES = (2000, 4000, 8000)


def test_a_record_that_is_not_there_counts_as_lost() -> None:
    burst = Burst(8000, 8000, 4942, 4923, 53.4, 12.0, redis=False, database="PostgreSQL")
    assert burst.lost == 3077 and not burst.good
    assert "4942 recorded, 4923 as Completed, 3077 lost" in as_text(burst)
    assert Burst(8000, 8000, 8000, 8000, 53.4, 12.0, redis=True, database="PostgreSQL").good
    assert not Burst(8000, 7999, 8000, 8000, 53.4, 12.0, redis=True, database="PostgreSQL").good


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """Address of a Redis on loopback that keeps nothing on disk."""
    program = shutil.which("redis-server")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("install redis-server: Prefect's messages are tested on it")
        pytest.skip("redis-server is not installed")
    port = server.free_port(None)
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen([program, *options, "--requirepass", "of-a-test"], stdout=subprocess.DEVNULL)
    try:
        for _ in range(20):
            try:
                server.check_port(port)
            except Exception:  # it listens
                break
            time.sleep(0.1)
        yield f"redis://:of-a-test@127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(20)


PUBLISH = """
import asyncio
import sys
from time import monotonic

from prefect.server.utilities.messaging import create_publisher


async def one(number: int, until: float) -> int:
    sent = 0
    async with create_publisher(topic="events", deduplicate_by="id") as publisher:
        quick = publisher.cache.without_duplicates

        async def slow(attribute: str, messages: list[object]) -> list[object]:
            new = await quick(attribute, messages)
            await asyncio.sleep(0.02)  # a Redis that takes its time
            return new

        publisher.cache.without_duplicates = slow
        while monotonic() < until:
            await publisher.publish_data(b"{}", {"id": f"{number}-{sent}"})
            sent += 1
            await asyncio.sleep(0.008 + number / 4000)  # as the next one is awaited from a client
    return sent


async def all_of_them() -> int:
    until = monotonic() + float(sys.argv[1])
    return sum(await asyncio.gather(*(one(number, until) for number in range(20))))


print(asyncio.run(all_of_them()))
"""


@pytest.mark.slow
def test_what_comes_while_messages_are_published_is_published_too(redis: str, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    given = {fleet.REDIS_URL: redis}
    settings = fleet.server_environment(home, LOOPBACK, 4200, "", given, migrate=False)
    # By itself the publisher's timer comes every ten seconds.
    told = subprocess.run(
        [sys.executable, "-c", PUBLISH, "12"],
        env=without_elsewhere(os.environ) | settings | given,
        stdout=subprocess.PIPE,
        check=True,
    )
    sent = int(told.stdout.splitlines()[-1])
    assert sent > 1000
    assert Redis.from_url(redis).xlen("events") == sent


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("tasks", chosen(SIZES, 1))
def test_a_burst_through_redis_loses_no_record(redis: str, tasks: int) -> None:
    burst = measure_burst(tasks, redis=redis)
    assert burst.done == tasks
    assert burst.recorded == burst.finished == tasks, as_text(burst)
