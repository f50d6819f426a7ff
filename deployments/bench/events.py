"""
`bulkhead bench events`: event log files from gzip on disk to alerts about unusual volume, against bare polars that sums up the same
files by the same user and day. In the last file somebody uses a stolen key, and only they may be found.

Each of the measured is a process of its own, so that its peak of memory is its own, and reads the same files after one unmeasured
reading, so that both find them in the page cache.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import polars as pl
from isal import igzip

from deployments.bench.memory import peak_mib
from tasks.anomalies.daily_volume import Span, unusual_days
from tasks.anomalies.model import Suspicion
from tasks.telemetry.documented import documented
from tasks.telemetry.files import take
from tasks.telemetry.masks import pseudonyms
from tasks.telemetry.model import LogFile, Quarantined, TakenFile, Tier
from tasks.telemetry.packed_gateway import unpacked
from tasks.telemetry.store import TelemetryStore
from tasks.telemetry.sums_gateway import summed

ROWS = 10_000_000
FILES = 10
EVENTS_A_DAY = 200
"""Of a user, so that days of fewer rows in all have fewer users and not other ones."""
FIRST_DAY = datetime(2026, 4, 1, tzinfo=UTC)
_LAST = (FIRST_DAY + timedelta(days=FILES - 1)).date()
LAST_DAY = Span(_LAST, _LAST)
"""Which alone is judged: those before it are its history, as when a day's file has come."""
SLOWER, MEMORY_MIB = 1.5, 512
ROUNDS = 3
_AT_ONCE = 250_000
_TYPE = "RestApi"
_ORG = "hq"
THIEF = 7
"""Number of the user whose key reads `_STOLEN` times 2,000 records on the last day."""
_STOLEN = 250


@dataclass(frozen=True)
class EventFigures:
    """
    Seconds are medians of the rounds; `megabytes` are those of the files once unpacked, MiB are peaks of the processes. `day` is the
    time for one more file, and its judgement, on top of sums that are there; `kept` is the way into the store: masked, profiled, as Parquet.
    """

    rows: int
    files: int
    megabytes: float
    bare: float
    bare_mib: float
    ours: float
    ours_mib: float
    day: float
    kept: float
    kept_mib: float
    same: bool
    alerts: tuple[str, ...]
    thief: str

    @property
    def ratio(self) -> float:
        return self.ours / self.bare

    @property
    def good(self) -> bool:
        within = self.ratio <= SLOWER and max(self.ours_mib, self.kept_mib) <= MEMORY_MIB
        return within and self.same and self.found

    @property
    def found(self) -> bool:
        """The thief, once, and nobody else."""
        return self.alerts == (self.thief,)

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "found": self.found, "good": self.good}


def measure_events(rows: int = ROWS, rounds: int = ROUNDS) -> EventFigures:
    """Makes the files in a folder that goes afterwards. 10 million rows take about 1 GB of disk."""
    with tempfile.TemporaryDirectory(prefix="bulkhead-events-") as folder:
        megabytes = make_files(Path(folder), rows)
        _measured("bare", folder)
        took = [(_measured("bare", folder), _measured("ours", folder)) for _ in range(rounds)]
        day, kept = _measured("day", folder), _measured("kept", folder)
    bare, ours = took[-1]
    alerts = {tuple(each["alerts"]) for each in (*(mine for _, mine in took), day)}
    return EventFigures(
        rows=rows,
        files=FILES,
        megabytes=megabytes,
        bare=median(each["seconds"] for each, _ in took),
        bare_mib=bare["mib"],
        ours=median(each["seconds"] for _, each in took),
        ours_mib=max(each["mib"] for _, each in took),
        day=day["seconds"],
        kept=kept["seconds"],
        kept_mib=kept["mib"],
        same=bare["sums"] == ours["sums"] == day["sums"] and kept["sums"][1] == rows,
        # One that was found in one round and not in another counts as found twice, which is not good.
        alerts=tuple(name for each in sorted(alerts) for name in each),
        thief=_user(THIEF),
    )


def make_files(folder: Path, rows: int) -> float:
    """Daily RestApi files with all documented columns, about 440 bytes a row; gives MB unpacked."""
    size, users = 0, max(rows // FILES // EVENTS_A_DAY, 2 * THIEF)
    # Its stubs leave `open` untyped.
    packing: Any = igzip
    for number in range(FILES):
        mine = rows // FILES + (number < rows % FILES)
        with packing.open(folder / f"RestApi-{number:02d}.csv.gz", "wb", compresslevel=1) as packed:
            for start in range(0, mine, _AT_ONCE) if mine else ():
                frame = _made(number, start, min(_AT_ONCE, mine - start), mine, users)
                text = frame.write_csv(quote_style="always", include_header=start == 0).encode()
                size += packed.write(text)
    return size / 1e6


def _user(number: int) -> str:
    return f"005Dn0000{number:06d}"


def _made(day: int, start: int, count: int, whole: int, users: int) -> pl.DataFrame:
    """Rows of one day, in the order of time; who did what follows from the number of the row."""
    number = pl.int_range(start, start + count, eager=True).cast(pl.UInt64)
    mixed = number.hash(seed=day + 1)
    seconds = (number * 86_399 // max(whole, 1)).cast(pl.Int64)
    moment = pl.Series([FIRST_DAY + timedelta(days=day)]).cast(pl.Datetime("ms", "UTC")) + pl.Series(
        seconds * 1000 + (mixed % 1000).cast(pl.Int64)
    ).cast(pl.Duration("ms"))
    stolen = (number % max(whole // _STOLEN, 5) == 0) & (day == FILES - 1)
    who, read = pl.select(
        pl.when(stolen).then(THIEF).otherwise(mixed % users).alias("who"),
        pl.when(stolen).then(2000).otherwise(mixed % 2000).alias("read"),
    )
    user = "005Dn0000" + who.cast(pl.String).str.zfill(6)
    entity = (mixed % 7).cast(pl.String)
    cells: dict[str, pl.Series | str] = {
        "EVENT_TYPE": _TYPE,
        "TIMESTAMP": moment.dt.strftime("%Y%m%d%H%M%S%.3f"),
        "REQUEST_ID": "4" + mixed.cast(pl.String).str.zfill(20),
        "ORGANIZATION_ID": "00D000000000001",
        "USER_ID": user,
        "USER_ID_DERIVED": user + "AAA",
        "TIMESTAMP_DERIVED": moment.dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"),
        "RUN_TIME": (mixed % 997).cast(pl.String),
        "CPU_TIME": (mixed % 89).cast(pl.String),
        "DB_TOTAL_TIME": (mixed % 99_999_989).cast(pl.String),
        "URI": "/services/data/v67.0/query",
        "SESSION_KEY": (mixed // 7).cast(pl.String).str.zfill(16),
        "LOGIN_KEY": (mixed % 65_521).cast(pl.String).str.zfill(16),
        "ENTITY_NAME": "Sensitive_Object_" + entity + "__c",
        "METHOD": "GET",
        "QUERY": "SELECT Id, Name, Email FROM Sensitive_Object_" + entity + "__c WHERE Number__c = '" + (mixed % 100_003).cast(pl.String) + "' LIMIT 2000",
        "ROWS_PROCESSED": read.cast(pl.String),
        "RESPONSE_SIZE": (mixed % 100_000).cast(pl.String),
        "REQUEST_SIZE": (mixed % 1000).cast(pl.String),
        "STATUS_CODE": pl.select(pl.when(mixed % 50 == 0).then(pl.lit("403")).otherwise(pl.lit("200"))).to_series(),
        "CLIENT_IP": "203.0.113." + (mixed % 250).cast(pl.String),
        "USER_TYPE": "Standard",
        "MEDIA_TYPE": "application/json",
    }  # fmt: skip
    return pl.DataFrame({"row": number}).select(
        pl.lit(cells.get(name, "")).alias(name) for name in documented(_TYPE)
    )


# -- what is measured, each in a process of its own


def _measured(what: str, folder: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "deployments.bench.events", what, folder],
        capture_output=True,
        check=True,
        env={**os.environ, "POLARS_MAX_THREADS": str(os.cpu_count() or 1)},
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _bare(paths: list[Path]) -> pl.DataFrame:
    """What anybody would write with polars."""
    number = {
        name: pl.col(name).cast(pl.Int64) for name in ("ROWS_PROCESSED", "RESPONSE_SIZE", "STATUS_CODE")
    }
    return (
        pl.scan_csv(paths, infer_schema=False)
        .group_by(
            pl.col("USER_ID_DERIVED").str.slice(0, 15).alias("USER"),
            pl.col("TIMESTAMP_DERIVED").str.slice(0, 10).alias("DAY"),
        )
        .agg(
            pl.len().cast(pl.Int64).alias("EVENTS"),
            number["ROWS_PROCESSED"].sum().alias("ROWS"),
            number["RESPONSE_SIZE"].sum().alias("BYTES"),
            (number["STATUS_CODE"] >= 400).sum().cast(pl.Int64).alias("FAILED"),
        )
        .collect(engine="streaming")
    )


class _Disk:
    """Files on disk as an org would list them; nothing is remembered of those that were taken."""

    alias = _ORG

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths

    def listed(self) -> list[LogFile]:
        days = [FIRST_DAY + timedelta(days=number) for number in range(len(self._paths))]
        return [
            LogFile(id=f"0AT{at:015d}", event_type=_TYPE, tier=Tier.DAILY, start=day, made=day)
            for at, day in enumerate(days)
        ]

    @contextmanager
    def content(self, file: LogFile) -> Iterator[Iterator[bytes]]:
        with unpacked(self._paths[int(file.id[3:])]) as chunks:
            yield chunks

    def volumes(self) -> dict[tuple[str, Tier], dict[datetime, int]]:
        return {}

    def took(self, taken: TakenFile) -> None: ...
    def set_aside(self, held: Quarantined) -> None: ...


def _kept(paths: list[Path], folder: Path) -> list[int]:
    """Into the store. The gate's own process is left out: it costs the same for any number of rows."""
    disk: Any = _Disk(paths)
    store, name = TelemetryStore((folder / "store").as_posix()), pseudonyms(b"bench" * 7)
    came = [take(disk, store, disk, lambda _: (), name, file, FIRST_DAY) for file in disk.listed()]
    taken = [each for each in came if isinstance(each, TakenFile)]
    return [len(taken), sum(each.added for each in taken)]


def _work(what: str, folder: Path) -> dict[str, Any]:
    paths = sorted(folder.glob("*.csv.gz"))
    before = summed(paths[:-1]) if what == "day" else None
    alerts: list[Suspicion] = []
    began = perf_counter()
    if what == "kept":
        found: Any = _kept(paths, folder)
    else:
        frame = _bare(paths) if what == "bare" else summed(paths[-1:] if what == "day" else paths, before)
        alerts = [] if what == "bare" else unusual_days(frame, LAST_DAY)
        found = [frame.height, *(int(frame[name].sum()) for name in ("EVENTS", "ROWS", "BYTES", "FAILED"))]
    seconds = perf_counter() - began
    return {"seconds": seconds, "mib": peak_mib(), "sums": found, "alerts": [each.actor for each in alerts]}


def as_text(figures: EventFigures) -> str:
    each = figures.rows / 1e6
    verdict = "good" if figures.good else f"NOT GOOD, {SLOWER} and {MEMORY_MIB} MiB are asked for"
    return (
        f"{figures.rows:,} rows in {figures.files} gzip files, {figures.megabytes:,.0f} MB unpacked, to alerts about unusual volume: "
        f"{figures.ours:.2f} s ({each / figures.ours:.2f} million rows/s, {figures.ours_mib:.0f} MiB); bare polars, to sums, {figures.bare:.2f} s "
        f"({each / figures.bare:.2f} million rows/s, {figures.bare_mib:.0f} MiB): {figures.ratio:.2f} times as long, {verdict}. "
        f"{'The sums are the same.' if figures.same else 'THE SUMS DIFFER.'} "
        f"{'The stolen key was found and nothing else.' if figures.found else f'FOUND {len(figures.alerts)}, NOT JUST THE STOLEN KEY.'} "
        f"One more day {figures.day:.2f} s. Masked and profiled into the store {figures.kept:.2f} s "
        f"({each / figures.kept:.2f} million rows/s, {figures.kept_mib:.0f} MiB), {figures.kept / figures.bare:.2f} times as long as bare polars."
    )


if __name__ == "__main__":
    print(json.dumps(_work(sys.argv[1], Path(sys.argv[2]))))
