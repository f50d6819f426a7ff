"""What was registered last is in the ledger, and what is loaded counts only while it is that."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.ledger.model import EntryKind, Note
from tasks.ledger.registration import is_noted, note_registration, unregistered
from tasks.ledger.store import Ledger

ESTATE, POLICY, OTHER = "a" * 64, "b" * 64, "c" * 64


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: datetime(2026, 11, 28, 12, tzinfo=UTC))


def test_what_was_registered_last_counts_and_is_noted_once(ledger: Ledger) -> None:
    for estate, policy in ((ESTATE, OTHER), (ESTATE, POLICY), (ESTATE, POLICY)):
        note_registration(ledger, estate, policy)
    assert len(ledger.entries(EntryKind.REGISTRATION)) == 2 and is_noted(ledger)
    assert unregistered(ledger, ESTATE, POLICY) is None
    note_registration(ledger, ESTATE, OTHER)
    assert unregistered(ledger, ESTATE, POLICY) is not None, "an older one does not"


@pytest.mark.parametrize(
    ("estate", "policy", "named"),
    [
        (ESTATE, OTHER, "policy.yaml"),
        (OTHER, POLICY, "estate.yaml"),
        (OTHER, OTHER, "estate.yaml and policy.yaml"),
    ],
)
def test_what_was_edited_is_named(ledger: Ledger, estate: str, policy: str, named: str) -> None:
    note_registration(ledger, ESTATE, POLICY)
    why = unregistered(ledger, estate, policy)
    assert why is not None and why.startswith(f"{named} as Prefect keeps it")


def test_an_older_installation_goes_on_until_it_registers_again(ledger: Ledger) -> None:
    assert unregistered(ledger, ESTATE, POLICY) is None and not is_noted(ledger)


def test_a_note_that_left_with_an_archive_is_missed(ledger: Ledger) -> None:
    ledger.append(Note(kind=EntryKind.ARCHIVE, subject="old.jsonl", actor="ada"))
    assert "no longer says" in (unregistered(ledger, ESTATE, POLICY) or "")
    note_registration(ledger, ESTATE, POLICY)
    assert unregistered(ledger, ESTATE, POLICY) is None
