"""
Setting, changing and resetting a password, the same over REST and SOAP.

Sources: SOAP API Developer Guide, setPassword(), changeOwnPassword() and resetPassword(); REST API Developer Guide,
sObject User Password.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from deployments.sandbox.caller import Caller
from deployments.sandbox.errors import SalesforceError, bad_field, not_found
from deployments.sandbox.identity import password_policy, policy
from deployments.sandbox.identity.passwords import password_alone
from deployments.sandbox.orgs import Org
from deployments.sandbox.switches import switched

RESETTING = ("ResetPasswords", "ManageUsers")


def set_to(org: Org, caller: Caller, user_id: str, given: str) -> None:
    """
    One's own password, or a colleague's by who may reset passwords. Raises SalesforceError.

    The present password is not asked for, which is why an org can keep its users from doing this to themselves.
    """
    user = reachable(org, caller, user_id)
    own = user_id == caller.user_id
    if own and not _self_resets(org):
        raise _refused("setPassword() is not enabled for self-resets; use changeOwnPassword()")
    _take(org, user, given, own=own)


def change_own(org: Org, caller: Caller, old: str, given: str) -> None:
    """One's own password, by who knows the present one. Raises SalesforceError."""
    user = reachable(org, caller, caller.user_id)
    if not password_alone(org.store, dict(user), old):
        raise bad_field("Your old password is invalid", code="INVALID_OLD_PASSWORD")
    _take(org, user, given, own=True)


def reset(org: Org, caller: Caller, user_id: str) -> str:
    """A new password that nobody chose, which the org gives out once. Raises SalesforceError."""
    user = reachable(org, caller, user_id)
    # Of every class of characters one, whatever the policy asks for.
    fresh = f"{secrets.token_urlsafe(18)}aA1!"
    password_policy.keep(org.store, user, fresh, secrets.token_urlsafe(18), temporary=True)
    _after(org, user_id, own=user_id == caller.user_id)
    return fresh


def reachable(org: Org, caller: Caller, user_id: str) -> Mapping[str, Any]:
    """The user, for themselves and for who may reset passwords. Raises SalesforceError."""
    user = org.store.get("User", user_id)
    if user is None:
        raise not_found()
    if user_id != caller.user_id and not caller.holds(RESETTING):
        raise _refused("insufficient access rights on cross-reference id")
    return user


def _take(org: Org, user: Mapping[str, Any], given: str, *, own: bool) -> None:
    problem = password_policy.problem(org.store, user, given, by_oneself=own)
    if problem is not None:
        raise bad_field(problem, code="INVALID_NEW_PASSWORD")
    password_policy.keep(org.store, user, given, secrets.token_urlsafe(18))
    _after(org, str(user["Id"]), own=own)


def _after(org: Org, user_id: str, *, own: bool) -> None:
    if own:
        org.sessions.lift_limit(user_id)
    elif policy.switched_on(
        org.store,
        *("SecuritySettings", "Security", "sessionSettings", "terminateUserSessionsWhenAdminResetsPassword"),
    ):
        org.sessions.end_user(user_id)


def _self_resets(org: Org) -> bool:
    """SecuritySettings.passwordPolicies.enableSetPasswordInApi; a switch decides for orgs that never said."""
    said = policy.setting(org.store, "SecuritySettings", "Security", "passwordPolicies") or {}
    allowed = said.get("enableSetPasswordInApi")
    if allowed is None:
        return not switched(org.store, "self_reset_needs_setting")
    return str(allowed).lower() == "true"


def _refused(message: str) -> SalesforceError:
    return SalesforceError(403, "INSUFFICIENT_ACCESS", message)
