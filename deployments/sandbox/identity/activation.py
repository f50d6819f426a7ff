"""Session-activated permission sets: asleep until a session wakes them, and gone with that session."""

import json
from collections.abc import Mapping
from dataclasses import replace

from deployments.sandbox.clock import stamp
from deployments.sandbox.errors import bad_field
from deployments.sandbox.rights import Caller, field_rights, object_rights, permissions_of
from deployments.sandbox.store import OrgStore

ENDS_WITH_ITS_SESSION = (
    "CREATE TRIGGER IF NOT EXISTS _activation_ends AFTER DELETE ON AuthSession BEGIN"
    " DELETE FROM SessionPermSetActivation WHERE AuthSessionId = OLD.Id; END"
)
ASSIGNED = (
    "SELECT p.Id FROM PermissionSet p JOIN PermissionSetAssignment a ON a.PermissionSetId = p.Id"
    " WHERE p.{} = ? AND p.HasActivationRequired = 1 AND a.AssigneeId = ?"
    " AND (a.ExpirationDate IS NULL OR a.ExpirationDate > ?)"
)
AWAKE = (
    "SELECT s.PermissionSetId FROM SessionPermSetActivation s JOIN PermissionSetAssignment a"
    " ON a.PermissionSetId = s.PermissionSetId AND a.AssigneeId = ?"
    " WHERE s.AuthSessionId = ? AND (a.ExpirationDate IS NULL OR a.ExpirationDate > ?)"
)


def activate(store: OrgStore, session_id: str, user_id: str, name: str) -> bool:
    """Wakes a set for one session; whether the user has a set of that name to wake."""
    rows = store.sql(ASSIGNED.format("Name"), name, user_id, stamp(store.clock.now()))
    for row in rows:
        if not store.find("SessionPermSetActivation", AuthSessionId=session_id, PermissionSetId=row["Id"]):
            store.insert("SessionPermSetActivation", [_row(session_id, user_id, row["Id"])])
    return bool(rows)


def deactivate(store: OrgStore, session_id: str, name: str) -> bool:
    """Puts a set back to sleep; whether it was awake."""
    awake = "AuthSessionId = ? AND PermissionSetId IN (SELECT Id FROM PermissionSet WHERE Name = ?)"
    found = store.sql(f"SELECT 1 FROM SessionPermSetActivation WHERE {awake}", session_id, name)
    store.sql(f"DELETE FROM SessionPermSetActivation WHERE {awake}", session_id, name)
    return bool(found)


def check(store: OrgStore, values: Mapping[str, object]) -> dict[str, object]:
    """Whose activation a new record is. Raises SalesforceError where that user has no such sleeping set."""
    session = store.get("AuthSession", str(values["AuthSessionId"])) or {}
    user_id = session.get("UsersId")
    chosen = str(values.get("PermissionSetId") or "")
    if not store.sql(ASSIGNED.format("Id"), chosen, user_id, stamp(store.clock.now())):
        raise bad_field(
            "The user of the session has no session-based permission set of this id", "PermissionSetId"
        )
    return {"UserId": user_id}


def awakened(store: OrgStore, session_id: str, caller: Caller) -> Caller:
    """The caller with what its session has woken."""
    rows = store.sql(AWAKE, caller.user_id, session_id, stamp(store.clock.now()))
    if not rows:
        return caller
    sets = json.dumps([row["PermissionSetId"] for row in rows])
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


def _row(session_id: str, user_id: str, set_id: str) -> dict[str, object]:
    return {
        "AuthSessionId": session_id,
        "UserId": user_id,
        "PermissionSetId": set_id,
        "CreatedById": user_id,
        "LastModifiedById": user_id,
    }
