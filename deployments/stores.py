"""Ledger and Prefect database as one file, and back into an empty place."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from deployments.settings import Home
from tasks.errors import ConfigurationError
from tasks.evidence import gateway
from tasks.ledger.engine import file_of
from tasks.ledger.model import Verdict
from tasks.ledger.store import Ledger

LEDGER_URL, PREFECT_URL = "BULKHEAD_LEDGER_URL", "PREFECT_SERVER_DATABASE_CONNECTION_URL"
"""Environment variables with addresses in PostgreSQL; without, the files below BULKHEAD_HOME are meant."""
_MANIFEST = "manifest.json"
_LEDGER, _PREFECT = "ledger", "prefect"
_FORMAT = 1


def addresses(home: Home, environment: Mapping[str, str] = os.environ) -> dict[str, URL]:
    """Where both stores are, by part. Raises ConfigurationError for what is no address of SQLite or PostgreSQL."""
    # Prefect first: the ledger is the truth, and is to know of everything that the other knows.
    files = {
        _PREFECT: (PREFECT_URL, home.prefect / "prefect.db"),
        _LEDGER: (LEDGER_URL, home.root / "ledger" / "ledger.db"),
    }
    return {
        part: _address(name, set_to)
        if (set_to := environment.get(name))
        else URL.create("sqlite", database=str(path))
        for part, (name, path) in files.items()
    }


def back_up(home: Home, file: Path) -> dict[str, Any]:
    """
    One archive (tar, mode 0600) with both stores, each as one transaction saw it, and their SHA-256; gives its manifest.

    Both may be in use meanwhile. The key that Prefect encrypts with is not in it. Raises ConfigurationError and OSError.
    """
    if file.exists():
        raise ConfigurationError(f"{file} is there already; a backup is never written over.")
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        parts = {}
        for part, url in addresses(home).items():
            dump = Path(folder) / part
            _dump(url, dump)
            parts[part] = {"kind": url.get_backend_name(), "sha256": _digest(dump)}
        manifest = {"format": _FORMAT, "made_at": datetime.now(UTC).isoformat(), "parts": parts}
        made = Path(folder) / "backup.tar"
        with tarfile.open(made, "w") as archive:
            (Path(folder) / _MANIFEST).write_bytes(orjson.dumps(manifest))
            for name in (_MANIFEST, *parts):
                archive.add(Path(folder) / name, arcname=name)
        made.chmod(0o600)
        made.rename(file)
    return manifest


def restore(home: Home, file: Path) -> Verdict:
    """
    Puts both stores where there are none yet, and checks the ledger's chain there. Raises ConfigurationError, before anything is
    written, when a place is not empty, a store was kept in another kind of database, or the archive is not as it was written.
    """
    home.prepare()
    places = addresses(home)
    with _unpacked(file) as (folder, manifest):
        for part, url in places.items():
            _must_fit(part, url, file, folder, manifest["parts"][part])
        for part, url in places.items():
            _must_be_empty(part, url)
        for part, url in places.items():
            _load(url, folder / part)
    there = places[_LEDGER]
    ledger = Ledger(
        Path(there.database or "")
        if there.get_backend_name() == "sqlite"
        else there.render_as_string(hide_password=False),
        lambda: datetime.now(UTC),
    )
    try:
        return gateway.check(ledger, (), ())
    finally:
        ledger.close()


def _address(name: str, text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise ConfigurationError(f"{name} is no database address.") from None
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise ConfigurationError(f"{name} names {url.get_backend_name()}; use sqlite or postgresql.")
    if name == LEDGER_URL and url.get_backend_name() == "sqlite":
        # Read as the ledger itself reads it. Prefect's own goes through SQLAlchemy, parameters included.
        return URL.create("sqlite", database=str(file_of(text)))
    return url


def _dump(url: URL, target: Path) -> None:
    if url.get_backend_name() == "postgresql":
        _program("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
        return
    source = Path(url.database or "")
    if not source.is_file():
        raise ConfigurationError(
            f"There is no {source}. Set BULKHEAD_HOME, {LEDGER_URL} or {PREFECT_URL} to where it is."
        )
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=60)) as database,
        closing(sqlite3.connect(target)) as copy,
    ):
        database.backup(copy)


def _load(url: URL, dump: Path) -> None:
    if url.get_backend_name() == "postgresql":
        _program(
            "pg_restore",
            url,
            "--exit-on-error",
            "--single-transaction",
            "--no-owner",
            "--no-privileges",
            f"--dbname={url.database}",
            str(dump),
        )
        return
    target = Path(url.database or "")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(dump, target)
    target.chmod(0o600)


def _must_fit(part: str, url: URL, file: Path, folder: Path, kept: Mapping[str, Any]) -> None:
    if kept["kind"] != url.get_backend_name():
        raise ConfigurationError(
            f"The {part} in {file} comes from {kept['kind']} and cannot go into {url.get_backend_name()}. Set "
            f"{LEDGER_URL} or {PREFECT_URL} to where it belongs."
        )
    if _digest(folder / part) != kept["sha256"]:
        raise ConfigurationError(f"The {part} in {file} is not as it was written. Take another backup.")


def _must_be_empty(part: str, url: URL) -> None:
    if url.get_backend_name() == "sqlite":
        there = Path(url.database or "").exists()
    else:
        engine = create_engine(url.set(drivername="postgresql+pg8000"))
        try:
            there = bool(inspect(engine).get_table_names())
        except DBAPIError as error:
            raise ConfigurationError(
                f"The database for the {part} cannot be reached ({type(error.orig).__name__})."
            ) from None
        finally:
            engine.dispose()
    if there:
        raise ConfigurationError(
            f"There is a {part} already where this one is to go; a restore writes over nothing. Name an empty place."
        )


def _program(name: str, url: URL, *arguments: str) -> None:
    """One of PostgreSQL's own programs; the password goes by its environment, which only its user can read."""
    found = shutil.which(name) or next(
        map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None
    )
    if found is None:
        raise ConfigurationError(f"{name} is not installed. Install PostgreSQL's client programs.")
    where = {
        "PGHOST": url.host,
        "PGPORT": str(url.port or 5432),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": _text(url.query.get("sslmode")),
    }
    ended = subprocess.run(
        [found, "--no-password", *arguments],
        env={**os.environ, **{key: value for key, value in where.items() if value}},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if ended.returncode:
        # What it says may hold rows.
        raise ConfigurationError(
            f"{name} failed ({ended.returncode}). Is the server up, is {name} of its version or newer, and may the role do it?"
        )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


@contextmanager
def _unpacked(file: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    with tempfile.TemporaryDirectory() as folder:
        try:
            with tarfile.open(file) as archive:
                archive.extractall(folder, filter="data")
            manifest = orjson.loads((Path(folder) / _MANIFEST).read_bytes())
            right = manifest["format"] == _FORMAT and {_LEDGER, _PREFECT} == manifest["parts"].keys()
        except (tarfile.TarError, ValueError, KeyError, TypeError, AttributeError, FileNotFoundError):
            right = False
        if not right:
            raise ConfigurationError(f"{file} is no backup of ours, or one of a newer version.")
        yield Path(folder), manifest


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
