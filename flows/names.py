"""What runs are called in the UI where no parameter tells one from the next: by the time they were due."""

from collections.abc import Callable
from datetime import UTC, datetime

from prefect.runtime import flow_run


def by_minute() -> str:
    """For what runs several times a day."""
    return f"{flow_run.flow_name}-{_due():%Y-%m-%d-%H-%M}"


def by_day() -> str:
    return f"{flow_run.flow_name}-{_due():%Y-%m-%d}"


def by_minute_of(parameter: str) -> Callable[[], str]:
    """For what runs several times a day for one thing and another, which `parameter` names."""
    return lambda: f"{flow_run.flow_name}-{flow_run.parameters[parameter]}-{_due():%Y-%m-%d-%H-%M}"


def _due() -> datetime:
    return (flow_run.scheduled_start_time or datetime.now(UTC)).astimezone(UTC)
