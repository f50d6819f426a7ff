"""From permission rows to one caller: profile, assigned sets and groups, on the estate clock."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from deployments.sandbox.caller import OBJECT_FLAGS, Caller, ObjectRights, founded
from deployments.sandbox.clock import parse_stamp, stamp
from deployments.sandbox.ids import to18
from deployments.sandbox.schema import permission_labels
from deployments.sandbox.store import OrgStore

__all__ = ["Caller", "ObjectRights", "caller_of", "note_access", "recompute_group"]

_FLAG_COLUMNS = tuple(f"Permissions{flag}" for flag in OBJECT_FLAGS)

# A session-activated set counts only through a group: there the platform asks for no activation.
_SETS = """
    SELECT a."PermissionSetId" FROM "PermissionSetAssignment" a
    JOIN "PermissionSet" p ON p.Id = a."PermissionSetId"
    WHERE a."AssigneeId" = ? AND (a."ExpirationDate" IS NULL OR a."ExpirationDate" > ?)
      AND (p."Type" = 'Group' OR p."HasActivationRequired" = 0)
    UNION
    SELECT p.Id FROM "PermissionSet" p JOIN "User" u ON u."ProfileId" = p."ProfileId"
    WHERE u.Id = ? AND p."IsOwnedByProfile" = 1
"""


def caller_of(store: OrgStore, user_id: str) -> Caller:
    """The user's rights now; kept until a permission row changes or the next assignment expires."""
    user_id, now = to18(user_id), store.clock.now()
    kept = store.callers.get(user_id)
    if kept and kept[0] == store.rights_version and (kept[1] is None or now < kept[1]):
        return kept[2]
    caller = _compute(store, user_id, now)
    store.callers[user_id] = (store.rights_version, _next_expiry(store, user_id, now), caller)
    return caller


def _compute(store: OrgStore, user_id: str, now: datetime) -> Caller:
    sets = json.dumps([row[0] for row in store.sql(_SETS, user_id, stamp(now), user_id)])
    readable, editable = field_rights(store, sets)
    return Caller(user_id, permissions_of(store, sets), object_rights(store, sets), readable, editable)


def _next_expiry(store: OrgStore, user_id: str, now: datetime) -> datetime | None:
    rows = store.sql(
        'SELECT MIN("ExpirationDate") FROM "PermissionSetAssignment"'
        ' WHERE "AssigneeId" = ? AND "ExpirationDate" > ?',
        user_id,
        stamp(now),
    )
    return parse_stamp(rows[0][0]) if rows[0][0] else None


def permissions_of(store: OrgStore, sets: str, table: str = "PermissionSet") -> frozenset[str]:
    """User permissions that any of the sets (a JSON list of ids) turns on."""
    columns = ", ".join(f'MAX("Permissions{name}")' for name in permission_labels())
    statement = f'SELECT {columns} FROM "{table}" WHERE Id IN (SELECT value FROM json_each(?))'
    return frozenset(
        name for name, on in zip(permission_labels(), store.sql(statement, sets)[0], strict=True) if on
    )


def object_rights(store: OrgStore, sets: str) -> dict[str, ObjectRights]:
    """The union of the sets' ObjectPermissions rows, by object."""
    columns = ", ".join(f'MAX("{column}")' for column in _FLAG_COLUMNS)
    statement = (
        f'SELECT "SobjectType", {columns} FROM "ObjectPermissions"'
        ' WHERE "ParentId" IN (SELECT value FROM json_each(?)) GROUP BY "SobjectType"'
    )
    return {row[0]: ObjectRights(*map(bool, row[1:])) for row in map(tuple, store.sql(statement, sets))}


def field_rights(store: OrgStore, sets: str) -> tuple[frozenset[str], frozenset[str]]:
    """Fields the sets make readable, and those they make editable."""
    rows = store.sql(
        'SELECT "Field", MAX("PermissionsRead"), MAX("PermissionsEdit") FROM "FieldPermissions"'
        ' WHERE "ParentId" IN (SELECT value FROM json_each(?)) GROUP BY "Field"',
        sets,
    )
    return frozenset(r[0] for r in rows if r[1] or r[2]), frozenset(r[0] for r in rows if r[2])


def note_access(store: OrgStore, caller: Caller) -> None:
    """Write the caller's UserPermissionAccess row anew; its id is the user's own."""
    store.sql('DELETE FROM "UserPermissionAccess" WHERE Id = ?', caller.user_id)
    flags = {f"Permissions{name}": name in caller.permissions for name in permission_labels()}
    store.insert(
        "UserPermissionAccess", [{"Id": caller.user_id, "LastCacheUpdate": store.clock.now(), **flags}]
    )


def recompute_group(store: OrgStore, group_id: str) -> str:
    """Write a group's aggregate set anew from its members minus what its muting set mutes; gives its id."""
    group_id = to18(group_id)
    members = [
        str(row["PermissionSetId"])
        for row in store.find("PermissionSetGroupComponent", PermissionSetGroupId=group_id, IsDeleted=False)
    ]
    mute = store.schema["MutingPermissionSet"].prefix
    given = json.dumps([each for each in members if not each.startswith(mute)])
    muted = json.dumps([each for each in members if each.startswith(mute)])
    aggregate = _aggregate_set(store, group_id)
    kept = permissions_of(store, given) - permissions_of(store, muted, "MutingPermissionSet")
    store.update(
        "PermissionSet", aggregate, {f"Permissions{name}": name in kept for name in permission_labels()}
    )
    for sobject in ("ObjectPermissions", "FieldPermissions"):
        store.sql(f'DELETE FROM "{sobject}" WHERE "ParentId" = ?', aggregate)
    store.insert("ObjectPermissions", _object_rows(store, aggregate, given, muted))
    store.insert("FieldPermissions", _field_rows(store, aggregate, given, muted))
    store.update("PermissionSetGroup", group_id, {"Status": "Updated"})
    return aggregate


def _aggregate_set(store: OrgStore, group_id: str) -> str:
    found = store.find("PermissionSet", PermissionSetGroupId=group_id)
    if found:
        return str(found[0]["Id"])
    group = store.get("PermissionSetGroup", group_id)
    if group is None:
        raise KeyError(f"PermissionSetGroup has no record {group_id}")
    row = {
        "Name": f"X{group_id[:15]}",
        "Label": group["MasterLabel"],
        "Type": "Group",
        "PermissionSetGroupId": group_id,
        "IsCustom": True,
    }
    return store.insert("PermissionSet", [row])[0]


def _flags(store: OrgStore, sets: str) -> dict[str, set[str]]:
    rights = object_rights(store, sets)
    names = tuple(ObjectRights.__dataclass_fields__)
    return {
        name: {flag for flag, part in zip(OBJECT_FLAGS, names, strict=True) if getattr(each, part)}
        for name, each in rights.items()
    }


def _object_rows(store: OrgStore, parent: str, given: str, muted: str) -> Iterable[dict[str, object]]:
    away: dict[str, set[str]] = defaultdict(set, _flags(store, muted))
    for sobject, flags in _flags(store, given).items():
        left = founded(flags - away[sobject])
        if left:
            yield {
                "ParentId": parent,
                "SobjectType": sobject,
                **{f"Permissions{flag}": flag in left for flag in OBJECT_FLAGS},
            }


def _field_rows(store: OrgStore, parent: str, given: str, muted: str) -> Iterable[dict[str, object]]:
    readable, editable = field_rights(store, given)
    rows = store.sql(
        'SELECT "Field", MAX("PermissionsRead") FROM "FieldPermissions"'
        ' WHERE "ParentId" IN (SELECT value FROM json_each(?)) GROUP BY "Field"',
        muted,
    )
    # A muting row with only Edit takes editing away; one with Read takes the field away.
    gone, locked = {row[0] for row in rows if row[1]}, {row[0] for row in rows}
    for name in sorted(readable - gone):
        yield {
            "ParentId": parent,
            "SobjectType": name.partition(".")[0],
            "Field": name,
            "PermissionsRead": True,
            "PermissionsEdit": name in editable - locked,
        }
