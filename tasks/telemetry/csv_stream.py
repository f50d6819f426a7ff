"""
CSV of any length in bounded memory: bytes come in, frames of texts go out, cut where a record ends. Pure.

A record may hold line breaks within quotes, so a block ends at the last line break outside of them: where the number of quotes
before it is even, for a quote within a cell is written twice (RFC 4180).
"""

import csv
from collections.abc import Collection, Iterable, Iterator

import polars as pl

BLOCK = 8 << 20
"""Bytes of a block. A record is never longer than a few."""
LONGEST = 256 << 20
_BOM = b"\xef\xbb\xbf"


class NotCsv(Exception):
    """What came is no event log file; the message says where, and quotes nothing of it."""


def blocks(chunks: Iterable[bytes], size: int = BLOCK) -> Iterator[bytes]:
    """Whole records, about `size` bytes at once; the first block begins with the header. Raises NotCsv."""
    waiting: list[bytes] = []
    held = 0
    for chunk in chunks:
        waiting.append(chunk)
        held += len(chunk)
        if held < size:
            continue
        whole = b"".join(waiting)
        end = _end_of_records(whole)
        if end:
            yield whole[:end]
            whole = whole[end:]
        elif held > LONGEST:
            raise NotCsv(f"a record is longer than {LONGEST >> 20} MiB, or a quote is never closed")
        waiting, held = [whole], len(whole)
    rest = b"".join(waiting)
    if rest:
        if rest.count(b'"') % 2:
            raise NotCsv("it ends within a quoted cell; it was cut")
        yield rest


def _end_of_records(block: bytes) -> int:
    """Behind the last line break outside of quotes; 0 where there is none. A block begins outside of quotes."""
    before = block.count(b'"')
    end = len(block)
    while (at := block.rfind(b"\n", 0, end)) >= 0:
        before -= block.count(b'"', at, end)
        if before % 2 == 0:
            return at + 1
        end = at
    return 0


def frames(
    chunks: Iterable[bytes], wanted: Collection[str] | None = None, size: int = BLOCK
) -> Iterator[pl.DataFrame]:
    """
    Blocks as columns of texts, by upper-case names from the header; only the wanted ones where they are named.

    A file of a header alone gives one empty frame. Raises NotCsv.
    """
    header: list[str] = []
    for number, block in enumerate(blocks(chunks, size)):
        if not header:
            header, block = _headed(block.removeprefix(_BOM))
            if not block.strip():
                yield pl.DataFrame(schema=dict.fromkeys(_chosen(header, wanted), pl.String))
                continue
        yield _frame(block, header, wanted, number)


def _headed(block: bytes) -> tuple[list[str], bytes]:
    line, _, rest = block.partition(b"\n")
    try:
        names = next(csv.reader([line.decode().strip()]), [])
    except (UnicodeDecodeError, csv.Error):
        raise NotCsv("its first line is no header") from None
    header = [name.strip().strip('"').upper() for name in names]
    if not header or not all(header) or len(set(header)) != len(header):
        raise NotCsv("its header names no columns, or one of them twice")
    return header, rest


def _frame(block: bytes, header: list[str], wanted: Collection[str] | None, number: int) -> pl.DataFrame:
    scan = pl.scan_csv(
        block,
        has_header=False,
        schema=dict.fromkeys(header, pl.String()),
        # A cell that is no UTF-8 is no reason to lose its file.
        encoding="utf8-lossy",
    )
    try:
        return scan.select(_chosen(header, wanted)).collect()
    except pl.exceptions.PolarsError:
        raise NotCsv(f"rows of its block {number + 1} have other columns than its header") from None


def _chosen(header: list[str], wanted: Collection[str] | None) -> list[str]:
    return [name for name in header if wanted is None or name in wanted]
