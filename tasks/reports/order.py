"""The one order in which reports list things: worst first, then by name, so that equal input gives equal text."""

from datetime import date, timedelta

from tasks.audit.controls import catalogue
from tasks.audit.model import (
    Assessment,
    Control,
    Finding,
    OrgVerdict,
    Severity,
    Verdict,
    WaiverState,
    WaiverUse,
)
from tasks.credentials.model import CredentialAge
from tasks.inventory.model import BlastRadius

SYMBOLS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✗",
    Verdict.UNKNOWN: "?",
    Verdict.NOT_APPLICABLE: "–",
    Verdict.WAIVED: "w",
}
_VERDICTS = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.WAIVED, Verdict.PASS, Verdict.NOT_APPLICABLE)
_SEVERITIES = tuple(Severity)


def findings(assessment: Assessment, org: str | None = None) -> list[Finding]:
    """Those of one org, or all."""
    return sorted(
        (f for f in assessment.findings() if org is None or f.org == org),
        key=lambda f: (
            _VERDICTS.index(f.verdict),
            _SEVERITIES.index(f.severity),
            f.control,
            f.org,
            f.resource,
        ),
    )


def radii(assessment: Assessment) -> list[BlastRadius]:
    return sorted(
        assessment.graph.radii,
        key=lambda r: (-r.sensitive_rows, -r.rows, -len(r.orgs), r.secret_id),
    )


def waivers(assessment: Assessment) -> list[WaiverUse]:
    """What somebody has to act on first, then by the day on which they end."""
    urgency = (WaiverState.EXPIRED, WaiverState.UNUSED, WaiverState.UNJUDGED, WaiverState.USED)
    return sorted(assessment.waivers, key=lambda u: (urgency.index(u.state), u.waiver.expires, u.key))


def ages(assessment: Assessment) -> list[CredentialAge]:
    """What is due first; among those that nothing dates, the oldest."""
    return sorted(
        assessment.ages,
        key=lambda a: (a.due or date.max, -(a.age or timedelta()), a.org, a.kind, a.name),
    )


def orgs(assessment: Assessment) -> list[str]:
    """Every org that was scored, judged or unreadable, in the order of the scores."""
    names = [s.org for s in assessment.scores] + [v.org for v in assessment.verdicts]
    return list(dict.fromkeys([*names, *sorted(assessment.unreadable)]))


def verdicts(assessment: Assessment) -> dict[tuple[str, str], OrgVerdict]:
    """By control and org."""
    return {(v.control, v.org): v for v in assessment.verdicts}


def controls(assessment: Assessment) -> list[tuple[str, list[Control]]]:
    """The whole catalogue, grouped by layer in the order in which layers first appear."""
    layers: dict[str, list[Control]] = {}
    for control in catalogue():
        layers.setdefault(control.layer, []).append(control)
    return list(layers.items())
