"""Events of an org from the store: the last days row by row, the days before as they were condensed once, a file for each week."""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tasks.anomalies.condense import CONDENSED, condensed, kept_of
from tasks.anomalies.model_live import Known
from tasks.telemetry.columns import AT, schema_of
from tasks.telemetry.places import Place
from tasks.telemetry.store import TelemetryStore

LATE = timedelta(days=3)
"""Days that are at least so old are condensed; one that gets late rows all the same is condensed anew."""
_FOLDER, _NOTES = "_condensed", "_notes.json"
_WEEK, _LARGE = timedelta(days=7), 1 << 24
_SPARED = timedelta(weeks=5)
"""Condensed days that this look does not need stay so long, for a back-test of a month and for looks of other tiers."""


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
        whole = _midnight((judged - LATE).astimezone(UTC).date())
        recent = self._store.rows([self._org], event_type, max(since, whole), until)
        older = self._older(event_type, since.astimezone(UTC).date(), whole.date())
        if older is None:
            return recent
        return pl.concat([older.filter(pl.col(AT) >= since.astimezone(UTC)), recent], how="diagonal")

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

    def _older(self, event_type: str, first: date, end: date) -> pl.LazyFrame | None:
        """Of all days in one scan, which reads what is asked of it; None where there are none."""
        kept = _Kept(self._place, self._path(event_type, ""))
        pieces = {
            day: self._store.pieces(self._org, event_type, day)
            for day in self._store.days(self._org, event_type)
            if first <= day < end
        }
        paths: list[str] = []
        for monday, days in groupby(pieces, _monday):
            parts = {day: pieces[day] for day in days}
            if first <= monday and monday + _WEEK <= end:
                paths += self._week(kept, event_type, monday, parts)
            else:
                paths += self._days(kept, event_type, parts)
        kept.close(first - _SPARED)
        return self._store.scan(paths, self._schema(event_type)) if paths else None

    def _week(
        self, kept: "_Kept", event_type: str, monday: date, parts: Mapping[date, list[str]]
    ) -> list[str]:
        """One file for a week that is over, unless its files are large: many small ones cost more to open than to read."""
        name, mark = f"week={monday.isoformat()}", _mark(parts)
        if (path := kept.find(name, mark)) is not None:
            return [path]
        paths = self._days(kept, event_type, parts)
        if len(paths) < 2 or sum(each.size for each in self._place.files.get_file_info(paths)) > _LARGE:
            return paths
        rows = self._store.scan(paths, self._schema(event_type)).sort(AT, maintain_order=True)
        return [kept.keep(name, mark, rows.collect(engine="streaming"))]

    def _days(self, kept: "_Kept", event_type: str, parts: Mapping[date, list[str]]) -> list[str]:
        """Condensed where the type is, else the store's own files."""
        if event_type not in CONDENSED:
            return [path for pieces in parts.values() for path in pieces]
        paths = []
        for day, pieces in parts.items():
            name, mark = f"day={day.isoformat()}", _mark({day: pieces})
            path = kept.find(name, mark)
            if path is None:
                start = _midnight(day)
                rows = self._store.rows([self._org], event_type, start, start + timedelta(days=1))
                path = kept.keep(name, mark, condensed(rows, event_type))
                self.made += 1
            paths.append(path)
        return paths

    def _schema(self, event_type: str) -> dict[str, pl.DataType]:
        if event_type in CONDENSED:
            return schema_of(kept_of(event_type))
        return self._store.schema([self._org], event_type)

    def _path(self, event_type: str, name: str) -> str:
        return self._place.path(_FOLDER, f"org={self._org}", f"event={event_type}", name)

    @property
    def _path_of_known(self) -> str:
        return self._place.path(_FOLDER, f"org={self._org}", "known.json")


class _Kept:
    """What was made of days that are over, each with a mark of the files it was made of."""

    def __init__(self, place: Place, folder: str) -> None:
        self._place, self._folder = place, folder.rstrip("/")
        content = place.read(self._path(_NOTES))
        self._marks: dict[str, str] = json.loads(content) if content else {}
        self._there = set(place.below(self._folder))
        self._changed = False

    def find(self, name: str, mark: str) -> str | None:
        path = self._path(f"{name}.parquet")
        return path if self._marks.get(name) == mark and path in self._there else None

    def keep(self, name: str, mark: str, frame: pl.DataFrame) -> str:
        path = self._path(f"{name}.parquet")
        self._place.write(path, _parquet(frame))
        self._marks[name] = mark
        self._changed = True
        return path

    def close(self, needed: date) -> None:
        """Gives up what is older than `needed`, at times when something was made, whichever version made it and noted it how."""
        if not self._changed:
            return
        there = {path.rpartition("/")[2].removesuffix(".parquet"): path for path in self._there}
        self._place.remove([path for name, path in there.items() if _past(name, needed)])
        kept = {name: mark for name, mark in self._marks.items() if not _past(name, needed)}
        self._place.write(self._path(_NOTES), json.dumps(kept).encode())

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}"


def _past(name: str, needed: date) -> bool:
    """Of `day=2026-11-02` and `week=2026-11-02`; earlier versions noted days as `2026-11-02`."""
    stamp = name.rpartition("=")[2]
    return stamp[:1].isdigit() and stamp < needed.isoformat()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _mark(parts: Mapping[date, list[str]]) -> str:
    """Another one once a file of the days came or went."""
    names = [f"{day} {path.rpartition('/')[2]}" for day, paths in parts.items() for path in paths]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]


def _parquet(frame: pl.DataFrame) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(frame.to_arrow(), sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())
