"""An incident response playbook that is kept up."""

from tasks.audit.attested import judge_attestation
from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.estate.model import AttestedControl


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    """A playbook that nobody can open is none, so the attestation must name the document or its hash."""
    interval = evidence.policy.audit.playbook_review_interval
    subject = AttestedControl.PLAYBOOK
    return judge_attestation(CONTROL, org, evidence, subject, interval, with_evidence=True)


CONTROL = Control(
    id="ZT-21",
    title="Incident response playbook",
    layer="monitoring",
    severity=Severity.MEDIUM,
    needs=(),
    remediation="Review the playbook, and attest it with its address or hash, owner and expiry.",
    source="NIST SP 800-53 r5 IR-8; NIST SP 800-61",
    judge=judge,
)
