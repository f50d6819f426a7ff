"""Ninety-day rotation of every credential that crosses orgs."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.credentials.ages import secret_since


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...] | None:
    inbound = evidence.graph.inbound(org.org.alias)
    if not inbound:
        return None
    limit = evidence.policy.rotation.max_age
    found = {}
    for edge in inbound:
        since = secret_since(edge, evidence.orgs, evidence.cloud)
        if since is not None and evidence.now - since > limit:
            days = (evidence.now - since).days
            found[edge.secret_id] = CONTROL.fail(
                org,
                f"credential:{edge.secret_id}",
                f"{edge.credential} has not been rotated for {days} days; policy wants {limit.days}.",
            )
    return tuple(found[secret] for secret in sorted(found))


CONTROL = Control(
    id="ZT-10",
    title="90-day credential rotation",
    layer="authentication",
    severity=Severity.HIGH,
    needs=(
        "users",
        "outbound",
        "cloud.secrets",
    ),
    remediation="Rotate it now with overlap (staged External Client App credentials, or a second key pair), and put it on the 83/84/90-day schedule.",
    source="NIST SP 800-53 r5 IA-5(1); article pattern 4",
    judge=judge,
)
