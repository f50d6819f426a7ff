"""The credential calendar for people: rows of a table, and what has to be done now."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tasks.credentials.model import CredentialAge
from tasks.credentials.schedule import state, told


def calendar_rows(lines: Iterable[CredentialAge], now: datetime) -> list[dict[str, Any]]:
    """One row per credential."""
    return [
        {
            "due": a.due.isoformat() if a.due else "not known",
            "state": state(a, now),
            "org": a.org,
            "kind": a.kind.value,
            "credential": a.name,
            "since": f"{a.since:%Y-%m-%d}" if a.since else "unknown",
            "age in days": a.age.days if a.age is not None else "unknown",
            "expires": a.expires.isoformat() if a.expires else "not stated",
            "used by": ", ".join(a.used_by),
        }
        for a in lines
    ]


def calendar_markdown(lines: Sequence[CredentialAge], unread: Mapping[str, str], now: datetime) -> str:
    """What is overdue or due soon; the table beside it has all of them."""
    text = ["# Credentials that are due", "", f"On {now:%Y-%m-%d}: {told(lines, now)}.", ""]
    text += [f"> {org} is not in it: {_flat(why)}" for org, why in sorted(unread.items())]
    for word, heading in (("overdue", "Overdue"), ("soon", "Due within 30 days")):
        found = [line for line in lines if state(line, now) == word]
        if found:
            text += [f"## {heading}", "", *(_item(line) for line in found), ""]
    return "\n".join(text)


def _item(line: CredentialAge) -> str:
    used = f"; used by {', '.join(line.used_by)}" if line.used_by else ""
    return f"* **{line.due}** {line.org}: {line.kind.value} {_flat(line.name)}, {line.why}{_flat(used)}"


def _flat(words: str) -> str:
    return " ".join(words.replace("|", "\\|").replace("`", "'").replace("<", "&lt;").split())
