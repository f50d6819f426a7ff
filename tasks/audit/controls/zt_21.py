"""An incident response playbook that is kept up."""

from tasks.audit.attested import judge_attestation, newest_of
from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.estate.model import AttestedControl


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    interval = evidence.policy.audit.playbook_review_interval
    found = judge_attestation(
        CONTROL, org, evidence, AttestedControl.PLAYBOOK, interval
    )
    newest = newest_of(
        evidence.estate.attestations, org.org.alias, AttestedControl.PLAYBOOK
    )
    if found or newest is None or newest.evidence_url or newest.evidence_sha256:
        return found
    return (
        CONTROL.fail(
            org,
            "attestation:playbook",
            "The playbook attestation names neither a document nor its hash.",
        ),
    )


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
