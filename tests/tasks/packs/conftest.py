"""A pack of a small ledger in which one plan was approved, sent and read back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasks.audit.model import Assessment
from tasks.ledger import evidence
from tasks.ledger.model import EntryKind, Head, Note, PublicKey
from tasks.ledger.signing import Ed25519Signer, new_key
from tasks.ledger.store import Ledger
from tasks.packs import gateway, pages
from tasks.packs.extracts import extracts
from tasks.packs.model import Narrative, Quarter
from tasks.packs.narrate import narrate
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Approval, Change, ChangeClass, Plan, Resource, ResourceKind, Stopped
from tests.tasks.reports.sample import sample

QUARTER = Quarter(name="2026-Q4")
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NOW = datetime(2027, 1, 2, 5, 0, tzinfo=UTC)
ESTATE = "Meridian Wealth"


class Ticking:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def change(number: int, control: str = "ZT-06") -> Change:
    resource = Resource(org="emea", kind=ResourceKind.APP_ACCESS, key=f"Set_{number}/App")
    return Change(number=number, resource=resource, before={"type": "ConnectedApplication"}, after=None,
                  kind=ChangeClass.NARROWING, control=control, why="nobody uses it", effect="one set less opens the app")  # fmt: skip


def plan(*changes: Change, undoes: str | None = None) -> Plan:
    return Plan(job="least-privilege", title="Take what nobody uses", requester="ada", made_at=START,
                expires_at=START + timedelta(days=7), policy_digest="0" * 64, changes=changes, undoes=undoes)  # fmt: skip


@pytest.fixture
def signer() -> Ed25519Signer:
    return Ed25519Signer("ledger-1", new_key())


@pytest.fixture
def pin(signer: Ed25519Signer) -> PublicKey:
    return PublicKey(key_id=signer.key_id, algorithm=signer.algorithm, public_key=signer.public_key)


@pytest.fixture
def ledger(tmp_path: Path, signer: Ed25519Signer) -> Ledger:
    """Two changes planned, both sent, one read back, one stopped; a drill that held; sealed."""
    made = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", Ticking())
    book = PlanBook(made, "ada")
    kept = plan(change(1), change(2))
    name = book.keep(kept)
    book.approve(Approval(plan=name, approver="bob", reason="reviewed", at=START))
    journal = book.journal(name)
    journal.attempted(kept.changes)
    journal.verified(kept.changes[:1])
    journal.stopped(Stopped(reason="the org did not take it", numbers=(2,)))
    drilled = {
        "step": "drilled",
        "good": True,
        "rows": 7,
        "equal": 7,
        "left": 0,
        "rpo_minutes": 3.0,
        "rto_minutes": 4.0,
    }
    made.append(Note(kind=EntryKind.EVIDENCE, subject="backups of emea", actor="bulkhead", body=drilled))
    made.seal(signer)
    return made


@pytest.fixture
def assessments() -> tuple[Assessment, ...]:
    closing = sample()
    return closing.model_copy(update={"made_at": START - timedelta(days=20)}), closing


Build = Callable[..., bytes]


@pytest.fixture
def told(ledger: Ledger, assessments: tuple[Assessment, ...]) -> Narrative:
    return narrate(ESTATE, QUARTER, assessments, ledger.entries(), Head(), NOW)


@pytest.fixture
def packed(ledger: Ledger, told: Narrative, signer: Ed25519Signer) -> bytes:
    """Small, so that every byte of it can be changed once."""
    with ledger.read() as book:
        content, head = evidence.content_of(book), book.head()
    contents = {
        "readme.txt": pages.readme(told, signer.key_id).encode(),
        gateway.LEDGER: content,
        **extracts(ledger.entries(), QUARTER),
    }
    return gateway.sealed(contents, ESTATE, QUARTER, head, NOW, signer)


def unsealed(ledger: Ledger, thief: Ed25519Signer) -> bytes:
    """A pack of what somebody adds to a ledger: their own key and more, under no checkpoint, and signed with that key."""
    key = PublicKey(key_id=thief.key_id, algorithm=thief.algorithm, public_key=thief.public_key)
    ledger.append(Note(kind=EntryKind.KEY, subject=thief.key_id, actor="eve", body=key.model_dump()))
    ledger.append(Note(kind=EntryKind.HALT, subject="all applies", actor="eve"))
    with ledger.read() as book:
        content, head = evidence.content_of(book), book.head()
    contents = {gateway.LEDGER: content, **extracts(ledger.entries(), QUARTER)}
    return gateway.sealed(contents, ESTATE, QUARTER, head, NOW, thief)
