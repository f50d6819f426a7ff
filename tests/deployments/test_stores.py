"""Both stores go into one file and come back whole into an empty place; nothing is written over."""

import io
import os
import sqlite3
import stat
import tarfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from deployments import stores
from deployments.settings import Home
from tasks.errors import ConfigurationError
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.signing import Ed25519Signer, new_key
from tasks.ledger.store import Ledger
from tests.tasks.ledger.conftest import postgresql  # noqa: F401  # its server serves here, too

ENTRIES = 7


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Home, Home]:
    """One that is in use, and an empty one."""
    for name in (stores.LEDGER_URL, stores.PREFECT_URL):
        monkeypatch.delenv(name, raising=False)
    made = Home(tmp_path / "first"), Home(tmp_path / "second")
    made[0].prepare()
    with closing(sqlite3.connect(made[0].prefect / "prefect.db")) as database:
        database.execute("CREATE TABLE flow_run (name TEXT)")
        database.execute("INSERT INTO flow_run VALUES ('bold-otter')")
        database.commit()
    return made


def write(url: str) -> None:
    ledger = Ledger(url, lambda: datetime.now(UTC))
    for number in range(ENTRIES - 1):
        ledger.append(
            Note(kind=EntryKind.GRANT, subject="grant-1", actor="anna@acme.example", body={"number": number})
        )
    # With the key's announcement this makes one entry more.
    ledger.seal(Ed25519Signer("first", new_key()))
    ledger.close()


def sqlite_of(home: Home) -> str:
    return f"sqlite:///{home.root / 'ledger' / 'ledger.db'}"


def test_both_come_back_and_the_chain_holds(homes: tuple[Home, Home], tmp_path: Path) -> None:
    first, second = homes
    write(sqlite_of(first))
    # Still open with a journal beside it, as while the product runs.
    with closing(sqlite3.connect(first.root / "ledger" / "ledger.db")) as busy:
        busy.execute("SELECT count(*) FROM entries").fetchone()
        stores.back_up(first, tmp_path / "backup.tar")
    assert stat.S_IMODE((tmp_path / "backup.tar").stat().st_mode) == 0o600
    verdict = stores.restore(second, tmp_path / "backup.tar")
    assert verdict.sound and verdict.entries == verdict.sealed == ENTRIES
    assert stat.S_IMODE((second.root / "ledger" / "ledger.db").stat().st_mode) == 0o600
    with closing(sqlite3.connect(second.prefect / "prefect.db")) as database:
        assert database.execute("SELECT name FROM flow_run").fetchall() == [("bold-otter",)]


@pytest.mark.parametrize("name", ["why?mode=rw", "number#1", "100%41 sure"])
def test_a_home_may_have_any_name(name: str, homes: tuple[Home, Home], tmp_path: Path) -> None:
    first, second = homes[0], Home(tmp_path / f"{name} again")
    write(sqlite_of(first))
    first = Home(first.root.rename(tmp_path / name))
    stores.back_up(first, tmp_path / "backup.tar")
    verdict = stores.restore(second, tmp_path / "backup.tar")
    assert verdict.sound and verdict.entries == ENTRIES
    assert (second.root / "ledger" / "ledger.db").is_file() and (second.prefect / "prefect.db").is_file()


def test_nothing_is_written_over(homes: tuple[Home, Home], tmp_path: Path) -> None:
    first, _ = homes
    write(sqlite_of(first))
    stores.back_up(first, tmp_path / "backup.tar")
    with pytest.raises(ConfigurationError, match="already"):
        stores.back_up(first, tmp_path / "backup.tar")
    with pytest.raises(ConfigurationError, match="already"):
        stores.restore(first, tmp_path / "backup.tar")


def test_a_touched_archive_is_refused_and_nothing_written(homes: tuple[Home, Home], tmp_path: Path) -> None:
    first, second = homes
    write(sqlite_of(first))
    stores.back_up(first, tmp_path / "backup.tar")
    with tarfile.open(tmp_path / "backup.tar") as archive:
        parts = {each.name: archive.extractfile(each).read() for each in archive}  # type: ignore[union-attr]  # files only
    parts["ledger"] = parts["ledger"].replace(b"anna@acme", b"bert@acme")
    with tarfile.open(tmp_path / "touched.tar", "w") as archive:
        for name, body in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
    with pytest.raises(ConfigurationError, match="not as it was written"):
        stores.restore(second, tmp_path / "touched.tar")
    assert not (second.root / "ledger").exists()


def test_a_ledger_that_was_touched_before_its_backup_is_told(
    homes: tuple[Home, Home], tmp_path: Path
) -> None:
    first, second = homes
    write(sqlite_of(first))
    with closing(sqlite3.connect(first.root / "ledger" / "ledger.db")) as database:
        guards = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (guard,) in guards:
            database.execute(f"DROP TRIGGER {guard}")
        database.execute("UPDATE entries SET actor = 'mallory' WHERE sequence = 2")
        database.commit()
    stores.back_up(first, tmp_path / "backup.tar")
    assert not stores.restore(second, tmp_path / "backup.tar").sound


@pytest.mark.parametrize("body", [b"", b"not a tar", os.urandom(4096)], ids=["empty", "text", "noise"])
def test_what_is_no_backup_is_refused_with_words(
    homes: tuple[Home, Home], tmp_path: Path, body: bytes
) -> None:
    (tmp_path / "other").write_bytes(body)
    with pytest.raises(ConfigurationError, match="no backup"):
        stores.restore(homes[1], tmp_path / "other")


@pytest.fixture
def databases(postgresql: str) -> Iterator[dict[str, str]]:  # noqa: F811  # the fixture of that name
    """Four empty databases: two in use, two to restore into."""
    engine = create_engine(
        make_url(postgresql).set(drivername="postgresql+pg8000"), isolation_level="AUTOCOMMIT"
    )
    names = ("ledger_1", "prefect_1", "ledger_2", "prefect_2")
    with engine.connect() as connection:
        for name in names:
            connection.execute(text(f"CREATE DATABASE {name}"))
    yield {name: str(make_url(postgresql).set(database=name)) for name in names}
    with engine.connect() as connection:
        for name in names:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def test_the_same_on_postgresql(
    homes: tuple[Home, Home], databases: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(databases["ledger_1"])
    with create_engine(databases["prefect_1"].replace("postgresql:", "postgresql+pg8000:")).begin() as made:
        made.execute(text("CREATE TABLE flow_run AS SELECT 'bold-otter' AS name"))
    for number in ("1", "2"):
        monkeypatch.setenv(stores.LEDGER_URL, databases[f"ledger_{number}"])
        # As Prefect wants it.
        monkeypatch.setenv(
            stores.PREFECT_URL, databases[f"prefect_{number}"].replace("postgresql:", "postgresql+asyncpg:")
        )
        if number == "1":
            stores.back_up(homes[0], tmp_path / "backup.tar")
    verdict = stores.restore(homes[1], tmp_path / "backup.tar")
    assert verdict.sound and verdict.entries == verdict.sealed == ENTRIES
    with create_engine(databases["prefect_2"].replace("postgresql:", "postgresql+pg8000:")).begin() as found:
        assert found.execute(text("SELECT name FROM flow_run")).scalars().all() == ["bold-otter"]
    with pytest.raises(ConfigurationError, match="already"):
        stores.restore(homes[1], tmp_path / "backup.tar")
    monkeypatch.delenv(stores.LEDGER_URL)
    with pytest.raises(ConfigurationError, match="cannot go into sqlite"):
        stores.restore(homes[1], tmp_path / "backup.tar")
