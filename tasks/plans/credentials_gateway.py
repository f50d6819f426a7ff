"""
Hands on orders of rotation: a plan says which version consumers are to read, the ledger keeps the order, and the rotation
carries it out over days. So what was approved is on record before anything happens, and a killed apply loses nothing.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from tasks.aws.cloud import Cloud
from tasks.aws.staging import read_stages
from tasks.credentials.history import Body, History, back_note, coming, order_note, told, wanted
from tasks.credentials.model import Order, Version
from tasks.errors import SecretUnavailable
from tasks.ledger.model import EntryKind, Note
from tasks.orgs import open_cloud, open_ledger
from tasks.plans.model import Change, Resource, State
from tasks.salesforce.writing import RecordResult, WritingSession

_ACTOR = "apply-plan"


def read_credentials(session: WritingSession, resources: Sequence[Resource]) -> dict[Resource, State]:
    """Which version consumers are to read, by what Secrets Manager and the ledger say. Raises CloudError."""
    cloud = open_cloud()
    found: dict[Resource, State] = {}
    with open_ledger() as ledger:
        for resource in resources:
            entries = ledger.entries(EntryKind.ROTATION, subject=resource.key)
            history = told(resource.key, (entry.body for entry in entries))
            try:
                versions = versions_of(cloud, resource.key)
            except SecretUnavailable:
                continue
            version, how = wanted(resource.key, versions, history)
            if version is not None:
                found[resource] = {"version": version, "how": how}
    return found


def order_rotations(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """Notes orders, and orders to take back; nothing else happens here. One result per change. Raises CloudError."""
    now, cloud = session.server_time or datetime.now(UTC), open_cloud()
    results = []
    with open_ledger() as ledger:
        for change in changes:
            secret, after = change.resource.key, change.after or {}
            versions = versions_of(cloud, secret)
            with ledger.exclusive() as pages:
                entries = pages.entries((EntryKind.ROTATION,), secret)
                history = told(secret, (entry.body for entry in entries))
                body = _note(history, after, coming(secret, versions, history), now)
                if body is None:
                    results.append(RecordResult(id=None, code="ROTATION_IS_OVER"))
                    continue
                pages.append(Note(kind=EntryKind.ROTATION, subject=secret, actor=_ACTOR, body=body))
                results.append(RecordResult(id=None))
    return results


def _note(history: History, after: State, ordered: str | None, now: datetime) -> Body | None:
    """`ordered` is the version that an order leads to. None where what was replaced is revoked already."""
    known, version = history.open, after.get("version")
    if known is not None and history.ordered is None and version == known.old:
        return back_note(known, now)
    if version == ordered:
        return order_note(Order(str(after.get("how"))), now)
    # An order that is taken back before anything was begun is no order any more.
    return order_note(None, now) if history.ordered is not None else None


def versions_of(cloud: Cloud, secret: str) -> tuple[Version, ...]:
    """Without what they hold. Raises SecretUnavailable and CloudError."""
    return tuple(
        Version(id=each.id, mark=None, stages=each.stages, created=each.since)
        for each in read_stages(cloud, secret).versions
    )
