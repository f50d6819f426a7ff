"""What the ledger knows of drills."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from tasks.backups.ledger_gateway import BackupBook, DrillBook
from tasks.backups.model import Drill, DrillOrder
from tasks.ledger.store import Ledger
from tasks.masking import steps as masking
from tasks.plans import drills_gateway
from tasks.plans.model import Change, ChangeClass, Resource, ResourceKind
from tasks.salesforce.writing import WritingSession
from tests.tasks.backups.conftest import BEGAN


def test_a_sandbox_with_records_of_a_drill_is_not_proven_clean_any_more(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db", lambda: datetime.now(UTC))
    try:
        clean = masking._place("hq-uat"), masking._place("other")
        with ledger.exclusive() as pages:
            for place in clean:
                pages.keep(place, {masking._ORIGIN: {"org_id": "00D"}})
        drill = Drill(org="hq", target="hq-uat", backup="b", began=BEGAN, objects=("Account",))
        DrillBook(ledger, "hq-uat").begin(drill)
        with ledger.read() as pages:
            assert [pages.kept(place) for place in clean] == [{}, {masking._ORIGIN: {"org_id": "00D"}}]
        assert DrillBook(ledger, "hq-uat").under_way() == drill
    finally:
        ledger.close()


def test_a_drill_is_ordered_and_taken_back_and_is_over_once_it_was_carried_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db", lambda: datetime.now(UTC))
    monkeypatch.setattr(drills_gateway, "open_ledger", lambda: nullcontext(ledger))
    session = cast(WritingSession, None)
    resource = Resource(org="hq-uat", kind=ResourceKind.DRILL, key="hq")

    def change(before: DrillOrder | None, after: DrillOrder | None) -> Change:
        states = [None if each is None else each.model_dump(mode="json") for each in (before, after)]
        return Change(
            number=1,
            resource=resource,
            before=states[0],
            after=states[1],
            kind=ChangeClass.WIDENING,
            control="ZT-07",
            why="",
            effect="",
        )

    def given(wanted: Change) -> str | None:
        (result,) = drills_gateway.order_drills(session, [wanted])
        assert drills_gateway.read_drill_orders(session, [resource]).get(resource) == (
            wanted.after if not result.code else stood
        )
        return result.code

    try:
        book = DrillBook(ledger, "hq-uat")
        stood = None
        one, two = (
            DrillOrder(backup=f"2026030{n}T050000Z-full", manifest="a" * 64, rows=1, order=n) for n in (1, 2)
        )
        assert not given(change(None, one)) and book.orders("hq").open == one
        assert not given(change(one, None)) and book.orders("hq").open is None
        assert not given(change(None, two)) and book.orders("hq").open == two
        book.carried_out("hq", two)
        stood = two.model_dump(mode="json")
        assert book.orders("hq").open is None
        assert given(change(two, None)) == "DRILL_IS_OVER"
        assert DrillBook(ledger, "other").orders("hq").stands is None
    finally:
        ledger.close()


def test_what_the_ledger_knows_of_backups_is_what_was_noted_last(tmp_path: Path) -> None:
    times = iter(BEGAN + timedelta(days=n) for n in range(9))
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db", lambda: next(times))
    book = BackupBook(ledger, "hq")
    try:
        assert book.proof() is None
        for step, good in (
            ("made", None),
            ("drilled", True),
            ("key-loss", True),
            ("drilled", False),
            ("made", None),
        ):
            book._note({"step": step, "good": good})
        found = book.proof()
        assert found is not None and found.made - BEGAN >= timedelta(days=4)
        assert found.restored is not None and not found.restored_well and found.key_survived
        assert BackupBook(ledger, "emea").proof() is None
    finally:
        ledger.close()
