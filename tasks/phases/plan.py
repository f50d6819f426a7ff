"""Judgement on phases: what each may start from, what is still to be made, and what the calendar shows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from tasks.estate.model_phases import PhasesPolicy
from tasks.phases.model import STEPS, Done, Evidence, Phase, PlanStand, Progress, Span, Standing, Step

TO_MAKE = frozenset({Progress.MISSING, Progress.FAILED, Progress.AGAIN})
"""What a run of the phase makes; all else it leaves as it is."""


def evidence_against(
    phase: Phase,
    evidence: Evidence | None,
    estate: str,
    orgs: Sequence[str],
    now: datetime,
    policy: PhasesPolicy,
) -> str:
    """
    Why `phase` may not start from this assessment, with what to run; empty where it may.

    `estate` is the digest of estate.yaml as it is registered now. One org that was read is enough: the others are left out.
    """
    then = f"Run the assessment (`bulkhead run assessment`), then {phase.value} again."
    if evidence is None:
        return f"{phase.value} starts from an assessment, and there is none of this estate yet. {then}"
    made = f"the last assessment, of {evidence.at:%Y-%m-%d %H:%M} UTC,"
    if evidence.estate != estate:
        return f"estate.yaml was changed since {made.rstrip(',')}, so it shows another estate. {then}"
    age = now - evidence.at
    if age > policy.evidence_max_age:
        return f"{made} is {days(age)} old; {days(policy.evidence_max_age)} are allowed (phases.evidence_max_age). {then}"
    if orgs and not set(orgs) & set(evidence.read):
        why = "; ".join(sorted({evidence.unread.get(org, f"{org} was left out of it") for org in orgs}))
        return f"{made} could read none of {', '.join(orgs)}: {why.rstrip('.')}. {then}"
    return ""


def evidence_for(
    phase: Phase,
    assessments: Sequence[Evidence],
    estate: str,
    orgs: Sequence[str],
    now: datetime,
    policy: PhasesPolicy,
) -> Evidence | None:
    """
    The newest assessment that the phase may start from and that saw all these orgs, so that one of a single org hides no other;
    where there is none, the newest. `assessments` oldest first.
    """
    whole = (
        each
        for each in reversed(assessments)
        if set(orgs) <= set(each.read) and not evidence_against(phase, each, estate, orgs, now, policy)
    )
    return next(whole, assessments[-1] if assessments else None)


def phase_before_against(phase: Phase, standings: Sequence[Standing]) -> str:
    """Why `phase` may not start after the one before, whose jobs stand so; empty where it may."""
    before = phase.before
    blocking = blocks(standings)
    if before is None or not blocking:
        return ""
    made = any(each.progress in TO_MAKE for each in standings)
    run = (
        f"Run {before.value} (`bulkhead run {before.value}`), carry out its plans, "
        if made
        else f"Carry out the plans of {before.value} (approve-plan, then apply-plan), "
    )
    return (
        f"{phase.value} starts from what {before.value} has hardened, and that is not done: {'; '.join(blocking)}. "
        f"{run}then start {phase.value} again; with although_open it starts all the same."
    )


def aside(
    phase: Phase, done: Iterable[Done], plans: Mapping[str, PlanStand], orgs: Sequence[str]
) -> dict[str, str]:
    """
    Orgs in which a job of this phase failed, with which and why: the next phase goes on without them. None where it failed in
    all of them, for then it is no org's own trouble.
    """
    found: dict[str, str] = {}
    every = [*done]
    for org in orgs:
        failing = [each for each in standings(phase, every, plans, [org]) if each.progress is Progress.FAILED]
        if failing:
            names = ", ".join(f"{each.step.code} {each.step.job}" for each in failing)
            found[org] = f"{names}: {failing[0].why}"
    return found if len(found) < len(orgs) else {}


def blocks(standings: Sequence[Standing]) -> tuple[str, ...]:
    """One line for each job that is not done."""
    return tuple(said(each) for each in standings if each.progress is not Progress.DONE)


def said(standing: Standing) -> str:
    """One job in words, without a full stop."""
    step = f"{standing.step.code} {standing.step.job}"
    where = f" ({', '.join(standing.orgs)})" if standing.orgs else ""
    match standing.progress:
        case Progress.MISSING:
            return f"{step} was never run{where}"
        case Progress.FAILED:
            return f"{step} failed{where}: {standing.why.rstrip('.')}"
        case Progress.AGAIN:
            return f"{step} has to be made anew{where}: {standing.why}"
        case Progress.WAITING:
            digests = ", ".join(each.digest[:12] for each in standing.done)
            return f"{step} waits with {standing.changes} change{'' if standing.changes == 1 else 's'}{where}: plan {digests}"
        case Progress.DONE:
            return f"{step} is done"


def standings(
    phase: Phase,
    done: Iterable[Done],
    plans: Mapping[str, PlanStand],
    orgs: Sequence[str],
    evidence: str | None = None,
) -> tuple[Standing, ...]:
    """
    How far each job of a phase is for these orgs: the last word of the ledger for each. With `evidence` only what was made from
    that one counts, which is how a run finds what it left.
    """
    ours = [each for each in done if each.phase is phase and evidence in (None, each.evidence)]
    return tuple(_standing(step, ours, plans, orgs) for step in STEPS[phase])


def _standing(
    step: Step, done: Sequence[Done], plans: Mapping[str, PlanStand], orgs: Sequence[str]
) -> Standing:
    last = {org: each for each in done if each.job == step.job for org in each.orgs}
    far = {org: _progress(last.get(org), plans, org) for org in orgs}
    if not far:
        return Standing(step=step, progress=Progress.DONE, orgs=())
    worst = min((progress for progress, _ in far.values()), key=list(Progress).index)
    those = tuple(org for org in orgs if far[org][0] is worst)
    found = tuple(dict.fromkeys(last[org] for org in those if org in last))
    stands = [plans[each.digest] for each in found if each.digest in plans]
    times = [stand.changed for stand in stands if stand.changed] or [each.at for each in found]
    return Standing(
        step=step,
        progress=worst,
        orgs=those,
        done=found,
        every=tuple(dict.fromkeys(last[org] for org in orgs if org in last)),
        changes=sum(stand.changes for stand in stands),
        signed=tuple(stand.digest for stand in stands if stand.signed),
        why="; ".join(dict.fromkeys(far[org][1] for org in those if far[org][1])),
        at=max(times, default=None),
    )


def to_make(
    step: Step, done: Iterable[Done], plans: Mapping[str, PlanStand], orgs: Sequence[str], evidence: str
) -> tuple[str, ...]:
    """The orgs for which this job has still to be run from this evidence."""
    last = {
        org: each for each in done if each.job == step.job and each.evidence == evidence for org in each.orgs
    }
    return tuple(org for org in orgs if _progress(last.get(org), plans, org)[0] in TO_MAKE)


def _progress(done: Done | None, plans: Mapping[str, PlanStand], org: str) -> tuple[Progress, str]:
    if done is None:
        return Progress.MISSING, ""
    if done.failed:
        return Progress.FAILED, done.failed
    if not done.digest:
        return Progress.DONE, ""
    plan = plans.get(done.digest)
    if plan is None:
        return Progress.AGAIN, "the ledger no longer has its plan"
    if plan.taken_back:
        return Progress.AGAIN, "its plan was taken back"
    # Begun and waiting for another org, it is done in this one.
    if plan.finished or (plan.begun and plan.left is not None and org not in plan.left):
        return Progress.DONE, ""
    if not plan.begun and plan.outdated:
        return Progress.AGAIN, "its plan has expired, or policy.yaml was changed since"
    if not plan.begun and plan.overtaken:
        return Progress.AGAIN, "another plan has changed since what it relies on"
    return Progress.WAITING, ""


def calendar(
    assessments: Sequence[Evidence],
    done: Sequence[Done],
    plans: Mapping[str, PlanStand],
    orgs: Sequence[str],
    now: datetime,
    policy: PhasesPolicy,
) -> tuple[Span, ...]:
    """The four phases, planned against actual. `assessments` and `done` oldest first."""
    began = (
        datetime.combine(policy.start, time(), UTC)
        if policy.start
        else (assessments[0].at if assessments else now)
    )
    ends = {
        Phase.ASSESSMENT: began + policy.assessment,
        Phase.QUICK_WINS: began + policy.quick_wins,
        Phase.ADVANCED: began + policy.advanced,
    }
    spans = [_assessed(assessments, orgs, began, ends[Phase.ASSESSMENT])]
    planned = ends[Phase.ASSESSMENT]
    for phase in (Phase.QUICK_WINS, Phase.ADVANCED, Phase.CONTINUOUS):
        out = aside(phase, done, plans, orgs)
        far = standings(phase, done, plans, [org for org in orgs if org not in out])
        open_ = blocks(far)
        # What is continuous has begun or not; it never ends.
        over = None if open_ or phase is Phase.CONTINUOUS else max(e.at for e in far if e.at is not None)
        spans.append(
            Span(
                phase=phase,
                planned_from=planned,
                planned_to=ends.get(phase),
                first=next((each.at for each in done if each.phase is phase), None),
                last=over,
                blocks=open_,
                aside=tuple(f"{org}: {why}" for org, why in out.items()),
            )
        )
        planned = ends.get(phase, planned)
    return tuple(spans)


def _assessed(assessments: Sequence[Evidence], orgs: Sequence[str], began: datetime, until: datetime) -> Span:
    whole = next((each for each in assessments if set(orgs) <= set(each.read)), None)
    unread = assessments[-1].unread if assessments else {}
    missing = tuple(f"A1 could not read {org}: {why.rstrip('.')}" for org, why in sorted(unread.items()))
    never = () if assessments else ("A1 to A4 were never run",)
    return Span(
        phase=Phase.ASSESSMENT,
        planned_from=began,
        planned_to=until,
        first=assessments[0].at if assessments else None,
        last=whole.at if whole else None,
        blocks=never or (() if whole else missing),
    )


def is_late(span: Span, now: datetime) -> bool:
    """Whether its last day passed before it was done."""
    return span.planned_to is not None and (span.last or now) > span.planned_to


def days(duration: timedelta) -> str:
    """`9 days`; of less than a day, hours."""
    number, unit = (
        (duration.days, "day") if duration >= timedelta(days=1) else (duration.seconds // 3600, "hour")
    )
    return f"{number} {unit}{'' if number == 1 else 's'}"
