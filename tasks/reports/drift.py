"""What changed between two assessments, each finding in exactly one class."""

from collections.abc import Mapping

from tasks.audit.model import Assessment, Finding, Verdict
from tasks.reports.model import Drift, DriftClass, Drifted, RadiusChange

Key = tuple[str, str, str]
_OPEN = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.WAIVED)
_ORDER = tuple(DriftClass)


def drift(now: Assessment, before: Assessment) -> Drift:
    """
    Every finding that fails, is unknown or is waived in either run, in the order of the classes, worst first.

    A finding is the same when control, org and resource are. One that is gone is resolved only where the org was read and
    the control judged: silence is an error, not an improvement.
    """
    ours, theirs = _findings(now), _findings(before)
    judged = {(v.control, v.org): v.verdict for v in now.verdicts}
    seen_before = {(v.control, v.org): v.verdict for v in before.verdicts}
    changes = [
        _drifted(key, ours.get(key), theirs.get(key), now, before, judged, seen_before)
        for key in ours.keys() | theirs.keys()
    ]
    changes.sort(
        key=lambda c: (
            _ORDER.index(c.drift),
            list(type(c.severity)).index(c.severity),
            c.control,
            c.org,
            c.resource,
        )
    )
    return Drift(since=before.made_at, changes=tuple(changes))


def radius_changes(now: Assessment, before: Assessment) -> tuple[RadiusChange, ...]:
    """Every secret of either run: the most that was or is in reach first."""
    ours = {r.secret_id: r for r in now.graph.radii}
    theirs = {r.secret_id: r for r in before.graph.radii}
    made = [
        RadiusChange(
            secret_id=name,
            sensitive_before=theirs[name].sensitive_rows if name in theirs else None,
            sensitive_now=ours[name].sensitive_rows if name in ours else None,
            rows_before=theirs[name].rows if name in theirs else None,
            rows_now=ours[name].rows if name in ours else None,
        )
        for name in ours.keys() | theirs.keys()
    ]
    return tuple(
        sorted(
            made,
            key=lambda r: (
                -max(r.sensitive_before or 0, r.sensitive_now or 0),
                -max(r.rows_before or 0, r.rows_now or 0),
                r.secret_id,
            ),
        )
    )


def _findings(assessment: Assessment) -> dict[Key, Finding]:
    return {(f.control, f.org, f.resource): f for f in assessment.findings() if f.verdict in _OPEN}


def _drifted(
    key: Key,
    ours: Finding | None,
    theirs: Finding | None,
    now: Assessment,
    before: Assessment,
    judged: Mapping[tuple[str, str], Verdict],
    seen_before: Mapping[tuple[str, str], Verdict],
) -> Drifted:
    control, org, resource = key
    # Assessments from before there were digests say nothing about their rules.
    other_rule = bool(before.rules) and now.rules.get(control) != before.rules.get(control)
    if ours is None:
        kind, why = _gone(judged.get((control, org)), org in now.unreadable, other_rule)
    else:
        kind, why = _there(ours, theirs, seen_before.get((control, org)), other_rule)
    finding = ours or theirs
    assert finding is not None
    return Drifted(
        drift=kind,
        control=control,
        org=org,
        resource=resource,
        severity=finding.severity,
        before=theirs.verdict if theirs else None,
        now=ours.verdict if ours else None,
        why=why,
    )


def _gone(verdict: Verdict | None, unreadable: bool, other_rule: bool) -> tuple[DriftClass, str]:
    if unreadable or verdict is None:
        return DriftClass.ERROR, "the org was not read this time"
    if verdict is Verdict.UNKNOWN:
        return DriftClass.ERROR, "the control could not be judged in full this time"
    if other_rule:
        return DriftClass.RULE_CHANGED, "no longer found, under another rule"
    if verdict is Verdict.NOT_APPLICABLE:
        return DriftClass.RESOLVED, "nothing is left that the control applies to"
    return DriftClass.RESOLVED, "no longer found"


def _there(
    ours: Finding, theirs: Finding | None, control_before: Verdict | None, other_rule: bool
) -> tuple[DriftClass, str]:
    if ours.verdict is Verdict.UNKNOWN:
        return DriftClass.ERROR, "could not be judged"
    if ours.verdict is Verdict.WAIVED:
        return DriftClass.WAIVED, "accepted for a time"
    if theirs is not None and theirs.verdict is Verdict.FAIL:
        return DriftClass.PERSISTENT, "failed before, too"
    if theirs is not None and theirs.verdict is Verdict.WAIVED:
        return DriftClass.NEW, "was accepted, and is no longer"
    if theirs is not None or control_before in (None, Verdict.UNKNOWN):
        return DriftClass.NEW, "could not be judged before"
    if other_rule:
        return DriftClass.RULE_CHANGED, "found under another rule"
    return DriftClass.NEW, "was not there before"
