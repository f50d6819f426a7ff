"""Least privilege for the users that credentials act as."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.audit.people import acting_users, rights_of, through
from tasks.inventory.model import TrustEdge
from tasks.permissions.model import EffectiveRights
from tasks.permissions.tiers import TIER_0


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...] | None:
    """One finding per user with all that goes beyond the routes it serves."""
    if not evidence.graph.inbound(org.org.alias):
        return None
    found = []
    for user, edges in acting_users(org, evidence):
        rights = rights_of(evidence, org, user)
        if rights is None:
            continue
        excess = [*_org_wide(rights), *_beyond_routes(org, evidence, edges, rights)]
        if excess:
            found.append(
                CONTROL.fail(
                    org,
                    f"user:{user.username}",
                    f"{user.username} may do more than its job needs.",
                    *excess,
                )
            )
    return tuple(found)


def _org_wide(rights: EffectiveRights) -> list[str]:
    return [
        f"{name} {through(rights.permissions[name])}" for name in sorted(TIER_0 & rights.permissions.keys())
    ]


def _beyond_routes(
    org: OrgEvidence,
    evidence: Evidence,
    edges: tuple[TrustEdge, ...],
    rights: EffectiveRights,
) -> list[str]:
    named = {name for edge in edges for name in edge.routes}
    routes = [route for route in evidence.estate.routes if route.name in named]
    objects = {route.sobject for route in routes}
    fields = {f"{route.sobject}.{field}" for route in routes for field in route.fields}
    excess = []
    for sobject, held in sorted(rights.objects.items()):
        powers = [name for name in ("delete", "view_all", "modify_all") if getattr(held, name)]
        if powers:
            excess.append(f"{sobject}: {', '.join(powers).replace('_', ' ')}")
        if routes and held.read and sobject not in objects:
            excess.append(f"{sobject}: read, although no route of this user carries it")
    for sensitive in evidence.sensitive.get(org.org.alias, ()):
        name = sensitive.field.name
        if sensitive.kind == "contact":
            continue
        if routes and name not in fields and rights.may_read_field(name):
            excess.append(f"{name}: sensitive and readable, although no route of this user carries it")
    return excess


CONTROL = Control(
    id="ZT-03",
    title="Least-privilege permission sets, object and field",
    layer="authorization",
    severity=Severity.CRITICAL,
    needs=(
        "users",
        "outbound",
        "grants",
        "apps",
        "permission_sets",
        "groups",
        "assignments",
        "object_permissions",
        "field_permissions",
        "fields",
        "cloud.secrets",
    ),
    remediation=(
        "Move the user to a minimum-access profile and one permission set per route that grants only the "
        "route's object and fields, without delete, View All or Modify All."
    ),
    source="NIST SP 800-53 r5 AC-6; Security Benchmark for Salesforce; article pattern 2",
    judge=judge,
)
