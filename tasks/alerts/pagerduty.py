"""Alerts as events of PagerDuty's Events API v2 (developer.pagerduty.com, Events API v2 overview)."""

from typing import Any

from tasks.alerts.model import Letter, Telling
from tasks.alerts.words import action, lines, links

_SUMMARY = 1_024
_ACTIONS = {Telling.RESOLVED: "resolve", Telling.ACKNOWLEDGED: "acknowledge"}


def pagerduty_event(letter: Letter, routing_key: str) -> dict[str, Any]:
    """
    One incident for each alert: its id is the `dedup_key`, so the same event twice is one. A trigger after a resolve would
    open another incident under the same key, so the outbox sends none.
    """
    event: dict[str, Any] = {
        "routing_key": routing_key,
        "event_action": _ACTIONS.get(letter.what, "trigger"),
        "dedup_key": letter.id,
    }
    if event["event_action"] != "trigger":
        return event
    alert = letter.alert
    prefix = {Telling.ESCALATED: "Nobody has acknowledged: "}.get(letter.what, "")
    details: dict[str, Any] = {fact.key: fact.text for fact in alert.facts}
    if alert.containment is not None:
        details["action"] = action(alert.containment)
    event["client"] = "Bulkhead"
    event["links"] = [{"href": link.url, "text": link.label} for link in links(alert)]
    event["payload"] = {
        "summary": f"{prefix}{alert.title} [{alert.place}]"[:_SUMMARY],
        "source": alert.place,
        "severity": alert.severity.value,
        "timestamp": letter.at.isoformat(),
        "class": alert.key.partition(":")[0],
        "custom_details": {
            **details,
            "detail": alert.detail,
            "next_step": alert.next_step,
            "key": alert.key,
            "text": "\n".join(f"{label}: {text}" if label else text for label, text in lines(letter)),
        },
    }
    return event
