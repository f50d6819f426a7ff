"""
Who may do what, the slow way: one question at a time, straight from the rows, sharing nothing with the product.

Rules, each from Salesforce's help or Object Reference: rights of profile, sets and groups add up; a finished group gives
what its aggregate holds, another its members less its muting set; who mutes a right mutes what needs it; what is over,
inactive or asleep gives nothing; View All Data reads and Modify All Data does all on every object, but neither opens a
field; View All Fields, of one object or global, opens fields for reading only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tasks.inventory.model import User
from tasks.permissions.model import (
    Assignment,
    FieldPermission,
    ObjectPermission,
    PermissionSet,
    PermissionSetGroup,
)

Right = tuple[str, str]
"""(`permission`, name), or (flag, object or qualified field)."""
READ, CREATE, EDIT, DELETE = "read", "create", "edit", "delete"


@dataclass(frozen=True)
class Org:
    users: tuple[User, ...]
    permission_sets: tuple[PermissionSet, ...]
    groups: tuple[PermissionSetGroup, ...]
    assignments: tuple[Assignment, ...]
    object_permissions: tuple[ObjectPermission, ...]
    field_permissions: tuple[FieldPermission, ...]


def written_in(org: Org, parent: str) -> Iterator[Right]:
    """All that the rows of one set say."""
    for each in org.permission_sets:
        if each.id == parent:
            yield from (("permission", name) for name in each.permissions)
    for row in org.object_permissions:
        if row.parent_id == parent:
            said = row.model_dump()
            yield from ((key, row.sobject) for key, on in said.items() if on is True)
    for line in org.field_permissions:
        if line.parent_id == parent:
            if line.read or line.edit:
                yield READ, line.field
            if line.edit:
                yield EDIT, line.field


def muted_out(given: set[Right], muting: set[Right], rows: tuple[FieldPermission, ...]) -> set[Right]:
    """
    `rows` are the muting set's lines on fields: one with Edit alone takes editing away, one with Read the field (Object
    Reference, FieldPermissions).
    """
    left = {right for right in given if right not in muting}
    for line in rows:
        if not line.read and (READ, line.field) in given:
            left.add((READ, line.field))
    while True:
        orphans = {(flag, on) for flag, on in left if any((need, on) not in left for need in _needs(flag))}
        if not orphans:
            return left
        left -= orphans


def _needs(flag: str) -> tuple[str, ...]:
    if flag in (CREATE, EDIT, "view_all", "view_fields"):
        return (READ,)
    if flag == DELETE:
        return READ, EDIT
    return (READ, EDIT, DELETE, "view_all") if flag == "modify_all" else ()


def of_group(org: Org, group: PermissionSetGroup) -> set[Right]:
    for each in org.permission_sets:
        if each.group_id == group.id and group.status == "Updated":
            return set(written_in(org, each.id))
    known = {each.id for each in org.permission_sets}
    given = {r for m in group.member_ids if m in known for r in written_in(org, m)}
    muting = {r for m in group.muting_ids for r in written_in(org, m)}
    return muted_out(
        given, muting, tuple(f for f in org.field_permissions if f.parent_id in group.muting_ids)
    )


def grants(org: Org, user: User, now: datetime) -> Iterator[tuple[str, set[Right]]]:
    """Where a user's rights come from (`profile`, `set X`, `group G`), and what each of them gives."""
    for each in org.permission_sets:
        if each.profile_id == user.profile_id and each.kind == "Profile":
            yield "profile", set(written_in(org, each.id))
    for assignment in org.assignments:
        if assignment.user_id != user.id or not assignment.active:
            continue
        if assignment.expires is not None and assignment.expires <= now:
            continue
        held = next((s for s in org.permission_sets if s.id == assignment.permission_set_id), None)
        named = assignment.group_id or (held.group_id if held else None)
        group = next((g for g in org.groups if g.id == named), None)
        if group is not None:
            yield f"group {group.name}", of_group(org, group)
        elif held is not None and held.kind == "Regular" and not held.activation_required:
            yield f"set {held.name}", set(written_in(org, held.id))


def permissions(given: list[tuple[str, set[Right]]]) -> dict[str, set[str]]:
    """Each user permission and the places that give it."""
    found: dict[str, set[str]] = {}
    for place, rights in given:
        for kind, name in rights:
            if kind == "permission":
                found.setdefault(name, set()).add(place)
    return found


def may(user: User, given: list[tuple[str, set[Right]]], operation: str, sobject: str, field: str) -> bool:
    """`field` is "" for the object alone."""
    if not user.active or user.frozen:
        return False
    every = {right for _, rights in given for right in rights}
    everything = ("permission", "ModifyAllData") in every
    if operation == READ:
        everything = everything or ("permission", "ViewAllData") in every
    if not everything and (operation, sobject) not in every:
        return False
    if not field or operation == DELETE:
        return True
    if operation != READ:
        return (EDIT, f"{sobject}.{field}") in every
    return (
        (READ, f"{sobject}.{field}") in every
        or ("view_fields", sobject) in every
        or ("permission", "ViewAllFieldsGlobal") in every
    )
