"""
What a drill has to remember of every record, on a disk: ids and digests, never values. Memory stays what it is, however many.

The file has no name and goes with the process, however that ends (SQLite, Temporary Databases: an empty path).
"""

import sqlite3
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Self, TypeVar

from tasks.errors import BackupRefused

_PAGES_KIB = 16 << 10
_AT_ONCE = 10_000
V = TypeVar("V", str, bytes)


class Spool:
    """Private to one run. Raises BackupRefused where the disk takes no more."""

    def __init__(self) -> None:
        # A run's tasks follow each other, each in whatever thread Prefect gives it.
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_PAGES_KIB}"):
            self._base.execute(f"PRAGMA {pragma}")
        self._tables = 0

    def texts(self) -> "Spooled[str]":
        return Spooled(self._base, self._named())

    def digests(self) -> "Spooled[bytes]":
        return Spooled(self._base, self._named())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._base.close()

    def _named(self) -> str:
        self._tables += 1
        name = f"spooled_{self._tables}"
        with _room():
            self._base.execute(f"CREATE TABLE {name} (k TEXT PRIMARY KEY, v) WITHOUT ROWID")
        return name


class Spooled(MutableMapping[str, V]):
    """In the order of keys. What is added while it is walked through may or may not come."""

    def __init__(self, base: sqlite3.Connection, table: str) -> None:
        self._base, self._table = base, table

    def __getitem__(self, key: str) -> V:
        found = self._base.execute(f"SELECT v FROM {self._table} WHERE k = ?", (key,)).fetchone()
        if found is None:
            raise KeyError(key)
        value: V = found[0]
        return value

    def __setitem__(self, key: str, value: V) -> None:
        with _room():
            self._base.execute(f"INSERT OR REPLACE INTO {self._table} VALUES (?, ?)", (key, value))

    def __delitem__(self, key: str) -> None:
        if not self._base.execute(f"DELETE FROM {self._table} WHERE k = ?", (key,)).rowcount:
            raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        after = ""
        while found := self._base.execute(
            f"SELECT k FROM {self._table} WHERE k > ? ORDER BY k LIMIT {_AT_ONCE}", (after,)
        ).fetchall():
            yield from (key for (key,) in found)
            after = found[-1][0]

    def __len__(self) -> int:
        (count,) = self._base.execute(f"SELECT COUNT(*) FROM {self._table}").fetchone()
        return int(count)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise BackupRefused(
            f"There is no room in the folder for temporary files ({error.sqlite_errorname}). Make room or point TMPDIR elsewhere, "
            "then apply the plan again: what was made goes first."
        ) from None
