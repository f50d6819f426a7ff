"""What a client reads when trouble strikes, worded as the door it knocked at words its errors."""

from email.utils import format_datetime
from html import escape
from typing import Any

from deployments.sandbox.faults.rules import Fault
from deployments.sandbox.wire import Reply, json_reply

TOTAL = ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
LONG = ("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.")
_MAINTENANCE = (
    b"<!DOCTYPE html><html><head><title>Server Unavailable</title></head><body><h1>We are down for maintenance."
    b"</h1><p>Sorry for the inconvenience. We'll be back shortly.</p></body></html>"
)
_HTML = "text/html; charset=UTF-8"
_SOAP = (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:sf="{space}"><soapenv:Body><soapenv:Fault><faultcode>sf:{code}</faultcode>'
    "<faultstring>{code}: {message}</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>"
)
_BULK = (
    '<?xml version="1.0" encoding="UTF-8"?><error xmlns="http://www.force.com/2009/06/asyncapi/dataload">'
    "<exceptionCode>{code}</exceptionCode><exceptionMessage>{message}</exceptionMessage></error>"
)


def refusal(fault: Fault, path: str) -> Reply | None:
    """The reply of a rule that answers by itself; None for rules that let the request through."""
    options = fault.options
    if fault.kind == "throttled":
        reply = worded(path, 429, "REQUEST_LIMIT_EXCEEDED", "Too many requests. Try again later.")
        reply.headers["Retry-After"] = str(options["retry_after"])
        return reply
    if fault.kind in ("unavailable", "maintenance"):
        return _unavailable(fault)
    if fault.kind == "lock":
        record = f": {options['record']}" if options["record"] else ""
        message = f"unable to obtain exclusive access to this record or 1 records{record}"
        return worded(path, 400, "UNABLE_TO_LOCK_ROW", message, fields=[])
    if fault.kind == "limit":
        return worded(path, 403, *TOTAL)
    if fault.kind == "query_cursor_lost":
        return worded(path, 400, "INVALID_QUERY_LOCATOR", "invalid query locator")
    if fault.kind == "error":
        return worded(path, options["status"], options["code"], options["message"])
    return None


def _unavailable(fault: Fault) -> Reply:
    reply = Reply(503, _MAINTENANCE, _HTML)
    if fault.until is not None:
        reply.headers["Retry-After"] = format_datetime(fault.until, usegmt=True)
    elif fault.options["retry_after"]:
        reply.headers["Retry-After"] = str(fault.options["retry_after"])
    return reply


def worded(path: str, status: int, code: str, message: str, **more: Any) -> Reply:
    """One error, said as the room of this path says errors."""
    if path.startswith("/services/Soap/"):
        return _soap(path, code, message)
    if path.startswith("/services/async/"):
        text = _BULK.format(code=_camel(code), message=escape(message))
        return Reply(status, text.encode(), "application/xml;charset=UTF-8")
    if path.startswith("/services/oauth2/"):
        # The token endpoint has one answer for all that is its own fault.
        return json_reply(status, {"error": "unknown_error", "error_description": "retry your request"})
    return json_reply(status, [{"message": message, "errorCode": code, **more}])


def _soap(path: str, code: str, message: str) -> Reply:
    letter = path.removeprefix("/services/Soap/")[:1]
    space = {
        "m": "http://soap.sforce.com/2006/04/metadata",
        "c": "urn:fault.enterprise.soap.sforce.com",
    }.get(letter, "urn:fault.partner.soap.sforce.com")
    text = _SOAP.format(space=space, code=escape(code), message=escape(message))
    return Reply(500, text.encode(), "text/xml;charset=UTF-8")


def _camel(code: str) -> str:
    """The asynchronous API's spelling: ExceededQuota, not EXCEEDED_QUOTA."""
    known = {"REQUEST_LIMIT_EXCEEDED": "ExceededQuota", "UNABLE_TO_LOCK_ROW": "ServerUnavailable"}
    return known.get(code, "".join(word.title() for word in code.split("_")))
