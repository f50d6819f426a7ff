"""May this user, or this route, do that? Every reason against it, and every way by which a right came."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Literal

from tasks.estate.model import Route
from tasks.inventory.model import User
from tasks.permissions.effective import effective_rights
from tasks.permissions.model import (
    Assignment,
    EffectiveRights,
    FieldPermission,
    ObjectPermission,
    PermissionSet,
    PermissionSetGroup,
)
from tasks.value import Value

Operation = Literal["read", "create", "edit", "delete"]
_LIFTS = {
    "read": ("ViewAllData", "ModifyAllData"),
    "create": ("ModifyAllData",),
    "edit": ("ModifyAllData",),
    "delete": ("ModifyAllData",),
}
"""Permissions that make up for a missing right on an object (help article View All and Modify All)."""


class Path(Value):
    """One way by which a user could come to a right: where it begins, whether it gives the right, and why not."""

    through: str
    gives: bool
    why: str


def stopped(user: User) -> tuple[str, ...]:
    """Why a user cannot use any right at all; empty for one who can."""
    if not user.active:
        return (f"{user.username} is not active",)
    return (f"{user.username} is frozen",) if user.frozen else ()


def refusals(
    held: EffectiveRights,
    sobject: str,
    fields: Collection[str],
    operation: Operation,
    always_on: Collection[str] = (),
) -> tuple[str, ...]:
    """
    Empty when the org would let the user, as far as rights go: sharing decides about single records.

    `fields` are names without the object; `always_on` those without field-level security.
    """
    found = []
    rights = held.objects.get(sobject)
    lifted = any(held.has(permission) for permission in _LIFTS[operation])
    if not lifted and not (rights is not None and getattr(rights, operation)):
        found.append(f"no right to {operation} {sobject}")
    writes = operation in ("create", "edit")
    for name in fields:
        if name in always_on or operation == "delete":
            continue
        qualified = f"{sobject}.{name}"
        if writes and not held.fields.get(qualified, (False, False))[1]:
            found.append(f"{name} may not be written")
        elif not writes and not held.sees_field(qualified):
            found.append(f"{name} may not be read")
    return tuple(found)


def removes(route: Route) -> bool:
    """Whether its declaration says that records go in the target when their originals do."""
    return route.sync is not None and route.sync.deletes == "remove"


def outside(route: Route, sobject: str, fields: Collection[str], operation: Operation) -> tuple[str, ...]:
    """What a request of a route goes beyond its declaration; empty when it keeps to it."""
    found = []
    if sobject != route.sobject:
        found.append(f"{route.name} carries {route.sobject}, not {sobject}")
    if operation == "delete" and not removes(route):
        found.append(f"{route.name} removes nothing")
    for name in fields:
        if name not in route.fields:
            found.append(f"{name} is not declared for {route.name}")
        elif operation in ("create", "edit") and name in route.read_only_fields:
            found.append(f"{name} is declared as read only for {route.name}")
    return tuple(found)


def paths(
    user: User,
    permission_sets: Sequence[PermissionSet],
    groups: Sequence[PermissionSetGroup],
    assignments: Iterable[Assignment],
    object_permissions: Sequence[ObjectPermission],
    field_permissions: Sequence[FieldPermission],
    sobject: str,
    fields: Collection[str],
    operation: Operation,
    now: datetime,
    always_on: Collection[str] = (),
) -> tuple[Path, ...]:
    """Each grant alone, judged as if the user held nothing else: what gives the right, what almost does, what is over."""
    sets, by_group = {s.id: s for s in permission_sets}, {g.id: g for g in groups}

    def alone(holder: User, only: tuple[Assignment, ...]) -> tuple[str, ...]:
        held = effective_rights(
            *(
                permission_sets,
                groups,
                only,
                object_permissions,
                field_permissions,
                (holder,),
                (holder.id,),
                now,
            )
        )[holder.id]
        return refusals(held, sobject, fields, operation, always_on)

    against = alone(user, ())
    found = [Path(through=f"profile {user.profile_name}", gives=not against, why="; ".join(against))]
    bare = user.model_copy(update={"profile_id": "", "profile_name": ""})
    for each in assignments:
        held = sets.get(each.permission_set_id)
        if each.user_id != user.id or (held is not None and held.profile_id and not held.group_id):
            continue
        group = by_group.get(each.group_id or (held.group_id if held else None) or "")
        name = f"group {group.name}" if group else f"set {held.name if held else each.permission_set_id}"
        if each.expires is not None and each.expires <= now:
            found.append(
                Path(
                    through=name,
                    gives=False,
                    why=f"its assignment ended on {each.expires:%Y-%m-%d %H:%M} UTC",
                )
            )
            continue
        if held is not None and held.activation_required and group is None:
            found.append(Path(through=name, gives=False, why="it sleeps until a session wakes it"))
            continue
        against = alone(bare, (each,))
        until = f" (until {each.expires:%Y-%m-%d %H:%M} UTC)" if each.expires else ""
        found.append(Path(through=f"{name}{until}", gives=not against, why="; ".join(against)))
    return tuple(found)
