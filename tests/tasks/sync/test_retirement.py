"""Keys are destroyed only where the last look found nothing that needs them; what nobody knows stays."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasks.encryption.keys import KeyRing, with_epoch
from tasks.estate.model import Route
from tasks.estate.policy import Policy
from tasks.ledger.store import Ledger
from tasks.plans.model import ChangeClass, ResourceKind
from tasks.sync.model import Batch, Counts, Cursor, Held, InUse, Look, OldKey, Renewal
from tasks.sync.renewal import needed
from tasks.sync.retirement import retirement_plan
from tasks.sync.state_ledger_gateway import RouteState
from tests.tasks.sync.worlds import NOW

OLD, NEW = "00112233445566ff", "ffeeddccbbaa9988"
RING = with_epoch(with_epoch(KeyRing(route="R"), OLD, "w1", NOW), NEW, "w2", NOW + timedelta(days=90))
ROUTE = Route(
    name="R",
    source="hq",
    target="emea",
    sobject="Contact",
    fields=(),
    sync_user="s@e",
    app="A",
    credential="C",
)


def look(epoch: int = 2, **used: object) -> Look:
    return Look(epoch=epoch, used=InUse.model_validate(used))


def test_a_key_is_needed_by_what_the_last_look_saw_and_unknown_without_one() -> None:
    (old, new) = RING.keys
    assert needed(old, None) is None
    assert needed(old, look(epoch=1)) is None, "it still sealed then"
    assert needed(old, look()) == 0
    assert needed(old, look(live={NEW: 9})) == 0
    assert needed(old, look(live={OLD: 2}, binned={OLD: 1})) == 3
    assert needed(new, look()) is None


def old(needs: int | None) -> OldKey:
    return OldKey(key_id=OLD, epoch=1, made=NOW, needed=needs)


def test_what_no_value_needs_is_planned_for_good() -> None:
    plan = retirement_plan(Policy(), ROUTE, [old(0)], "ada", NOW)
    [change] = plan.changes
    assert (change.resource.org, change.resource.kind, change.resource.key) == (
        "emea",
        ResourceKind.DATA_KEY,
        f"R/{OLD}",
    )
    assert change.kind is ChangeClass.IRREVERSIBLE and change.after is None
    assert change.before == {"epoch": 1, "needed": False}
    assert any("backups" in line for line in plan.risks)


@pytest.mark.parametrize(
    ("needs", "said"), [(None, "nobody has looked"), (3, "3 values of emea open with it alone")]
)
def test_what_is_needed_or_unknown_stays_and_people_are_told(needs: int | None, said: str) -> None:
    plan = retirement_plan(Policy(), ROUTE, [old(needs)], "ada", NOW)
    assert plan.changes == () and any(said in line for line in plan.risks)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: NOW)
    yield made
    made.close()


def test_a_look_and_a_renewal_are_kept_in_the_ledger(ledger: Ledger) -> None:
    state = RouteState(ledger, "R", "ada")
    assert state.last_look() is None and state.renewal() is None
    half = Renewal(epoch=2, after="003000000000000007", seen=5, renewed=4, left=1)
    state.renewed(half, {"003000000000000003": "DOES_NOT_OPEN"})
    state.looked(1, InUse(live={OLD: 5}))
    state.looked(2, InUse(live={NEW: 5}, foreign=1))
    batch = Batch(number=1, path="collections", counts=Counts(), checksum="", last=True)
    state.verified(batch, Cursor(carried=NOW), {}, None, (), ())
    assert state.last_look() == look(live={NEW: 5}, foreign=1)
    assert state.renewal() == half, "a sync in between leaves it where it is"
    other = RouteState(ledger, "S", "ada")
    assert other.last_look() is None and other.renewal() is None


def test_a_target_that_was_made_anew_has_nothing_of_what_was_carried(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'forgotten.db'}", lambda: NOW)
    state, other = RouteState(ledger, "R", "test"), RouteState(ledger, "Another", "test")
    held = Held(id="003", code="X", stamp="2026-11-25T09:00:00Z", since=NOW)
    nothing = Batch(number=1, path="collections", counts=Counts(), checksum="", last=True)
    for each in (state, other):
        each.verified(nothing, Cursor(carried=NOW), {"001": "2026-11-25T09:00:00Z"}, None, (held,), ())
        each.renewed(Renewal(epoch=2), {})
    state.forget()
    assert (state.cursor(), state.carried(["001"]), state.quarantine(), state.renewal()) == (
        Cursor(),
        {},
        {},
        None,
    )
    assert other.cursor().carried == NOW and other.carried(["001"]) and other.quarantine() and other.renewal()
    ledger.close()


def test_what_no_window_can_bring_again_is_forgotten_however_much_it_is(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'carried.db'}", lambda: NOW)
    state = RouteState(ledger, "R", "test")
    nothing = Batch(number=1, path="bulk", counts=Counts(), checksum="", last=True)
    old = {f"A{number:05d}": "2026-11-25T08:54:59.999Z" for number in range(1_500)}
    young = {f"B{number:05d}": "2026-11-25T08:55:00.001Z" for number in range(1_500)}
    at, begin = Cursor(carried=NOW), datetime(2026, 11, 25, 8, 55, tzinfo=UTC)
    state.verified(nothing, at, old | young, None, (), ())
    assert state.carried(["A00007", "B00007", "C"]) == {"A00007": old["A00007"], "B00007": young["B00007"]}
    state.verified(nothing, at, {"A00007": "2026-11-25T08:54:00Z"}, begin, (), ())
    assert state.carried([*old, *young]) == young | {"A00007": "2026-11-25T08:54:00Z"}, (
        "what this batch carried is kept, whatever was there"
    )
    ledger.close()
