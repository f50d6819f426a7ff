"""Nouns of runs."""

from datetime import datetime

from tasks.value import Value


class Going(Value):
    """A run that Prefect calls Running or Cancelling. `heard` is its last sign of life: a state, a heartbeat, a log line."""

    id: str
    name: str
    job: str
    heard: datetime


class Ended(Value):
    """A run that is over. `artifacts` are the keys of what it published."""

    id: str
    at: datetime
    frequent: bool
    uneventful: bool
    artifacts: frozenset[str] = frozenset()
