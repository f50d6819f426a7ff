"""No personal data in syncs with non-production."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.audit.people import rights_of
from tasks.estate.model import OrgKind, Route
from tasks.inventory.model import TrustEdge


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...] | None:
    if org.org.kind is not OrgKind.SANDBOX:
        return None
    kinds = {entry.alias: entry.kind for entry in evidence.estate.orgs}
    found = []
    for route in evidence.estate.routes:
        if (
            route.target == org.org.alias
            and kinds.get(route.source) is OrgKind.PRODUCTION
        ):
            if carried := _sensitive_fields(evidence, route):
                found.append(
                    CONTROL.fail(
                        org,
                        f"route:{route.name}",
                        f"{route.name} carries personal data into a sandbox.",
                        *carried,
                    )
                )
    for edge in evidence.graph.outbound(org.org.alias):
        if kinds.get(edge.target) is OrgKind.PRODUCTION and (
            read := _readable(evidence, edge)
        ):
            found.append(
                CONTROL.fail(
                    org,
                    f"edge:{edge.secret_id}",
                    f"{edge.credential} lets a sandbox read personal data of {edge.target}.",
                    *read,
                )
            )
    return tuple(found)


def _sensitive_fields(evidence: Evidence, route: Route) -> list[str]:
    sensitive = {s.field.name for s in evidence.sensitive.get(route.source, ())}
    clear = [field for field in route.fields if field not in route.masked_fields]
    return sorted({f"{route.sobject}.{field}" for field in clear} & sensitive)


def _readable(evidence: Evidence, edge: TrustEdge) -> list[str]:
    target = evidence.orgs.get(edge.target)
    if target is None:
        return []
    readable = set()
    for user in (target.user(name) for name in edge.run_as):
        rights = rights_of(evidence, target, user) if user else None
        for sensitive in evidence.sensitive.get(edge.target, ()):
            if rights is not None and rights.may_read_field(sensitive.field.name):
                readable.add(sensitive.field.name)
    return sorted(readable)


CONTROL = Control(
    id="ZT-09",
    title="PII excluded from non-production syncs",
    layer="data protection",
    severity=Severity.CRITICAL,
    needs=("outbound",),
    remediation="Take the fields out of the route or mask them before they leave production, and take the sandbox credential's read access to them away.",
    source="GDPR art. 5(1)(c) and 32; NIST SP 800-53 r5 SA-3(2)",
    judge=judge,
)
