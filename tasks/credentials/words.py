"""The credential calendar for people: rows of a table, and what has to be done now."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tasks.credentials.model import CredentialAge
from tasks.credentials.roads import RouteWay
from tasks.credentials.schedule import state, told

SHOWN = 3
"""Users of a credential that people see at once; a list of twenty is read by nobody."""


def calendar_rows(
    lines: Iterable[CredentialAge], now: datetime, shown: int | None = None
) -> list[dict[str, Any]]:
    """One row per credential; with `shown` no more of its users than that, and how many there are besides."""
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
            "used by": _users(a, shown),
        }
        for a in lines
    ]


def calendar_markdown(
    lines: Sequence[CredentialAge], unread: Mapping[str, str], now: datetime, ways: Sequence[RouteWay] = ()
) -> str:
    """What is overdue or due soon; the table beside it has all of them. Then what people renew, and why we do not."""
    text = ["# Credentials that are due", "", f"On {now:%Y-%m-%d}: {told(lines, now)}.", ""]
    text += [f"> {org} is not in it: {_flat(why)}" for org, why in sorted(unread.items())]
    for word, heading in (("overdue", "Overdue"), ("soon", "Due within 30 days")):
        found = [line for line in lines if state(line, now) == word]
        if found:
            text += [f"## {heading}", "", *(_item(line) for line in found), ""]
    if ways:
        text += ["## Routes whose credential is not rotated by itself", ""]
        text += [
            f"* **{each.route}** ({_flat(each.credential)}), renewed by {each.way.road}: {each.way.first or each.way.why}."
            for each in ways
        ]
        text.append("")
    return "\n".join(text)


def _users(line: CredentialAge, shown: int | None) -> str:
    more = 0 if shown is None else max(len(line.used_by) - shown, 0)
    named = ", ".join(line.used_by[: len(line.used_by) - more])
    return f"{named} and {more} more" if more else named


def _item(line: CredentialAge) -> str:
    used = f"; used by {_users(line, SHOWN)}" if line.used_by else ""
    return f"* **{line.due}** {line.org}: {line.kind.value} {_flat(line.name)}, {line.why}{_flat(used)}"


def _flat(words: str) -> str:
    return " ".join(words.replace("|", "\\|").replace("`", "'").replace("<", "&lt;").split())
