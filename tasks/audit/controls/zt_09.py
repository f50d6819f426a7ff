"""No personal data in syncs with non-production."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.audit.people import rights_of
from tasks.encryption.classify import PROTECTED_KINDS, kind_by_name
from tasks.encryption.model import Field
from tasks.estate.model import OrgKind, Route
from tasks.inventory.model import TrustEdge


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...] | None:
    if org.org.kind is not OrgKind.SANDBOX:
        return None
    kinds = {entry.alias: entry.kind for entry in evidence.estate.orgs}
    found = []
    for route in evidence.estate.routes:
        inward = route.target == org.org.alias and kinds.get(route.source) is OrgKind.PRODUCTION
        if inward and (carried := _sensitive_fields(evidence, route)):
            found.append(
                CONTROL.fail(
                    org,
                    f"route:{route.name}",
                    f"{route.name} carries personal data into a sandbox.",
                    *carried,
                )
            )
    for edge in evidence.graph.outbound(org.org.alias):
        if kinds.get(edge.target) is OrgKind.PRODUCTION and (read := _readable(evidence, edge)):
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
    """By what the source org's fields are; by their names alone where that org could not be read."""
    masked = {_bare(field) for field in route.masked_fields}
    clear = {f"{route.sobject}.{_bare(field)}" for field in route.fields if _bare(field) not in masked}
    source = evidence.orgs.get(route.source)
    if source is None or "fields" in source.gaps:
        return sorted(name for name in clear if _named_like_one(route, name))
    return sorted(clear & _protected(evidence, route.source))


def _bare(field: str) -> str:
    return field.rpartition(".")[2]


def _named_like_one(route: Route, name: str) -> bool:
    field = Field(
        name=name,
        label=_bare(name),
        sobject=route.sobject,
        data_type="Text",
        security_classification=None,
        compliance_groups=(),
    )
    return kind_by_name(field) in PROTECTED_KINDS


def _protected(evidence: Evidence, alias: str) -> set[str]:
    return {s.field.name for s in evidence.sensitive.get(alias, ()) if s.kind in PROTECTED_KINDS}


def _readable(evidence: Evidence, edge: TrustEdge) -> list[str]:
    target = evidence.orgs.get(edge.target)
    if target is None:
        return []
    readable = set()
    for user in (target.user(name) for name in edge.run_as):
        rights = rights_of(evidence, target, user) if user else None
        for name in _protected(evidence, edge.target):
            if rights is not None and rights.may_read_field(name):
                readable.add(name)
    return sorted(readable)


CONTROL = Control(
    id="ZT-09",
    title="PII excluded from non-production syncs",
    layer="data protection",
    severity=Severity.CRITICAL,
    needs=("outbound",),
    remediation=(
        "Take the fields out of the route or mask them before they leave production, and take the sandbox"
        " credential's read access to them away."
    ),
    source="GDPR art. 5(1)(c) and 32; NIST SP 800-53 r5 SA-3(2)",
    judge=judge,
)
