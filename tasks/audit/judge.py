"""From evidence to verdicts: every control asked about every org, gaps and waivers taken into account."""

from tasks.audit.controls import catalogue
from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, OrgVerdict, Verdict
from tasks.audit.waivers import accepted
from tasks.estate.model import OrgEntry


def judge(evidence: Evidence) -> tuple[OrgVerdict, ...]:
    """One verdict per control and org of the estate, orgs that could not be read included."""
    return tuple(
        verdict_of(control, entry, evidence) for control in catalogue() for entry in evidence.estate.orgs
    )


def verdict_of(control: Control, entry: OrgEntry, evidence: Evidence) -> OrgVerdict:
    """Absence of evidence is never a pass: an unread org or a needed section with a gap makes it unknown."""
    org = evidence.orgs.get(entry.alias)
    if org is None:
        why = evidence.unreadable.get(entry.alias, "it was not read in this run")
        return _verdict(control, entry.alias, Verdict.UNKNOWN, f"{entry.alias} could not be read: {why}")
    missing = missing_sections(control, org, evidence)
    if missing:
        return _verdict(control, entry.alias, Verdict.UNKNOWN, "; ".join(missing))
    raw = control.judge(org, evidence)
    if raw is None:
        why = f"nothing in {entry.alias} it applies to{_unseen(entry.alias, evidence)}"
        return _verdict(control, entry.alias, Verdict.NOT_APPLICABLE, why)
    today = evidence.now.date()
    findings = tuple(accepted(finding, evidence.policy.waivers, today) for finding in raw)
    verdict, reason = _conclude(findings, _unseen(entry.alias, evidence))
    return _verdict(control, entry.alias, verdict, reason, findings)


def missing_sections(control: Control, org: OrgEvidence, evidence: Evidence) -> tuple[str, ...]:
    """`section: reason` for every section that the control needs and that could not be read."""
    gaps = {**org.gaps, **{f"cloud.{name}": why for name, why in evidence.cloud.gaps.items()}}
    return tuple(f"{need}: {gaps[need]}" for need in control.needs if need in gaps)


def _verdict(
    control: Control, alias: str, verdict: Verdict, reason: str, findings: tuple[Finding, ...] = ()
) -> OrgVerdict:
    return OrgVerdict(control=control.id, org=alias, verdict=verdict, reason=reason, findings=findings)


def _conclude(findings: tuple[Finding, ...], unseen: str) -> tuple[Verdict, str]:
    counts = {verdict: [f for f in findings if f.verdict is verdict] for verdict in Verdict}
    if failed := counts[Verdict.FAIL]:
        return Verdict.FAIL, _reason(failed)
    if unclear := counts[Verdict.UNKNOWN]:
        return Verdict.UNKNOWN, _reason(unclear)
    if waived := counts[Verdict.WAIVED]:
        return Verdict.WAIVED, f"{len(waived)} accepted: {_reason(waived)}"
    return Verdict.PASS, f"all in order{unseen}"


def _unseen(alias: str, evidence: Evidence) -> str:
    """
    What is good as far as it could be seen must say how far that is.

    Credentials in an org that could not be read may open this one. That alone makes nothing unknown here, or one
    dead org would hide all others.
    """
    dark = set(evidence.unreadable) | {a for a, org in evidence.orgs.items() if "outbound" in org.gaps}
    others = ", ".join(sorted(dark - {alias}))
    return f"; credentials that {others} may hold could not be seen" if others else ""


def _reason(findings: list[Finding]) -> str:
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return findings[0].summary + more
