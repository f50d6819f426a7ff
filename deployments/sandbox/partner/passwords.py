"""What the SOAP data API does with passwords; a session of an expired password may do these and nothing else."""

from lxml import etree

from deployments.sandbox.identity import password_change
from deployments.sandbox.ids import is_id, to18
from deployments.sandbox.partner import xml
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError
from deployments.sandbox.soap import text_of


def set_password(one: Call, operation: etree._Element) -> str:
    """SetPasswordResult, which says nothing. Raises SalesforceError."""
    password_change.set_to(one.org, one.caller, _user(operation), text_of(operation, "password"))
    return "<result/>"


def change_own(one: Call, operation: etree._Element) -> str:
    """ChangeOwnPasswordResult, which says nothing. Raises SalesforceError."""
    old, new = text_of(operation, "oldPassword"), text_of(operation, "newPassword")
    password_change.change_own(one.org, one.caller, old, new)
    return "<result/>"


def reset(one: Call, operation: etree._Element) -> str:
    """ResetPasswordResult. Raises SalesforceError."""
    fresh = password_change.reset(one.org, one.caller, _user(operation))
    return f"<result>{xml.element('password', fresh)}</result>"


def _user(operation: etree._Element) -> str:
    given = text_of(operation, "userId")
    if not is_id(given):
        raise ApiError("MALFORMED_ID", f"malformed id {given[:40]}", [])
    return to18(given)
