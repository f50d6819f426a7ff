"""
Hands on old data keys of routes: whether they are there and needed, and destroying them.

Secrets Manager keeps the version before the current one under a label of its own, so the ring is written twice: then neither has
the key any more. Killed between the two, the key counts as there until the next run has written once more. Versions without a label stay until AWS removes them, and open to nobody who asks for a label.
"""

from collections.abc import Sequence

from tasks.aws.cloud import Cloud
from tasks.encryption.keys import DataKey, KeyRing, KeyState, destroyed
from tasks.encryption.keys_gateway import read_left, read_ring, write_ring
from tasks.errors import ConfigurationError, SecretUnavailable
from tasks.ledger.store import Ledger
from tasks.orgs import open_cloud, open_ledger
from tasks.plans.model import Change, Resource, State
from tasks.salesforce.writing import RecordResult, WritingSession
from tasks.sync.renewal import needed
from tasks.sync.state_ledger_gateway import RouteState

_ACTOR = "apply-plan"


def read_data_keys(session: WritingSession, resources: Sequence[Resource]) -> dict[Resource, State]:
    """Those that are not destroyed, or that the version before still holds. One of which nobody knows whether it is needed counts as needed. Raises CloudError."""
    cloud = open_cloud()
    found: dict[Resource, State] = {}
    with open_ledger() as ledger:
        for resource in resources:
            route, key = _named(cloud, resource)
            if key is not None:
                found[resource] = {"epoch": key.epoch, "needed": _needed(ledger, route, key) != 0}
    return found


def destroy_data_keys(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """One result per change. Raises AlreadyRunning while the route is carried, SecretUnavailable and CloudError."""
    cloud = open_cloud()
    results = []
    with open_ledger() as ledger:
        for change in changes:
            route, key = _named(cloud, change.resource)
            with ledger.held(f"the route {route}"):
                results.append(
                    RecordResult(id=None) if key is None else _destroyed(ledger, cloud, route, key)
                )
    return results


def _destroyed(ledger: Ledger, cloud: Cloud, route: str, key: DataKey) -> RecordResult:
    ring = read_ring(cloud, route)
    if key.key_id in {each.key_id for each in read_left(cloud, ring)}:
        # The first of both writes was done already; this one takes the label from the version with the key.
        write_ring(cloud, ring)
        return RecordResult(id=None)
    still = {each.key_id for each in ring.keys if _needed(ledger, route, each) != 0}
    try:
        without = destroyed(ring, key.key_id, still)
    except ConfigurationError as refused:
        return RecordResult(id=None, code="KEY_STILL_NEEDED", fields=(str(refused),))
    for _ in range(2):
        write_ring(cloud, without)
    return RecordResult(id=None)


def _named(cloud: Cloud, resource: Resource) -> tuple[str, DataKey | None]:
    """The route's name, and the key, where it is there: in its ring, or in the version before that."""
    route, _, key_id = resource.key.rpartition("/")
    ring: KeyRing = read_ring(cloud, route)
    try:
        key = ring.find(key_id)
    except SecretUnavailable:
        return route, next((each for each in read_left(cloud, ring) if each.key_id == key_id), None)
    return route, key


def _needed(ledger: Ledger, route: str, key: DataKey) -> int | None:
    if key.state is KeyState.SEALS:
        return None
    return needed(key, RouteState(ledger, route, _ACTOR).last_look())
