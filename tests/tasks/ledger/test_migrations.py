"""Tables of an older ledger are brought along whole or not at all, with the file as it was kept aside; newer ones are refused."""

import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from tasks.errors import LedgerUnavailable
from tasks.evidence import gateway
from tasks.ledger.engine import LATEST
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger
from tests.stores.keeping import KEPT, Ticking, restored

OLDEST = "3-plans"
"""The first store with a ledger, whose tables had the revision 0001."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return restored((KEPT / OLDEST / "ledger.sql").read_text(), tmp_path / "ledger.db")


def opened(file: Path) -> Ledger:
    return Ledger(f"sqlite:///{file}", Ticking())


def revision(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        (found,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found)


def aside(file: Path) -> Path:
    return file.with_name("ledger.db.before-migrating-0001")


def test_the_file_as_it_was_is_kept_aside(old: Path) -> None:
    assert revision(old) == "0001" != LATEST
    with closing(sqlite3.connect(old)) as database:
        before = list(database.iterdump())
    opened(old).close()
    assert revision(old) == LATEST
    assert stat.S_IMODE(aside(old).stat().st_mode) == 0o600
    with closing(sqlite3.connect(aside(old))) as database:
        assert list(database.iterdump()) == before
    kept = aside(old).read_bytes()
    opened(old).close()
    assert aside(old).read_bytes() == kept and len(list(old.parent.glob("*before*"))) == 1, "once"


def test_a_new_one_has_nothing_to_keep(tmp_path: Path) -> None:
    opened(tmp_path / "ledger.db").close()
    assert not list(tmp_path.glob("*before*"))


def test_one_that_cannot_be_brought_along_stays_as_it_was(old: Path) -> None:
    with closing(sqlite3.connect(old)) as database:
        database.execute("CREATE TABLE kept (somebody TEXT)")
        database.commit()
    with pytest.raises(LedgerUnavailable):
        opened(old)
    assert revision(old) == "0001" and revision(aside(old)) == "0001"


def test_several_steps_are_one(tmp_path: Path) -> None:
    """The second step of a new ledger fails: the first is not there either."""
    file = tmp_path / "ledger.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE kept (somebody TEXT)")
        database.commit()
    with pytest.raises(LedgerUnavailable):
        opened(file)
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("kept",)]


def test_many_at_once_bring_it_along_once(old: Path) -> None:
    ready, failed = threading.Barrier(6), []

    def open_and_write(number: int) -> None:
        ready.wait()
        try:
            ledger = opened(old)
            ledger.append(Note(kind=EntryKind.GRANT, subject=f"grant-{number}", actor="ada"))
            ledger.close()
        except Exception as error:  # told by the test
            failed.append(error)

    with closing(sqlite3.connect(old)) as database:
        (before,) = database.execute("SELECT count(*) FROM entries").fetchone()
    threads = [threading.Thread(target=open_and_write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed
    verdict = gateway.check(opened(old), (), ())
    assert verdict.sound and verdict.entries == before + 6
    assert revision(aside(old)) == "0001"


def test_who_opens_a_file_first_waits_for_who_did_at_the_same_moment(old: Path) -> None:
    """SQLite refuses the change of a journal's mode at once while somebody else is about to write."""
    let_go = threading.Event()

    def hold() -> None:
        with closing(sqlite3.connect(old, isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM entries").fetchone()
            other.execute("UPDATE alembic_version SET version_num = version_num")
            held.set()
            let_go.wait(10)
            other.execute("ROLLBACK")

    held = threading.Event()
    holding = threading.Thread(target=hold)
    holding.start()
    held.wait(10)
    threading.Timer(0.5, let_go.set).start()
    opened(old).close()
    holding.join()
    assert revision(old) == LATEST


def test_one_of_a_newer_version_is_refused_and_left_alone(old: Path) -> None:
    opened(old).close()
    with closing(sqlite3.connect(old)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
        before = list(database.iterdump())
    with pytest.raises(LedgerUnavailable, match="newer version"):
        opened(old)
    with closing(sqlite3.connect(old)) as database:
        assert list(database.iterdump()) == before


def test_an_older_program_that_is_left_running_puts_nothing_aside(old: Path) -> None:
    """It cannot go on, and would copy the whole file each time that it tries."""
    opened(old).close()
    with closing(sqlite3.connect(old)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    for _ in range(2):
        with pytest.raises(LedgerUnavailable, match="newer version"):
            opened(old)
    assert [each.name for each in old.parent.glob("*before*")] == [aside(old).name]


@pytest.mark.parametrize("folder", ["50%41", "a#b"])
def test_the_names_of_folders_are_taken_as_they_are(folder: str, old: Path) -> None:
    place = old.parent / folder
    place.mkdir()
    moved = old.rename(place / old.name)
    opened(moved).close()
    assert revision(moved) == LATEST and revision(aside(moved)) == "0001"


def test_where_nothing_can_be_put_aside_it_stays_as_it_was(old: Path) -> None:
    in_the_way = old.with_name(f".{aside(old).name}.part")
    in_the_way.mkdir()
    with pytest.raises(LedgerUnavailable, match=r"could not be put aside.*, so its tables stay as they are"):
        opened(old)
    assert revision(old) == "0001" and not aside(old).exists()
    in_the_way.rmdir()
    opened(old).close()
    assert revision(old) == LATEST and revision(aside(old)) == "0001"


def test_the_same_on_postgresql(postgresql: str) -> None:
    """As 0001 left it: without the table that 0002 brings."""
    name = "to_migrate"
    admin = create_engine(
        make_url(postgresql).set(drivername="postgresql+pg8000"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(postgresql).set(database=name)
    engine = create_engine(url.set(drivername="postgresql+pg8000"))
    try:
        ledger = Ledger(str(url), Ticking())
        ledger.append(Note(kind=EntryKind.GRANT, subject="grant-1", actor="ada"))
        ledger.close()
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE kept"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        again = Ledger(str(url), Ticking())
        assert gateway.check(again, (), ()).entries == 1 and inspect(engine).has_table("kept")
        again.close()
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(LedgerUnavailable, match="newer version"):
            Ledger(str(url), Ticking())
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
