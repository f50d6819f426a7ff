"""Mutual TLS on every org-to-org call."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.audit.people import rights_of
from tasks.inventory.edges import port_of
from tasks.inventory.model import TrustEdge, User

MUTUAL_TLS_PORT = 8443


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...] | None:
    """
    Port 8443 alone enforces nothing: only a user who holds the enforce permission is held to a certificate that the
    org has listed, so all three must be there.
    """
    inbound = evidence.graph.inbound(org.org.alias)
    if not inbound:
        return None
    today = org.now.date()
    listed = [c for c in org.inbound_certificates if c.expires >= today]
    found = []
    for secret in sorted({edge.secret_id for edge in inbound}):
        edges = [edge for edge in inbound if edge.secret_id == secret]
        missing = sorted({why for edge in edges for why in _missing(org, evidence, edge, bool(listed))})
        if missing:
            names = ", ".join(sorted({edge.credential for edge in edges}))
            found.append(
                CONTROL.fail(
                    org,
                    f"edge:{secret}",
                    f"{names} is not held to mutual TLS.",
                    *missing,
                )
            )
    return tuple(found)


def _missing(org: OrgEvidence, evidence: Evidence, edge: TrustEdge, listed: bool) -> list[str]:
    missing = []
    if port_of(edge.url) != MUTUAL_TLS_PORT:
        missing.append(f"{edge.credential} calls port {port_of(edge.url)} instead of {MUTUAL_TLS_PORT}")
    if not listed:
        missing.append("the org lists no unexpired mutual-authentication certificate")
    users = [user for name in edge.run_as if (user := org.user(name))]
    if not users:
        missing.append("the user it acts as is not known")
    elif not any(_enforced(org, evidence, user) for user in users):
        names = ", ".join(user.username for user in users)
        missing.append(f"{names} lacks Enforce SSL/TLS Mutual Authentication")
    return missing


def _enforced(org: OrgEvidence, evidence: Evidence, user: User) -> bool:
    rights = rights_of(evidence, org, user)
    permission = org.mutual_auth_permission
    return permission is not None and rights is not None and rights.has(permission)


CONTROL = Control(
    id="ZT-01",
    title="Mutual TLS on all org-to-org API calls",
    layer="authentication",
    severity=Severity.HIGH,
    needs=(
        "users",
        "outbound",
        "grants",
        "apps",
        "permission_sets",
        "groups",
        "assignments",
        "inbound_certificates",
        "cloud.secrets",
    ),
    remediation=(
        "Upload the caller's CA-signed certificate as a mutual-authentication certificate, give the sync "
        "user a permission set with Enforce SSL/TLS Mutual Authentication and API Only User, and call "
        "port 8443."
    ),
    source="Salesforce Help 000383575 and 000382193: set up a mutual authentication certificate",
    judge=judge,
)
