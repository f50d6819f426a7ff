"""
Ledger entries as OCSF 1.5.0 events (schema.ocsf.io): alerts as Detection Finding (2004), findings as Compliance Finding
(2003), all else as Entity Management (3004).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tasks.alerts.model import EVERY_ORG, Alert, Severity
from tasks.ledger.model import Entry, EntryKind
from tasks.streams.model import Sighting

VERSION = "1.5.0"
_LONGEST = 4_000
"""Characters of a body. Receivers of syslog should take messages of 8,192 octets (RFC 5425 section 4.3.1)."""
_CREATE, _UPDATE, _CLOSE = 1, 2, 3
_NAMES = {_CREATE: "Create", _UPDATE: "Update", _CLOSE: "Close"}
_ALERTS = {
    EntryKind.ALERT: _CREATE,
    EntryKind.ALERT_UPDATE: _UPDATE,
    EntryKind.ACKNOWLEDGEMENT: _UPDATE,
    EntryKind.RESOLUTION: _CLOSE,
}
_STATUSES = {
    EntryKind.ALERT: (1, "New"),
    EntryKind.ALERT_UPDATE: (1, "New"),
    EntryKind.ACKNOWLEDGEMENT: (2, "In Progress"),
    EntryKind.RESOLUTION: (4, "Resolved"),
}
_SEVERITIES = {
    Severity.INFO: (1, "Informational"),
    Severity.WARNING: (3, "Medium"),
    Severity.ERROR: (4, "High"),
    Severity.CRITICAL: (5, "Critical"),
}
_WORDS = {"low": (2, "Low"), "medium": (3, "Medium"), "high": (4, "High"), "critical": (5, "Critical")}
_INFORMATIONAL = (1, "Informational")
_VERBS = {
    # Entity Management's own numbers, where the word of the ledger says what became of something.
    EntryKind.PLAN: 1,
    EntryKind.GRANT: 1,
    EntryKind.KEY: 1,
    EntryKind.REQUEST: 1,
    EntryKind.END: 4,
    EntryKind.REVOCATION: 4,
    EntryKind.ARCHIVE: 4,
}
_ENTITY = {1: "Create", 3: "Update", 4: "Delete"}


def ocsf_of(entry: Entry, alerts: Mapping[str, Alert], product: str) -> dict[str, Any]:
    """
    One event for each entry. `metadata.uid` is the entry's hash, the same each time it is sent, so that a receiver can drop
    repeats; `metadata.sequence` its place in the ledger: a gap there is a loss. `alerts` by id: what the entry does not say.
    `product` is our version. Bodies are sent as they are in the ledger, which holds no secrets and nobody's data; a longer one
    than syslog receivers take is left out and its size said: `metadata.uid` finds it in the ledger.
    """
    if entry.kind in _ALERTS:
        found = entry.body.get("alert")
        alert = Alert.model_validate(found) if found else alerts.get(str(entry.body.get("id")))
        return _detection(entry, alert, product)
    if entry.kind is EntryKind.FINDING:
        return _compliance(entry, Sighting.model_validate(entry.body["sighting"]), product)
    return _entity(entry, product)


def _detection(entry: Entry, alert: Alert | None, product: str) -> dict[str, Any]:
    activity = _ALERTS[entry.kind]
    severity = (0, "Unknown") if alert is None else _SEVERITIES[alert.severity]
    event = _event(
        2004, "Detection Finding", 2, "Findings", activity, _NAMES[activity], severity, entry, product
    )
    title = entry.subject if alert is None else alert.title
    event["finding_info"] = {
        "uid": str(entry.body.get("id")),
        "title": title,
        "types": [entry.subject.partition(":")[0]],
    }
    event |= _state(_STATUSES[entry.kind])
    event["message"] = title
    event["unmapped"] = {"key": entry.subject}
    if alert is not None:
        event["finding_info"]["desc"] = (alert.detail or title)[:_LONGEST]
        event["remediation"] = {"desc": alert.next_step or "See the alert."}
        org = "estate" if alert.org == EVERY_ORG else alert.org
        event["resources"] = [{"uid": f"org/{org}", "name": org, "type": "org", "namespace": org}]
        event["evidences"] = [{"data": {fact.key: fact.text for fact in alert.facts}}] if alert.facts else []
        event["unmapped"]["containment"] = None if alert.containment is None else alert.containment.value
    if entry.kind is EntryKind.ACKNOWLEDGEMENT:
        event["comment"] = f"acknowledged by {entry.actor}"
    return event


def _compliance(entry: Entry, seen: Sighting, product: str) -> dict[str, Any]:
    activity = _CLOSE if seen.over else _CREATE
    severity = _WORDS.get(seen.severity, _INFORMATIONAL)
    event = _event(
        2003, "Compliance Finding", 2, "Findings", activity, _NAMES[activity], severity, entry, product
    )
    event["finding_info"] = {
        "uid": seen.uid,
        "title": f"{seen.control} {seen.resource}",
        "desc": seen.summary,
    }
    status = (1, "Pass") if seen.over else (3, "Fail")
    event["compliance"] = {"control": seen.control, "status_id": status[0], "status": status[1]}
    event["remediation"] = {"desc": seen.remediation}
    event["resources"] = [
        {
            "uid": f"{seen.org}/{seen.resource}",
            "name": seen.resource,
            "type": seen.resource.partition(":")[0],
            "namespace": seen.org,
        }
    ]
    event["message"] = seen.summary
    return event | _state((4, "Resolved") if seen.over else (1, "New"))


def _entity(entry: Entry, product: str) -> dict[str, Any]:
    activity = _VERBS.get(entry.kind, 3)
    event = _event(
        3004,
        "Entity Management",
        3,
        "Identity & Access Management",
        activity,
        _ENTITY[activity],
        _INFORMATIONAL,
        entry,
        product,
    )
    event["entity"] = {"uid": entry.subject, "name": entry.subject, "type": entry.kind.value}
    event["actor"] = {"user": {"name": entry.actor}}
    event["message"] = f"{entry.kind.value}: {entry.subject}"
    size = len(json.dumps(entry.body))
    body: dict[str, Any] = {"body": entry.body} if size <= _LONGEST else {"body_left_out": size}
    event["unmapped"] = {**body, "policy": entry.policy}
    return event | _state((1, "Success"))


def _event(
    number: int,
    name: str,
    category: int,
    category_name: str,
    activity: int,
    activity_name: str,
    severity: tuple[int, str],
    entry: Entry,
    product: str,
) -> dict[str, Any]:
    return {
        "activity_id": activity,
        "activity_name": activity_name,
        "category_uid": category,
        "category_name": category_name,
        "class_uid": number,
        "class_name": name,
        "type_uid": number * 100 + activity,
        "type_name": f"{name}: {activity_name}",
        "severity_id": severity[0],
        "severity": severity[1],
        "time": _milliseconds(entry.at),
        "metadata": {
            "version": VERSION,
            "uid": entry.hash,
            "sequence": entry.sequence,
            "log_name": "bulkhead-ledger",
            "original_time": entry.at.isoformat(),
            "product": {"name": "Bulkhead", "vendor_name": "Bulkhead", "version": product},
        },
    }


def _state(status: tuple[int, str]) -> dict[str, Any]:
    return {"status_id": status[0], "status": status[1]}


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
