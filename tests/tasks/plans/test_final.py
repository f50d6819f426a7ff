"""What cannot be taken back: a class of its own, told before approval, left alone by every way back."""

import pytest

from tasks.estate.model_changes import ApprovalPolicy, ChangePolicy
from tasks.estate.policy import Policy
from tasks.plans.advance import next_step
from tasks.plans.apply import apply
from tasks.plans.digest import digest
from tasks.plans.gate import Circumstances, counted, needed, refusals
from tasks.plans.model import (
    Approval,
    Change,
    ChangeClass,
    History,
    Plan,
    Resource,
    ResourceKind,
    State,
    Write,
)
from tasks.plans.overview import PlanStatus, Stage
from tasks.plans.render import final, markdown, text
from tasks.plans.rollback import rollback
from tests.tasks.plans.worlds import NOW, plan_of, world_of

USED: State = {"last_used": "2026-05-13T12:00:00.000+0000"}


def token(number: int, *, kind: ChangeClass = ChangeClass.IRREVERSIBLE, after: State | None = None) -> Change:
    return Change(
        number=number,
        resource=Resource(
            org="hq",
            kind=ResourceKind.APP_TOKEN,
            key=f"u{number}@hq/2026-01-02T03:04:05.000+0000/Loader/2",
        ),
        before=USED,
        after=after,
        kind=kind,
        control="ZT-05",
        why="nobody uses it",
        effect=f"the token of u{number}@hq ends",
    )


def policy_of_app(number: int, *, kind: ChangeClass = ChangeClass.IDENTITY) -> Change:
    return Change(
        number=number,
        resource=Resource(org="hq", kind=ResourceKind.APP_POLICY, key="connected-app:Loader/addresses"),
        before={"value": "BYPASS"},
        after={"value": "ENFORCE"},
        kind=kind,
        control="ZT-05",
        why="it passes by",
        effect="it no longer does",
    )


def mixed() -> Plan:
    return plan_of([policy_of_app(1), token(2), token(3)])


def test_nothing_else_is_of_this_class_and_nothing_of_it_is_of_another() -> None:
    for wrong in ({"kind": ChangeClass.NARROWING}, {"after": {"last_used": None}}):
        with pytest.raises(ValueError, match=r"way back|only its owner"):
            token(1, **wrong)
    with pytest.raises(ValueError, match="has no way back exactly when"):
        policy_of_app(1, kind=ChangeClass.IRREVERSIBLE)


def test_it_asks_for_approvals_of_its_own() -> None:
    policy = ChangePolicy(approvals=ApprovalPolicy(identity=0, irreversible=1, signed=("irreversible",)))
    assert needed(plan_of([policy_of_app(1)]), policy) == 0 and needed(mixed(), policy) == 1
    plan = mixed()
    yes = Approval(plan=digest(plan), approver="eve", reason="reviewed", at=NOW)
    assert counted(plan, [yes], policy) == ()
    assert counted(plan, [yes.model_copy(update={"signed_by": "eve"})], policy)


def test_whose_tokens_end_counts_among_those_whose_access_changes() -> None:
    plan = plan_of([token(number) for number in range(1, 4)])
    around = Circumstances(now=NOW, users={"hq": 10})
    assert any(
        "access of 3 users would change; 2 are allowed" in why for why in refusals(plan, (), Policy(), around)
    )


def test_the_approver_is_told_first() -> None:
    warning = "2 changes have no way back (number 2, 3)"
    assert final(plan_of([policy_of_app(1)])) == []
    shown = markdown(mixed(), "0" * 64, 2)
    assert warning in shown and shown.index(warning) < shown.index("## hq")
    assert shown.count("**(no way back)**") == 2
    assert (
        "| u2@hq | refresh token of Loader/2, given on<br>2026-01-02 | last used on 2026-05-13 → none"
        in shown
    )
    status = PlanStatus(digest="0" * 64, plan=mixed(), stage=Stage.PLANNED, approvals=(), history=History())
    assert warning in text(status, 2, ()) and text(status, 2, ()).count("(no way back)") == 2


def test_it_goes_a_road_of_its_own_and_comes_after_what_stands_before_it() -> None:
    plan = mixed()
    observed = {change.resource: change.before for change in plan.changes}
    step = next_step(plan, "hq", observed, History())
    assert isinstance(step, Write) and [change.number for change in step.changes] == [1]


def test_a_way_back_undoes_the_rest_and_names_what_stays() -> None:
    plan = mixed()
    world = world_of(plan)
    assert apply(plan, world, world, lambda: (), ["hq"]).finished
    back = rollback(plan, world.history(), "eve", NOW)
    assert back is not None
    assert [(c.number, c.resource) for c in back.changes] == [(1, plan.change(1).resource)]
    assert [line.partition(":")[0] for line in back.risks] == [
        "change 2 of the plan has no way back",
        "change 3 of the plan has no way back",
    ]
    assert rollback(plan, world.history(), "eve", NOW, only=[2]) is None
