"""Session-activated permission sets: asleep until a session wakes them, and gone with that session."""

import json
from dataclasses import replace

from deployments.sandbox.clock import stamp
from deployments.sandbox.rights import Caller, field_rights, object_rights, permissions_of
from deployments.sandbox.store import OrgStore

TABLE = (
    "CREATE TABLE IF NOT EXISTS _activation (session_id TEXT, permission_set_id TEXT,"
    " PRIMARY KEY (session_id, permission_set_id))"
)
ASSIGNED = (
    "SELECT p.Id FROM PermissionSet p JOIN PermissionSetAssignment a ON a.PermissionSetId = p.Id"
    " WHERE p.Name = ? AND p.HasActivationRequired = 1 AND a.AssigneeId = ?"
    " AND (a.ExpirationDate IS NULL OR a.ExpirationDate > ?)"
)
AWAKE = (
    "SELECT s.permission_set_id FROM _activation s JOIN PermissionSetAssignment a"
    " ON a.PermissionSetId = s.permission_set_id AND a.AssigneeId = ?"
    " WHERE s.session_id = ? AND (a.ExpirationDate IS NULL OR a.ExpirationDate > ?)"
)


def activate(store: OrgStore, session_id: str, user_id: str, name: str) -> bool:
    """Wakes a set for one session; whether the user has a set of that name to wake."""
    rows = store.sql(ASSIGNED, name, user_id, stamp(store.clock.now()))
    for row in rows:
        store.sql("INSERT OR IGNORE INTO _activation VALUES (?, ?)", session_id, row["Id"])
    return bool(rows)


def deactivate(store: OrgStore, session_id: str, name: str) -> bool:
    """Puts a set back to sleep; whether it was awake."""
    awake = "session_id = ? AND permission_set_id IN (SELECT Id FROM PermissionSet WHERE Name = ?)"
    found = store.sql(f"SELECT 1 FROM _activation WHERE {awake}", session_id, name)
    store.sql(f"DELETE FROM _activation WHERE {awake}", session_id, name)
    return bool(found)


def awakened(store: OrgStore, session_id: str, caller: Caller) -> Caller:
    """The caller with what its session has woken."""
    rows = store.sql(AWAKE, caller.user_id, session_id, stamp(store.clock.now()))
    if not rows:
        return caller
    sets = json.dumps([row["permission_set_id"] for row in rows])
    readable, editable = field_rights(store, sets)
    objects = dict(caller.objects)
    for name, more in object_rights(store, sets).items():
        had = objects.get(name)
        objects[name] = (
            more
            if had is None
            else replace(had, **{flag: True for flag, value in vars(more).items() if value})
        )
    return replace(
        caller,
        permissions=caller.permissions | permissions_of(store, sets),
        objects=objects,
        readable=caller.readable | readable,
        editable=caller.editable | editable,
    )
