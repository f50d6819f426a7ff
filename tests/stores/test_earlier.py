"""Stores of earlier versions open in this one, hold, say all that they said, and go on."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from tasks.errors import ConfigurationError
from tasks.estate.read import read_estate, read_policy
from tasks.evidence import gateway
from tasks.ledger.engine import LATEST
from tasks.ledger.model import PublicKey
from tasks.ledger.store import Ledger
from tests.stores.keeping import KEPT, START, Ticking, read, restored, rooms, signer, stores, write

EVERY = [each.name for each in stores()]
WITH_LEDGER = [name for name in EVERY if (KEPT / name / "ledger.sql").exists()]
PIN = PublicKey(key_id=signer().key_id, algorithm="ed25519", public_key=signer().public_key)


@pytest.fixture(params=WITH_LEDGER)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """The ledger's file, and what the version that wrote it read there."""
    folder = KEPT / request.param
    return (
        restored((folder / "ledger.sql").read_text(), tmp_path / "ledger.db"),
        orjson.loads((folder / "read.json").read_bytes()),
    )


def test_everything_that_was_written_is_read_back(store: tuple[Path, dict[str, Any]]) -> None:
    file, before = store
    parts = {name: part for name, part in rooms().items() if name in before["rooms"]}
    assert parts.keys() == before["rooms"].keys(), "no room of before is forgotten"
    now = read(file, parts)
    assert now["chain"] == before["chain"]
    assert not (missing := list(_missing(before["rooms"], now["rooms"]))), missing


def test_the_chain_verifies_and_goes_on(store: tuple[Path, dict[str, Any]]) -> None:
    file, before = store
    ledger = Ledger(f"sqlite:///{file}", Ticking(START + timedelta(days=1)))
    first = gateway.check(ledger, (PIN,), ())
    assert first.sound and first.pinned and first.sealed == before["chain"]["sealed"] == first.head.sequence
    for part in rooms().values():
        part.write(ledger)
    ledger.seal(signer())
    after = gateway.check(ledger, (PIN,), ())
    ledger.close()
    assert after.sound and after.entries > first.entries and after.sealed == after.head.sequence


def test_a_touched_entry_of_before_is_named(store: tuple[Path, dict[str, Any]]) -> None:
    file, _ = store
    with closing(sqlite3.connect(file)) as database:
        database.execute("DROP TRIGGER entries_keep")
        database.execute("UPDATE entries SET actor = 'mallory' WHERE sequence = 2")
        database.commit()
    verdict = gateway.check(Ledger(f"sqlite:///{file}", Ticking()), (PIN,), ())
    assert [problem.sequence for problem in verdict.problems] == [2]


@pytest.mark.parametrize("name", EVERY)
def test_estate_and_policy_are_read_or_say_what_is_no_longer_valid(name: str) -> None:
    estate = read_estate((KEPT / name / "estate.yaml").read_text())
    text = (KEPT / name / "policy.yaml").read_text()
    if "latam" in text:
        with pytest.raises(ConfigurationError) as caught:
            read_policy(text, "policy.yaml", estate)
        # The waiver for an org that is sold; nothing else is wrong.
        (mistake,) = str(caught.value).splitlines()
        assert "waivers[2].org" in mistake and "latam" in mistake
        text = text[: text.index("- control: ZT-01")]
    policy = read_policy(text, "policy.yaml", estate)
    assert [(each.control, each.org, each.resource) for each in policy.waivers] == [
        ("ZT-03", "emea", "user:sync@emea.example"),
        ("ZT-05", "hq", "profile:Sales*"),
    ]


def test_the_tenth_store_comes_after_the_ninth(tmp_path: Path) -> None:
    for name in ("10-newest", "9-newer", "1-first"):
        (tmp_path / name).mkdir()
    assert [each.name for each in stores(tmp_path)] == ["1-first", "9-newer", "10-newest"]


def _missing(before: Any, now: Any, path: str = "") -> list[str]:
    """Where something that was said is not said any more. More may be said than before, as by new fields of a noun."""
    if isinstance(before, dict) and isinstance(now, dict):
        return [
            each
            for key, value in before.items()
            for each in (
                _missing(value, now[key], f"{path}/{key}") if key in now else [f"{path}/{key} is gone"]
            )
        ]
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        return [
            each
            for number, (one, other) in enumerate(zip(before, now, strict=True))
            for each in _missing(one, other, f"{path}[{number}]")
        ]
    return [] if before == now else [f"{path}: {before!r} was read, now {now!r}"]


def test_this_version_reads_its_own(tmp_path: Path) -> None:
    """What every room writes today, which the next version's fixture is made of."""
    write(tmp_path / "ledger.db", rooms())
    found = read(tmp_path / "ledger.db", rooms())
    assert found["rooms"].keys() == rooms().keys() and all(found["rooms"].values())
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone() == (LATEST,)
