"""Credentials in a secrets manager only."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.credentials.detect import in_credentials
from tasks.credentials.moving import resource_of


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    lines: dict[str, list[str]] = {}
    for secret in (*org.exposed, *in_credentials(org.outbound)):
        where = f" in line {secret.line}" if secret.line else ""
        resource = resource_of(secret.kind, secret.place)
        lines.setdefault(resource, []).append(f"{secret.looks_like}{where}")
    return tuple(
        CONTROL.fail(
            org, resource, f"{resource.split(':', 2)[2]} holds a secret.", *dict.fromkeys(lines[resource])
        )
        for resource in sorted(lines)
    )


CONTROL = Control(
    id="ZT-11",
    title="Credentials in a secrets manager",
    layer="authentication",
    severity=Severity.CRITICAL,
    needs=(
        "exposed",
        "outbound",
    ),
    remediation=(
        "Run `bulkhead run exposed-secrets`: it says in which order to rotate the secret, keep the new one in the secrets "
        "manager or behind a named credential without a password, and take the literal out."
    ),
    source="OWASP Secrets Management cheat sheet; NIST SP 800-53 r5 IA-5(7)",
    judge=judge,
)
