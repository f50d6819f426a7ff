"""What is noted of a question: everything but values; and how many values one person reads in a day."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tasks.decryption.ledger_gateway import DecryptionBook
from tasks.decryption.model import Judged
from tasks.errors import DecryptionRefused
from tasks.ledger.model import EntryKind
from tasks.ledger.store import Ledger
from tests.tasks.decryption.test_judge import ASKED, FINANCE, NOW, RECORD, SALES, SSN, TAX

BOTH = (Judged(field=SSN, by="role EMEA Finance Manager"), Judged(field=TAX))


class Clock:
    def __init__(self) -> None:
        self.now = NOW


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Iterator[Ledger]:
    made = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: clock.now)
    yield made
    made.close()


def test_a_note_says_who_what_why_and_by_what_right(ledger: Ledger) -> None:
    DecryptionBook(ledger, "a" * 64).note(ASKED, FINANCE, BOTH, 100)
    [entry] = ledger.entries(EntryKind.DECRYPTION)
    assert (entry.subject, entry.actor, entry.policy) == (RECORD, FINANCE.username, "a" * 64)
    assert entry.body == {
        "org": "emea",
        "sobject": "Account",
        "fields": [SSN],
        "user_id": "0052",
        "username": FINANCE.username,
        "reason": "case 4711",
        "ticket": "",
        "shown": [SSN],
        "masked": [TAX],
        "by": {SSN: "role EMEA Finance Manager"},
    }


def test_one_person_reads_so_many_values_within_a_day(ledger: Ledger, clock: Clock) -> None:
    book = DecryptionBook(ledger)
    for _ in range(3):
        book.note(ASKED, FINANCE, BOTH, 3)
    with pytest.raises(DecryptionRefused, match="3 sealed values of emea within a day"):
        book.note(ASKED, FINANCE, BOTH, 3)
    assert (
        "refused" in ledger.entries(EntryKind.DECRYPTION)[-1].body
        and "shown" not in ledger.entries(EntryKind.DECRYPTION)[-1].body
    )
    book.note(ASKED, FINANCE, BOTH[1:], 3)
    book.note(ASKED, SALES, BOTH, 3)
    book.note(ASKED.model_copy(update={"org": "hq"}), FINANCE, BOTH, 3)
    clock.now += timedelta(days=1) - timedelta(seconds=1)
    with pytest.raises(DecryptionRefused):
        book.note(ASKED, FINANCE, BOTH, 3)
    clock.now += timedelta(seconds=1)
    book.note(ASKED, FINANCE, BOTH, 3)


def test_none_a_day_is_none(ledger: Ledger) -> None:
    with pytest.raises(DecryptionRefused):
        DecryptionBook(ledger).note(ASKED, FINANCE, BOTH, 0)
