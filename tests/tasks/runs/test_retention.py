"""What is deleted has nothing to tell, or is older than an auditor looks back."""

from datetime import UTC, datetime, timedelta

import pytest

from tasks.runs.model import Ended
from tasks.runs.retention import spent

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
WEEK, LONG = timedelta(days=7), timedelta(days=400)


def ended(days: float, **changes: object) -> Ended:
    made = {"id": "1", "at": NOW - timedelta(days=days), "frequent": True, "uneventful": True, **changes}
    return Ended.model_validate(made)


@pytest.mark.parametrize(
    ("run", "goes"),
    [
        (ended(7.1), True),
        (ended(6.9), False),
        (ended(7.1, artifacts={"heartbeat"}), True),
        # What the sweep did stands in its artifact, and is looked for months later.
        (ended(7.1, artifacts={"access"}), False),
        (ended(7.1, artifacts={"heartbeat", "access"}), False),
        (ended(7.1, uneventful=False), False),
        (ended(7.1, frequent=False), False),
        (ended(399, frequent=False), False),
        (ended(401, frequent=False), True),
        (ended(401, uneventful=False, artifacts={"access"}), True),
    ],
)
def test_which_runs_go(run: Ended, goes: bool) -> None:
    assert bool(spent([run], NOW, frequent=WEEK, other=LONG)) is goes
