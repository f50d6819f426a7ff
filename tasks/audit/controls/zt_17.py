"""Production and non-production kept apart."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.estate.model import OrgKind
from tasks.inventory.edges import host_of


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    kinds = {entry.alias: entry.kind for entry in evidence.estate.orgs}
    hosts = {host_of(entry.my_domain): entry.alias for entry in evidence.estate.orgs}
    found = {}
    if org.org.kind is OrgKind.SANDBOX:
        for finding in (
            *_undeclared(org, evidence, kinds),
            *_shared(org, evidence, kinds),
        ):
            found[finding.resource] = finding
    for site in org.remote_sites:
        other = hosts.get(host_of(site.url))
        if site.active and other is not None and kinds[other] is not org.org.kind:
            resource = f"remote-site:{site.name}"
            found[resource] = CONTROL.fail(
                org,
                resource,
                f"Remote site {site.name} opens {other} ({kinds[other].value}) to this {org.org.kind.value} org.",
            )
    return tuple(found[resource] for resource in sorted(found))


def _undeclared(org: OrgEvidence, evidence: Evidence, kinds: dict[str, OrgKind]) -> list[Finding]:
    alias = org.org.alias
    touching = [edge for edge in evidence.graph.edges if alias in (edge.source, edge.target)]
    return [
        CONTROL.fail(
            org,
            f"edge:{edge.secret_id}",
            f"{edge.credential} joins {edge.source} and {edge.target} without a declared route.",
        )
        for edge in touching
        if edge.source is not None and kinds.get(edge.source) is not kinds[edge.target] and not edge.routes
    ]


def _shared(org: OrgEvidence, evidence: Evidence, kinds: dict[str, OrgKind]) -> list[Finding]:
    found = []
    for secret in sorted({edge.secret_id for edge in evidence.graph.inbound(org.org.alias)}):
        opened = sorted({edge.target for edge in evidence.graph.edges if edge.secret_id == secret})
        if len({kinds[target] for target in opened}) > 1:
            found.append(
                CONTROL.fail(
                    org,
                    f"credential:{secret}",
                    f"One secret opens production and non-production: {', '.join(opened)}.",
                )
            )
    return found


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
        "Give each environment its own credential, declare the routes that must be, and switch off the rest."
    ),
    source="NIST SP 800-53 r5 SC-7, CM-4(1); PCI DSS 4 requirement 6.5.3",
    judge=judge,
)
