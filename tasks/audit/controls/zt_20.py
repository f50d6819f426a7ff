"""Quarterly audits and yearly penetration tests."""

from tasks.audit.attested import judge_attestation
from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.estate.model import AttestedControl


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    policy = evidence.policy.audit
    return (
        *judge_attestation(CONTROL, org, evidence, AttestedControl.AUDIT, policy.audit_interval),
        *judge_attestation(
            CONTROL,
            org,
            evidence,
            AttestedControl.PENETRATION_TEST,
            policy.penetration_test_interval,
        ),
    )


CONTROL = Control(
    id="ZT-20",
    title="Quarterly audits and penetration tests",
    layer="monitoring",
    severity=Severity.MEDIUM,
    needs=(),
    remediation="Hold the audit or test, and attest it with its date, owner and evidence.",
    source="NIST SP 800-53 r5 CA-2, CA-8; PCI DSS 4 requirement 11.4",
    judge=judge,
)
