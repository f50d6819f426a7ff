"""Events of an org from the store: the last days row by row, the days before as they were condensed once."""

import hashlib
import json
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tasks.anomalies.condense import CONDENSED, condensed
from tasks.anomalies.model_live import Known
from tasks.telemetry.store import TelemetryStore

LATE = timedelta(days=3)
"""Days that are at least so old are condensed; one that gets late rows all the same is condensed anew."""
_FOLDER = "_condensed"


class History:
    """One org's. Writes nothing but what it condensed, and what is known of the org."""

    def __init__(self, store: TelemetryStore, org: str) -> None:
        self._store, self._place, self._org = store, store.place, org
        self.made = 0
        """Days that were condensed since."""

    def types(self, wanted: Collection[str]) -> list[str]:
        """Those of which anything is stored."""
        return [name for name in self._store.event_types(self._org) if name in wanted]

    def rows(self, event_type: str, since: datetime, judged: datetime, until: datetime) -> pl.LazyFrame:
        """Events from `since` until before `until`. Those from `judged` on are whole; before, they may be condensed."""
        if event_type not in CONDENSED:
            return self._store.rows([self._org], event_type, since, until)
        whole = _midnight((judged - LATE).astimezone(UTC).date())
        recent = self._store.rows([self._org], event_type, max(since, whole), until)
        older = [*self._condensed(event_type, since.astimezone(UTC).date(), whole.date())]
        return pl.concat([*older, recent], how="diagonal") if older else recent

    def steady(self, event_type: str, until: datetime, days: int = 14, least: int = 14) -> bool:
        """Whether the `days` days before the last two each have rows, so that a silence means something."""
        there = set(self._store.days(self._org, event_type))
        last = until.astimezone(UTC).date() - timedelta(days=2)
        return sum(last - timedelta(days=back) in there for back in range(days)) >= least

    def known(self) -> Known | None:
        content = self._place.read(self._path_of_known)
        return None if content is None else Known.model_validate_json(content)

    def keep_known(self, known: Known) -> None:
        self._place.write(self._path_of_known, known.model_dump_json().encode())

    def _condensed(self, event_type: str, first: date, end: date) -> Iterator[pl.LazyFrame]:
        notes = self._notes(event_type)
        days = [day for day in self._store.days(self._org, event_type) if first <= day < end]
        changed = False
        for day in days:
            mark = _mark(self._store.pieces(self._org, event_type, day))
            path = self._path(event_type, f"day={day.isoformat()}.parquet")
            content = self._place.read(path) if notes.get(day.isoformat()) == mark else None
            if content is None:
                start = _midnight(day)
                rows = self._store.rows([self._org], event_type, start, start + timedelta(days=1))
                content = _parquet(condensed(rows, event_type))
                self._place.write(path, content)
                notes[day.isoformat()] = mark
                self.made += 1
                changed = True
            yield pl.read_parquet(BytesIO(content)).lazy()
        if changed:
            # What no look goes back to any more is given up.
            kept = {day: mark for day, mark in notes.items() if day >= first.isoformat()}
            gone = notes.keys() - kept.keys()
            self._place.remove([self._path(event_type, f"day={day}.parquet") for day in gone])
            self._place.write(self._path(event_type, "_notes.json"), json.dumps(kept).encode())

    def _notes(self, event_type: str) -> dict[str, str]:
        content = self._place.read(self._path(event_type, "_notes.json"))
        found: dict[str, str] = json.loads(content) if content else {}
        return found

    def _path(self, event_type: str, name: str) -> str:
        return self._place.path(_FOLDER, f"org={self._org}", f"event={event_type}", name)

    @property
    def _path_of_known(self) -> str:
        return self._place.path(_FOLDER, f"org={self._org}", "known.json")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _mark(paths: list[str]) -> str:
    """Another one once a file of the day came or went."""
    names = [path.rpartition("/")[2] for path in paths]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]


def _parquet(frame: pl.DataFrame) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(frame.to_arrow(), sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())
