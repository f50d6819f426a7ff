"""
Windows of a route on the source's own clock, and how one goes on in them. Pure.

SystemModstamp is the moment at which a transaction wrote, not at which it ended: what ends late shows up behind the end of a
window that was read already. So each window begins `overlap` before the end of the last one, and records that were carried in
the very state in which they come again are known and left alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from tasks.sync.model import Cursor, Position, Record, Rules

_STAMP = "%Y-%m-%dT%H:%M:%SZ"


def opened(cursor: Cursor, now: datetime) -> Cursor:
    """With a window up to now on the source's clock; one that a run left open is gone on with."""
    if cursor.until is not None:
        return cursor
    return cursor.model_copy(update={"until": now.replace(microsecond=0), "after": None})


def gone_on(cursor: Cursor) -> Cursor:
    """As the next batch finds it: one that was noted and not verified makes the rest of the window unsure."""
    if cursor.underway is None or cursor.unsure is not None:
        return cursor
    return cursor.model_copy(update={"unsure": cursor.underway.since})


def begin(cursor: Cursor, overlap: timedelta) -> datetime | None:
    """None for the first window, which holds everything."""
    return None if cursor.carried is None else cursor.carried - overlap


def advanced(cursor: Cursor, last: Position | None, *, whole: bool) -> Cursor:
    """After a batch was verified. `last` is its last record; `whole` says that nothing is left in the window."""
    moved = {"batches": cursor.batches + 1, "underway": None}
    if whole:
        return cursor.model_copy(
            update=moved
            | {"carried": cursor.until, "until": None, "after": None, "batches": 0, "unsure": None}
        )
    return cursor.model_copy(update=moved | {"after": last or cursor.after})


def window(rules: Rules, cursor: Cursor, overlap: timedelta) -> str:
    """The WHERE of an open window, without what is done already. Raises ValueError without one."""
    if cursor.until is None:
        raise ValueError("no window is open")
    parts = [f"SystemModstamp < {cursor.until.astimezone(UTC).strftime(_STAMP)}"]
    if (start := begin(cursor, overlap)) is not None:
        parts.append(f"SystemModstamp >= {start.astimezone(UTC).strftime(_STAMP)}")
    elif rules.removes:
        # What was gone before the first run was never carried.
        parts.append("IsDeleted = false")
    if (done := cursor.after) is not None:
        parts.append(
            f"(SystemModstamp > {done.stamp} OR (SystemModstamp = {done.stamp} AND Id > '{done.id}'))"
        )
    return " AND ".join(parts)


def stamp_of(text: str) -> str:
    """A date-time of an answer as SOQL takes it: `2026-11-25T09:00:00.000+0000` and `…000Z` become `…Z`. Raises ValueError."""
    return datetime.fromisoformat(text).astimezone(UTC).strftime(_STAMP)


def exact(text: str) -> str:
    """
    The same with the fraction of a second, where it is not nothing: cut off, a record would come again behind itself, and a
    page that many such records fill would never end. Raises ValueError.
    """
    moment = datetime.fromisoformat(text).astimezone(UTC)
    part = f".{moment.microsecond // 1000:03d}Z" if moment.microsecond >= 1000 else "Z"
    return moment.strftime(_STAMP)[:-1] + part


def known(records: Iterable[Record], carried: Mapping[str, str]) -> set[str]:
    """Ids of those that were carried in this very state; `carried` is the stamp by id."""
    return {record.id for record in records if carried.get(record.id) == record.stamp}


def horizon(cursor: Cursor, overlap: timedelta) -> datetime | None:
    """What was carried in a state older than this, no later window can bring again; None while a window is open."""
    return None if cursor.until is not None else begin(cursor, overlap)


def outlived(carried: Mapping[str, str], horizon: datetime) -> Iterator[str]:
    """Ids of what is older; `carried` is the stamp by id."""
    # As texts, a fraction would come before the second it belongs to.
    return (name for name, stamp in carried.items() if datetime.fromisoformat(stamp) < horizon)


def worth_remembering(record: Record, cursor: Cursor, overlap: timedelta) -> bool:
    """Whether the next window, which begins before the end of this one, can bring it again."""
    if cursor.until is None:
        return True
    return datetime.fromisoformat(record.stamp) >= cursor.until - overlap
