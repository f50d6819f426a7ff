"""Grants for people."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tasks.access.model import Grant, Swept

_SHOWN = 50


def markdown(grants: Sequence[Grant], swept: Iterable[Swept], now: datetime) -> str:
    """The latest grants, and what nobody granted."""
    lines = [
        "# Just-in-time access",
        "",
        "| Grant | State | Set | Who | Org | Until | Approved by | Why |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for grant in grants[:_SHOWN]:
        place = grant.request.place
        until = f"{grant.end:%Y-%m-%d %H:%M} UTC" if grant.end else ""
        lines.append(
            f"| {grant.id[:8]} | {grant.state(now).value} | {place.permission_set} | {place.username} | {place.org} "
            f"| {until} | {grant.approver or ''} | {_cell(grant.request.reason)} |"
        )
    strays = [stray for each in swept for stray in each.strays]
    if strays:
        lines += ["", "## Without a grant", "", *(f"* {stray.place}" for stray in strays)]
    return "\n".join(lines)


def text(grants: Sequence[Grant], now: datetime) -> str:
    """For a terminal."""
    lines = []
    for grant in grants:
        end = f"until {grant.end:%Y-%m-%d %H:%M}" if grant.end else f"{grant.request.hours:g} h asked"
        lines.append(f"{grant.id}  {grant.state(now).value:<9}  {end:<22}  {grant.request.place}")
        by = f", approved by {grant.approver}" if grant.approver else ""
        lines.append(
            f"{'':<18}{grant.request.reason} ({grant.request.requester}{by}){f': {grant.refused}' if grant.refused else ''}"
        )
    return "\n".join(lines)


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")
