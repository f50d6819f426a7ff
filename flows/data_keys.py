"""Data keys of a route: a new one while everything goes on, and all values sealed anew under it."""

from datetime import UTC, datetime

from prefect import flow
from prefect.logging import get_run_logger

from flows.access import AnyGrant, Hours, Person, Reason
from flows.plans import kept, sealed
from flows.progress import Progress
from flows.sync import RouteName
from tasks.access.steps import granted
from tasks.estate.steps import read_estate
from tasks.sync.model import KeyRotation
from tasks.sync.retirement import retirement_plan
from tasks.sync.steps import (
    begin_renewal,
    carrying,
    compare_orgs,
    count_sealed,
    look_at_keys,
    old_keys,
    route_to_carry,
    seal_anew,
)
from tasks.sync.words import progress

DESCRIPTION = """
Gives a route **a new data key** and seals all of its values in the target org anew under it, under rights that last for this run.

* Both keys open meanwhile: whoever may read values reads on. Syncs of the route wait until it is over.
* A batch counts once it was **read back**. Killed at any moment, the next run goes on behind the last one, with the same key.
* In the end values are counted by key, those in the recycle bin too. What an old key is still needed for, the artifact says.
"""
RETIRE = """
Makes a plan that **destroys old data keys of a route** which no value in the target org needs any more. It changes nothing.

* What a destroyed key sealed is lost: in backups of the target that are older, too. **There is no way back.**
* Next: **approve-plan** by two people, then **apply-plan**. What is still needed is not planned, and the plan says why.
"""


@flow(name="rotate-data-keys", flow_run_name="rotate-data-keys-of-{route}", description=DESCRIPTION.strip())
def rotate_data_keys(
    route: RouteName,
    requester: Person = "prefect",
    reason: Reason = "rotation of data keys",
    hours: Hours = 1.0,
    grant: AnyGrant = "",
) -> KeyRotation:
    """
    Counts by key. Raises SyncRefused, SyncStopped, GrantRefused, SecretUnavailable, ConfigurationError and OrgError.

    Args:
        route: Name of the route, as in estate.yaml. Its `sync` seals fields.
        requester: Who asks for its rights. **A window of the policy approves them, or another person does.**
        reason: Why the keys are rotated; it stays in the ledger.
        hours: How long its rights last **at most**; they end with the run.
        grant: Id of a running grant about this route, where no window stands for it.
    """
    declared = route_to_carry(route)
    with (
        granted(route, reason, requester, hours=hours, grant=grant) as rights,
        carrying(declared, requester) as run,
    ):
        compare_orgs(run)
        at, records = begin_renewal(run), count_sealed(run)
        bar = Progress("data-keys-progress", f"{route}: {records:,} records")
        while not at.done:
            at = seal_anew(run, at)
            bar.show(progress(at.seen, records))
        bar.show(100.0)
        done = look_at_keys(run, at, rights.id)
    sealed()
    get_run_logger().info(
        "%d records looked at, %d sealed anew, %d left as they were; %d old keys are needed no more",
        done.seen,
        done.renewed,
        done.left,
        len(done.needless),
    )
    return done


@flow(name="retire-data-keys", flow_run_name="retire-data-keys-of-{route}", description=RETIRE.strip())
def retire_data_keys(requester: Person, route: RouteName) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for a route that seals nothing, SecretUnavailable and CloudError.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        route: Name of the route, as in estate.yaml. Its keys were rotated before by *rotate-data-keys*.
    """
    declared, keys = old_keys(route)
    _, policy = read_estate()
    return kept(retirement_plan(policy, declared, keys, requester, datetime.now(UTC)), {})
