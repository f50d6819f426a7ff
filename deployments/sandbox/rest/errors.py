"""Errors of the data API: an HTTP status and a list of {message, errorCode, fields}."""

from collections.abc import Sequence
from typing import Any

from deployments.sandbox.errors import SalesforceError
from deployments.sandbox.wire import Reply, json_reply

STATUS = {
    "INVALID_SESSION_ID": 401,
    "INVALID_AUTH_HEADER": 401,
    "API_DISABLED_FOR_ORG": 403,
    "API_CURRENTLY_DISABLED": 403,
    "INSUFFICIENT_ACCESS": 403,
    "INVALID_OPERATION_WITH_EXPIRED_PASSWORD": 403,
    "MUTUAL_AUTHENTICATION_FAILED": 403,
    "REQUEST_LIMIT_EXCEEDED": 403,
    "FUNCTIONALITY_NOT_ENABLED": 403,
    "CANNOT_DISABLE_LAST_ADMIN": 400,
    "NOT_FOUND": 404,
    "ENTITY_IS_DELETED": 404,
    "METHOD_NOT_ALLOWED": 405,
    "UNSUPPORTED_MEDIA_TYPE": 415,
}
"""HTTP status by error code; every other code is a 400."""


BARE = frozenset({"NOT_FOUND", "METHOD_NOT_ALLOWED", "MALFORMED_QUERY", "INVALID_TYPE", "INVALID_FIELD"})


class ApiError(SalesforceError):
    """A refusal made at the wire; its status follows from its code."""

    def __init__(self, code: str, message: str, fields: Sequence[str] = ()) -> None:
        super().__init__(STATUS.get(code, 400), code, message, tuple(fields))


def error_reply(error: SalesforceError) -> Reply:
    entry: dict[str, Any] = {"message": error.message, "errorCode": error.code}
    # Refused writes carry the list even when it is empty; the wire's own refusals do not.
    if error.fields or not (isinstance(error, ApiError) or error.code in BARE):
        entry["fields"] = list(error.fields)
    return json_reply(error.status, [entry])


def not_found() -> ApiError:
    return ApiError("NOT_FOUND", "The requested resource does not exist")


def not_allowed(method: str, allowed: str) -> ApiError:
    return ApiError("METHOD_NOT_ALLOWED", f"HTTP Method '{method}' not allowed. Allowed are {allowed}")
