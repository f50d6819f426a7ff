"""Plans that belong together: jobs one after another, each for itself, and one page about all of them."""

from collections.abc import Callable, Mapping

from prefect.logging import get_run_logger

from flows.reading import reason
from tasks.errors import PhaseIncomplete
from tasks.plans.model import Planned
from tasks.plans.steps import planned, publish_phase

Job = Callable[[], str]
"""Gives the digest of the plan that it made."""


def chained(phase: str, jobs: Mapping[str, Job]) -> tuple[Planned, ...]:
    """
    What each job planned, in order. A job that fails stops no other.

    Raises PhaseIncomplete at the end when one failed, so that the run is red and somebody looks.
    """
    done: list[Planned] = []
    for name, job in jobs.items():
        try:
            done.append(planned(name, job()))
        except Exception as error:  # one job must not hide the others
            done.append(Planned(job=name, failed=reason(error)))
    publish_phase(phase, done)
    failed = [each for each in done if each.failed]
    for each in failed:
        get_run_logger().error("%s made no plan: %s", each.job, each.failed)
    if failed:
        raise PhaseIncomplete(
            f"{len(failed)} of {len(done)} jobs made no plan: "
            + "; ".join(f"{each.job}: {each.failed.rstrip('.')}" for each in failed)
            + ". The other plans are made; start the failed jobs again by their own deployments."
        )
    return tuple(done)
