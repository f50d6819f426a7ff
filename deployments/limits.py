"""How much may run at once."""

from typing import Final

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy

ONE_AT_A_TIME: Final = ConcurrencyLimitConfig(
    limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE, grace_period_seconds=600
)
"""A second run of the same job waits: two at once would only share the org's API allowance."""
SEVERAL_AT_ONCE: Final = ConcurrencyLimitConfig(
    limit=8, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE, grace_period_seconds=600
)
"""For a job about one of many things, each of which has a lock of its own."""
SHARDS_AT_ONCE: Final = ConcurrencyLimitConfig(
    limit=4, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE, grace_period_seconds=600
)
"""Runs that read parts of a large estate: each takes eight tasks at a time and a few hundred MiB from its worker."""
ONLY_THE_LATEST: Final = ConcurrencyLimitConfig(
    limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW, grace_period_seconds=120
)
"""For a job of every minute: one that still runs does what the next one would."""
SCHEDULED: Final = "scheduled"
"""The tag of jobs that start by themselves: one that fails or does not come opens an alert."""
