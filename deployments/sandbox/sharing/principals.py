"""
Through whom records reach a caller: those below in the role hierarchy, and the groups and queues they belong to.

Source: Salesforce Help, "Controlling Access Using Hierarchies" and "What Is a Group?"; Record-Level Access: Under the Hood.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from deployments.sandbox.store import OrgStore

ROLE, ROLE_AND_BELOW, EVERYBODY = "Role", "RoleAndSubordinates", "Organization"


@dataclass(frozen=True)
class Principals:
    """`owners` are users and queues whose records are as good as the caller's own; `grantees` whoever a share may name."""

    owners: frozenset[str]
    grantees: frozenset[str]


_KNOWN: WeakKeyDictionary[OrgStore, dict[str, tuple[int, Principals]]] = WeakKeyDictionary()


def principals_of(store: OrgStore, user_id: str) -> Principals:
    kept = _KNOWN.setdefault(store, {})
    found = kept.get(user_id)
    if found is None or found[0] != store.rights_version:
        found = kept[user_id] = (store.rights_version, _principals(store, user_id))
    return found[1]


def _principals(store: OrgStore, user_id: str) -> Principals:
    below = _ids(
        store, 'SELECT Id FROM "User" WHERE "UserRoleId" IN (SELECT value FROM json_each(?))',
        _roles_below(store, _roles(store, [user_id])),
    )  # fmt: skip
    own, theirs = _groups_of(store, {user_id}), _groups_of(store, below)
    open_to_bosses = _ids(
        store, 'SELECT Id FROM "Group" WHERE "DoesIncludeBosses" = 1 AND Id IN (SELECT value FROM json_each(?))', theirs
    )  # fmt: skip
    groups = own | open_to_bosses
    queues = _ids(
        store, 'SELECT Id FROM "Group" WHERE "Type" = \'Queue\' AND Id IN (SELECT value FROM json_each(?))', groups
    )  # fmt: skip
    return Principals(frozenset({user_id} | below | queues), frozenset({user_id} | below | groups))


def members(store: OrgStore, group_id: str) -> frozenset[str] | None:
    """The users in a group, nested ones included; None stands for everybody."""
    users: set[str] = set()
    seen, waiting = {group_id}, {group_id}
    while waiting:
        for row in store.sql(
            'SELECT Id, "Type", "RelatedId" FROM "Group" WHERE Id IN (SELECT value FROM json_each(?))',
            json.dumps(sorted(waiting)),
        ):
            if row["Type"] == EVERYBODY:
                return None
            roles = {row["RelatedId"]} if row["RelatedId"] else set()
            if row["Type"] == ROLE_AND_BELOW:
                roles |= _roles_below(store, roles)
            users |= _ids(
                store, 'SELECT Id FROM "User" WHERE "UserRoleId" IN (SELECT value FROM json_each(?))', roles
            )  # fmt: skip
        held = _ids(
            store, 'SELECT "UserOrGroupId" FROM "GroupMember" WHERE "GroupId" IN (SELECT value FROM json_each(?))', waiting
        )  # fmt: skip
        users |= {each for each in held if each.startswith("005")}
        waiting = {each for each in held if each.startswith("00G")} - seen
        seen |= waiting
    return frozenset(users)


def lay_role_groups(store: OrgStore) -> None:
    """Every role has a group of its users, and one of theirs and of those below."""
    for role in store.sql('SELECT Id, "Name", "DeveloperName" FROM "UserRole"'):
        for kind in (ROLE, ROLE_AND_BELOW):
            if not store.find("Group", Type=kind, RelatedId=role["Id"]):
                row = {"Name": role["Name"], "DeveloperName": role["DeveloperName"], "Type": kind}
                store.insert("Group", [{**row, "RelatedId": role["Id"], "DoesIncludeBosses": True}])


def _groups_of(store: OrgStore, users: set[str]) -> set[str]:
    """Groups that hold any of the users, by name, by role or inside another group."""
    if not users:
        return set()
    roles = _roles(store, users)
    above = _roles_above(store, roles)
    found = _ids(
        store, 'SELECT "GroupId" FROM "GroupMember" WHERE "UserOrGroupId" IN (SELECT value FROM json_each(?))', users
    )  # fmt: skip
    for kind, which in ((ROLE, roles), (ROLE_AND_BELOW, roles | above)):
        statement = (
            'SELECT Id FROM "Group" WHERE "RelatedId" IN (SELECT value FROM json_each(?)) AND "Type" = ?'
        )
        found |= _ids(store, statement, which, kind)
    found |= _ids(store, 'SELECT Id FROM "Group" WHERE ? IS NOT NULL AND "Type" = ?', (), EVERYBODY)
    waiting = set(found)
    while waiting:
        waiting = (
            _ids(
                store,
                'SELECT "GroupId" FROM "GroupMember" WHERE "UserOrGroupId" IN (SELECT value FROM json_each(?))',
                waiting,
            )
            - found
        )
        found |= waiting
    return found


def _roles(store: OrgStore, users: Iterable[str]) -> set[str]:
    return _ids(
        store,
        'SELECT "UserRoleId" FROM "User" WHERE Id IN (SELECT value FROM json_each(?)) AND "UserRoleId" IS NOT NULL',
        users,
    )


def _roles_below(store: OrgStore, roles: set[str]) -> set[str]:
    return _reached(store, roles, up=False)


def _roles_above(store: OrgStore, roles: set[str]) -> set[str]:
    return _reached(store, roles, up=True)


def _reached(store: OrgStore, roles: set[str], *, up: bool) -> set[str]:
    if not roles:
        return set()
    links: dict[str, set[str]] = {}
    for row in store.sql('SELECT Id, "ParentRoleId" FROM "UserRole" WHERE "ParentRoleId" IS NOT NULL'):
        here, there = (row["Id"], row["ParentRoleId"]) if up else (row["ParentRoleId"], row["Id"])
        links.setdefault(here, set()).add(there)
    found: set[str] = set()
    waiting = set(roles)
    while waiting:
        waiting = {there for here in waiting for there in links.get(here, ())} - found
        found |= waiting
    return found


def _ids(store: OrgStore, statement: str, ids: Iterable[str], *more: str) -> set[str]:
    return {row[0] for row in store.sql(statement, json.dumps(sorted(ids)), *more)}
