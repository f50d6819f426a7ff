"""
Rows of all orgs as Parquet, in folders by org, event type and day of the event (UTC); within a day a file for each source.

A file's name begins with its tier and ends with its source, so that what is written again after a crash takes its own place.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import dataset

from tasks.telemetry.columns import AT, schema_of
from tasks.telemetry.documented import documented
from tasks.telemetry.model import Tier
from tasks.telemetry.new_rows import new_rows
from tasks.telemetry.places import Place, place_of

_COLUMNS, _REPLACED = "_columns.json", "_replaced.json"
_STAGING, _ASIDE = "_staging", "_quarantine"
ROW_GROUP = 100_000
"""Rows written at once at most; blocks of a file are smaller."""


class TelemetryStore:
    """
    One writer at a time; readers at any time. `place` is a folder, an `s3://` or other URL, or an opened place.

    An event is there once: a file brings the rows that no file before it has brought, so TIER says who was first.
    """

    def __init__(self, place: str | Place) -> None:
        self._place = place_of(place) if isinstance(place, str) else place

    def rows(
        self,
        orgs: Sequence[str],
        event_type: str,
        since: datetime,
        until: datetime,
        tier: Tier | None = None,
    ) -> pl.LazyFrame:
        """
        Events from `since` until before `until`, by AT; those that came by one tier where it is named.

        ORG and TIER are texts, AT is a UTC date-time with microseconds; then come the documented columns of the type and those that
        any of the orgs has had, in upper case, null where an org or a release has none. Nothing is read before the frame is collected, and only the days asked for.
        """
        paths = [
            path
            for org in orgs
            for day in _days(since, until)
            for path in self.pieces(org, event_type, day, tier)
        ]
        schema = self.schema(orgs, event_type)
        if not paths:
            return pl.LazyFrame(schema=schema)
        between = (pl.col(AT) >= since.astimezone(UTC)) & (pl.col(AT) < until.astimezone(UTC))
        return self.scan(paths, schema).filter(between)

    def schema(self, orgs: Sequence[str], event_type: str) -> dict[str, pl.DataType]:
        """Types of the documented columns and of those that any of the orgs has had, by name."""
        names = dict.fromkeys(documented(event_type))
        for org in orgs:
            names |= dict.fromkeys(self._names(org, event_type))
        return schema_of(names)

    def pieces(self, org: str, event_type: str, day: date, tier: Tier | None = None) -> list[str]:
        """Paths of the files of a day, in order of names."""
        found = {
            path.rpartition("/")[2]: path for path in self._place.below(self._folder(org, event_type, day))
        }
        if _REPLACED in found:
            note = json.loads(self._place.read(found[_REPLACED]) or b"{}")
            if note.get("by") in found:
                found = {name: path for name, path in found.items() if name not in note["pieces"]}
        kinds = tuple(f"{each.value}-" for each in Tier if tier in (None, each))
        return [path for name, path in found.items() if name.startswith(kinds) and name.endswith(".parquet")]

    def event_types(self, org: str) -> list[str]:
        """Those of which anything is stored."""
        return [path.rpartition("event=")[2] for path in self._place.folders(self._place.path(f"org={org}"))]

    def days(self, org: str, event_type: str) -> list[date]:
        folder = self._place.path(f"org={org}", f"event={event_type}")
        return [date.fromisoformat(path.rpartition("day=")[2]) for path in self._place.folders(folder)]

    # -- writing

    @contextmanager
    def staging(self, org: str, event_type: str, tier: Tier, source: str) -> Iterator["Staged"]:
        """Takes rows that nobody reads before they are published. What was not published is gone with the block's end."""
        staged = Staged(self, org, event_type, tier, source)
        try:
            yield staged
        finally:
            staged.close()
            self._place.remove(list(staged.paths.values()))

    def keep(self, org: str, event_type: str, frame: pl.DataFrame, source: str) -> int:
        """Live rows, under a name of their own: the same rows under the same `source` are there once. Gives their number."""
        with self.staging(org, event_type, Tier.LIVE, source) as staged:
            staged.add(frame)
            staged.publish(compare=False)
        return frame.height

    def snapshot(self, org: str, event_type: str) -> pl.DataFrame | None:
        """What `keep_snapshot` kept last."""
        content = self._place.read(self._place.path("_snapshots", f"org={org}", f"{event_type}.parquet"))
        return None if content is None else pl.read_parquet(content)

    def keep_snapshot(self, org: str, event_type: str, frame: pl.DataFrame) -> None:
        """The state of something that has no history of its own, to compare the next one with."""
        sink = pa.BufferOutputStream()
        pq.write_table(frame.to_arrow(), sink, compression="zstd")
        path = self._place.path("_snapshots", f"org={org}", f"{event_type}.parquet")
        self._place.write(path, sink.getvalue().to_pybytes())

    def compact(self, org: str, event_type: str, day: date, least: int = 12) -> int:
        """
        The live files of a day become one, where there are `least` of them; gives how many were replaced.

        Readers see every row once. What was replaced stays until the next time, for those who have begun to read it.
        """
        folder = self._folder(org, event_type, day)
        self._finish_compacting(folder)
        old = self.pieces(org, event_type, day, Tier.LIVE)
        if len(old) < least:
            return 0
        names = [path.rpartition("/")[2] for path in old]
        by = f"{Tier.LIVE.value}-whole-{sha256('/'.join(names).encode()).hexdigest()[:16]}.parquet"
        staged = self._place.path(_STAGING, by)
        self._write(staged, self.scan(old, schema_of(self._names(org, event_type))).sort(AT))
        self._place.write(f"{folder}/{_REPLACED}", json.dumps({"by": by, "pieces": names}).encode())
        self._place.move(staged, f"{folder}/{by}")
        return len(old)

    def remove_before(self, org: str, first: date) -> int:
        """Days before `first`; gives how many files went."""
        gone = 0
        for event_type in self.event_types(org):
            for day in self.days(org, event_type):
                if day < first:
                    folder = self._folder(org, event_type, day)
                    paths = self._place.below(folder)
                    self._place.remove(paths)
                    self._place.files.delete_dir(folder)
                    gone += len(paths)
        return gone

    # -- inside

    @property
    def place(self) -> Place:
        return self._place

    def remember(self, org: str, event_type: str, names: Iterable[str]) -> None:
        """Columns that this org's rows of a type have had."""
        known = self._names(org, event_type)
        if more := [name for name in names if name not in known]:
            path = self._place.path(f"org={org}", f"event={event_type}", _COLUMNS)
            self._place.write(path, json.dumps([*known, *more]).encode())

    def _names(self, org: str, event_type: str) -> list[str]:
        content = self._place.read(self._place.path(f"org={org}", f"event={event_type}", _COLUMNS))
        names: list[str] = json.loads(content) if content else []
        return names

    def _folder(self, org: str, event_type: str, day: date) -> str:
        return self._place.path(f"org={org}", f"event={event_type}", f"day={day.isoformat()}")

    def scan(self, paths: list[str], schema: dict[str, pl.DataType]) -> pl.LazyFrame:
        """Rows of the store's own files, as `schema` names and types them; read when they are asked for, and only the columns asked for."""
        if self._place.local:
            return pl.scan_parquet(
                paths, schema=schema, missing_columns="insert", extra_columns="ignore",
                hive_partitioning=False, glob=False,
            )  # fmt: skip
        arrow = pl.DataFrame(schema=schema).to_arrow().schema
        found = dataset.dataset(paths, schema=arrow, format="parquet", filesystem=self._place.files)
        return pl.scan_pyarrow_dataset(found)

    def _write(self, path: str, rows: pl.LazyFrame) -> None:
        self._place.make(path.rpartition("/")[0])
        frame = rows.collect(engine="streaming")
        with self._place.files.open_output_stream(path) as stream:
            pq.write_table(frame.to_arrow(), stream, compression="zstd", row_group_size=ROW_GROUP)

    def _finish_compacting(self, folder: str) -> None:
        """What the last time has left, and what another process began and did not end."""
        content = self._place.read(f"{folder}/{_REPLACED}")
        if content is None:
            return
        note = json.loads(content)
        if f"{folder}/{note['by']}" in self._place.below(folder):
            self._place.remove([f"{folder}/{name}" for name in note["pieces"]])
        self._place.remove([f"{folder}/{_REPLACED}"])


class Staged:
    """Rows of one source on their way, a file for each day that they lie in."""

    def __init__(self, store: TelemetryStore, org: str, event_type: str, tier: Tier, source: str) -> None:
        self._store, self._place = store, store.place
        self._org, self._event_type, self._tier, self._source = org, event_type, tier, source
        self._writers: dict[date, tuple[Any, Any]] = {}
        self._names: dict[str, None] = {}
        self.paths: dict[date, str] = {}

    def add(self, frame: pl.DataFrame) -> None:
        """Rows as `normalise` makes them, all of them with AT; the columns of the first ones are those of all."""
        self._names |= dict.fromkeys(frame.columns)
        if not frame.height:
            return
        days = frame[AT].dt.date()
        for day in days.unique().sort().to_list():
            table = frame.filter(days == day).to_arrow()
            if day not in self._writers:
                self._open(day, table.schema)
            self._writers[day][0].write_table(table)

    def publish(self, *, compare: bool = True) -> tuple[int, int]:
        """
        Shows the rows to readers: those that other files of the day have not, or all of them without `compare`.

        Gives how many are new, and how many rows of hourly files about the same time this one lacks.
        """
        self.close()
        added = lacking = 0
        for day, staged in sorted(self.paths.items()):
            target = self._target(day)
            if target in self._store.pieces(self._org, self._event_type, day):
                # Its rows are here already; others have been held against them since.
                added += self._count([target], self._tier)
                self._place.remove([staged])
                continue
            others = self._others(day, target) if compare else []
            rows = pq.read_metadata(staged, filesystem=self._place.files).num_rows
            if others:
                fresh, matched = new_rows(self._place, staged, others)
                kept = sum(fresh)
                lacking += self._count(others, Tier.HOURLY) - matched if self._tier is Tier.DAILY else 0
                if kept < rows:
                    self._rewrite(staged, fresh)
                added += kept
            else:
                added += rows
            self._place.move(staged, target)
        self._store.remember(self._org, self._event_type, self._names)
        self.paths.clear()
        return added, max(lacking, 0)

    def close(self) -> None:
        for writer, stream in self._writers.values():
            writer.close()
            stream.close()
        self._writers.clear()

    def set_aside(self) -> list[str]:
        """Where the rows lie that nobody is to judge on, until a person has looked."""
        self.close()
        kept = []
        for day, staged in self.paths.items():
            target = self._place.path(_ASIDE, f"org={self._org}", f"event={self._event_type}", f"{self._source}-{day}.parquet")  # fmt: skip
            self._place.move(staged, target)
            kept.append(target)
        self.paths.clear()
        return kept

    def _open(self, day: date, schema: Any) -> None:
        path = self._place.path(
            _STAGING, f"{self._org}-{self._event_type}-{self._tier.value}-{self._source}-{day}.parquet"
        )
        self._place.make(path.rpartition("/")[0])
        stream = self._place.files.open_output_stream(path)
        self._writers[day] = (pq.ParquetWriter(stream, schema, compression="zstd"), stream)
        self.paths[day] = path

    def _target(self, day: date) -> str:
        folder = self._place.path(f"org={self._org}", f"event={self._event_type}", f"day={day.isoformat()}")
        return f"{folder}/{self._tier.value}-{self._source}.parquet"

    def _others(self, day: date, target: str) -> list[str]:
        found = self._store.pieces(self._org, self._event_type, day)
        return [path for path in found if path != target and not path.rpartition("/")[2].startswith("live-")]

    def _count(self, paths: list[str], tier: Tier) -> int:
        return sum(
            pq.read_metadata(path, filesystem=self._place.files).num_rows
            for path in paths
            if path.rpartition("/")[2].startswith(tier.value)
        )

    def _rewrite(self, path: str, fresh: pl.Series) -> None:
        """Keeps the rows that are marked, one group of them at a time."""
        smaller = f"{path}.new"
        with self._place.files.open_input_file(path) as source:
            reader = pq.ParquetFile(source)
            with self._place.files.open_output_stream(smaller) as sink:
                writer = pq.ParquetWriter(sink, reader.schema_arrow, compression="zstd")
                start = 0
                for group in range(reader.num_row_groups):
                    table = reader.read_row_group(group)
                    mask = fresh.slice(start, table.num_rows).to_arrow()
                    start += table.num_rows
                    writer.write_table(table.filter(mask))
                writer.close()
        self._place.files.move(smaller, path)


def _days(since: datetime, until: datetime) -> Iterator[date]:
    day, last = since.astimezone(UTC).date(), until.astimezone(UTC)
    while datetime.combine(day, time(), UTC) < last:
        yield day
        day += timedelta(days=1)
