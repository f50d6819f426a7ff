"""Plans in a real ledger: found by their digest, approved with and without a signature, never other than approved."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tasks.errors import ConfigurationError
from tasks.ledger.store import Ledger
from tasks.plans.digest import digest
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Approval, Change, ChangeClass, Plan, Resource, ResourceKind, Stopped
from tasks.plans.overview import Stage
from tasks.plans.rollback import rollback
from tasks.plans.signature import sign
from tests.tasks.plans.worlds import NOW
from tests.tasks.plans.worlds import plan_of as plan_with


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: NOW)


@pytest.fixture
def book(ledger: Ledger) -> PlanBook:
    return PlanBook(ledger, "ada")


def plan_of(size: int) -> Plan:
    """So many assignments that end, one independent of the other."""
    return plan_with(
        [
            Change(
                number=number,
                resource=Resource(
                    org="emea", kind=ResourceKind.ASSIGNMENT, key=f"sync{number}@emea/Everything"
                ),
                before={"expires": None},
                after=None,
                kind=ChangeClass.NARROWING,
                control="ZT-03",
                why="not needed",
                effect="loses it",
            )
            for number in range(1, size + 1)
        ]
    )


def openssh(key: Ed25519PrivateKey, passphrase: bytes | None = None) -> tuple[bytes, str]:
    lock = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, lock)
    return private, key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def approval(name: str, person: str = "bob") -> Approval:
    return Approval(plan=name, approver=person, reason="reviewed", at=NOW)


def test_a_plan_is_kept_once_and_found_by_the_beginning_of_its_digest(book: PlanBook, ledger: Ledger) -> None:
    plan = plan_of(3)
    name = book.keep(plan)
    assert book.keep(plan) == name == digest(plan)
    assert book.find(name[:8]) == (name, plan)
    assert book.find(name.upper()[:20]) == (name, plan)
    assert len(book.statuses()) == len(ledger.entries()) == 1
    with pytest.raises(ConfigurationError, match="at least 8 letters"):
        book.find(name[:7])
    with pytest.raises(ConfigurationError, match="There is no plan"):
        book.find("00000000")


def test_its_stage_follows_what_happened(book: PlanBook) -> None:
    plan = plan_of(3)
    name, changes = book.keep(plan), plan.changes
    journal = book.journal(name)

    def stage() -> Stage:
        return book.status(name).stage

    assert stage() is Stage.PLANNED
    book.approve(approval(name))
    assert stage() is Stage.APPROVED
    journal.attempted(changes[:2])
    assert stage() is Stage.APPLYING
    journal.verified(changes[:1])
    journal.stopped(Stopped(reason="the org refused it", numbers=(2,)))
    assert stage() is Stage.STOPPED and book.status(name).reason == "the org refused it"
    journal.attempted(changes[1:])
    assert stage() is Stage.APPLYING
    journal.verified(changes[1:])
    assert stage() is Stage.APPLIED
    history = journal.history()
    assert history.attempts == {1: 1, 2: 2, 3: 1} and history.verified == {1, 2, 3}
    way_back = rollback(plan, history, "ada", NOW, [3])
    assert way_back is not None
    back = book.journal(book.keep(way_back))
    back.attempted(way_back.changes)
    back.verified(way_back.changes)
    assert stage() is Stage.PARTLY_TAKEN_BACK
    whole = rollback(plan, history, "ada", NOW)
    assert whole is not None
    rest = book.journal(book.keep(whole))
    rest.verified(whole.changes)
    assert stage() is Stage.TAKEN_BACK


def test_an_old_plan_that_nobody_began_has_expired(tmp_path: Path) -> None:
    plan = plan_of(1)
    later = Ledger(f"sqlite:///{tmp_path / 'later.db'}", lambda: plan.expires_at + timedelta(seconds=1))
    book = PlanBook(later, "ada")
    assert book.status(book.keep(plan)).stage is Stage.EXPIRED


def test_a_signature_counts_only_for_who_is_registered_and_for_these_words(book: PlanBook) -> None:
    key = Ed25519PrivateKey.generate()
    private, public = openssh(key)
    name = book.keep(plan_of(1))
    yes = approval(name, "Bob")
    book.approve(yes, sign(yes, private))
    assert [a.signed_by for a in book.approvals(name, {"bob": public})] == [public.split()[1][-16:]]
    assert [a.signed_by for a in book.approvals(name, {})] == [None]
    stranger = openssh(Ed25519PrivateKey.generate())[1]
    assert [a.signed_by for a in book.approvals(name, {"bob": stranger})] == [None]
    other = yes.model_copy(update={"emergency": True})
    book.approve(other, sign(yes, private))
    assert [a.signed_by is None for a in book.approvals(name, {"bob": public})] == [False, True]
    claimed = yes.model_copy(update={"signed_by": public.split()[1][-16:]})
    book.approve(claimed, "00")
    assert book.approvals(name, {"bob": public})[-1].signed_by is None


def test_keys_with_a_passphrase_and_keys_of_another_kind() -> None:
    private, public = openssh(Ed25519PrivateKey.generate(), b"sesame")
    yes = approval("0" * 64)
    assert sign(yes, private, b"sesame")
    with pytest.raises(ConfigurationError, match="passphrase"):
        sign(yes, private)
    with pytest.raises(ConfigurationError, match="passphrase"):
        sign(yes, private, b"wrong")
    rsa = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    with pytest.raises(ConfigurationError, match="Ed25519"):
        sign(yes, rsa)
    assert public.startswith("ssh-ed25519 ")


def test_a_plan_that_was_touched_in_the_ledger_is_never_applied(book: PlanBook, ledger: Ledger) -> None:
    name = book.keep(plan_of(1))
    with ledger._engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER entries_keep")
        connection.exec_driver_sql("UPDATE entries SET body = replace(body, 'sync1', 'evil1')")
        connection.exec_driver_sql('UPDATE entries SET body = replace(body, \'"title":"\', \'"title":"x\')')
    with pytest.raises(ConfigurationError, match="not what was approved"):
        book.find(name)


def test_the_last_word_about_a_halt_counts(book: PlanBook) -> None:
    assert book.halted() is None
    book.halt("incident")
    assert str(book.halted()).startswith("incident (ada, ")
    book.resume("over")
    assert book.halted() is None
