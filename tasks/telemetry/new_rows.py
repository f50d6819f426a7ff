"""
Which rows of a file are new, by what they say: hourly and daily files tell the same events, and some come twice.

A row counts as often as it stands in a file, so two equal rows of one file are two events. Compared are the columns that all
files have, as numbers of 64 bits: of a hundred million rows two different ones are taken for equal with a chance of 0.0003.
"""

from collections.abc import Iterator

import polars as pl
import pyarrow.parquet as pq

from tasks.telemetry.columns import ORG, TIER
from tasks.telemetry.places import Place

AT_ONCE = 1_000_000
"""Rows compared at once."""
_OWN = frozenset({ORG, TIER})


def new_rows(place: Place, staged: str, others: list[str]) -> tuple[pl.Series, int]:
    """A mark for each row of `staged`, true where it is new; and how many of its rows the others have."""
    common = set(_columns(place, staged))
    for path in others:
        common &= set(_columns(place, path))
    columns = sorted(common - _OWN)
    ours = _keys(place, [staged], columns)
    theirs = _keys(place, others, columns)
    # Only what could be equal is held against each other: the keys of a day are few bytes, their counts are many.
    parts = (ours.len() + theirs.len()) // AT_ONCE + 1
    known = pl.concat([_known(ours, theirs, part, parts) for part in range(parts)]).sort("row")["known"]
    return ~known, int(known.sum())


def _known(ours: pl.Series, theirs: pl.Series, part: int, parts: int) -> pl.DataFrame:
    """Rows of ours in this part, with whether theirs have them: the n-th of equal ones where theirs have n."""
    mine = pl.DataFrame({"key": ours}).with_row_index("row").filter(pl.col("key") % parts == part)
    counted = pl.DataFrame({"key": theirs}).filter(pl.col("key") % parts == part).group_by("key").len("times")
    numbered = mine.with_columns(pl.int_range(pl.len()).over("key").alias("nth"))
    joined = numbered.join(counted, on="key", how="left", maintain_order="left")
    return joined.select("row", (pl.col("nth") < pl.col("times").fill_null(0)).alias("known"))


def _keys(place: Place, paths: list[str], columns: list[str]) -> pl.Series:
    found = [
        batch.select(pl.struct(columns).hash()).to_series().alias("key")
        for path in paths
        for batch in _batches(place, path, columns)
    ]
    return pl.concat(found) if found else pl.Series("key", [], pl.UInt64)


def _batches(place: Place, path: str, columns: list[str]) -> Iterator[pl.DataFrame]:
    with place.files.open_input_file(path) as source:
        reader = pq.ParquetFile(source)
        for group in range(reader.num_row_groups):
            yield pl.DataFrame(pl.from_arrow(reader.read_row_group(group, columns=columns)))


def _columns(place: Place, path: str) -> list[str]:
    names: list[str] = pq.read_schema(path, filesystem=place.files).names
    return names
