"""From a status, a body or an exception to the error that tells the caller what to do. Pure."""

import re
from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

import requests

from tasks.errors import (
    BadRequest,
    MutualTlsRefused,
    OrgError,
    OrgRefused,
    OrgUnavailable,
    RowLocked,
    SessionExpired,
    Throttled,
    TlsFailure,
)

_CODE = re.compile(r"[A-Za-z0-9_]{1,64}")
_EXPIRED = frozenset({"INVALID_SESSION_ID", "InvalidSessionId"})
_THROTTLED = frozenset({"REQUEST_LIMIT_EXCEEDED", "QUERY_TIMEOUT"})
_REFUSED = frozenset(
    {
        "API_CURRENTLY_DISABLED",
        "API_DISABLED_FOR_ORG",
        "FUNCTIONALITY_NOT_ENABLED",
        "INSUFFICIENT_ACCESS",
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
    }
)
_DOWN = frozenset({"SERVER_UNAVAILABLE", "ORG_IN_MAINTENANCE", "UNKNOWN_EXCEPTION"})
# These 401s are not expiry: a new token would be refused in the same way.
_NOT_EXPIRY = ("not valid for use with the", "not attached to Agent")


def first_error(body: object) -> tuple[str, str]:
    """
    Code and message of a data API error body: a list of objects, one object, or anything else.

    Collections say `statusCode`, plain REST `errorCode`, Bulk `exceptionCode`, OAuth `error`.
    """
    item = body[0] if isinstance(body, list) and body else body
    if not isinstance(item, Mapping):
        return "", ""
    for name in ("errorCode", "statusCode", "exceptionCode", "error"):
        if item.get(name):
            # Anything but a plain code is somebody's text, and texts do not go into errors.
            code = str(item[name]) if _CODE.fullmatch(str(item[name])) else ""
            return code, str(item.get("message") or item.get("error_description") or "")
    return "", ""


def classify(org: str, status: int, body: object, headers: Mapping[str, Any]) -> OrgError:
    """The error for one answer with a status of 300 or more. The message text of the org is not carried on."""
    code, message = first_error(body)
    said = f"the org answered {status}" + (f" {code}" if code else "")
    if code == "MUTUAL_AUTHENTICATION_FAILED":
        return MutualTlsRefused(
            org, said, "Configure the client certificate and port 8443 for this user.", code
        )
    if code in _EXPIRED or status == 401:
        if any(text in message for text in _NOT_EXPIRY):
            return OrgRefused(
                org, said, "The app issues tokens that this API refuses; check its policies.", code
            )
        return SessionExpired(org, said, "A new token is requested.", code)
    if code == "UNABLE_TO_LOCK_ROW":
        return RowLocked(org, said, "Try again in a moment.", code)
    if code in _THROTTLED or status == 429:
        error = Throttled(org, said, "The API limit is reached; wait, or raise the limit.", code)
        error.retry_after = retry_after(headers)
        return error
    if status >= 500 or code in _DOWN:
        return OrgUnavailable(org, said, "Try again later, or look at the org's status page.", code)
    if status == 403 or code in _REFUSED:
        return OrgRefused(org, said, "Grant the scanner the missing right; `bulkhead doctor` names it.", code)
    return BadRequest(
        org, said, "The org lacks this object or field, or its edition has no such feature.", code
    )


def classify_exception(org: str, error: requests.RequestException) -> OrgError:
    """The error for a request that got no answer."""
    text = str(error).lower()
    if isinstance(error, requests.exceptions.SSLError):
        if "certificate has expired" in text:
            return TlsFailure(org, "the server certificate has expired", "Renew it; nothing was sent.")
        if "certificate verify failed" in text:
            return TlsFailure(
                org, "the server certificate is not trusted", "Name the right ca_bundle for this org."
            )
        return TlsFailure(org, "the TLS handshake failed", "Check ca_bundle and the client certificate.")
    if isinstance(error, requests.exceptions.ProxyError):
        return OrgUnavailable(
            org, "the proxy refused or did not answer", "Check the proxy address and its rules."
        )
    if isinstance(error, requests.exceptions.Timeout):
        return OrgUnavailable(org, "no answer in time", "Try again later; check proxy and network.")
    return OrgUnavailable(
        org, "the connection failed", "Check the My Domain address, the proxy and the network."
    )


def retry_after(headers: Mapping[str, Any]) -> timedelta | None:
    value = str(headers.get("Retry-After", ""))
    return timedelta(seconds=int(value)) if value.isdigit() else None


def backoff(attempt: int, random: Random) -> timedelta:
    """Full jitter: between nothing and 0.5 s doubled with each attempt, at most 20 s."""
    return timedelta(seconds=random.uniform(0, min(20.0, 0.5 * 2**attempt)))
