"""
What the phases have in common: each starts from the evidence of the one before, makes only what is missing, keeps the failure of
one job or org to itself, and shows where all of it stands.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

from prefect import Flow
from prefect.logging import get_run_logger

from flows.changeable import changeable
from flows.reading import chosen_orgs, reason
from tasks.errors import ConfigurationError, LedgerUnavailable, PhaseIncomplete, PhaseRefused, StillLacking
from tasks.estate.steps import read_estate
from tasks.phases.model import STEPS, Evidence, Phase, Progress, Standing, Step
from tasks.phases.plan import (
    aside,
    calendar,
    evidence_against,
    evidence_for,
    phase_before_against,
    said,
    standings,
    to_make,
)
from tasks.phases.steps import (
    begin_job,
    find_left_behind,
    note_job,
    publish_calendar,
    publish_phase,
    read_phases,
    registered_digest,
)
from tasks.plans.model import Planned
from tasks.plans.standing_steps import how_plans_stand
from tasks.plans.steps import planned

P = ParamSpec("P")
R = TypeVar("R")
Job = Callable[[list[str]], str]
"""From aliases of orgs to the digest of the plan that it made; empty where there was nothing to plan."""


@dataclass(frozen=True)
class Start:
    """
    What one run of a phase starts from. `left_out` are lines about orgs that it cannot be about; `unchangeable` those of them that
    its jobs are asked about all the same, so that each plan names them and what AWS holds for them is not left out.
    """

    phase: Phase
    evidence: Evidence
    orgs: tuple[str, ...]
    left_out: tuple[str, ...]
    unchangeable: tuple[str, ...] = ()


def started(phase: Phase, orgs: Sequence[str], although_open: bool) -> Start:
    """
    Raises PhaseRefused, with what to run, where the evidence is missing or stale or the phase before is not done, and
    ConfigurationError for an unknown org.
    """
    estate, policy = read_estate()
    aliases = [entry.alias for entry in chosen_orgs(estate, orgs)]
    assessments, done = read_phases()
    now, registered = datetime.now(UTC), registered_digest()
    evidence = evidence_for(phase, assessments, registered, aliases, now, policy.phases)
    if why := evidence_against(phase, evidence, registered, aliases, now, policy.phases):
        raise PhaseRefused(why)
    assert evidence is not None, "without one it was refused"
    read = tuple(org for org in aliases if org in evidence.read)
    left_out = tuple(
        f"{org} was not seen by the assessment: {evidence.unread.get(org, 'it was left out of it')}"
        for org in aliases
        if org not in read
    )
    # Only a phase of plans needs somebody who may change the org.
    usable, unchangeable = changeable(read) if phase.plans else ([*read], {})
    if not usable:
        why = "; ".join(f"{org}: {each}" for org, each in unchangeable.items())
        raise PhaseRefused(f"{phase.value} can plan for none of {', '.join(read)}. {why}")
    left_out += tuple(f"{org}: {why}" for org, why in unchangeable.items())
    before = phase.before
    if before is not None and before is not Phase.ASSESSMENT:
        plans = how_plans_stand()
        behind = aside(before, done, plans, usable)
        rest = [org for org in usable if org not in behind]
        why = phase_before_against(phase, standings(before, done, plans, rest))
        if why and not although_open:
            raise PhaseRefused(why)
        if why:
            get_run_logger().warning("Started all the same: %s", why)
        elif phase.plans:
            left_out += tuple(_behind(before, phase, org, each) for org, each in behind.items())
            usable = rest
    for line in left_out:
        get_run_logger().warning("%s", line)
    return Start(phase, evidence, tuple(usable), left_out, tuple(unchangeable))


def _behind(before: Phase, phase: Phase, org: str, why: str) -> str:
    return (
        f"{org}: {before.value} has failed there, {why.rstrip('.')}. Start {before.value} again, carry out its plans, then start "
        f"{phase.value} again"
    )


def named(step: str, phase: Phase, job: Flow[P, R]) -> Flow[P, R]:
    """The job with a run that begins with its number in the article: `Q1-allow-listing-for-ada`."""
    code = next(each.code for each in STEPS[phase] if each.job == step)
    return job.with_options(flow_run_name=f"{code}-{step}-for-{{requester}}")


def numbered(step: str, phase: Phase, job: Flow[P, R]) -> Flow[P, R]:
    """As `named`, for a job that nobody asks for by name: `C1-keep-evidence`."""
    code = next(each.code for each in STEPS[phase] if each.job == step)
    return job.with_options(flow_run_name=f"{code}-{step}")


def in_phase(
    start: Start, jobs: Mapping[str, Job], requester: str, *, anew: bool = False
) -> tuple[Planned, ...]:
    """
    What each job planned, in order. Jobs that were made from this evidence before are left as they are; one that fails stops no
    other, and is tried for each org by itself, so that one org fails alone.

    Raises PhaseIncomplete at the end when one failed, so that the run is red and somebody looks.
    """
    wanted = [step for step in STEPS[start.phase] if step.job in jobs]
    failed: list[str] = []
    for step in wanted:
        if start.phase.plans and not anew:
            _take_over(start, step, requester)
        _, done = read_phases()
        orgs = start.orgs if anew else to_make(step, done, how_plans_stand(), start.orgs, start.evidence.name)
        if orgs:
            out = to_make(step, done, how_plans_stand(), start.unchangeable, start.evidence.name)
            failed += _carried_out(start, step, jobs[step.job], [*orgs, *out], requester)
        else:
            get_run_logger().info("%s is there already, made from the same assessment", step.name)
    shown = shown_as_it_stands(start.phase, start.orgs, start.evidence.name, start.left_out)
    if failed:
        raise PhaseIncomplete(
            f"Not every job made its plan: {'; '.join(line.rstrip('.') for line in failed)}. "
            f"The other plans are made; start {start.phase.value} again, and it makes only what is missing."
        )
    return tuple(
        Planned(job=each.job, digest=each.digest, changes=_changes(standing, each.digest), failed=each.failed)
        for standing in shown
        if standing.step in wanted
        for each in standing.every
    )


def _changes(standing: Standing, digest: str) -> int:
    return planned(standing.step.job, digest).changes if digest else 0


def _carried_out(start: Start, step: Step, job: Job, orgs: Sequence[str], requester: str) -> list[str]:
    """Notes what became of it for each org; gives lines about those for which it failed, but for those that cannot be changed."""
    failed: list[str] = []

    def note(about: Sequence[str], digest: str = "", why: str = "") -> None:
        note_job(start.phase, step.job, start.evidence.name, about, requester, digest=digest, failed=why)

    def begun(some: list[str]) -> str:
        begin_job(start.phase, step.job, start.evidence.name, some, requester)
        return job(some)

    for some, digest, error in _tried(begun, orgs):
        if isinstance(error, StillLacking):
            # Nothing went wrong: it waits for somebody to set it up, and the page says so.
            get_run_logger().warning("%s: %s", step.name, error)
            note(some, why=str(error))
        elif error is not None and set(some) <= set(start.unchangeable):
            note(some, why=reason(error))
        elif error is not None:
            failed.append(f"{step.code} {step.job} ({', '.join(some)}): {reason(error)}")
            get_run_logger().error("%s made no plan: %s", step.name, reason(error))
            note(some, why=reason(error))
        else:
            out = planned(step.job, digest).left_out if digest else {}
            if made := [org for org in some if org not in out]:
                note(made, digest)
            for org in (org for org in some if org in out):
                note([org], why=out[org])
                # Its line on the page says what to do, and nothing else can be done about it.
                if org not in start.unchangeable:
                    failed.append(f"{step.code} {step.job} ({org}): {out[org]}")
    return failed


def _take_over(start: Start, step: Step, requester: str) -> None:
    """What a lost run planned and did not come to note counts: made anew, the same change would be planned twice."""
    for digest, orgs in find_left_behind(start.phase, step.job, start.evidence.name):
        get_run_logger().info(
            "%s was made by a run that was lost; its plan %s counts", step.name, digest[:12]
        )
        out = planned(step.job, digest).left_out
        if made := [org for org in orgs if org not in out]:
            note_job(start.phase, step.job, start.evidence.name, made, requester, digest=digest)


def _tried(job: Job, orgs: Sequence[str]) -> Iterator[tuple[list[str], str, Exception | None]]:
    """One by one, so that what became of an org is noted before the next is begun: a run may be lost in between."""
    digest, failed = "", None
    try:
        digest = job([*orgs])
    except Exception as error:  # one org must not hide the others
        failed = error
    # These are about no org, and would be the same for each.
    same = isinstance(failed, ConfigurationError | LedgerUnavailable | StillLacking)
    if failed is None or same or len(orgs) == 1:
        yield [*orgs], digest, failed
        return
    get_run_logger().warning("It failed for all orgs together (%s); each is tried by itself", reason(failed))
    for org in orgs:
        yield from _tried(job, [org])


def shown_as_it_stands(
    phase: Phase, orgs: Sequence[str], evidence: str | None = None, left_out: Sequence[str] = ()
) -> tuple[Standing, ...]:
    """Publishes the page of the phase and the calendar; gives how far its jobs are."""
    estate, policy = read_estate()
    assessments, done = read_phases()
    plans = how_plans_stand()
    far = standings(phase, done, plans, orgs, evidence)
    if phase is not Phase.ASSESSMENT:
        publish_phase(phase, far, left_out)
    now = datetime.now(UTC)
    every = [entry.alias for entry in estate.orgs]
    publish_calendar(calendar(assessments, done, plans, every, now, policy.phases), now)
    for each in far:
        if each.progress is not Progress.DONE and phase is not Phase.ASSESSMENT:
            get_run_logger().info("%s", said(each))
    return far
