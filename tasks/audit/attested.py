"""What attestations say: one good one is enough, none means unknown, all expired or overdue means fail."""

from datetime import date, timedelta

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence
from tasks.estate.model import Attestation, AttestedControl


def judge_attestation(
    control: Control,
    org: OrgEvidence,
    evidence: Evidence,
    subject: AttestedControl,
    interval: timedelta | None = None,
    *,
    with_evidence: bool = False,
) -> tuple[Finding, ...]:
    """
    One finding at most, about `attestation:<subject>`.

    An attestation is good through its last day. `interval` asks that the work itself be recent, however far ahead
    its author put the expiry; `with_evidence` that it names a document or its hash.
    """
    resource = f"attestation:{subject.value}"
    words = subject.value.replace("-", " ")
    covering = [a for a in evidence.estate.attestations if a.subject is subject and org.org.alias in a.orgs]
    if not covering:
        return (control.unknown(org, resource, f"Nobody vouches for the {words}: there is no attestation."),)
    today = org.now.date()
    if not all(_faults(a, today, interval, with_evidence) for a in covering):
        return ()
    newest = max(covering, key=lambda a: (a.date, a.expires))
    faults = _faults(newest, today, interval, with_evidence)
    by = f"attested by {newest.owner} on {newest.date}"
    return (control.fail(org, resource, f"The {words} attestation {faults[0]}.", by, *faults),)


def _faults(
    attestation: Attestation, today: date, interval: timedelta | None, with_evidence: bool
) -> tuple[str, ...]:
    faults = []
    if attestation.expires < today:
        faults.append(f"expired on {attestation.expires}")
    if interval is not None and today - attestation.date > interval:
        age = (today - attestation.date).days
        faults.append(f"is {age} days old; policy wants one every {interval.days} days")
    if with_evidence and not attestation.evidence_url and not attestation.evidence_sha256:
        faults.append("names neither a document nor its hash")
    return tuple(faults)
