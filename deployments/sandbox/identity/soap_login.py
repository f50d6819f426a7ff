"""SOAP login(): username, password and security token for a session. Gone from version 65 on."""

import re
from xml.sax.saxutils import escape

from deployments.sandbox import soap
from deployments.sandbox.identity import gates, password_policy, second_factor
from deployments.sandbox.identity.passwords import password_right
from deployments.sandbox.orgs import Org, Orgs
from deployments.sandbox.wire import Reply, Request

FIRST_VERSION_WITHOUT = 65
PARTNER = "urn:partner.soap.sforce.com"
ENTERPRISE = "urn:enterprise.soap.sforce.com"
FAULTS = "urn:fault.partner.soap.sforce.com"
PATH = re.compile(r"^/services/Soap/(?P<kind>[uc])/(?P<version>\d+)(\.0)?(/.*)?$")


def answers(path: str, body: bytes) -> bool:
    """Whether a request is a login, or the body of one that cannot be read; all else needs a session."""
    if PATH.match(path) is None:
        return False
    try:
        return soap.local(soap.parse(body)[1]) == "login"
    except soap.MalformedEnvelope:
        return True


def call(path: str, request: Request, orgs: Orgs) -> Reply:
    """The login operation of the partner and enterprise endpoints."""
    match = PATH.match(path)
    assert match is not None
    version = int(match["version"])
    namespace = PARTNER if match["kind"] == "u" else ENTERPRISE
    try:
        _, operation = soap.parse(request.body)
    except soap.MalformedEnvelope as error:
        return soap.fault("UNKNOWN_EXCEPTION", str(error), FAULTS)
    request.notes["operation"] = "login"
    if version >= FIRST_VERSION_WITHOUT:
        message = f"SOAP API login() is not available in API version {version}.0"
        return soap.fault("UNSUPPORTED_API_VERSION", message, FAULTS, "UnexpectedErrorFault")
    username, password = soap.text_of(operation, "username"), soap.text_of(operation, "password")
    org = orgs.at(request.host) or orgs.of_user(request.host, username)
    user = org.user_named(username) if org is not None else None
    if org is None or user is None:
        return _refused(gates.WRONG_PASSWORD)
    request.notes["org"] = org.alias
    permissions = gates.permissions_of(org, user)
    code = second_factor.asked_at_api(permissions)
    right = password_right(org.store, user, password, request.source_ip, code)
    expired = right and password_policy.expired(org.store, user, permissions)
    attempt = gates.Attempt(org, request, user, None, "Other Apex API", "SOAP Partner", f"{version}.0")
    outcome = gates.admit(attempt, None if right else gates.WRONG_PASSWORD)
    if isinstance(outcome, gates.Refusal):
        return _refused(outcome)
    if expired:
        org.sessions.limit_to_password(outcome)
    return soap.answer(_result(org, user, outcome, match["kind"], version, expired), namespace)


def _refused(refusal: gates.Refusal) -> Reply:
    return soap.fault(refusal.soap_code, refusal.soap_message, FAULTS, "LoginFault")


def _result(
    org: Org, user: dict[str, object], session_id: str, kind: str, version: int, expired: bool
) -> str:
    org_id = org.store.org_id

    def text(name: str) -> str:
        return escape(str(user.get(name) or ""))

    # simple-salesforce finds sessionId and serverUrl by bare tag name: no prefix, no attribute.
    return (
        "<loginResponse><result>"
        f"<metadataServerUrl>{org.instance_url}/services/Soap/m/{version}.0/{org_id}</metadataServerUrl>"
        f"<passwordExpired>{str(expired).lower()}</passwordExpired><sandbox>{str(org.is_sandbox).lower()}</sandbox>"
        f"<serverUrl>{org.instance_url}/services/Soap/{kind}/{version}.0/{org_id}</serverUrl>"
        f"<sessionId>{session_id}</sessionId><userId>{user['Id']}</userId>"
        f"<userInfo><organizationId>{org_id}</organizationId>"
        "<organizationName>Meridian Wealth</organizationName>"
        f"<profileId>{user['ProfileId']}</profileId><sessionSecondsValid>7200</sessionSecondsValid>"
        f"<userEmail>{text('Email')}</userEmail><userFullName>{text('Name')}</userFullName>"
        f"<userId>{user['Id']}</userId><userName>{text('Username')}</userName><userType>Standard</userType>"
        "</userInfo></result></loginResponse>"
    )
