"""One declared route, carried by Bulkhead itself: rights for the length of the run, and nothing in clear that should be sealed."""

from typing import Annotated

from prefect import flow
from prefect.logging import get_run_logger
from pydantic import StringConstraints

from flows.access import AnyGrant, Hours, Person, Reason
from flows.names import by_minute_of
from flows.plans import sealed
from flows.progress import Progress
from tasks.access.steps import granted
from tasks.sync.model import Batch, Lineage
from tasks.sync.steps import (
    carry_batch,
    carrying,
    compare_orgs,
    look_ahead,
    record_lineage,
    replay_quarantine,
    route_to_carry,
)
from tasks.sync.words import progress

RouteName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]

DESCRIPTION = """
Carries the **changed records of one route** from its source org to its target org, with the route's own users and client
certificates, under **rights that last for this run**.

* Only the route's fields go; sensitive ones are sealed on the way. An org that is not production gets no personal data.
* Nothing moves before both orgs and all rights were compared with the route's declaration.
* A batch counts once it was **read back**: by count and checksum. Started again after a crash, it goes on behind the last one.
* What the target refuses waits in **quarantine** with the reason; `replay` carries it again.
"""


@flow(name="sync-route", flow_run_name=by_minute_of("route"), description=DESCRIPTION.strip())
def sync_route(
    route: RouteName,
    requester: Person = "prefect",
    reason: Reason = "scheduled run",
    hours: Hours = 1.0,
    grant: AnyGrant = "",
    replay: bool = False,
) -> Lineage:
    """
    Counts of what was carried. Raises SyncRefused, SyncStopped, GrantRefused, ConfigurationError and OrgError.

    Args:
        route: Name of the route, as in estate.yaml. It needs a `sync` there.
        requester: Who asks for its rights. **A window of the policy approves them, or another person does.**
        reason: What the run is for; it stays in the ledger.
        hours: How long its rights last **at most**; they end with the run.
        grant: Id of a running grant about this route, where no window stands for it.
        replay: Carries what waits in quarantine once more, as it is in the source now.
    """
    declared = route_to_carry(route)
    with (
        granted(route, reason, requester, hours=hours, grant=grant) as rights,
        carrying(declared, requester) as run,
    ):
        compare_orgs(run)
        ahead = look_ahead(run)
        bar = Progress("sync-progress", f"{route}: {ahead.changed:,} changed records")
        batches: list[Batch] = []
        while not batches or not batches[-1].last:
            batches.append(carry_batch(run, len(batches) + 1, ahead))
            bar.show(progress(sum(b.counts.read for b in batches), ahead.changed))
        if replay and (again := replay_quarantine(run)) is not None:
            batches.append(again)
        bar.show(100.0)
        lineage = record_lineage(run, ahead, batches, rights.id)
    sealed()
    counts = lineage.counts
    get_run_logger().info(
        "%d read, %d sent, %d removed, %d verified, %d in quarantine",
        counts.read,
        counts.sent,
        counts.removed,
        counts.verified,
        lineage.waiting,
    )
    return lineage
