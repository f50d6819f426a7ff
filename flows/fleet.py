"""Estates of any size: one run reads them where one is enough, and else a run for each shard."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from prefect import flow
from prefect.futures import as_completed
from prefect.logging import get_run_logger

from flows.reading import (
    SIDE_BY_SIDE,
    STAGES_PER_ORG,
    Alias,
    Tick,
    chosen_orgs,
    read_orgs,
    reason,
    unsearched,
)
from tasks.estate.model import Estate, OrgEntry
from tasks.estate.policy import Policy
from tasks.estate.steps import read_estate
from tasks.fleet.model import Seen
from tasks.fleet.plan import LARGEST, chosen_shards, joined, unseen
from tasks.fleet.steps import expect_to_be_found, forget_shards, keep_shard, run_shard
from tasks.phases.model import Phase

DESCRIPTION = """
Reads **some of the orgs of a large estate**, for an assessment that waits for it. The assessment starts it by itself, once for each
50 orgs or so; nobody has to start it by hand.

* **It only reads**, as the assessment does.
* What it read lies in `shards` below `BULKHEAD_HOME`, which all workers share, until the assessment is published, and for two days
  at most. Nothing of it is judged here: trust between orgs shows only when all of them are put together.
* An org that does not answer hides no other.
"""


@flow(
    name="read-shard",
    flow_run_name="read-shard-{shard}",
    description=DESCRIPTION.strip(),
    task_runner=SIDE_BY_SIDE,
)
def read_shard(shard: str, orgs: list[Alias], asked_by: UUID) -> None:
    """
    Raises ConfigurationError for an unknown alias, and ShardLost, before an org is asked anything, where the assessment would not
    find what is read here.

    Args:
        shard: What the assessment calls this part of the estate.
        orgs: Aliases of the orgs to read, as in estate.yaml.
        asked_by: The run of the assessment that waits for it.
    """
    expect_to_be_found(asked_by)
    estate, policy = read_estate()
    seen = read_here(policy, chosen_orgs(estate, orgs), _no_bar)
    keep_shard(unsearched(seen), asked_by)
    for org, why in seen.unreadable.items():
        get_run_logger().warning("%s was not read: %s", org, why)


def read_fleet(estate: Estate, policy: Policy, entries: Sequence[OrgEntry], phase: Phase, tick: Tick) -> Seen:
    """By this run where all fit one shard, so that few orgs need no worker; `tick` comes STAGES_PER_ORG times an org."""
    if len(entries) <= LARGEST:
        return read_here(policy, entries, tick)
    wanted = chosen_shards((e.alias for e in estate.orgs), (e.alias for e in entries), LARGEST)
    running = {run_shard.submit(phase.value, shard, policy.fleet.shard_patience): shard for shard in wanted}
    parts = []
    for future in as_completed(list(running)):
        shard = running[future]
        try:
            parts.append(future.result())
        except Exception as error:  # one shard must not hide the others
            get_run_logger().error("The shard %s was not read: %s", shard.name, reason(error))
            parts.append(unseen(shard, f"its shard {shard.name} was not read: {reason(error)}"))
        for _ in range(STAGES_PER_ORG * len(shard.orgs)):
            tick()
    return joined(parts)


def forget_fleet(entries: Sequence[OrgEntry]) -> None:
    """What `read_fleet` has left on disk of them, once all of it is published."""
    if len(entries) > LARGEST:
        forget_shards()


def read_here(policy: Policy, entries: Sequence[OrgEntry], tick: Tick) -> Seen:
    """What these orgs show. Whoever judges it checks the contracts first: one check for all orgs is cheaper than one a shard."""
    now = datetime.now(UTC)
    read = read_orgs(entries, tick, policy.fleet.api_share)
    return Seen(evidence=read.evidence(entries, now), unreadable=read.unreadable, calls=read.calls)


def _no_bar() -> None:
    """A shard has none of its own: the assessment's moves when it ends."""
