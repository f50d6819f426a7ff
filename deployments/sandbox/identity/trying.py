"""Tries the gates of a login, and of a session's next request, without going through: nothing is put on record."""

from deployments.sandbox.identity.gates import RESTRICTED_IP, Attempt, closed
from deployments.sandbox.identity.policy import inside, profile_ranges, switched_on
from deployments.sandbox.orgs import Org
from deployments.sandbox.wire import Request

_CERTIFICATE = "Failed: Mutual authentication"


def tried(org: Org, username: str, application: str, address: str) -> str:
    """
    How LoginHistory would name the refusal of such a login, or of a request that follows it; empty for none.

    A certificate cannot be tried this way, so that gate is taken for open. Raises LookupError for an unknown user.
    """
    user = org.user_named(username)
    if user is None:
        raise LookupError(f"org {org.alias} has no user {username}")
    app = next((each for each in org.store.apps() if application in (each.label, each.name)), None)
    request = Request("POST", org.host, 443, "/", "", {}, b"", address)
    attempt = Attempt(org, request, user, app, "Remote Access 2.0" if app else "Application")
    for refusal in closed(attempt):
        if refusal.status != _CERTIFICATE:
            return refusal.status
    every = ("SecuritySettings", "Security", "sessionSettings", "enforceIpRangesEveryRequest")
    ranges = profile_ranges(org.store, user["ProfileId"])
    if ranges and switched_on(org.store, *every) and not inside(address, ranges):
        return RESTRICTED_IP.status
    return ""
