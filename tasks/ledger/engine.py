"""Databases the ledger lives in: SQLite in one file, PostgreSQL by address. Locks that end with their process."""

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

import filelock
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from tasks.errors import AlreadyRunning, ConfigurationError, LedgerUnavailable

LATEST = "0002"
"""Revision of the tables that this version works with."""
_PATIENCE = 30
"""Seconds to wait for another writer."""
_PAUSE = 0.2
"""Seconds between two looks at a lock of PostgreSQL."""
_making = Lock()
_CHAIN_LOCK = 0x62756C6B  # "bulk"


def connect(place: str | Path) -> Engine:
    """
    A file, or an address: `sqlite:///path` or `postgresql+pg8000://user:password@host/database`. Raises ConfigurationError.

    A file belongs to its owner alone (mode 0600): it says who may be attacked how.
    """
    if isinstance(place, Path):
        return _sqlite(place)
    try:
        parsed = make_url(place)
    except ArgumentError:
        raise ConfigurationError(
            "The ledger's address is no database address; write sqlite:///… or postgresql://…"
        ) from None
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(file_of(place))
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+pg8000"), pool_pre_ping=True)
    raise ConfigurationError(
        f"The ledger does not live in {parsed.get_backend_name()}; use sqlite or postgresql."
    )


def file_of(address: str) -> Path:
    """
    The file that `sqlite:///path` names, letter by letter: SQLAlchemy would take what follows a `?` in a folder's name for
    parameters, and open another file. Raises ConfigurationError where parameters were meant.
    """
    path = Path(address.partition(":///")[2])
    if "=" in path.name.partition("?")[2]:
        raise ConfigurationError(
            "The ledger's address takes no parameters (`?name=value`) on SQLite; leave them out, or rename the file."
        )
    return path


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that no other writer shares, in this process or another. Raises LedgerUnavailable."""
    with (
        translated(),
        engine.connect().execution_options(bulkhead_writes=True) as connection,
        connection.begin(),
    ):
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Raises LedgerUnavailable."""
    with translated(), engine.connect() as connection:
        yield connection


@contextmanager
def held(engine: Engine, name: str, patience: float = 0) -> Iterator[None]:
    """
    Something only one process may do at a time. Raises AlreadyRunning when another still does after `patience` seconds.

    The lock ends with its process, however that ends: on SQLite it is the operating system's lock on a file beside the
    database, on PostgreSQL the server's, bound to a connection.
    """
    if engine.dialect.name == "sqlite":
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        lock = filelock.FileLock(f"{engine.url.database}.{digest}.lock", mode=0o600)
        try:
            lock.acquire(timeout=patience)
        except filelock.Timeout:
            raise AlreadyRunning(name) from None
        try:
            yield
        finally:
            lock.release()
        return
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with translated(), engine.connect() as connection:
        deadline = time.monotonic() + patience
        while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}):
            connection.commit()
            if time.monotonic() >= deadline:
                raise AlreadyRunning(name)
            time.sleep(_PAUSE)
        # The lock is the connection's, not the transaction's, which must not stay open for hours.
        connection.commit()
        try:
            yield
        finally:
            connection.scalar(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
            connection.commit()


def migrate(engine: Engine) -> None:
    """
    Brings the tables to LATEST, in one transaction; raises LedgerUnavailable when they are newer than this version knows.

    A file is first put aside as it is, beside itself under the name of its old revision. On PostgreSQL that is its owner's
    to do (`bulkhead backup-stores`).
    """
    with reading(engine) as connection:
        found = _revision(connection)
    if found == LATEST:
        return
    # Slow to import, and needed once in a ledger's life.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        earlier = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()} - {LATEST}
        # Asked again: another process may have been first. A newer one stays, so there is nothing to put aside.
        if engine.dialect.name == "sqlite" and (before := _revision(connection)) in earlier:
            _put_aside(Path(engine.url.database or ""), str(before))
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise LedgerUnavailable(
                "The ledger was written by a newer version of bulkhead. Install that version or a later one."
            ) from None


@contextmanager
def translated() -> Iterator[None]:
    """Database errors as ours, without statements or parameters."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        inner = error.orig if isinstance(error, DBAPIError) else error
        raise LedgerUnavailable(_words(inner)) from None


def _words(error: BaseException | None) -> str:
    said = str(error).lower()
    if "full" in said or "no space" in said:
        return "The disk of the ledger is full; nothing was noted. Free some space and try again."
    if "locked" in said or "busy" in said:
        return "Another process has been writing to the ledger for too long. Look for one that hangs, then try again."
    if "readonly" in said or "permission" in said:
        return "The ledger may not be written to. Look at who owns its file or which role its address names."
    if "malformed" in said or "not a database" in said:
        return "The ledger's file is damaged. Restore it from a backup; `bulkhead verify-evidence` shows what is whole."
    return (
        f"The ledger's database failed ({type(error).__name__}). Look at its file or server, then try again."
    )


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _put_aside(path: Path, revision: str) -> None:
    """While nobody else writes. It appears whole or not at all. Raises LedgerUnavailable, and errors of SQLite."""
    aside = path.with_name(f"{path.name}.before-migrating-{revision}")
    part = aside.with_name(f".{aside.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with (
            closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(part)) as copy,
        ):
            source.backup(copy)
        part.replace(aside)
    except OSError as error:
        raise LedgerUnavailable(
            f"The ledger {path.name} could not be put aside as {aside.name} ({error.strerror}), so its tables stay as they are. "
            "Look at the rights of its folder and at what lies there, then try again."
        ) from None


def _journal_ahead(cursor: sqlite3.Cursor) -> None:
    """The first to open a file changes its journal's mode, and where two do, SQLite refuses one of them without waiting."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
        time.sleep(_PAUSE / 10)


def _make(path: Path) -> None:
    """
    A file of its owner alone; the journals that SQLite puts beside it take over its mode.

    One that is there is never opened: to close it again would end all locks that SQLite holds on it in this process, another
    process would take the journal for nobody's, and what is written next would be lost (SQLite, "How To Corrupt An SQLite Database
    File", 2.2).
    """
    with _making:
        if path.exists():
            return
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _sqlite(path: Path) -> Engine:
    if not path.name:
        raise ConfigurationError("The ledger needs a file: write sqlite:///path/to/ledger.db.")
    path.parent.mkdir(parents=True, exist_ok=True)
    _make(path)
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": _PATIENCE})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # SQLAlchemy begins transactions itself (its documentation, "Serializable isolation / Savepoints" of pysqlite).
        connection.isolation_level = None
        cursor = connection.cursor()
        _journal_ahead(cursor)
        # What is noted before a write must still be there after a power cut.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and then writes could otherwise not be finished when another writer came between.
        immediate = connection.get_execution_options().get("bulkhead_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
