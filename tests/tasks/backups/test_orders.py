"""Orders of restore drills: each is carried out once, and only the one that was given last."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tasks.backups.model import DrillOrder, Restorable
from tasks.backups.orders import done_note, order_note, told
from tasks.backups.plan import drill_plan
from tasks.estate.policy import Policy
from tasks.plans.digest import digest
from tasks.plans.gate import needed
from tasks.plans.model import ChangeClass, Plan

NOW = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
FULL, NEXT = "20260301T050000Z-full", "20260301T053000Z-increment"


def order(number: int, backup: str = FULL, manifest: str = "a" * 64) -> DrillOrder:
    return DrillOrder(backup=backup, manifest=manifest, rows=10, order=number)


def test_what_was_ordered_last_is_open_until_it_was_carried_out() -> None:
    bodies = [order_note("hq", order(1))]
    assert told(bodies, "hq").open == order(1)
    assert told(bodies, "emea").open is None
    bodies.append(done_note("hq", 1))
    assert told(bodies, "hq").open is None and told(bodies, "hq").stands == order(1)
    bodies.append(order_note("hq", order(2)))
    assert told(bodies, "hq").open == order(2)


def test_an_order_that_was_followed_or_taken_back_is_never_carried_out() -> None:
    bodies = [order_note("hq", order(1)), order_note("hq", order(2)), order_note("hq", order(1))]
    found = told(bodies, "hq")
    assert found.stands == order(1) and found.last == 2 and found.open is None
    assert told([order_note("hq", order(1)), order_note("hq", None)], "hq").open is None


def test_the_next_number_is_new_though_older_notes_left_for_an_archive() -> None:
    assert told([done_note("hq", 7)], "hq").last == 7


@given(st.lists(st.tuples(st.sampled_from(("order", "done", "back")), st.integers(1, 4)), max_size=12))
def test_nothing_is_open_twice(steps: list[tuple[str, int]]) -> None:
    """However notes follow each other, a number that was carried out never opens again."""
    bodies, done = [], set()
    for what, number in steps:
        if what == "done":
            bodies.append(done_note("hq", number))
            done.add(number)
        else:
            bodies.append(order_note("hq", order(number) if what == "order" else None))
    found = told(bodies, "hq")
    assert found.open is None or found.open.order not in done
    assert found.open is None or found.open.order == max(found.last, *done, 0)


def planned(**changed: object) -> Plan:
    found = Restorable(
        org="hq",
        target="hq-uat",
        backup=NEXT,
        manifest="b" * 64,
        chain=(FULL, NEXT),
        rows=1_234,
        objects=("Account", "Contact"),
        missing=("Ghost__c",),
        began=NOW,
        stands=order(3),
        next_order=4,
    )
    return drill_plan(Policy(), found.model_copy(update=changed), "ann", NOW)


def test_a_drill_is_a_plan_that_others_approve_by_backup_and_sandbox() -> None:
    plan = planned()
    (change,) = plan.changes
    assert (change.resource.org, change.resource.key) == ("hq-uat", "hq")
    assert change.kind is ChangeClass.WIDENING and needed(plan, Policy().changes) == 2
    assert change.before == order(3).model_dump(mode="json")
    assert change.after == order(4, NEXT, "b" * 64).model_dump(mode="json") | {"rows": 1_234}
    assert any("nothing of Ghost__c" in risk for risk in plan.risks)
    assert any("mask-sandbox" in line and "scan-sandbox" in line for line in plan.afterwards)


def test_an_approval_of_one_backup_or_sandbox_is_none_of_another() -> None:
    others = (
        {"manifest": "c" * 64},
        {"backup": FULL},
        {"target": "hq-dev"},
        {"org": "emea"},
        {"next_order": 5},
    )
    assert len({digest(planned()), *(digest(planned(**each)) for each in others)}) == 1 + len(others)
