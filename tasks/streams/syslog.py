"""Messages as RFC 5424 writes them, framed for TLS as RFC 5425 does."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_FACILITY = 13
"""Log audit (RFC 5424, table 1)."""
_LEVELS = {0: 5, 1: 6, 2: 5, 3: 4, 4: 3, 5: 2, 6: 1}
"""OCSF's severity to that of syslog: Critical is 2, Informational 6; what is unknown is a notice."""
_STRANGE = re.compile(r"[^\x21-\x7e]")
_BOM = b"\xef\xbb\xbf"


def framed(event: Mapping[str, Any], host: str) -> bytes:
    """
    The length in octets, a space, and the message (RFC 5425 section 4.3.1): what a newline inside cannot split. Its text is
    the event as JSON. `host` is who sends it.
    """
    message = syslog_of(event, host)
    return f"{len(message)} ".encode() + message


def syslog_of(event: Mapping[str, Any], host: str) -> bytes:
    """One message: `<PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID SD MSG`, in UTF-8 with its mark (section 6)."""
    priority = _FACILITY * 8 + _LEVELS.get(int(event["severity_id"]), 5)
    at = datetime.fromtimestamp(int(event["time"]) / 1000, UTC)
    moment = f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
    place = event["metadata"]
    data = f'[meta sequenceId="{int(place["sequence"]) % 2_147_483_647 or 1}"]'
    head = (
        f"<{priority}>1 {moment} {_name(host, 255)} bulkhead - {_name(str(event['class_uid']), 32)} {data} "
    )
    text = json.dumps(event, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    return head.encode() + _BOM + text.encode()


def _name(text: str, longest: int) -> str:
    return _STRANGE.sub("-", text)[:longest] or "-"
