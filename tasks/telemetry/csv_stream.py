"""
CSV of any length in bounded memory: bytes come in, frames of texts go out, cut where a record ends. Pure.

A record may hold line breaks within quotes, so a block ends at the last line break outside of them: where the number of quotes
before it is even, for a quote within a cell is written twice (RFC 4180).
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
import polars as pl

BLOCK = 8 << 20
"""Bytes of a block. A record is never longer than a few."""
LONGEST = 256 << 20
_BOM = b"\xef\xbb\xbf"
_QUOTE = ord('"')


class NotCsv(Exception):
    """What came is no event log file; the message says where, and quotes nothing of it."""


def blocks(chunks: Iterable[bytes], size: int = BLOCK) -> Iterator[bytes]:
    """Whole records, about `size` bytes at once; the first block begins with the header. Raises NotCsv."""
    waiting: list[bytes] = []
    quotes: list[int] = []
    held = searched = 0
    for chunk in chunks:
        waiting.append(chunk)
        quotes.append(_quotes(chunk))
        held += len(chunk)
        if held < size:
            continue
        # What was searched in vain is not searched again: a record that goes on for long costs its length and no more.
        cut = _last_end(waiting, quotes, searched)
        if cut is not None:
            place, end = cut
            yield b"".join((*waiting[:place], memoryview(waiting[place])[:end]))
            waiting = [waiting[place][end:], *waiting[place + 1 :]]
            quotes = [_quotes(waiting[0]), *quotes[place + 1 :]]
            held = sum(map(len, waiting))
        elif held > LONGEST:
            raise NotCsv(f"a record is longer than {LONGEST >> 20} MiB, or a quote is never closed")
        searched = len(waiting)
    if held:
        if sum(quotes) % 2:
            raise NotCsv("it ends within a quoted cell; it was cut")
        yield b"".join(waiting)


def _quotes(chunk: bytes) -> int:
    """Event log files quote every cell, and numpy counts what is frequent many times faster than `bytes.count`."""
    return int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == _QUOTE))


def _last_end(waiting: Sequence[bytes], quotes: Sequence[int], first: int) -> tuple[int, int] | None:
    """
    Behind the last line break outside of quotes: which chunk, and where in it. None where those from `first` on have none.

    The first chunk of all begins outside of quotes.
    """
    before = sum(quotes)
    for place in range(len(waiting) - 1, first - 1, -1):
        chunk, left = waiting[place], before
        end = len(chunk)
        while (at := chunk.rfind(b"\n", 0, end)) >= 0:
            left -= chunk.count(b'"', at, end)
            if left % 2 == 0:
                return place, at + 1
            end = at
        before -= quotes[place]
    return None


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
