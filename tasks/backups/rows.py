"""Rows as Parquet and as digests: every value is text as Bulk API 2.0 writes it, so nothing is rounded on the way. Pure."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from tasks.errors import BackupBroken

GROUP = 5_000
"""Rows of one row group: what is in memory at a time."""
Cells = Sequence[str | None]


class Digest:
    """Over rows in their order, and their number."""

    def __init__(self) -> None:
        self._sum = hashlib.sha256()
        self.rows = 0

    def add(self, rows: Iterable[Cells]) -> None:
        for row in rows:
            self._sum.update(orjson.dumps(row))
            self.rows += 1

    def hex(self) -> str:
        return self._sum.hexdigest()


def row_digest(cells: Cells) -> bytes:
    """Sixteen bytes tell one row from another; they meet by chance once in 2^64."""
    return hashlib.sha256(orjson.dumps(cells)).digest()[:16]


def _arrow() -> tuple[Any, Any]:
    """Imported where Parquet is at work: every other flow would carry 33 MiB of it for nothing."""
    import pyarrow
    import pyarrow.parquet

    return pyarrow, pyarrow.parquet


class RowFile:
    """A Parquet file in the making; `out` takes its bytes through `write` and is never asked to go back."""

    def __init__(self, names: Sequence[str], out: Any) -> None:
        pa, pq = _arrow()
        self._arrow = pa
        self._schema = pa.schema([pa.field(name, pa.string()) for name in names])
        self._writer = pq.ParquetWriter(pa.PythonFile(out, "w"), self._schema, compression="zstd")

    def add(self, rows: Sequence[Cells]) -> None:
        pa = self._arrow
        if rows:
            columns = [pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)]
            self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def read_rows(file: Any, names: Sequence[str], what: str) -> Iterator[list[tuple[str | None, ...]]]:
    """Groups of rows in their order, in the order of the names. Raises BackupBroken for a file that holds other columns."""
    pa, pq = _arrow()
    try:
        # By itself Arrow would fetch all row groups before it gives the first.
        parquet = pq.ParquetFile(pa.PythonFile(file, "r"), pre_buffer=False)
    except pa.ArrowInvalid:
        raise BackupBroken(f"{what} is no Parquet file any more.") from None
    if parquet.schema_arrow.names != [*names]:
        raise BackupBroken(f"{what} has other columns than its manifest names.")
    for batch in parquet.iter_batches(batch_size=GROUP):
        yield [*zip(*(column.to_pylist() for column in batch.columns), strict=True)]


def cells_of(row: Sequence[str]) -> tuple[str | None, ...]:
    """Salesforce keeps no empty text apart from none, and CSV writes both as nothing."""
    return tuple(cell or None for cell in row)
