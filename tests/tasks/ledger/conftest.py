"""Ledgers for tests: SQLite in a folder of the test, and PostgreSQL where Debian's server is installed."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasks.ledger.signing import Ed25519Signer, new_key
from tasks.ledger.store import Ledger

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
Make = Callable[[], Ledger]


class Ticking:
    """A clock that goes on by a second with every look."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def ledger(tmp_path: Path, clock: Ticking) -> Iterator[Ledger]:
    made = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", clock)
    yield made
    made.close()


@pytest.fixture(scope="session")
def signer() -> Ed25519Signer:
    return Ed25519Signer("first", new_key())


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Address of a PostgreSQL server on loopback, run as `postgres`, who may not be root."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        if os.environ.get("CI"):
            pytest.fail("install PostgreSQL: the ledger is tested on it")
        pytest.skip("PostgreSQL is not installed")
    # Not below pytest's own folder, which only its owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="ledger-postgresql-"))
    shutil.chown(folder, "postgres")
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data, binaries = folder / "data", found[-1].parent

    def as_postgres(*command: str) -> None:
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            cwd="/",
            user="postgres",
            group="postgres",
            extra_groups=[],
        )

    as_postgres(str(binaries / "initdb"), "-D", str(data), "--auth=trust", "--no-sync", "-E", "UTF8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    as_postgres(
        str(binaries / "pg_ctl"), "-D", str(data), "-o", options, "-w", "-l", str(folder / "log"), "start"
    )
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        as_postgres(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)
