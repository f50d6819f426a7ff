"""Which runs were lost with the machine, or the process, that they ran on."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tasks.runs.model import Going

HEARTBEAT = timedelta(seconds=30)
"""How often a run's process says that it lives: the least that Prefect allows (`PREFECT_FLOWS_HEARTBEAT_FREQUENCY`)."""
SILENCE = timedelta(seconds=100)
"""Three heartbeats left out, with some for their way."""
SECOND_LOOK = timedelta(seconds=75)
"""
Two more heartbeats. A process that lost its connection, as all do when the server starts again, has found it by then. With
a look every minute and the start of its process, a lost run ends within five minutes.
"""


def silent(runs: Iterable[Going], now: datetime) -> list[Going]:
    """Those without any sign of life for longer than SILENCE."""
    return [run for run in runs if now - run.heard > SILENCE]


def lost(first: Iterable[Going], second: Iterable[Going], now: datetime) -> list[Going]:
    """
    Those that were silent at the first look and have said nothing since: silent at both, and heard of last at the same instant.
    """
    heard = {run.id: run.heard for run in first}
    return [run for run in silent(second, now) if heard.get(run.id) == run.heard]


def hears(own: datetime | None, now: datetime) -> bool:
    """
    Whether signs of life reach the server at all, by those of the run that looks; `own` is its last heartbeat.

    Without them nobody is judged: that nothing is heard of a run proves nothing then.
    """
    return own is not None and now - own <= SECOND_LOOK
