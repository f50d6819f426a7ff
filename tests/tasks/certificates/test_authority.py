"""Our own authority: what it issues ends with it, and its list of revoked certificates loses nothing and grows for no ever."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.certificates.authority import LIST_LIFE, issued, presentable, request_of
from tasks.certificates.chains import chain_of
from tasks.certificates.ledger_gateway import CertificateBook
from tasks.certificates.model import Chain, Revocation, Shown
from tasks.certificates.plan import mutual_tls_plan
from tasks.certificates.renewal import revocable
from tasks.credentials.history import step_note
from tasks.credentials.model import Order, Rotation, Seen, Version
from tasks.credentials.rotation import Void
from tasks.errors import ConfigurationError
from tasks.estate.policy import Policy
from tasks.evidence.keeping import in_force
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger
from tasks.plans.ledger_gateway import PlanBook
from tests.tasks.certificates.minted import (
    DAY,
    ISSUING_KEY,
    NOW,
    ROOT,
    ROOT_KEY,
    certificate,
    modular,
    named,
    pem,
)
from tests.tasks.certificates.routes import NEW, OLD, ROUTE, state
from tests.tasks.certificates.test_plan import ESTATE, RENEWED

LIFE = 90 * DAY
SECOND = timedelta(seconds=1)


def authority(**changed: Any) -> str:
    given = {"authority": True, "starts": NOW - 900 * DAY, "ends": NOW + 900 * DAY, **changed}
    return pem(certificate("Acme Issuing CA", ISSUING_KEY, "Acme Root CA", ROOT_KEY, **given), ROOT)


def issue(chain: str, life: timedelta = LIFE) -> Chain:
    request = request_of(modular(2048), named(ROUTE))
    return chain_of(
        issued(request, named(ROUTE), chain, ISSUING_KEY, serial=7, now=NOW, life=life, list_address=None)
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ends": NOW}, "Renew it"),
        ({"ends": NOW - DAY}, "Renew it"),
        ({"starts": NOW + SECOND}, "Renew it"),
        ({"authority": False}, "not marked as an authority"),
    ],
)
def test_what_is_no_authority_now_issues_nothing(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as raised:
        issue(authority(**changed))
    assert "Acme Issuing CA" in str(raised.value)


def test_what_it_issues_ends_no_later_than_it() -> None:
    assert issue(authority()).leaf.ends == NOW + LIFE
    short = issue(authority(ends=NOW + 5 * DAY))
    assert short.leaf.ends == NOW + 5 * DAY
    with pytest.raises(ConfigurationError, match="by an authority that lasts"):
        presentable(short, NOW, 30 * DAY)
    assert presentable(issue(authority(ends=NOW + 31 * DAY)), NOW, 30 * DAY).leaf.ends == NOW + 31 * DAY


# The list ----------------------------------------------------------------------------------------------


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: NOW)


def gone(serial: int, ends: datetime | None = NOW + DAY) -> Revocation:
    return Revocation(route=ROUTE, fingerprint=f"{serial:064x}", serial=str(serial), ends=ends)


class Bucket:
    """What was published, in order."""

    def __init__(self) -> None:
        self.lists: list[tuple[int, frozenset[int]]] = []

    def __call__(self, revoked: Mapping[int, datetime], number: int, now: datetime) -> None:
        self.lists.append((number, frozenset(revoked)))


def test_an_entry_stays_until_a_list_was_issued_after_its_end(ledger: Ledger) -> None:
    book, bucket = CertificateBook(ledger), Bucket()
    book.list_anew(bucket, lambda: NOW, [gone(1), gone(2, None), gone(3, NOW + 80 * DAY)])
    for days, expected in ((1, {1, 2, 3}), (8, {1, 2, 3}), (9, {2, 3}), (88, {2})):
        book.list_anew(bucket, lambda days=days: NOW + days * DAY)  # type: ignore[misc]  # a bound default
        assert bucket.lists[-1][1] == expected, days
    assert LIST_LIFE == 7 * DAY


def test_numbers_only_grow_though_the_clock_goes_back(ledger: Ledger) -> None:
    book, bucket = CertificateBook(ledger), Bucket()
    for now in (NOW, NOW, NOW - DAY, NOW + DAY):
        book.list_anew(bucket, lambda now=now: now)  # type: ignore[misc]  # a bound default
    numbers = [number for number, _ in bucket.lists]
    assert numbers == sorted(set(numbers)) and numbers[0] == int(NOW.timestamp())


def test_two_at_once_publish_one_after_the_other(ledger: Ledger) -> None:
    """Who comes second has to find the other's entry, and the last list holds both."""
    bucket, inside, go_on = Bucket(), threading.Event(), threading.Event()

    def slow(revoked: Mapping[int, datetime], number: int, now: datetime) -> None:
        inside.set()
        assert go_on.wait(10)
        bucket(revoked, number, now)

    first = threading.Thread(target=CertificateBook(ledger).list_anew, args=(slow, lambda: NOW, [gone(1)]))
    second = threading.Thread(
        target=CertificateBook(ledger).list_anew, args=(bucket, lambda: NOW, [gone(2)], 10)
    )
    first.start()
    assert inside.wait(10)
    second.start()
    second.join(0.3)
    assert second.is_alive() and bucket.lists == [], "it waits for its turn"
    go_on.set()
    first.join(10)
    second.join(10)
    assert [serials for _, serials in bucket.lists] == [{1}, {1, 2}]
    assert bucket.lists[0][0] < bucket.lists[1][0]


def test_a_revocation_is_noted_once(ledger: Ledger) -> None:
    book = CertificateBook(ledger)
    assert book.list_anew(Bucket(), lambda: NOW, [gone(1)]) == (gone(1),)
    assert book.list_anew(Bucket(), lambda: NOW + DAY, [gone(1)]) == ()
    assert book.revoked(NOW) == {1: NOW}


def test_no_entry_of_the_list_leaves_for_an_archive(ledger: Ledger) -> None:
    book = CertificateBook(ledger)
    book.list_anew(Bucket(), lambda: NOW, [gone(1)])
    book.list_anew(Bucket(), lambda: NOW, [gone(2)])
    first = next(entry.sequence for entry in ledger.entries() if entry.body.get("serial") == "1")
    assert in_force(ledger.entries(), NOW) == (first, f"the revocation of 1 of {ROUTE}")
    later = in_force(ledger.entries(), NOW + 9 * DAY)
    assert later is not None and later[0] > first


# What is revoked ---------------------------------------------------------------------------------------


def test_only_what_an_applied_plan_took_off_is_revoked(ledger: Ledger) -> None:
    policy = Policy()
    settled = {**RENEWED, "since": NOW - 9 * DAY}
    plan, _ = mutual_tls_plan(ESTATE, policy, [state(**settled)], {}, {}, {"b": NOW}, "ada", NOW)
    assert [change.resource.key for change in plan.changes] == ["Old"]
    plans, book = PlanBook(ledger, "ada", ""), CertificateBook(ledger)
    for chain in (OLD, NEW):
        shown = state(pairs=(Shown(name="P", chain=chain),), presents="P")
        book.seen([shown], {"b": NOW})
    former = {ROUTE: book.former(ROUTE)}
    now = state()
    digest = plans.keep(plan)
    assert book.taken_off() == frozenset() and revocable([now], former, book.taken_off()) == ()
    plans.journal(digest).verified(plan.changes)
    assert book.taken_off() == {OLD.leaf.fingerprint}
    (found,) = revocable([now], former, book.taken_off())
    assert (found.serial, found.ends) == (OLD.leaf.serial, OLD.leaf.ends)
    still = state(pairs=(Shown(name="New", chain=NEW), Shown(name="former", chain=OLD)))
    assert revocable([still], former, book.taken_off()) == (), "its caller still has it"
    assert revocable([state(**RENEWED)], former, book.taken_off()) == (), "it is listed again"


ROTATION = Rotation(
    secret="s/a", token="t", old="o", old_mark="m", old_since=NOW, order=Order.SCHEDULED, begun=NOW
)


def about_to_void(ledger: Ledger, chain: Chain | None, phase: str = "about") -> None:
    leaf = None if chain is None else chain.leaf
    certificate = leaf and Revocation(
        route=ROUTE, fingerprint=leaf.fingerprint, serial=leaf.serial, ends=leaf.ends, issuer=leaf.issuer
    )
    old = Version(id="o", mark="m", stages=frozenset(), created=NOW, certificate=certificate)
    body = step_note(phase, Void("o"), ROTATION, Seen(now=NOW, versions=(old,), sets=None))
    ledger.append(Note(kind=EntryKind.ROTATION, subject="s/a", actor="test", body=body))


def test_what_a_rotation_took_off_is_revoked_once_though_its_answer_was_lost(ledger: Ledger) -> None:
    book, authority = CertificateBook(ledger), OLD.leaf.issuer
    about_to_void(ledger, None)
    assert book.former(ROUTE) == () and book.taken_off() == frozenset(), "a password is no certificate"
    about_to_void(ledger, OLD)
    former = {ROUTE: book.former(ROUTE)}
    assert book.former("Another") == ()
    before = state(**RENEWED)
    assert revocable([before], former, book.taken_off(), authority) == (), "the org lists it still"
    beside = state(route="Another", listed=before.listed)
    assert revocable([state(), beside], former, book.taken_off(), authority) == (), "another org does"
    (found,) = revocable([state()], former, book.taken_off(), authority)
    assert (found.serial, found.ends) == (OLD.leaf.serial, OLD.leaf.ends)
    assert revocable([state()], former, book.taken_off(), "CN=Ours") == (), "another authority has issued it"
    about_to_void(ledger, OLD, "done")
    book.seen([state(pairs=(Shown(name="P", chain=OLD),), presents="P")], {"b": NOW})
    assert book.former(ROUTE) == (found,), "each once, however often it is noted"
    assert book.list_anew(Bucket(), lambda: NOW, book.former(ROUTE)) == (found,)
    assert book.list_anew(Bucket(), lambda: NOW, book.former(ROUTE)) == ()


def test_what_waits_for_its_revocation_leaves_for_no_archive(ledger: Ledger) -> None:
    about_to_void(ledger, OLD)
    first = next(iter(ledger.entries())).sequence
    assert in_force(ledger.entries(), NOW) == (first, f"the certificate {OLD.leaf.serial} of {ROUTE}")
    assert in_force(ledger.entries(), OLD.leaf.ends + SECOND) is None
    book = CertificateBook(ledger)
    book.list_anew(Bucket(), lambda: NOW, book.former(ROUTE))
    later = in_force(ledger.entries(), NOW)
    assert later is not None and later[0] > first
