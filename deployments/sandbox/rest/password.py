"""sobjects/User/{id}/password: whether one has expired, setting it, resetting it."""

from deployments.sandbox.identity import password_change, password_policy
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import not_allowed
from deployments.sandbox.rights import caller_of
from deployments.sandbox.wire import Reply, json_reply


def answer(one: Call, user_id: str) -> Reply:
    """Raises SalesforceError INSUFFICIENT_ACCESS for anybody but the user and those who may reset passwords."""
    user = password_change.reachable(one.org, one.caller, user_id)
    if one.method == "GET":
        permissions = frozenset(caller_of(one.store, user_id).permissions)
        return json_reply(200, {"isExpired": password_policy.expired(one.store, user, permissions)})
    if one.method == "DELETE":
        return json_reply(200, {"NewPassword": password_change.reset(one.org, one.caller, user_id)})
    if one.method != "POST":
        raise not_allowed(one.method, "DELETE,GET,HEAD,POST")
    password_change.set_to(one.org, one.caller, user_id, one.text("NewPassword"))
    return Reply(204)
