"""sobjects/User/{id}/password: whether one has expired, setting it, resetting it."""

import secrets

from deployments.sandbox.identity.passwords import password_hash
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.wire import Reply, json_reply

SHORTEST = 8


def answer(one: Call, user_id: str) -> Reply:
    """Raises ApiError INSUFFICIENT_ACCESS for anybody but the user and those who may reset passwords."""
    if one.store.get("User", user_id) is None:
        raise not_found()
    if user_id != one.caller.user_id and not one.caller.holds(("ResetPasswords", "ManageUsers")):
        raise ApiError("INSUFFICIENT_ACCESS", "insufficient access rights on cross-reference id")
    if one.method == "GET":
        return json_reply(200, {"isExpired": False})
    if one.method == "DELETE":
        fresh = secrets.token_urlsafe(12)
        _keep(one, user_id, fresh)
        return json_reply(200, {"NewPassword": fresh})
    if one.method != "POST":
        raise not_allowed(one.method, "DELETE,GET,HEAD,POST")
    given = one.text("NewPassword")
    if len(given) < SHORTEST or given.isalpha() or given.isdigit():
        message = "Your password must have a mix of letters and numbers and be at least 8 characters long"
        raise ApiError("INVALID_NEW_PASSWORD", message)
    _keep(one, user_id, given)
    return Reply(204)


def _keep(one: Call, user_id: str, password: str) -> None:
    """A new password always comes with a new security token."""
    one.store.put_credential(
        user_id,
        password_hash=password_hash(password),
        token=secrets.token_urlsafe(18),
        changed_at=one.store.clock.now(),
    )
