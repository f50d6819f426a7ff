"""Assignments whose time is over."""

from datetime import datetime

from deployments.sandbox.clock import stamp
from deployments.sandbox.store import OrgStore


def expire_assignments(store: OrgStore, now: datetime) -> None:
    """Flip IsActive on assignments whose time is over, as the platform does by itself."""
    over = '"ExpirationDate" <= ? AND "IsActive" = 1'
    # Looked up first, so that a query starts no write without need.
    if store.sql(f'SELECT 1 FROM "PermissionSetAssignment" WHERE {over} LIMIT 1', stamp(now)):
        store.sql(f'UPDATE "PermissionSetAssignment" SET "IsActive" = 0 WHERE {over}', stamp(now))
