"""Whether an alert that is open says more than it did."""

from datetime import datetime
from enum import StrEnum

from tasks.alerts.model import Alert, Opened
from tasks.estate.model_alerts import AlertsPolicy


class Change(StrEnum):
    NEW = "new"
    LOUD = "loud"
    """Worse than before, or contained otherwise: worth a message of its own."""
    QUIET = "quiet"
    SAME = "same"
    """Nothing that is to be noted now."""


def change_of(before: Opened, now: Alert, policy: AlertsPolicy, at: datetime) -> Change:
    """
    A severity that falls, or other facts, are no reason to call somebody again. Those are noted once in `update_every`; a
    clock that was put back does not hold them up for longer.
    """
    said = before.alert
    if now.severity.rank > said.severity.rank or now.containment is not said.containment:
        return Change.LOUD
    if now.content == said.content:
        return Change.SAME
    since = at - (before.updated or before.at)
    return Change.SAME if 0 <= since.total_seconds() < policy.update_every.total_seconds() else Change.QUIET
