"""Plans that wait are reminded of, and no others."""

from datetime import timedelta

import pytest

from tasks.estate.model_changes import ApprovalPolicy, ChangePolicy
from tasks.plans.overview import PlanStatus, Stage
from tasks.plans.waiting import Wanted, no_longer, reminder, waiting, wanted
from tests.tasks.plans.test_drift import NOW, SETTING, status
from tests.tasks.plans.test_gate import approval

DAY = timedelta(days=1)
TWO = ChangePolicy(approvals=ApprovalPolicy(narrowing=2))


def wants(*plans: PlanStatus, yes: tuple[str, ...] = (), policy: ChangePolicy = TWO) -> dict[str, Wanted]:
    return {
        each.digest: wanted(each.plan, [approval(each.plan, name) for name in yes], policy) for each in plans
    }


def test_a_plan_that_waits_for_a_day_is_reminded_of() -> None:
    plan = status(SETTING, stage=Stage.PLANNED)
    assert waiting([plan], wants(plan), NOW, DAY) == [plan]
    assert waiting([plan], wants(plan), NOW - timedelta(seconds=1), DAY) == []
    told = reminder(plan)
    assert plan.digest[:12] in told.key and "approve-plan" in told.next_step and told.org == "emea"


@pytest.mark.parametrize("yes", [("bob",), ("ada",), ("ada", "bob"), ("bob", "bob@meridian.example")])
def test_it_waits_until_as_many_have_approved_as_have_to(yes: tuple[str, ...]) -> None:
    """ada asked for it, so her own yes is none."""
    plan = status(SETTING, stage=Stage.APPROVED)
    assert waiting([plan], wants(plan, yes=yes), NOW, DAY) == [plan]
    assert waiting([plan], wants(plan, yes=(*yes, "eve", "tom")), NOW, DAY) == []


def test_a_yes_without_the_signature_that_is_wanted_ends_no_waiting() -> None:
    plan = status(SETTING, stage=Stage.APPROVED)
    policy = ChangePolicy(approvals=ApprovalPolicy(signed=("narrowing",)))
    assert waiting([plan], wants(plan, yes=("bob",), policy=policy), NOW, DAY) == [plan]


@pytest.mark.parametrize("stage", sorted(set(Stage) - {Stage.PLANNED, Stage.APPROVED}))
def test_what_is_begun_or_over_is_not(stage: Stage) -> None:
    assert waiting([status(SETTING, stage=stage)], {}, NOW, DAY) == []


def test_what_changes_nothing_needs_no_approval() -> None:
    nothing = status(stage=Stage.PLANNED)
    assert waiting([nothing], wants(nothing), NOW, DAY) == []


def test_a_reminder_ends_with_its_plan() -> None:
    told = reminder(status(SETTING, stage=Stage.PLANNED))
    opened = {told.key: "emea", "run-failed:x": "*"}
    assert no_longer(opened, []) == [told.key]
    assert no_longer(opened, [told]) == []
