"""
One event log file after another: streamed into columns, profiled on the way, gated, and shown to readers with what is new in it.

A file that is killed on its way leaves nothing; one that was taken twice is there once.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

import polars as pl

from tasks.telemetry.columns import AT
from tasks.telemetry.csv_stream import NotCsv, frames
from tasks.telemetry.masks import Pseudonym
from tasks.telemetry.model import Cursor, LogFile, Quarantined, TakenFile, Tier
from tasks.telemetry.normal import normalise
from tasks.telemetry.profile import SPAN, Profile, as_question, limits_of, said
from tasks.telemetry.sources import STEADY
from tasks.telemetry.store import TelemetryStore

LISTED_AGAIN = timedelta(days=4)
"""How far back files are listed again: those of a day still come three days later (EventLogFile, daily event log files)."""
MOST_DAYS = timedelta(days=6)
"""Rows of one file lie within; each day is a file that is open."""

Check = Callable[[dict[str, Any]], tuple[str, ...]]
"""The names of the numbers that are not as they should be, of a question with `profile` and `limits`."""


class Org(Protocol):
    alias: str

    def files(self, since: datetime, until: datetime, event_types: Collection[str]) -> list[LogFile]: ...
    def content(self, file: LogFile) -> AbstractContextManager[Iterator[bytes]]: ...


class Book(Protocol):
    def cursors(self) -> dict[str, Cursor]: ...
    def move(self, cursors: Mapping[str, Cursor]) -> None: ...
    def taken(self) -> dict[str, datetime]: ...
    def volumes(self) -> dict[tuple[str, Tier], dict[datetime, int]]: ...
    def took(self, taken: TakenFile) -> None: ...
    def set_aside(self, held: Quarantined) -> None: ...
    def forget(self, before: datetime, now: datetime) -> None: ...


def files_to_take(
    org: Org, book: Book, event_types: Collection[str], now: datetime,
    *, settle: timedelta, backfill: timedelta, cursor: str,
) -> list[LogFile]:  # fmt: skip
    """Those that appeared and were not taken, in the order in which they did; the youngest are left to settle."""
    before = book.cursors().get(cursor)
    since = now - backfill if before is None else min(before.at, now) - LISTED_AGAIN
    known = book.taken()
    return [file for file in org.files(since, now - settle, event_types) if file.id not in known]


def take(
    org: Org, store: TelemetryStore, book: Book, check: Check, pseudonym: Pseudonym, file: LogFile, now: datetime
) -> TakenFile | Quarantined:  # fmt: skip
    """Raises OrgError, and ContractsUnchecked; then nothing was kept of the file."""
    source = f"{file.start:%Y%m%dT%H}-{file.sequence:03d}-{file.id}"
    with store.staging(org.alias, file.event_type, file.tier, source) as staged:
        profile = Profile(file)
        try:
            with org.content(file) as chunks:
                for texts in frames(_counted(chunks, profile)):
                    rows = normalise(texts, org.alias, file.tier, pseudonym)
                    profile.add(texts, rows)
                    if profile.first and profile.last and profile.last - profile.first > MOST_DAYS:
                        raise NotCsv(f"its rows lie on more than {MOST_DAYS.days} days")
                    staged.add(rows.with_columns(pl.col(AT).fill_null(file.start)))
        except NotCsv as error:
            return _aside(book, file, str(error), now)
        broken = check(as_question(profile.numbers(), limits_of(file, _before(book, file))))
        if broken:
            staged.set_aside()
            return _aside(book, file, said(broken), now)
        added, lacking = staged.publish()
    taken = TakenFile(
        file=file,
        rows=profile.rows,
        added=added,
        lacking=lacking,
        first=profile.first,
        last=profile.last,
    )
    book.took(taken)
    return taken


def _aside(book: Book, file: LogFile, why: str, now: datetime) -> Quarantined:
    held = Quarantined(file=file, reason=why, at=now)
    book.set_aside(held)
    return held


def _before(book: Book, file: LogFile) -> int | None:
    """Rows of the same hour or day a day before, where the type is steady; a late file of few rows is none to compare."""
    if file.event_type not in STEADY or file.sequence > (1 if file.tier is Tier.HOURLY else 0):
        return None
    starts = book.volumes().get((file.event_type, file.tier), {})
    return starts.get(file.start - max(SPAN[file.tier], SPAN[Tier.DAILY]))


def _counted(chunks: Iterator[bytes], profile: Profile) -> Iterator[bytes]:
    for chunk in chunks:
        profile.bytes += len(chunk)
        yield chunk
