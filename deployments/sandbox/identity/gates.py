"""The gates of a login, in order; each attempt leaves one LoginHistory row with its status."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from deployments.sandbox.clock import stamp
from deployments.sandbox.identity import lockout, policy
from deployments.sandbox.orgs import Org
from deployments.sandbox.rights import caller_of
from deployments.sandbox.store import AppRecord, OrgStore
from deployments.sandbox.wire import Request

SUCCESS = "Success"


@dataclass(frozen=True)
class Refusal:
    """Why a login is refused: the history's text, the OAuth pair and the SOAP code with its message."""

    status: str
    error: str
    description: str
    soap_code: str
    soap_message: str


LOCKED_OUT = ("INVALID_LOGIN", "Invalid username, password, security token; or user locked out.")
"""SOAP tells a stranger no more than this."""
INACTIVE = Refusal("User is inactive", "invalid_grant", "inactive user", *LOCKED_OUT)
FROZEN = Refusal("User is frozen", "invalid_grant", "user is frozen", *LOCKED_OUT)
WRONG_PASSWORD = Refusal("Invalid Password", "invalid_grant", "authentication failure", *LOCKED_OUT)
EXPIRED_PASSWORD = Refusal(
    "Failed: Password expired",
    "invalid_grant",
    "expired password",
    "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
    "The users password has expired, you must call SetPassword before attempting any other API operations",
)
NO_SECOND_FACTOR = Refusal(
    "Failed: Multi-factor challenge", "invalid_grant", "authentication failure", *LOCKED_OUT
)
FLOW_BLOCKED = Refusal(
    "Failed: OAuth API access disabled", "invalid_grant", "authentication failure", *LOCKED_OUT
)
NOT_APPROVED = Refusal(
    "Failed: Not approved for access",
    "invalid_app_access",
    "user is not admin approved to access this app",
    *LOCKED_OUT,
)
NEVER_APPROVED = Refusal(
    "Failed: Not approved for access", "invalid_grant", "user hasn't approved this consumer", *LOCKED_OUT
)
RESTRICTED_IP = Refusal(
    "Restricted IP",
    "invalid_grant",
    "ip restricted",
    "LOGIN_DURING_RESTRICTED_DOMAIN",
    "cannot log in from current IP address",
)
API_DISABLED = Refusal(
    "API is not enabled",
    "invalid_grant",
    "api is not enabled for this user",
    "API_DISABLED_FOR_ORG",
    "API is not enabled for this Organization or Partner",
)
NO_CERTIFICATE = Refusal(
    "Failed: Mutual authentication",
    "invalid_grant",
    "mutual authentication failed",
    "MUTUAL_AUTHENTICATION_FAILED",
    "This session could not be mutually authenticated for use with SOAP API",
)


LOCKED = Refusal("Password Lockout", "invalid_grant", "authentication failure", *LOCKED_OUT)
RESTRICTED_TIME = Refusal(
    "Restricted Time",
    "invalid_grant",
    "login hours restricted",
    "LOGIN_DURING_RESTRICTED_TIME",
    "cannot log in during current time period",
)
API_ONLY = Refusal("Failed: API Only user", "invalid_grant", "authentication failure", *LOCKED_OUT)


@dataclass(frozen=True)
class Attempt:
    """One try to log a user in; without an app it is a password login over SOAP."""

    org: Org
    request: Request
    user: dict[str, object]
    app: AppRecord | None
    login_type: str
    api_type: str = "N/A"
    api_version: str = "N/A"
    interactive: bool = False
    """A person at a browser."""
    consented: bool = False
    """The person has just allowed the app."""

    @property
    def user_id(self) -> str:
        return str(self.user["Id"])


def admit(attempt: Attempt, earlier: Refusal | None = None) -> str | Refusal:
    """
    The access token of a new session, or why there is none.

    `earlier` is a refusal found before the gates (a wrong password, a blocked flow): it is put on record.
    """
    locked = lockout.judged(attempt.org.store, attempt.user_id, earlier is WRONG_PASSWORD)
    refusal = LOCKED if locked else earlier or next(closed(attempt), None)
    login_id = _record(attempt, refusal.status if refusal else SUCCESS)
    if refusal is not None:
        attempt.org.store.commit()
        return refusal
    app = attempt.app
    attempt.request.notes["user"] = attempt.user["Username"]
    return attempt.org.sessions.begin(
        attempt.user_id,
        app=app.consumer_key if app else "",
        source_ip=attempt.request.source_ip,
        minutes=app.session_minutes if app else 120,
        login_type=attempt.login_type,
        login_id=login_id,
    )


def closed(attempt: Attempt) -> Iterator[Refusal]:
    """Every gate that is shut, in order."""
    store, user, app = attempt.org.store, attempt.user, attempt.app
    if not user["IsActive"]:
        yield INACTIVE
    if store.sql("SELECT 1 FROM UserLogin WHERE UserId = ? AND IsFrozen = 1", attempt.user_id):
        yield FROZEN
    if not _hours_allowed(attempt):
        yield RESTRICTED_TIME
    if not _address_allowed(attempt):
        yield RESTRICTED_IP
    permissions = caller_of(store, attempt.user_id).permissions
    if "ApiEnabled" not in permissions:
        yield API_DISABLED
    if app is not None and _kept_out(store, app, permissions):
        yield NOT_APPROVED
    if app is not None and app.run_as is None:
        yield from _unapproved(attempt, app)
    if badly_certified(attempt.org, attempt.request, permissions):
        yield NO_CERTIFICATE


def permissions_of(org: Org, user: dict[str, object]) -> frozenset[str]:
    return frozenset(caller_of(org.store, str(user["Id"])).permissions)


def needs_consent(attempt: Attempt) -> bool:
    """Whether the person has to allow the app first: it is not for admins to approve, and was not allowed before."""
    app = attempt.app
    if app is None or app.admin_approved:
        return False
    if _kept_out(attempt.org.store, app, caller_of(attempt.org.store, attempt.user_id).permissions):
        return False
    return any(True for _ in _unapproved(attempt, app))


def _kept_out(store: OrgStore, app: AppRecord, permissions: Collection[str]) -> bool:
    """API Access Control: connected apps that everybody may authorize are closed, except to holders of one permission."""
    return (
        app.kind == "connected-app"
        and not app.admin_approved
        and "UseAnyApiClient" not in permissions
        and policy.switched_on(store, "ConnectedAppSettings", "ConnectedApp", "enableAdminApprovedAppsOnly")
    )


def _hours_allowed(attempt: Attempt) -> bool:
    """`loginHours` of the profile: minutes of the day by weekday, in UTC; a day that is not named is open."""
    hours = policy.profile_body(attempt.org.store, attempt.user["ProfileId"]).get("loginHours")
    if not isinstance(hours, dict) or not hours:
        return True
    now = attempt.org.store.clock.now()
    day = now.strftime("%A").lower()
    start, end = hours.get(f"{day}Start"), hours.get(f"{day}End")
    if start is None or end is None:
        return True
    minute = now.hour * 60 + now.minute
    return int(start) <= minute < int(end)


def certificate_shown(org: Org, request: Request) -> bool:
    """Whether the request came over the mutual-TLS port with one of the org's inbound certificates."""
    now = org.store.clock.now()
    return request.port == 8443 and policy.certificate_listed(org.store, request.peer_certificate, now)


def badly_certified(org: Org, request: Request, permissions: Collection[str]) -> bool:
    """A certificate that is revoked or not for clients is nobody's; those who are held to one have to show a listed one."""
    if request.certificate_unusable:
        return True
    return policy.ENFORCE_MUTUAL_TLS in permissions and not certificate_shown(org, request)


def _address_allowed(attempt: Attempt) -> bool:
    if attempt.app is not None and attempt.app.ip_relaxation.upper() in policy.RELAXED:
        return True
    ranges = policy.profile_ranges(attempt.org.store, attempt.user["ProfileId"])
    return not ranges or policy.inside(attempt.request.source_ip, ranges)


def _unapproved(attempt: Attempt, app: AppRecord) -> Iterator[Refusal]:
    """An admin-approved app needs a permission set or profile; any other one needs the user's own consent."""
    store = attempt.org.store
    if app.admin_approved:
        if not store.sql(
            "SELECT 1 FROM SetupEntityAccess e WHERE e.SetupEntityId = ? AND e.ParentId IN ("
            " SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = ? AND IsActive = 1"
            " UNION SELECT c.PermissionSetId FROM PermissionSetGroupComponent c"
            " JOIN PermissionSetAssignment a"
            " ON a.PermissionSetGroupId = c.PermissionSetGroupId WHERE a.AssigneeId = ?"
            " UNION SELECT p.Id FROM PermissionSet p WHERE p.ProfileId = ? AND p.IsOwnedByProfile = 1)",
            *(app.entity_id, attempt.user_id, attempt.user_id, attempt.user["ProfileId"]),
        ):
            yield NOT_APPROVED
    elif not attempt.consented and not store.sql(
        "SELECT 1 FROM OauthToken WHERE UserId = ? AND AppName IN (?, ?)",
        attempt.user_id,
        app.label,
        app.name,
    ):
        yield NEVER_APPROVED


def _record(attempt: Attempt, status: str) -> str:
    store, request = attempt.org.store, attempt.request
    now = store.clock.now()
    row = {
        "UserId": attempt.user_id,
        "LoginTime": now,
        "LoginType": attempt.login_type,
        "LoginSubType": _sub_type(attempt),
        "SourceIp": request.source_ip,
        "LoginUrl": request.host,
        "TlsProtocol": "TLS 1.3",
        "CipherSuite": "TLS_AES_256_GCM_SHA384",
        "OptionsIsPost": True,
        "Browser": "Unknown",
        "Platform": "Unknown",
        "Status": status,
        "Application": attempt.app.label if attempt.app else "N/A",
        "ClientVersion": "N/A",
        "ApiType": attempt.api_type,
        "ApiVersion": attempt.api_version,
    }
    login_id = store.insert("LoginHistory", [row])[0]
    store.note_event("Login", _login_event(attempt, status))
    if status == SUCCESS:
        store.sql("UPDATE User SET LastLoginDate = ? WHERE Id = ?", stamp(now), attempt.user_id)
    return login_id


_SUB_TYPES = {
    "authorization_code": "OauthWebServer",
    "client_credentials": "OauthClientCredentials",
    "password": "OauthUsernamePassword",
    "refresh_token": "OauthRefreshToken",
}
"""By grant type; values of LoginHistory.LoginSubType (event log file reference, Login, LOGIN_SUB_TYPE)."""


def _sub_type(attempt: Attempt) -> str | None:
    return _SUB_TYPES.get(attempt.request.form.get("grant_type", "")) if attempt.app else None


_CODES = {
    SUCCESS: "LOGIN_NO_ERROR",
    INACTIVE.status: "LOGIN_ERROR_USER_INACTIVE",
    FROZEN.status: "LOGIN_ERROR_USER_FROZEN",
    WRONG_PASSWORD.status: "LOGIN_ERROR_INVALID_PASSWORD",
    LOCKED.status: "LOGIN_ERROR_PASSWORD_LOCKOUT",
    RESTRICTED_IP.status: "LOGIN_ERROR_RESTRICTED_DOMAIN",
    RESTRICTED_TIME.status: "LOGIN_ERROR_RESTRICTED_TIME",
    API_ONLY.status: "LOGIN_ERROR_USER_API_ONLY",
    NO_CERTIFICATE.status: "LOGIN_ERROR_MUTUAL_AUTHENTICATION",
}
_TYPES = {"Application": "A", "Remote Access 2.0": "i", "Other Apex API": "I"}


def _login_event(attempt: Attempt, status: str) -> dict[str, object]:
    """Columns of the Login event, and what stored login events say in words."""
    return {
        "user_id": attempt.user_id,
        "user": attempt.user["Username"],
        "source_ip": attempt.request.source_ip,
        "application": attempt.app.label if attempt.app else "N/A",
        "login_type": attempt.login_type,
        "status_text": status,
        "USER_NAME": attempt.user["Username"],
        "SOURCE_IP": attempt.request.source_ip,
        "CLIENT_IP": attempt.request.source_ip,
        "LOGIN_STATUS": _CODES.get(status, "LOGIN_OAUTH_INVALID_CONSUMER"),
        "LOGIN_TYPE": _TYPES.get(attempt.login_type, "i"),
        "LOGIN_URL": attempt.request.host,
        "TLS_PROTOCOL": "TLSv1.3",
        "CIPHER_SUITE": "TLS_AES_256_GCM_SHA384",
        "API_TYPE": attempt.api_type,
        "API_VERSION": attempt.api_version,
        "REQUEST_STATUS": "S",
        "USER_TYPE": "S",
        "URI": attempt.request.path,
    }
