"""The store of telemetry as it is registered."""

from tasks.estate.policy import Policy
from tasks.orgs import home, open_cloud
from tasks.telemetry.places import place_of
from tasks.telemetry.store import TelemetryStore


def open_store(policy: Policy) -> TelemetryStore:
    """Where policy says; a folder below BULKHEAD_HOME where it says nothing. Raises ConfigurationError and CloudError."""
    address = policy.telemetry.place or (home() / "telemetry").as_posix()
    options = open_cloud().arrow_options() if address.startswith("s3://") else None
    return TelemetryStore(place_of(address, options))
