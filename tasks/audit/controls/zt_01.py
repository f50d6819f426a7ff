"""Mutual TLS on every org-to-org call."""

from collections.abc import Collection, Iterator

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.audit.people import rights_of
from tasks.certificates.well import proof_trouble
from tasks.inventory.edges import port_of
from tasks.inventory.model import SecretHolder, TrustEdge, User

MUTUAL_TLS_PORT = 8443
API_ONLY = "ApiUserOnly"


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...] | None:
    """
    Port 8443 alone enforces nothing: only a user who holds the enforce permission is held to a certificate that the
    org has listed, and only one who is API-only has no other door, so all of it must be there. Then handshakes have to show
    it, and not too long ago: without them it is unknown.
    """
    inbound = evidence.graph.inbound(org.org.alias)
    if not inbound:
        return None
    today = org.now.date()
    listed = [c for c in org.inbound_certificates if c.expires >= today]
    found: list[Finding] = []
    faulty: set[str] = set()
    for secret in sorted({edge.secret_id for edge in inbound}):
        edges = [edge for edge in inbound if edge.secret_id == secret]
        missing = sorted({why for edge in edges for why in _missing(org, evidence, edge, bool(listed))})
        if missing:
            names = ", ".join(sorted({edge.credential for edge in edges}))
            faulty |= {route for edge in edges for route in edge.routes}
            found.append(
                CONTROL.fail(
                    org,
                    f"edge:{secret}",
                    f"{names} is not held to mutual TLS.",
                    *missing,
                )
            )
    return (*found, *_unproven(org, evidence, faulty))


def _unproven(org: OrgEvidence, evidence: Evidence, faulty: Collection[str]) -> Iterator[Finding]:
    """Of routes that look well. What handshakes have seen broken fails all the same."""
    longest = evidence.policy.certificates.proof_max_age
    for route in evidence.estate.routes:
        if route.target != org.org.alias or route.name in faulty:
            continue
        proof = (evidence.proofs or {}).get(route.name)
        broken, why = proof_trouble(proof, org.now, longest)
        if broken:
            yield CONTROL.fail(org, f"route:{route.name}", f"{route.name} is broken: {why}.")
        elif why:
            unread = "the ledger was not read, so nobody knows whether handshakes proved it"
            yield CONTROL.unknown(
                org,
                f"route:{route.name}",
                f"{route.name} is not proved: {unread if evidence.proofs is None else why}.",
            )


def _missing(org: OrgEvidence, evidence: Evidence, edge: TrustEdge, listed: bool) -> list[str]:
    missing = []
    if port_of(edge.url) != MUTUAL_TLS_PORT:
        missing.append(f"{edge.credential} calls port {port_of(edge.url)} instead of {MUTUAL_TLS_PORT}")
    if edge.holder is SecretHolder.NAMED_CREDENTIAL and not edge.presents_certificate:
        missing.append(f"{edge.credential} presents no certificate")
    if not listed:
        missing.append("the org lists no unexpired mutual-authentication certificate")
    users = [user for name in edge.run_as if (user := org.user(name))]
    if not users:
        missing.append("the user it acts as is not known")
    # It may act as any of them, so one who is not held to a certificate is a way in.
    lacking = [user.username for user in users if not _holds(org, evidence, user, org.mutual_auth_permission)]
    if lacking:
        missing.append(f"{', '.join(lacking)} lacks Enforce SSL/TLS Mutual Authentication")
    if free := [user.username for user in users if not _holds(org, evidence, user, API_ONLY)]:
        missing.append(f"{', '.join(free)} is not API-only, and no browser is asked for a certificate")
    return missing


def _holds(org: OrgEvidence, evidence: Evidence, user: User, permission: str | None) -> bool:
    rights = rights_of(evidence, org, user)
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
        "port 8443. Then start prove-mutual-tls, which tries every way in."
    ),
    source="Salesforce Help 000383575 and 000382193: set up a mutual authentication certificate",
    judge=judge,
)
