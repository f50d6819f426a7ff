"""Alerts as Prefect events, so that automations can react to them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import JsonValue

from tasks.alerts.model import Opened, Telling
from tasks.ledger.model import Entry, EntryKind
from tasks.value import Value

SEVERITY, ACTOR = "zero-trust.severity", "zero-trust.actor"
"""
Labels by which automations choose alerts: the severity, and `known` where a fact names who it is about and nobody else decides
about containing them.
"""
_DECIDED = "anomaly"
"""Kind of the alerts of detect-anomalies, which contains by itself, and only where detections agree: one alert is not enough."""
_ACTORS = ("username", "user")
_NAMES = {
    EntryKind.ALERT: "opened",
    EntryKind.ALERT_UPDATE: "updated",
    EntryKind.ACKNOWLEDGEMENT: "acknowledged",
    EntryKind.RESOLUTION: "resolved",
}


class AlertEvent(Value):
    """One event. `id` follows from the ledger's entry: Prefect keeps what is emitted twice once."""

    id: UUID
    event: str
    occurred: datetime
    resource: dict[str, str]
    related: tuple[dict[str, str], ...]
    payload: dict[str, JsonValue]


def event_of(entry: Entry, alerts: Mapping[str, Opened]) -> AlertEvent | None:
    """
    `zero-trust.alert.<what happened>` about `zero-trust.org.<alias>`, or `zero-trust.estate` for what is about no single org.
    None for deliveries that are no escalation. `alerts` by id.
    """
    what = _NAMES.get(entry.kind)
    if what is None and any(f":{Telling.ESCALATED}:" in str(mark) for mark in _marks(entry)):
        what = "escalated"
    opened = alerts.get(str(entry.body.get("id")))
    if what is None or opened is None:
        return None
    alert = opened.alert
    facts = {fact.key: fact.text for fact in alert.facts}
    actor = next((facts[key] for key in _ACTORS if facts.get(key)), "")
    kind = alert.key.partition(":")[0]
    org = "zero-trust.estate" if alert.is_about_every_org else f"zero-trust.org.{alert.org}"
    return AlertEvent(
        id=uuid5(NAMESPACE_URL, f"bulkhead:{entry.hash}"),
        event=f"zero-trust.alert.{what}",
        occurred=entry.at,
        resource={
            "prefect.resource.id": org,
            "prefect.resource.name": alert.place,
            SEVERITY: alert.severity.value,
            **({ACTOR: "known"} if actor and kind != _DECIDED else {}),
        },
        related=({"prefect.resource.id": f"zero-trust.alert.{opened.id}", "prefect.resource.role": "alert"},),
        payload={
            "alert": opened.id,
            "key": alert.key,
            "kind": kind,
            "org": alert.org,
            "severity": alert.severity.value,
            "title": alert.title,
            "actor": actor,
            "containment": None if alert.containment is None else alert.containment.value,
            "by": entry.actor,
        },
    )


def _marks(entry: Entry) -> list[JsonValue]:
    marks = entry.body.get("marks", []) if entry.kind is EntryKind.DELIVERY else []
    assert isinstance(marks, list)
    return marks
