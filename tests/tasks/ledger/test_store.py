"""Appending: in order, whole, by several writers, through crashes and full disks."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tasks.errors import AlreadyRunning, ConfigurationError, LedgerUnavailable
from tasks.evidence.gateway import check
from tasks.ledger.model import GENESIS, EntryKind, Note
from tasks.ledger.signing import Ed25519Signer, new_key
from tasks.ledger.store import Ledger
from tests.tasks.ledger.conftest import Ticking

WRITER = """
import sys
from datetime import UTC, datetime
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger
ledger = Ledger(sys.argv[1], lambda: datetime.now(UTC))
for number in range(int(sys.argv[3])):
    ledger.append(Note(kind=EntryKind.GRANT, subject=sys.argv[2], actor="writer", body={"number": number}))
    print(number, flush=True)
"""


def note(number: int = 0, subject: str = "grant-1", kind: EntryKind = EntryKind.GRANT) -> Note:
    return Note(kind=kind, subject=subject, actor="anna@meridian.example", body={"number": number})


def writer(url: str, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, url, name, str(count)], stdout=subprocess.PIPE, text=True
    )


def test_entries_follow_each_other_and_are_found_by_kind_and_subject(ledger: Ledger) -> None:
    first, second = ledger.append(note(1), note(2, "grant-2", EntryKind.REVOCATION))
    assert (first.sequence, first.previous, second.previous) == (1, GENESIS, first.hash)
    assert ledger.entries() == [first, second]
    assert ledger.entries(EntryKind.GRANT) == [first]
    assert ledger.entries(subject="grant-2") == [second]
    with ledger.read() as pages:
        assert pages.last((EntryKind.GRANT, EntryKind.REVOCATION)) == second


def test_what_fails_within_a_block_leaves_nothing(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError), ledger.exclusive() as pages:
        pages.append(note())
        raise RuntimeError
    assert ledger.entries() == []


def test_nothing_can_be_changed_or_removed(ledger: Ledger, tmp_path: Path, signer: Ed25519Signer) -> None:
    ledger.append(note())
    ledger.seal(signer)
    engine = create_engine(f"sqlite:///{tmp_path / 'ledger.db'}")
    for statement in (
        "UPDATE entries SET actor = 'eve'",
        "DELETE FROM entries",
        "UPDATE checkpoints SET signature = '00'",
        "DELETE FROM checkpoints",
    ):
        with pytest.raises(Exception, match="append only"), engine.begin() as connection:
            connection.execute(text(statement))


def test_what_is_kept_is_asked_for_by_name_and_walked_through_in_parts(ledger: Ledger) -> None:
    many = {f"{number:05d}": number for number in range(2_345)}
    with ledger.exclusive() as pages:
        pages.keep("place", many)
        pages.keep("elsewhere", {"00001": "another"})
    with ledger.read() as pages:
        assert pages.kept("place") == many
        wanted = [*list(many)[::2], "unknown"]
        assert pages.kept("place", wanted) == {name: many[name] for name in wanted[:-1]}
        assert pages.kept("place", []) == {}
        parts = [*pages.walked("place")]
    assert len(parts) > 1 and {name: body for part in parts for name, body in part.items()} == many


def test_what_was_walked_over_may_be_dropped_at_once(ledger: Ledger) -> None:
    with ledger.exclusive() as pages:
        pages.keep("place", {f"{number:05d}": number for number in range(2_345)})
        pages.keep("elsewhere", {"00000": "another"})
        for part in pages.walked("place"):
            pages.drop("place", (name for name, number in part.items() if number % 3))
    with ledger.read() as pages:
        assert [*pages.kept("place").values()] == [*range(0, 2_345, 3)]
        assert pages.kept("elsewhere") == {"00000": "another"}


def test_the_file_is_its_owners_alone(ledger: Ledger, tmp_path: Path) -> None:
    ledger.append(note())
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_opening_it_once_more_takes_no_lock_from_who_has_it_open(
    ledger: Ledger, tmp_path: Path, clock: Ticking
) -> None:
    """A process that closes any handle of a file gives up its locks on it (POSIX, fcntl): SQLite's own would be gone."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    ledger.append(note(1))
    Ledger(url, clock).close()
    assert writer(url, "another", 1).wait(60) == 0
    ledger.append(note(2))
    assert writer(url, "another", 1).wait(60) == 0
    seen = Ledger(url, clock)
    assert [(each.subject, each.body["number"]) for each in seen.entries()] == [
        ("grant-1", 1), ("another", 0), ("grant-1", 2), ("another", 0),
    ]  # fmt: skip
    seen.close()


def test_nothing_is_lost_where_threads_and_processes_open_and_close_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"

    def turns(name: int) -> None:
        for number in range(40):
            opened = Ledger(url, lambda: datetime.now(UTC))
            opened.append(note(number, f"thread-{name}"))
            opened.close()

    with ThreadPoolExecutor(4) as pool:
        working = [pool.submit(turns, name) for name in range(4)]
        for number in range(6):
            assert writer(url, f"process-{number}", 3).wait(60) == 0
        for each in working:
            each.result()
    ledger = Ledger(url, lambda: datetime.now(UTC))
    assert len(ledger.entries()) == 4 * 40 + 6 * 3 and check(ledger, (), ()).sound
    ledger.close()


def test_two_writers_share_one_chain(ledger: Ledger, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    writers = [writer(url, name, 150) for name in ("one", "two")]
    assert [each.wait(60) for each in writers] == [0, 0]
    with ledger.read() as pages:
        entries = list(pages.entries())
    assert [entry.sequence for entry in entries] == list(range(1, 301))
    assert check(ledger, (), ()).sound
    for name in ("one", "two"):
        assert [e.body["number"] for e in entries if e.subject == name] == list(range(150))


@pytest.mark.parametrize("after", [1, 7, 40])
def test_a_killed_writer_leaves_what_it_was_told_is_there(ledger: Ledger, tmp_path: Path, after: int) -> None:
    process = writer(f"sqlite:///{tmp_path / 'ledger.db'}", "killed", 100_000)
    assert process.stdout is not None
    told = -1
    while told < after:
        told = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    told = max([told, *(int(line) for line in process.stdout.read().split())])
    entries = ledger.entries()
    assert len(entries) - 1 in (told, told + 1)
    assert check(ledger, (), ()).sound
    ledger.append(note())
    assert check(ledger, (), ()).sound


def test_a_full_disk_is_said_and_nothing_is_half_there(tmp_path: Path, clock: Ticking) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", clock)
    ledger.append(note())
    with ledger._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    bulky = [note(number) for number in range(2_000)]
    with pytest.raises(LedgerUnavailable, match="disk of the ledger is full; nothing was noted"):
        ledger.append(*bulky)
    assert len(ledger.entries()) == 1
    ledger.close()
    again = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", clock)
    again.append(*bulky)
    assert check(again, (), ()).sound


def test_a_writer_that_hangs_is_waited_for_and_then_named(
    ledger: Ledger, tmp_path: Path, clock: Ticking
) -> None:
    impatient = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", clock)
    with ledger.exclusive() as pages:
        pages.append(note())
        with impatient.read() as other:
            assert list(other.entries()) == []
            other._connection.exec_driver_sql("PRAGMA busy_timeout = 50")
        with pytest.raises(LedgerUnavailable, match="writing to the ledger for too long"):
            impatient.append(note())
    impatient.append(note())
    assert len(ledger.entries()) == 2


def test_one_thing_at_a_time_until_its_process_ends(ledger: Ledger, tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom datetime import UTC, datetime\nfrom tasks.ledger.store import Ledger\n"
        "with Ledger(sys.argv[1], lambda: datetime.now(UTC)).held('org hq'):\n"
        "    print('held', flush=True)\n    time.sleep(60)\n"
    )
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    process = subprocess.Popen([sys.executable, "-c", code, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    with pytest.raises(AlreadyRunning, match="org hq"), ledger.held("org hq"):
        pass
    with ledger.held("org emea"):
        pass
    process.kill()
    process.wait(10)
    deadline = time.monotonic() + 5
    while True:
        try:
            with ledger.held("org hq"):
                return
        except AlreadyRunning:
            assert time.monotonic() < deadline


def test_a_damaged_file_is_said(tmp_path: Path, clock: Ticking) -> None:
    (tmp_path / "ledger.db").write_bytes(b"no database" * 1_000)
    with pytest.raises(LedgerUnavailable, match="damaged"):
        Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", clock)


def test_a_ledger_of_a_newer_version_is_left_alone(ledger: Ledger, tmp_path: Path, clock: Ticking) -> None:
    with ledger._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(LedgerUnavailable, match="newer version"):
        Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", clock)


@pytest.mark.parametrize("name", ["why?", "a?b=c&d", "number#1", "100%41 sure", "two words", "@home", "ä"])
def test_a_folder_may_have_any_name(name: str, tmp_path: Path, clock: Ticking) -> None:
    """What is a sign of its own in addresses is a letter in names of folders."""
    file = tmp_path / name / "ledger.db"
    for place in (f"sqlite:///{file}", file):
        ledger = Ledger(place, clock)
        ledger.append(note())
        with ledger.held("org hq"):
            locks = [each.name for each in file.parent.glob("*.lock")]
        ledger.close()
        assert len(locks) == 1 and [each.name for each in tmp_path.iterdir()] == [name]
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT count(*) FROM entries").fetchone() == (2,)


def test_parameters_of_an_address_are_refused_and_not_dropped(tmp_path: Path, clock: Ticking) -> None:
    with pytest.raises(ConfigurationError, match="takes no parameters"):
        Ledger(f"sqlite:///{tmp_path / 'ledger.db'}?mode=ro", clock)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["mysql://u:p@h/d", "no address", "sqlite://"])
def test_addresses_that_are_none_are_refused_without_quoting_them(url: str, clock: Ticking) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Ledger(url, clock)
    assert "u:p" not in str(refused.value)


def test_on_postgresql_two_writers_share_one_chain(
    postgresql: str, clock: Ticking, signer: Ed25519Signer
) -> None:
    ledger = Ledger(postgresql, clock)
    writers = [writer(postgresql, name, 60) for name in ("one", "two")]
    assert [each.wait(60) for each in writers] == [0, 0]
    ledger.seal(signer)
    verdict = check(ledger, (), ())
    assert verdict.sound and verdict.entries == 121
    with pytest.raises(LedgerUnavailable), ledger.exclusive() as pages:
        pages._connection.execute(text("DELETE FROM entries"))
    with ledger.held("org hq"), pytest.raises(AlreadyRunning), Ledger(postgresql, clock).held("org hq"):
        pass
    with ledger.held("org hq"):
        pass
    ledger.close()


def test_a_postgresql_that_is_not_there_is_said_without_its_address(clock: Ticking) -> None:
    with pytest.raises(LedgerUnavailable) as refused:
        Ledger("postgresql://bulkhead:secret@127.0.0.1:1/ledger", clock)
    assert "secret" not in str(refused.value)


def test_sealing_says_nothing_new_when_nothing_is(ledger: Ledger, signer: Ed25519Signer) -> None:
    ledger.append(note())
    mark = ledger.seal(signer)
    assert mark is not None and mark.head.sequence == 2, "the key was announced first"
    assert ledger.seal(signer) is None


def test_a_key_of_another_kind_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no Ed25519"):
        Ed25519Signer("rsa", "-----BEGIN NOTHING-----")
    assert Ed25519Signer("a", new_key()).public_key != Ed25519Signer("b", new_key()).public_key


def test_who_is_patient_gets_its_turn(ledger: Ledger, tmp_path: Path, clock: Ticking) -> None:
    other = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", clock)
    with ThreadPoolExecutor(1) as pool:
        with ledger.held("org hq"):
            with pytest.raises(AlreadyRunning), other.held("org hq"):
                pass
            waiting = pool.submit(lambda: other.held("org hq", 10).__enter__())
            time.sleep(0.3)
            assert not waiting.done()
        waiting.result(10)
