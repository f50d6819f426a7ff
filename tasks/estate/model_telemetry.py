"""Nouns of policy.yaml about telemetry: where it is kept, and for how long."""

from datetime import timedelta

from pydantic import Field, model_validator

from tasks.value import Value


class EventBusEntry(Value):
    """An org whose real-time events are heard on Salesforce's event bus (Pub/Sub API), within each live look, beside being polled."""

    address: str = Field(default="api.pubsub.salesforce.com:7443", pattern=r"^[a-z0-9.-]+:\d{1,5}$")
    """Another one for orgs in an operating zone, such as api.deu.pubsub.salesforce.com:7443."""
    seconds: float = Field(default=20, ge=1, le=60)
    """How long a look listens at most; where nothing comes it ends sooner."""
    most: int = Field(default=10_000, ge=100, le=100_000)
    """Events of a topic that one look takes; where more come, they are polled."""


class TelemetryPolicy(Value):
    """Where event rows are kept, for how long, and how far a first run reaches back."""

    place: str = ""
    """A folder, `s3://bucket/prefix`, or any URL that fsspec opens. Empty: the folder `telemetry` below BULKHEAD_HOME."""
    keep: timedelta = timedelta(days=180)
    """How old a day of rows may become. Orgs keep sign-ins and setup changes for half a year, log files for a month."""
    backfill: timedelta = timedelta(days=31)
    """How far back an org is read the first time: a baseline takes thirty days."""
    overlap: timedelta = timedelta(minutes=10)
    """How far a look reaches back before the last one: rows appear after the moment that they bear."""
    settle: timedelta = timedelta(minutes=5)
    """How old a log file must be: it is listed before it is whole."""
    event_types: tuple[str, ...] = ()
    """Types of event log files to read. Without any, all that detections read."""

    @model_validator(mode="after")
    def _is_some_time(self) -> "TelemetryPolicy":
        if min(self.keep, self.backfill) <= timedelta(0) or min(self.overlap, self.settle) < timedelta(0):
            raise ValueError(
                "keep and backfill are lengths of time above zero, overlap and settle are none below"
            )
        return self
