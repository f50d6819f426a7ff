"""Grants for people."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tasks.access.model import Grant, Review, Swept
from tasks.access.review import words

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
            f"| {until} | {_cell(_approved(grant))} | {_cell(grant.request.reason)} |"
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
        by = f", approved by {_approved(grant)}" if grant.approver else ""
        longer = f", extends {grant.request.extends[:8]}" if grant.request.extends else ""
        lines.append(
            f"{'':<18}{grant.request.reason} ({grant.request.requester}{by}{longer}){f': {grant.refused}' if grant.refused else ''}"
        )
        if grant.review is not None:
            lines.append(f"{'':<18}{used(grant.review)}{_but(grant.review)}")
    return "\n".join(lines)


def reviews(grants: Sequence[Grant]) -> str:
    """What grants were used for."""
    lines = [
        "# What access was used for",
        "",
        "| Grant | Set | Who | Org | Used | Objects | Sign-ins | Not seen |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for grant in grants:
        found, place = grant.review, grant.request.place
        if found is None:
            continue
        lines.append(
            f"| {grant.id[:8]} | {place.permission_set} | {place.username} | {place.org} | {used(found)} "
            f"| {', '.join(found.objects)} | {'unknown' if found.sign_ins is None else found.sign_ins} "
            f"| {_cell('; '.join(found.unseen))} |"
        )
    note = "Used are the minutes in which an API call was answered. What no log covers is not known; it is not unused."
    return "\n".join([*lines, "", note])


def used(review: Review) -> str:
    """`4 h granted, 11 min used, 3 objects touched`."""
    objects = f"{len(review.objects)} object{'' if len(review.objects) == 1 else 's'} touched"
    if not review.used:
        return f"{words(review.granted)} granted, no use seen"
    return f"{words(review.granted)} granted, {words(review.used)} used, {objects}"


def _but(review: Review) -> str:
    return f"; not seen: {'; '.join(review.unseen)}" if review.unseen else ""


def _approved(grant: Grant) -> str:
    by = grant.approver or ""
    return f"window {grant.window} of {by}" if grant.window else by


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")
