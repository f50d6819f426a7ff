"""One dedicated API user for each sync job."""

from itertools import combinations

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.audit.people import acting_users
from tasks.inventory.model import TrustEdge


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...] | None:
    """Edges of one declared route count as one job: old and new credential of a rotation are no sharing."""
    if not evidence.graph.inbound(org.org.alias):
        return None
    at_a_browser = {login.user_id for login in org.logins if login.success and login.interactive}
    found = []
    for user, edges in acting_users(org, evidence):
        jobs = _jobs([edge for edge in edges if not edge.ambiguous])
        why = []
        if len(jobs) > 1:
            why.append("used by " + ", ".join(jobs))
        if user.id in at_a_browser and any(not edge.ambiguous for edge in edges):
            why.append("a person signs in as this user in a browser")
        if why:
            found.append(
                CONTROL.fail(
                    org,
                    f"user:{user.username}",
                    f"{user.username} is not dedicated to one job.",
                    *why,
                )
            )
    return tuple(found)


def _jobs(edges: list[TrustEdge]) -> list[str]:
    """The secrets that serve different jobs, or nothing when all serve one."""
    apart = {
        named
        for one, other in combinations(edges, 2)
        if one.secret_id != other.secret_id and _differ(one, other)
        for named in (_named(one), _named(other))
    }
    return sorted(apart)


def _differ(one: TrustEdge, other: TrustEdge) -> bool:
    """Without a declared route in common: other sources, or other routes."""
    if set(one.routes) & set(other.routes):
        return False
    return one.source != other.source or bool(one.routes and other.routes)


def _named(edge: TrustEdge) -> str:
    return f"{edge.credential} of {edge.source or 'middleware'} ({', '.join(edge.routes) or 'no declared route'})"


CONTROL = Control(
    id="ZT-02",
    title="Dedicated API user per sync job",
    layer="authentication",
    severity=Severity.HIGH,
    needs=(
        "users",
        "outbound",
        "grants",
        "apps",
        "logins",
        "cloud.secrets",
    ),
    remediation=(
        "Create one API Only user per sync job with the Salesforce Integration licence, move each job to "
        "its own, and take the shared user away."
    ),
    source="NIST SP 800-53 r5 IA-2, IA-9; article pattern 2",
    judge=judge,
)
