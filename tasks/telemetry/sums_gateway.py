"""
Sums of event log files on disk. Two files at once: while one waits for its unpacking the other is parsed, and memory stays that of
two blocks each, whatever the files' sizes.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

from tasks.telemetry.csv_stream import NotCsv, frames
from tasks.telemetry.packed_gateway import unpacked
from tasks.telemetry.sums import WANTED, Sums, lacking, merged

_AT_ONCE = 2
_BLOCK = 8 << 20


class FileUnusable(Exception):
    """A file that cannot be summed; the message names it and says why, and quotes nothing of it."""


def summed(paths: Sequence[Path], before: pl.DataFrame | None = None) -> pl.DataFrame:
    """
    What `Sums` says of event log files, plain or gzip, of any size; with what earlier files summed up to, the new ones cost no more
    than themselves. Raises FileUnusable for the first that is no such file, and OSError.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            parts = [*pool.map(_summed, paths)]
        finally:
            pool.shutdown(cancel_futures=True)
    return merged([*parts, *(() if before is None else (before,))])


def _summed(path: Path) -> pl.DataFrame:
    sums = Sums()
    try:
        with unpacked(path) as chunks:
            for number, texts in enumerate(frames(chunks, WANTED, _BLOCK)):
                if not number and (missing := lacking(texts.columns)):
                    raise FileUnusable(f"{path}: its header names no {missing}.")
                sums.add(texts)
    except NotCsv as error:
        raise FileUnusable(f"{path}: {error}.") from None
    except (EOFError, ValueError, OSError) as error:
        # What a damaged gzip file is told by differs from one damage to another.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise FileUnusable(f"{path}: it is cut off, or no sound gzip file.") from None
    return sums.result()
