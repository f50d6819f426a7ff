"""Every request is judged anew: its session, its user, its address and, where enforced, its certificate."""

from deployments.sandbox.identity import policy
from deployments.sandbox.identity.activation import awakened
from deployments.sandbox.identity.gates import EXPIRED_PASSWORD, badly_certified
from deployments.sandbox.identity.sessions import PASSWORD_ONLY, Session
from deployments.sandbox.orgs import Org
from deployments.sandbox.rest.errors import ApiError
from deployments.sandbox.rights import Caller, caller_of
from deployments.sandbox.wire import Request

EXPIRED = ApiError("INVALID_SESSION_ID", "Session expired or invalid")


def enter(org: Org, request: Request, token: str, api: str = "REST") -> tuple[Caller, str]:
    """Who calls, with what its session has woken, and the AuthSession's id. Raises ApiError with the code of what stands against it."""
    session = org.sessions.find(token) if token else None
    if session is None:
        raise EXPIRED
    if session.app == PASSWORD_ONLY and not _sets_a_password(request):
        raise ApiError(EXPIRED_PASSWORD.soap_code, EXPIRED_PASSWORD.soap_message)
    rows = org.store.sql("SELECT Username, IsActive, ProfileId FROM User WHERE Id = ?", session.user_id)
    if not rows or not rows[0]["IsActive"]:
        raise EXPIRED
    request.notes.update(
        user=rows[0]["Username"], user_id=session.user_id, session_id=session.session_id, app=session.app
    )
    caller = awakened(org.store, session.session_id, caller_of(org.store, session.user_id))
    _judge_address(org, request, session, str(rows[0]["ProfileId"]))
    if badly_certified(org, request, caller.permissions):
        message = f"This session could not be mutually authenticated for use with {api} API"
        raise ApiError("MUTUAL_AUTHENTICATION_FAILED", message)
    if "ApiEnabled" not in caller.permissions:
        raise ApiError("API_CURRENTLY_DISABLED", "API is currently disabled for this User")
    return caller, session.session_id


def _sets_a_password(request: Request) -> bool:
    if request.path.startswith(("/services/Soap/u/", "/services/Soap/c/")):
        return request.notes.get("operation") in ("changeOwnPassword", "setPassword")
    return request.path.rstrip("/").endswith("/password")


def _judge_address(org: Org, request: Request, session: Session, profile_id: str) -> None:
    settings = policy.setting(org.store, "SecuritySettings", "Security", "sessionSettings") or {}
    if settings.get("lockSessionsToIp") in (True, "true") and request.source_ip != session.source_ip:
        raise EXPIRED
    if settings.get("enforceIpRangesEveryRequest") in (True, "true"):
        ranges = policy.profile_ranges(org.store, profile_id)
        if ranges and not policy.inside(request.source_ip, ranges):
            raise EXPIRED
