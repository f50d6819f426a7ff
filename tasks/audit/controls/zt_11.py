"""Credentials in a secrets manager only."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.credentials.model import ExposedKind


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    found = {}
    for secret in org.exposed:
        resource = f"exposed:{secret.kind.value}:{secret.place}"
        where = f"line {secret.line}" if secret.line else secret.looks_like
        found[resource] = CONTROL.fail(
            org, resource, f"{secret.place} holds a {secret.looks_like}.", where
        )
    for credential in org.outbound:
        if credential.stores_password:
            resource = f"exposed:{ExposedKind.NAMED_CREDENTIAL.value}:{credential.name}"
            found[resource] = CONTROL.fail(
                org, resource, f"Named credential {credential.name} stores a password."
            )
    return tuple(found[resource] for resource in sorted(found))


CONTROL = Control(
    id="ZT-11",
    title="Credentials in a secrets manager",
    layer="authentication",
    severity=Severity.CRITICAL,
    needs=(
        "exposed",
        "outbound",
    ),
    remediation="Rotate the secret, keep the new one in the secrets manager or behind a named credential without a password, and take the literal out.",
    source="OWASP Secrets Management cheat sheet; NIST SP 800-53 r5 IA-5(7)",
    judge=judge,
)
