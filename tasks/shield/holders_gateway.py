"""Reads which permission sets and profiles let read some fields, and who holds them."""

from collections import defaultdict
from collections.abc import Sequence

from tasks.errors import OrgError
from tasks.salesforce.pages import Row
from tasks.salesforce.session import Session
from tasks.salesforce.soql import in_list
from tasks.shield.model import Holder

_PROFILE = "profile:"


def read_holders(session: Session, fields: Sequence[str]) -> tuple[Holder, ...]:
    """
    Sets that groups contain count with the holders of the group. Who may View All Data reads records, but fields only by these.
    Raises OrgError.
    """
    if not fields:
        return ()
    queries = {
        "rights": "SELECT Parent.Name, Parent.IsOwnedByProfile, Parent.Profile.Name, Parent.PermissionSetGroupId, Field, "
        f"PermissionsRead, PermissionsEdit FROM FieldPermissions WHERE Field IN {in_list(fields)}",
        "assignments": "SELECT Assignee.Username, PermissionSet.Name, PermissionSetGroup.DeveloperName "
        "FROM PermissionSetAssignment WHERE Assignee.IsActive = true AND PermissionSet.IsOwnedByProfile = false",
        "members": "SELECT PermissionSetGroup.DeveloperName, PermissionSet.Name FROM PermissionSetGroupComponent",
        "users": "SELECT Username, Profile.Name FROM User WHERE IsActive = true",
    }
    found: dict[str, list[Row]] = {}
    for name, rows in session.read_all(queries).items():
        if isinstance(rows, OrgError):
            raise rows
        found[name] = rows
    users: dict[str, set[str]] = defaultdict(set)
    for row in found["users"]:
        # The platform's own users have no profile.
        if row["Profile"]:
            users[f"{_PROFILE}{row['Profile']['Name']}"].add(row["Username"])
    of_group: dict[str, set[str]] = defaultdict(set)
    for row in found["assignments"]:
        if group := row["PermissionSetGroup"]:
            of_group[group["DeveloperName"]].add(row["Assignee"]["Username"])
        else:
            users[row["PermissionSet"]["Name"]].add(row["Assignee"]["Username"])
    for row in found["members"]:
        if row["PermissionSet"]:
            users[row["PermissionSet"]["Name"]] |= of_group[row["PermissionSetGroup"]["DeveloperName"]]
    return tuple(
        Holder(
            name=name,
            field=row["Field"],
            edit=bool(row["PermissionsEdit"]),
            users=tuple(sorted(users[name])),
        )
        for row in found["rights"]
        # What a group gives in sum is a row of its own, which follows from its members.
        if row["PermissionsRead"]
        and not row["Parent"]["PermissionSetGroupId"]
        and (name := _name(row["Parent"]))
    )


def _name(parent: Row) -> str:
    if parent["IsOwnedByProfile"]:
        return f"{_PROFILE}{parent['Profile']['Name']}"
    return str(parent["Name"])
