"""Plans that wait are reminded of, and no others."""

from datetime import timedelta

import pytest

from tasks.plans.overview import Stage
from tasks.plans.waiting import no_longer, reminder, waiting
from tests.tasks.plans.test_drift import NOW, SETTING, status

DAY = timedelta(days=1)


def test_a_plan_that_waits_for_a_day_is_reminded_of() -> None:
    plan = status(SETTING, stage=Stage.PLANNED)
    assert waiting([plan], NOW, DAY) == [plan]
    assert waiting([plan], NOW - timedelta(seconds=1), DAY) == []
    told = reminder(plan)
    assert plan.digest[:12] in told.key and "approve-plan" in told.next_step and told.org == "emea"


@pytest.mark.parametrize("stage", sorted(set(Stage) - {Stage.PLANNED}))
def test_what_was_decided_or_is_over_is_not(stage: Stage) -> None:
    assert waiting([status(SETTING, stage=stage)], NOW, DAY) == []


def test_what_changes_nothing_needs_no_approval() -> None:
    assert waiting([status(stage=Stage.PLANNED)], NOW, DAY) == []


def test_a_reminder_ends_with_its_plan() -> None:
    told = reminder(status(SETTING, stage=Stage.PLANNED))
    opened = {told.key: "emea", "run-failed:x": "*"}
    assert no_longer(opened, []) == [told.key]
    assert no_longer(opened, [told]) == []
