"""Webhooks that a receiver can trust, after the Standard Webhooks specification (standardwebhooks.com, version 1)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tasks.alerts.model import Letter
from tasks.alerts.words import action, head, links

REPLAY_WINDOW = timedelta(minutes=5)
_SHORTEST_KEY = 24
"""Bytes, as the specification has it."""


def webhook_body(letter: Letter) -> dict[str, Any]:
    """The alert as data. `type` is `alert.opened`, `.updated`, `.acknowledged`, `.escalated` or `.resolved`; times are UTC."""
    alert = letter.alert
    return {
        "type": f"alert.{letter.what.value}",
        "timestamp": letter.at.isoformat(),
        "data": {
            "id": letter.id,
            "revision": letter.revision,
            "headline": head(letter),
            **alert.model_dump(mode="json", exclude={"links"}),
            "action": None if alert.containment is None else action(alert.containment),
            "links": {link.label: link.url for link in links(alert)},
            "acknowledged_by": letter.acknowledged_by or None,
        },
    }


def key_of(text: str) -> bytes:
    """Base64, perhaps after `whsec_`. Raises ValueError for what is none or shorter than 24 bytes."""
    key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    if len(key) < _SHORTEST_KEY:
        raise ValueError(f"a webhook key has {_SHORTEST_KEY} bytes or more")
    return key


def signed_headers(name: str, body: bytes, key: bytes, at: datetime) -> dict[str, str]:
    """
    `name` is the message's own, the same with each try.

    A receiver computes HMAC-SHA256 over `webhook-id`, a dot, `webhook-timestamp`, a dot and the body as it came, with the
    decoded key; compares it in constant time with each `v1,<base64>` of `webhook-signature`; refuses a timestamp more than
    five minutes from its own clock; and forgets a `webhook-id` that it has seen only after that window, so that a recorded
    message cannot be played again. `is_genuine` does the first two. A message whose answer was lost comes again under the
    same id with a new timestamp: answer 2xx and do nothing.
    """
    seconds = int(at.timestamp())
    return {
        "webhook-id": name,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{_signature(name, seconds, body, key)}",
    }


def is_genuine(headers: Mapping[str, str], body: bytes, key: bytes, now: datetime) -> bool:
    """What a receiver asks; header names in lower case."""
    try:
        name, seconds = headers["webhook-id"], int(headers["webhook-timestamp"])
        offered = headers["webhook-signature"].split()
    except (KeyError, ValueError):
        return False
    if abs(now.timestamp() - seconds) > REPLAY_WINDOW.total_seconds():
        return False
    right = f"v1,{_signature(name, seconds, body, key)}".encode()
    return any(hmac.compare_digest(right, each.encode()) for each in offered)


def _signature(name: str, seconds: int, body: bytes, key: bytes) -> str:
    signed = f"{name}.{seconds}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
