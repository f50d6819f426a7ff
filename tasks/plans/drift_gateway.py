"""Hands on what plans left behind, as the scanner: what it is now, and who changed set-up since."""

from collections.abc import Sequence
from datetime import UTC, datetime

from tasks.errors import OrgError
from tasks.plans.advance import OTHER_ROADS
from tasks.plans.drift import TrailRow
from tasks.plans.gateway import OrgHands
from tasks.plans.model import Resource, ResourceKind, State
from tasks.salesforce.session import Session

_LONGEST = 2_000
"""Rows of the trail that are looked through; the newest come first."""


def read_promised(
    session: Session, resources: Sequence[Resource], hands: OrgHands
) -> tuple[dict[Resource, State | None], dict[ResourceKind, str]]:
    """
    What they hold now, and why kinds could not be read: one that the scanner may not see hides no other. Records travel in one
    call, each other kind by itself.
    """
    loads: dict[ResourceKind | None, list[Resource]] = {}
    for each in resources:
        loads.setdefault(each.kind if each.kind in OTHER_ROADS else None, []).append(each)
    found: dict[Resource, State | None] = {}
    unseen: dict[ResourceKind, str] = {}
    for alike in loads.values():
        try:
            found |= dict.fromkeys(alike) | hands.read_as(session, alike)
        except OrgError as error:
            unseen |= dict.fromkeys((each.kind for each in alike), str(error))
    return found, unseen


def read_trail(session: Session, since: datetime) -> list[TrailRow]:
    """Newest first, from `since` on. Raises OrgError."""
    query = (
        "SELECT Action, Display, CreatedDate, CreatedBy.Username FROM SetupAuditTrail "
        f"WHERE CreatedDate >= {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} ORDER BY CreatedDate DESC LIMIT {_LONGEST}"
    )
    rows = session.read_all({"trail": query})["trail"]
    if isinstance(rows, OrgError):
        raise rows
    return [
        TrailRow(
            at=datetime.fromisoformat(str(row["CreatedDate"])),
            by=str((row.get("CreatedBy") or {}).get("Username") or "the platform itself"),
            action=str(row.get("Action") or ""),
            display=str(row.get("Display") or ""),
        )
        for row in rows
    ]
