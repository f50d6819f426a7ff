"""Real-time events as rows of the stored event objects (Real-Time Event Monitoring, event storage)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from deployments.sandbox.schema import Schema

Noted = tuple[str, str, dict[str, Any]]


def stored_rows(noted: Iterable[Noted], schema: Schema) -> dict[str, list[dict[str, object]]]:
    """Rows by object: queries in ApiEvent, logins in LoginEvent, changed permissions in PermissionSetEventStore."""
    found: dict[str, list[dict[str, object]]] = defaultdict(list)
    for number, (at, kind, facts) in enumerate(noted):
        identifier = str(uuid5(NAMESPACE_URL, f"{at}/{number}/{facts.get('user_id')}/{kind}"))
        row: dict[str, object] = {
            "EventDate": at,
            "EventIdentifier": identifier,
            "UserId": facts.get("user_id"),
            "Username": facts.get("user"),
            "SourceIp": facts.get("source_ip"),
        }
        if kind == "request" and facts.get("soql") and facts["status"] < 400:
            row |= {
                "ApiType": facts["api"].upper(), "Operation": "Query", "Query": facts["soql"],
                "QueriedEntities": facts.get("entity"), "RowsReturned": facts.get("rows") or 0,
                "RowsProcessed": facts.get("rows") or 0, "SessionKey": facts.get("session_id"), "Client": facts.get("client"),
                "ElapsedTime": facts.get("milliseconds"),
            }  # fmt: skip
            found["ApiEvent"].append(row)
        elif (
            kind == "request"
            and facts.get("api") == "bulk2"
            and facts.get("rows")
            and facts["method"] == "GET"
        ):
            row |= {"Query": facts.get("soql"), "SessionKey": facts.get("session_id")}
            found["BulkApiResultEventStore"].append(row)
        elif kind == "Login":
            row |= {
                "Application": facts.get("application"), "LoginType": facts.get("login_type"), "Status": facts.get("status_text"),
                "LoginUrl": facts.get("LOGIN_URL"), "HttpMethod": "POST", "TlsProtocol": facts.get("TLS_PROTOCOL"),
                "UserType": "Standard",
            }  # fmt: skip
            found["LoginEvent"].append(row)
        elif kind == "PermissionUpdate":
            row |= {"Operation": facts.get("UPDATE_TYPE"), "PermissionType": facts.get("PERMISSION_TYPE")}
            found["PermissionSetEventStore"].append(row)
    return {
        sobject: [
            {name: value for name, value in row.items() if name in schema[sobject].fields} for row in rows
        ]
        for sobject, rows in found.items()
        if schema.get(sobject) is not None
    }
