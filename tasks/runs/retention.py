"""Which runs nobody needs any more. What they did is in the ledger, which this leaves alone."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tasks.runs.model import Ended

ROUTINE = frozenset({"heartbeat", "detections-live", "detections-files"})
"""Artifacts that a job publishes anew with every run, whether something happened or not; what happened has an alert, too."""


def spent(runs: Iterable[Ended], now: datetime, *, frequent: timedelta, other: timedelta) -> list[Ended]:
    """Runs older than `other`, and uneventful ones of frequent jobs older than `frequent`."""
    return [run for run in runs if now - run.at > (frequent if _nothing_to_tell(run) else other)]


def _nothing_to_tell(run: Ended) -> bool:
    return run.frequent and run.uneventful and run.artifacts <= ROUTINE
