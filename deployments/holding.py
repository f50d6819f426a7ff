"""
Which jobs start by their schedules: those that a person paused stay so, whatever is registered; those that we paused ourselves start
again when schedules are wanted. Pure.

Prefect keeps one flag for both, so ours are marked with a tag.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from prefect.deployments.runner import RunnerDeployment

HELD: Final = "schedules:held"
"""Tag of a job that waits for the estate, or that `--no-schedules` paused."""


@dataclass(frozen=True)
class Deployed:
    """What of a deployment stood on the server before it is registered again."""

    paused: bool
    tags: frozenset[str]


def hold(jobs: Iterable[RunnerDeployment], before: Mapping[str, Deployed], *, schedules: bool) -> None:
    """
    Says of each job that has schedules whether it is to be paused. `before` is by `flow/deployment`, and lacks what is new.

    Versions before the tag paused all jobs that had schedules, or none. So where every one of several is paused and none is
    marked, it was not a person.
    """
    timed = [job for job in jobs if job.schedules]
    known = [before[job.full_name] for job in timed if job.full_name in before]
    unmarked = len(known) > 1 and all(each.paused and HELD not in each.tags for each in known)
    for job in timed:
        was = before.get(job.full_name)
        by_person = was is not None and was.paused and HELD not in was.tags and not unmarked
        job.paused = by_person or not schedules
        if job.paused and not by_person:
            job.tags = [*job.tags, HELD]
