"""Multi-factor authentication for everybody who could take the org over."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity
from tasks.audit.people import administrators
from tasks.inventory.model import User
from tasks.permissions.model import EffectiveRights


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    """API-only users have no browser login to protect; users who come by single sign-on only are the IdP's to check."""
    strong = {methods.user_id for methods in org.mfa if methods.strong}
    found = []
    for user, rights in administrators(org, evidence):
        if rights.has("ApiUserOnly") or _single_sign_on_only(org, user, rights):
            continue
        why = []
        enforced = rights.has("ForceTwoFactor") or bool(org.settings and org.settings.mfa_for_direct_logins)
        if not enforced:
            why.append("neither the org nor a permission asks for a second factor")
        if rights.has("BypassMFAForUiLogins"):
            why.append("is exempt from multi-factor authentication")
        if user.id not in strong:
            why.append("has registered no strong second factor")
        if why:
            found.append(
                CONTROL.fail(
                    org,
                    f"user:{user.username}",
                    f"Administrator {user.username} can sign in without MFA.",
                    *why,
                )
            )
    return tuple(found)


def _single_sign_on_only(org: OrgEvidence, user: User, rights: EffectiveRights) -> bool:
    kinds = {
        login.kind for login in org.logins if login.user_id == user.id and login.success and login.interactive
    }
    return rights.has("IsSsoEnabled") and bool(kinds) and all("SSO" in kind for kind in kinds)


CONTROL = Control(
    id="ZT-04",
    title="MFA for all admin users",
    layer="authentication",
    severity=Severity.CRITICAL,
    needs=(
        "users",
        "permission_sets",
        "groups",
        "assignments",
        "mfa",
        "settings",
        "logins",
    ),
    remediation=(
        "Switch on multi-factor authentication for direct logins or give ForceTwoFactor by permission "
        "set, take the exemption away, and register a security key or authenticator."
    ),
    source="Salesforce Help 005321563; NIST SP 800-53 r5 IA-2(1)",
    judge=judge,
)
