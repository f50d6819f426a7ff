"""sobjects/User/{id}/password: whether one has expired, setting it, resetting it."""

import secrets

from deployments.sandbox.identity import password_policy
from deployments.sandbox.identity.policy import switched_on
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.rights import caller_of
from deployments.sandbox.wire import Reply, json_reply


def answer(one: Call, user_id: str) -> Reply:
    """Raises ApiError INSUFFICIENT_ACCESS for anybody but the user and those who may reset passwords."""
    if one.store.get("User", user_id) is None:
        raise not_found()
    if user_id != one.caller.user_id and not one.caller.holds(("ResetPasswords", "ManageUsers")):
        raise ApiError("INSUFFICIENT_ACCESS", "insufficient access rights on cross-reference id")
    user = one.store.get("User", user_id) or {}
    if one.method == "GET":
        permissions = frozenset(caller_of(one.store, user_id).permissions)
        return json_reply(200, {"isExpired": password_policy.expired(one.store, user, permissions)})
    if one.method == "DELETE":
        # Of every class of characters one, whatever the policy asks for.
        fresh = f"{secrets.token_urlsafe(18)}aA1!"
        password_policy.keep(one.store, user, fresh, secrets.token_urlsafe(18))
        _after(one, user_id)
        return json_reply(200, {"NewPassword": fresh})
    if one.method != "POST":
        raise not_allowed(one.method, "DELETE,GET,HEAD,POST")
    given = one.text("NewPassword")
    problem = password_policy.problem(one.store, user, given, by_oneself=user_id == one.caller.user_id)
    if problem is not None:
        raise ApiError("INVALID_NEW_PASSWORD", problem)
    password_policy.keep(one.store, user, given, secrets.token_urlsafe(18))
    _after(one, user_id)
    return Reply(204)


def _after(one: Call, user_id: str) -> None:
    if user_id == one.caller.user_id:
        one.org.sessions.lift_limit(user_id)
    elif switched_on(
        one.store,
        *("SecuritySettings", "Security", "sessionSettings", "terminateUserSessionsWhenAdminResetsPassword"),
    ):
        one.org.sessions.end_user(user_id)
