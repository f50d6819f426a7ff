"""Credentials that end by themselves."""

from datetime import timedelta

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.audit.people import acting_users, rights_of


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    return (
        *_endless_apps(org),
        *_certificates(org, evidence),
        *_endless_passwords(org, evidence),
    )


def _endless_apps(org: OrgEvidence) -> list[Finding]:
    in_use = {grant.app_id for grant in org.grants} | {grant.app_name for grant in org.grants}
    return [
        CONTROL.fail(org, f"app:{app.name}", f"Refresh tokens of {app.label} never end.")
        for app in org.apps
        if app.refresh_policy == "infinite" and not in_use.isdisjoint({app.id, app.name, app.label})
    ]


def _certificates(org: OrgEvidence, evidence: Evidence) -> list[Finding]:
    used = {edge.credential for edge in evidence.graph.outbound(org.org.alias)}
    held = {
        name
        for credential in org.outbound
        if credential.name in used
        for name in (credential.signing_certificate, credential.client_certificate)
    }
    longest = evidence.policy.rotation.certificate_max_life
    found = []
    for certificate in org.certificates:
        if certificate.name not in held or certificate.expires is None:
            continue
        life = (
            timedelta(days=(certificate.expires - certificate.created.date()).days)
            if certificate.created
            else None
        )
        if certificate.expires < org.now.date():
            found.append(
                CONTROL.fail(
                    org,
                    f"certificate:{certificate.name}",
                    f"{certificate.name} expired on {certificate.expires}.",
                )
            )
        elif life is not None and life > longest:
            found.append(
                CONTROL.fail(
                    org,
                    f"certificate:{certificate.name}",
                    f"{certificate.name} lives {life.days} days; policy wants {longest.days} at most.",
                )
            )
    return found


def _endless_passwords(org: OrgEvidence, evidence: Evidence) -> list[Finding]:
    found = []
    for user, _ in acting_users(org, evidence):
        rights = rights_of(evidence, org, user)
        if rights is not None and rights.has("PasswordNeverExpires"):
            found.append(
                CONTROL.fail(
                    org,
                    f"user:{user.username}",
                    f"The password of {user.username} never expires.",
                )
            )
    return found


CONTROL = Control(
    id="ZT-12",
    title="Time-bound credentials",
    layer="authentication",
    severity=Severity.MEDIUM,
    needs=(
        "users",
        "apps",
        "grants",
        "certificates",
        "outbound",
        "permission_sets",
        "groups",
        "assignments",
    ),
    remediation=(
        "Give the app a refresh-token lifetime, renew the certificate with a life within policy, and take"
        " Password Never Expires away."
    ),
    source="CA/Browser Forum baseline requirements; NIST SP 800-53 r5 IA-5; article pattern 4",
    judge=judge,
)
