"""Runs that failed or did not come are told once, and end with one that succeeds after."""

from datetime import UTC, datetime, timedelta

from tasks.alerts.model import Opened
from tasks.alerts.runs import ended, run_told, told_of

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def opened(deployment: str, missing: bool, at: datetime = NOW) -> Opened:
    return Opened(id="1", alert=run_told(deployment, missing), at=at)


def test_the_same_words_each_time() -> None:
    assert run_told("x", False) == run_told("x", False)
    assert run_told("x", False).key != run_told("x", True).key


def test_the_latest_alert_says_from_when_on_a_run_has_to_succeed() -> None:
    later = NOW + timedelta(hours=1)
    assert told_of([opened("x", False), opened("x", True, later), opened("y", True)]) == {
        "x": later,
        "y": NOW,
    }


def test_both_end_with_a_run_that_does_well() -> None:
    told = [opened("x", False), opened("x", True), opened("y", True)]
    assert ended(told, ["x"]) == ["run-failed:x", "run-missing:x"]
    assert ended(told, []) == []
