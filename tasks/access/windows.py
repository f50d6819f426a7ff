"""Whether access is approved beforehand: which window of the policy a whole grant lies in."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tasks.access.model import Grant, Place, Request
from tasks.estate.model_access import PreApproval

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AHEAD = 2
"""Days that a grant of at most 24 hours can reach into."""


PAUSE = timedelta(minutes=1)
"""Grants with less between them are one: the sweep comes once in it."""


def pre_approval(
    request: Request, windows: Iterable[PreApproval], now: datetime, grants: Collection[Grant] = ()
) -> PreApproval | None:
    """
    The first window that stands for a grant of this request from `now` on; None where a person has to.

    Extensions are left to people, and so is what would last longer than the window stands for together with those of
    `grants` that it goes on from: an approval of hours must not renew itself.
    """
    if request.extends:
        return None
    people = {request.requester.strip().lower(), request.place.username}
    for window in windows:
        if not about(request, window) or window.approver.strip().lower() in people:
            continue
        until = open_until(window, now)
        ends = now + request.length
        if until is None or ends > until:
            continue
        if ends - _begun(request.place, window, grants, now) <= window.max_grant:
            return window
    return None


def _begun(place: Place, window: PreApproval, grants: Collection[Grant], now: datetime) -> datetime:
    """Since when the window's grants of a place have followed each other without a pause; `now` where none has."""
    theirs = [
        (grant.approved_at, grant.end)
        for grant in grants
        if grant.window == window.name and grant.request.place == place and grant.approved_at and grant.end
    ]
    begun = now
    for since, until in sorted(theirs, reverse=True):
        if since < begun < until + PAUSE:
            begun = since
    return begun


def about(request: Request, window: PreApproval) -> bool:
    """A window of a route is about what was asked for by the route's name, whatever else the place is used for."""
    if window.route is not None:
        return request.route == window.route
    return request.place == Place.model_validate(
        {"org": window.org, "username": window.username, "permission_set": window.permission_set}
    )


def open_until(window: PreApproval, now: datetime) -> datetime | None:
    """
    When the opening around `now` ends, None where the window is closed. Openings without a gap between are one.

    An opening belongs to the day on which it starts; where its end is not later than its start, it ends on the next day.
    """
    zone = ZoneInfo(window.time_zone)
    today = now.astimezone(zone).date()
    last = _instants(datetime.combine(window.valid_until + timedelta(days=1), time()), zone)[0]
    until = None
    for ahead in range(-1, _AHEAD + 1):
        day = today + timedelta(days=ahead)
        if _DAYS[day.weekday()] not in window.days:
            continue
        following = day + timedelta(days=1) if window.end <= window.start else day
        # A clock that is turned shows a time twice or never: of both readings the one that opens later and closes earlier.
        opens = _instants(datetime.combine(day, window.start), zone)[1]
        closes = min(_instants(datetime.combine(following, window.end), zone)[0], last)
        if opens <= (until or now) < closes:
            until = closes
    return until


def _instants(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The earlier and the later reading of a time on the wall."""
    readings = sorted(wall.replace(tzinfo=zone, fold=fold).timestamp() for fold in (0, 1))
    # In UTC: Python compares two times of one zone by what the wall shows.
    return datetime.fromtimestamp(readings[0], UTC), datetime.fromtimestamp(readings[1], UTC)
