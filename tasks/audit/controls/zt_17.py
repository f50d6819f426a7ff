"""Production and non-production kept apart."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.segmentation.crossings import crossings


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    found = crossings(evidence.estate, evidence.orgs, evidence.graph.edges, org.org.alias)
    return tuple(CONTROL.fail(org, crossing.resource, crossing.summary) for crossing in found)


CONTROL = Control(
    id="ZT-17",
    title="Segmentation of prod and non-prod",
    layer="network",
    severity=Severity.HIGH,
    needs=(
        "outbound",
        "remote_sites",
        "cloud.secrets",
    ),
    remediation=(
        "Run `bulkhead run segmentation`: its plan closes what can be closed. Give each environment its own credential, and "
        "declare the routes that must be."
    ),
    source="NIST SP 800-53 r5 SC-7, CM-4(1); PCI DSS 4 requirement 6.5.3",
    judge=judge,
)
