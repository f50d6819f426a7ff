"""What is remembered of each run, and how fast alerts followed what they are about."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from math import ceil

from tasks.audit.model import Assessment, Severity, Verdict
from tasks.reports.drift import drift, radius_changes
from tasks.reports.model import History, Posture, RoiInputs, Run, Tier, TierTime

LONGEST_TREND = 60
"""Runs in a report: more than a year of weekly ones."""


def run_of(assessment: Assessment) -> Run:
    findings = assessment.findings()
    verdicts = Counter(verdict.verdict for verdict in assessment.verdicts)
    failing = Counter(finding.severity for finding in findings if finding.verdict is Verdict.FAIL)
    radii = assessment.graph.radii
    return Run(
        made_at=assessment.made_at,
        scores={score.org: score.score for score in assessment.scores},
        coverage={score.org: score.coverage for score in assessment.scores},
        verdicts={verdict: verdicts[verdict] for verdict in Verdict},
        failing={severity: failing[severity] for severity in Severity},
        edges=len(assessment.graph.edges),
        rows=max((radius.rows for radius in radii), default=0),
        sensitive_rows=max((radius.sensitive_rows for radius in radii), default=0),
    )


def first_before(assessment: Assessment, runs: Iterable[Run]) -> Run | None:
    """
    The oldest run that judged the very orgs which this one did, and had a score for the same of them: what is compared are sums
    of all, and what nobody could see, then or now, would look like what got worse or was mended. None without one.
    """
    now = run_of(assessment)
    older = (
        run
        for run in runs
        if run.made_at < assessment.made_at
        and run.scores.keys() == now.scores.keys()
        and _scored(run) == _scored(now)
    )
    return min(older, key=lambda run: run.made_at, default=None)


def _scored(run: Run) -> set[str]:
    return {org for org, score in run.scores.items() if score is not None}


def posture(
    assessment: Assessment,
    previous: Assessment | None = None,
    history: History | None = None,
    roi: RoiInputs | None = None,
) -> Posture:
    """
    Remembered runs may come in any order, this one among them or not. Of two from one moment the first counts; none that
    is younger than the assessment is shown.
    """
    runs, tiers = (history.runs, history.tiers) if history else ((), ())
    known = {assessment.made_at: run_of(assessment)}
    for run in [*runs, *([run_of(previous)] if previous else [])]:
        if run.made_at <= assessment.made_at:
            known.setdefault(run.made_at, run)
    return Posture(
        assessment=assessment,
        drift=drift(assessment, previous) if previous else None,
        radii=radius_changes(assessment, previous) if previous else (),
        runs=tuple(known[at] for at in sorted(known))[-LONGEST_TREND:],
        tiers=tiers or tier_times(()),
        roi=roi,
    )


def tier_times(delays: Iterable[tuple[Tier, timedelta]]) -> tuple[TierTime, ...]:
    """All three tiers, never mixed; p95 is the smallest delay that 95 of 100 do not exceed (nearest rank)."""
    found: dict[Tier, list[timedelta]] = {tier: [] for tier in Tier}
    for tier, delay in delays:
        found[tier].append(delay)
    return tuple(_timed(tier, sorted(each)) for tier, each in found.items())


def _timed(tier: Tier, delays: list[timedelta]) -> TierTime:
    if not delays:
        return TierTime(tier=tier, alerts=0, mean=None, p95=None)
    return TierTime(
        tier=tier,
        alerts=len(delays),
        mean=sum(delays, timedelta()) / len(delays),
        p95=delays[ceil(0.95 * len(delays)) - 1],
    )
