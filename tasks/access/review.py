"""
What a grant was used for: judged once the logs of its time can be there, and with what could not be seen.

Absence of logs is not absence of use: time that no file covers is named. What is done in a browser stands in no API log.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

from tasks.access.model import Grant, LogSpan, Review, Watched

DAILY = "Daily"
PATIENCE = timedelta(days=3)
"""How long after its day a daily file may still come (Object Reference, EventLogFile)."""
SESSION = timedelta(days=1)
"""How long before a grant a browser may have been signed in with, and still be used in it."""
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_TICK = timedelta(seconds=1)
"""An org's clock shows whole seconds, so what ended in one lasted into it."""


def open_reviews(grants: Iterable[Grant]) -> dict[str, list[Grant]]:
    """Grants that are over for good and were not reviewed, by org."""
    found: dict[str, list[Grant]] = {}
    for grant in grants:
        if grant.revoked is not None and grant.approved_at is not None and grant.review is None:
            found.setdefault(grant.request.place.org, []).append(grant)
    return found


def ready(grant: Grant, listed: Iterable[LogSpan], now: datetime) -> bool:
    """
    Whether a review made now would still be right tomorrow: each day has its daily file, or none is to be expected.

    Hourly files come in parts, late ones too, so they do not settle anything.
    """
    first, last = span(grant)
    if now >= midnight_after(last) + PATIENCE:
        return True
    daily = [file for file in listed if file.interval == DAILY]
    return now >= midnight_after(last) and covered(first, last, daily) == last - first


def worth_reading(listed: Iterable[LogSpan], grants: Sequence[Grant]) -> list[LogSpan]:
    """Files of the grants' time; of a type and day the daily ones, and the hourly ones only while there is none."""
    files = [file for file in listed if any(_meet(file, *span(grant)) for grant in grants)]
    whole = {(file.kind, file.first.date()) for file in files if file.interval == DAILY}
    return [file for file in files if file.interval == DAILY or (file.kind, file.first.date()) not in whole]


def review(grant: Grant, watched: Watched) -> Review:
    first, last = span(grant)
    touches = [touch for touch in watched.touches if first <= touch.at < last + _TICK]
    minutes = {touch.at.replace(second=0, microsecond=0) for touch in touches}
    sign_ins = None if watched.sign_ins is None else [s.at for s in watched.sign_ins if first <= s.at < last]
    return Review(
        granted=last - first,
        # A minute that a call falls into counts whole, but no grant is used for longer than it lasted.
        used=min(len(minutes) * _MINUTE, last - first),
        objects=tuple(sorted({touch.sobject for touch in touches if touch.sobject})),
        sign_ins=None if sign_ins is None else len(sign_ins),
        unseen=tuple(_unseen(watched, first, last)),
    )


def _unseen(watched: Watched, first: datetime, last: datetime) -> Iterable[str]:
    blind = (last - first) - covered(first, last, watched.spans)
    if blind:
        yield "no event log file covers " + (
            "any of it" if blind == last - first else f"{words(blind)} of it"
        )
    if watched.gap:
        yield watched.gap
    if any(s.browser and first - SESSION <= s.at < last for s in watched.sign_ins or ()):
        yield "the user was signed in with a browser, whose use stands in no API log"


def span(grant: Grant) -> tuple[datetime, datetime]:
    """From the approval to the end. Raises ValueError for a grant that was never given."""
    if grant.approved_at is None or grant.end is None:
        raise ValueError("nobody approved it")
    if grant.end > grant.approved_at:
        return grant.approved_at, grant.end
    # Ended while the org's clock could not be asked: it lasted until the org was seen without it.
    return grant.approved_at, max(grant.approved_at, grant.revoked or grant.approved_at)


def covered(first: datetime, last: datetime, files: Iterable[LogSpan]) -> timedelta:
    """How much of a time at least one of the files is of."""
    total, reached = timedelta(), first
    for file in sorted(files, key=lambda each: each.first):
        start, end = max(file.first, reached), min(file.last, last)
        if start < end:
            total += end - start
            reached = end
    return total


def midnight_after(at: datetime) -> datetime:
    """Of UTC, as event log files count their days."""
    return datetime.combine(at.astimezone(UTC).date(), time(), UTC) + _DAY


def words(length: timedelta) -> str:
    """`4 h`, `11 min`, `1 h 30 min`; what is shorter than a minute is `under a minute`."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes)
    return " ".join(parts) or ("under a minute" if length else "0 min")


def _meet(file: LogSpan, first: datetime, last: datetime) -> bool:
    return file.first < last and first < file.last
