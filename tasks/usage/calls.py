"""
From one row of an event log file to the call it tells of.

Columns by event type: Object Reference, EventLogFile Supported Event Types. The same REST call stands in RestApi and in
ApiTotalUsage, the same SOAP call in API and in ApiTotalUsage.
"""

from collections.abc import Mapping
from datetime import datetime

from tasks.usage.model import Call, Operation
from tasks.usage.soql import reads

Row = Mapping[str, str | None]
DETAILED = ("RestApi", "API", "BulkApi2", "BulkApi")
SUMMARY = "ApiTotalUsage"
KINDS = (*DETAILED, SUMMARY)

_BY_METHOD = {
    "GET": Operation.READ,
    "HEAD": Operation.READ,
    "POST": Operation.CREATE,
    "PUT": Operation.EDIT,
    "PATCH": Operation.EDIT,
    "DELETE": Operation.DELETE,
}
_BY_SOAP = {
    "query": Operation.READ,
    "queryall": Operation.READ,
    "querymore": Operation.READ,
    "retrieve": Operation.READ,
    "search": Operation.READ,
    "describesobject": Operation.READ,
    "describesobjects": Operation.READ,
    "describelayout": Operation.READ,
    "getupdated": Operation.READ,
    "getdeleted": Operation.READ,
    "create": Operation.CREATE,
    "update": Operation.EDIT,
    "upsert": Operation.UPSERT,
    "delete": Operation.DELETE,
    "undelete": Operation.DELETE,
    "merge": Operation.DELETE,
}
_BY_JOB = {
    "query": Operation.READ,
    "queryall": Operation.READ,
    "insert": Operation.CREATE,
    "update": Operation.EDIT,
    "upsert": Operation.UPSERT,
    "delete": Operation.DELETE,
    "harddelete": Operation.HARD_DELETE,
}
_MISSING_RIGHT = (
    "INSUFFICIENT_ACCESS",
    "INSUFFICIENT ACCESS",
    "INVALID_FIELD",
    "INVALID_TYPE",
    "NO SUCH COLUMN",
)
"""What refusals for want of a right say (REST API guide, status codes and error responses)."""
_READING = ("/query", "/queryall", "/search", "/parameterizedsearch", "/describe")


def call_of(kind: str, row: Row) -> Call | None:
    """None where the row names no object: a login, a list of limits, a composite whose parts are rows of their own."""
    sobject = _cell(row, "ENTITY_TYPE") or _cell(row, "ENTITY_NAME")
    query = reads(_cell(row, "QUERY"))
    if query is not None:
        return Call(operation=Operation.READ, sobject=query[0], fields=query[1])
    if not sobject:
        return None
    return Call(operation=_operation(kind, row), sobject=sobject)


def succeeded(row: Row) -> bool:
    """Every type says it in a way of its own; a row that does not say it tells of a call that was answered."""
    status = _cell(row, "STATUS_CODE")
    if status.isdigit() and int(status) >= 400:
        return False
    if _cell(row, "JOB_STATUS").lower() == "failed" or _all_refused(row):
        return False
    return _cell(row, "REQUEST_STATUS") not in ("F", "A") and _cell(row, "SUCCESS") not in ("0", "false")


def _all_refused(row: Row) -> bool:
    """A bulk job of which no record was taken; the job itself ends well."""
    done, refused = (_cell(row, name) for name in ("RECORDS_PROCESSED", "RECORDS_FAILED"))
    return done.isdigit() and refused.isdigit() and 0 < int(done) <= int(refused)


def failed(row: Row) -> bool:
    """Refused for what was asked, or for want of a right: no outage, no limit, no expired session."""
    status = _cell(row, "STATUS_CODE")
    return status in ("400", "403", "404") if status else not succeeded(row)


def forbidden(row: Row) -> bool:
    return _cell(row, "STATUS_CODE") == "403" or _cell(row, "REQUEST_STATUS") == "A"


def names_a_right(row: Row) -> bool:
    """Whether the log itself says that access was missing; many rows leave the text empty."""
    said = " ".join(_cell(row, name) for name in ("EXCEPTION_MESSAGE", "MESSAGE", "ERROR_MESSAGE")).upper()
    return any(code in said for code in _MISSING_RIGHT)


def moment_of(row: Row) -> datetime | None:
    """The derived stamp; the other one's fraction is not zero-padded."""
    text = _cell(row, "TIMESTAMP_DERIVED")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def address_of(row: Row) -> str:
    """Empty where the log names none; Salesforce's own calls carry words instead."""
    address = _cell(row, "CLIENT_IP")
    return "" if " " in address else address


def user_of(row: Row) -> str:
    """The first 15 characters of the user's id, which is all that some types have."""
    return (_cell(row, "USER_ID") or _cell(row, "USER_ID_DERIVED"))[:15]


def family_of(kind: str, row: Row) -> str:
    """The detailed type in which a row of the summary stands again."""
    if kind != SUMMARY:
        return kind
    family = _cell(row, "API_FAMILY").upper()
    return {"REST": "RestApi", "SOAP": "API", "BULK": "BulkApi2"}.get(family, SUMMARY)


def _operation(kind: str, row: Row) -> Operation:
    if kind in ("BulkApi2", "BulkApi"):
        return _BY_JOB.get(_cell(row, "OPERATION_TYPE").lower(), Operation.OTHER)
    if kind == "API":
        return _BY_SOAP.get(_cell(row, "METHOD_NAME").lower(), Operation.OTHER)
    if kind == SUMMARY and _cell(row, "API_FAMILY").upper() == "SOAP":
        return _BY_SOAP.get(_cell(row, "API_RESOURCE").lower(), Operation.OTHER)
    method = (_cell(row, "METHOD") or _cell(row, "HTTP_METHOD")).upper()
    path = (_cell(row, "URI") or _cell(row, "API_RESOURCE")).partition("?")[0].rstrip("/").lower()
    if path.endswith(_READING):
        return Operation.READ
    if "/jobs/" in path or _is_composite(path):
        # A job's own rows, or those of the parts, say what was done.
        return Operation.OTHER
    found = _BY_METHOD.get(method, Operation.OTHER)
    if found is Operation.EDIT and _by_external_id(path, _cell(row, "ENTITY_NAME")):
        return Operation.UPSERT
    return found


def _is_composite(path: str) -> bool:
    return path.endswith(("/composite", "/composite/batch", "/composite/graph"))


def _by_external_id(path: str, sobject: str) -> bool:
    """`…/sobjects/Account/External_Id__c/42` and `…/composite/sobjects/Account/External_Id__c`."""
    _, found, rest = path.partition(f"/sobjects/{sobject.lower()}/")
    parts = rest.split("/")
    return bool(found) and (len(parts) > 1 or "/composite/" in path)


def _cell(row: Row, name: str) -> str:
    """Cells may come quoted twice."""
    return (row.get(name) or "").strip('"')
