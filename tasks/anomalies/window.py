"""
How far back a look goes: to the beginning of a week, so many days before the week of what is judged. Pure.

All moments of a week are judged by the same days before, so that a look at one day says of it what a back-test of the whole week says,
and neither costs more the longer an org has been watched.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

BASELINE = timedelta(days=30)
"""What volume is usual for a working day, a weekend and a weekday comes from these days: each weekday is in them four times."""
MONTH_ENDS = timedelta(days=62)
"""
Two ends of months, whatever the months: from the 28th of January until the 31st of March. One alone may have too few days, or may be
an attack. Nothing needs more: the other detections watch something for up to 20 days before it counts, and how long an account was idle
is known from the org's own users.
"""
WEEK = timedelta(days=7)
LONGEST = -(-MONTH_ENDS // WEEK) * WEEK
"""The longest that any detection looks back, in whole weeks. A policy may ask for less."""


def week_of(moment: datetime) -> datetime:
    """The Monday, 0:00 UTC, at or before a moment."""
    day = moment.astimezone(UTC).date()
    return datetime.combine(day - timedelta(days=day.weekday()), time(), UTC)


def first_of(judged: datetime, history: timedelta) -> datetime:
    """Where history begins for what is judged from `judged` on, of a policy's `history`."""
    return week_of(judged) - min(history, LONGEST)


def weeks(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The same time in pieces, each of which lies in one week."""
    while since < until:
        end = min(week_of(since) + WEEK, until)
        yield since, end
        since = end
