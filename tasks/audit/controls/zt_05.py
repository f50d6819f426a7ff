"""OAuth instead of passwords."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.inventory.model import OutboundKind, SecretHolder

SOAP_LOGIN = "Other Apex API"


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    """SOAP login() ends with API 65 and in 2027 altogether; a password that travels is a password that leaks."""
    names = {user.id: user.username for user in org.users}
    signing_in = sorted(
        {
            names[login.user_id]
            for login in org.logins
            if login.kind == SOAP_LOGIN and login.success and login.user_id in names
        }
    )
    found = [
        CONTROL.fail(
            org,
            f"login:{name}",
            f"{name} signs in by SOAP with user name and password.",
        )
        for name in signing_in
    ]
    open_flow = org.settings is not None and not org.settings.block_password_flow
    note = ("the org still accepts the OAuth user-name-password flow",) if open_flow else ()
    for edge in evidence.graph.inbound(org.org.alias):
        if edge.kind is not OutboundKind.PASSWORD:
            continue
        named = edge.holder is SecretHolder.NAMED_CREDENTIAL
        resource = f"credential:{edge.source}/{edge.credential}" if named else f"secret:{edge.credential}"
        found.append(
            CONTROL.fail(
                org,
                resource,
                f"{edge.credential} signs in with user name and password.",
                *note,
            )
        )
    return tuple(found)


CONTROL = Control(
    id="ZT-05",
    title="OAuth 2.0 for integrations",
    layer="authentication",
    severity=Severity.HIGH,
    needs=(
        "users",
        "logins",
        "outbound",
        "settings",
        "cloud.secrets",
    ),
    remediation=(
        "Move the integration to the JWT bearer or client credentials flow of an External Client App, "
        "then block the user-name-password flow and SOAP login."
    ),
    source="Salesforce Help 005132110 (retirement of SOAP login()) and 000886201",
    judge=judge,
)
