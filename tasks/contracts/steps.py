"""The Prefect task that checks contracts."""

from datetime import datetime

from prefect import task

from tasks.contracts.check import check_in_process
from tasks.contracts.frames import frames_of
from tasks.policies import READ
from tasks.reading import Reading

Broken = dict[str, dict[str, str]]
"""Org to section to what is broken."""


@task(
    name="check-contracts",
    description="Checks what was read against Great Expectations suites before anything is judged on it.",
    **READ,
)
def check_contracts(readings: dict[str, list[Reading]], now: datetime) -> Broken:
    """Org to section to what is broken; dependent controls become unknown."""
    return check_in_process({org: frames_of(tuple(found)) for org, found in readings.items()}, now)
