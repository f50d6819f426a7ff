"""The credential calendar as an iCalendar file (RFC 5545), for the calendars that people look at."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from tasks.credentials.model import CredentialAge

PRODUCT = "-//Bulkhead//credential calendar//EN"
_OCTETS = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def icalendar(lines: Iterable[CredentialAge], now: datetime) -> str:
    """
    One event of a whole day for each credential that is due on a day; its UID stays the same from one file to the next, so
    that a calendar moves the event instead of adding another one.
    """
    content = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for line in lines:
        if line.due is not None:
            content += _event(line, now)
    content.append("END:VCALENDAR")
    return "".join(f"{_folded(each)}\r\n" for each in content)


def _event(line: CredentialAge, now: datetime) -> list[str]:
    assert line.due is not None, "who asks has looked"
    name = f"{line.org}/{line.kind.value}/{line.name}"
    told = [f"{line.kind.value} {line.name} of {line.org}: {line.why}."]
    told += [f"Used by {', '.join(line.used_by)}."] if line.used_by else []
    return [
        "BEGIN:VEVENT",
        f"UID:{hashlib.sha256(name.encode()).hexdigest()[:32]}@bulkhead",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{line.due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{line.due + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(f'Renew {line.kind.value} {line.name} ({line.org})')}",
        f"DESCRIPTION:{_text(chr(10).join(told))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(words: str) -> str:
    """RFC 5545 section 3.3.11."""
    return words.translate(_ESCAPED)


def _folded(line: str) -> str:
    """No line of more than 75 octets (section 3.1), and no character cut in two."""
    parts, current, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _OCTETS:
            parts.append(current)
            # The blank that begins a continued line is one of its octets.
            current, size = "", 1
        current += letter
        size += octets
    return "\r\n ".join([*parts, current])
