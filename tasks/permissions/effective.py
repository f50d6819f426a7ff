"""
What a user may do right now: profile, permission sets and groups together.

A profile's rights sit in a hidden set it owns; a group's in an aggregate set with muting already applied by the
platform, which is trusted only while the group's status is Updated. Sets that need session activation count only inside
a group, where the platform drops that condition.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tasks.inventory.model import User
from tasks.permissions.model import (
    Assignment,
    EffectiveRights,
    FieldPermission,
    ObjectPermission,
    ObjectRights,
    PermissionSet,
    PermissionSetGroup,
    Source,
)


@dataclass(frozen=True)
class AccessTables:
    """One org's access rows, indexed once for all users."""

    sets: Mapping[str, PermissionSet]
    by_profile: Mapping[str, PermissionSet]
    aggregates: Mapping[str, PermissionSet]
    groups: Mapping[str, PermissionSetGroup]
    assignments: Mapping[str, tuple[Assignment, ...]]
    objects: Mapping[str, tuple[ObjectPermission, ...]]
    fields: Mapping[str, tuple[FieldPermission, ...]]


def index_access(
    *,
    permission_sets: Iterable[PermissionSet],
    groups: Iterable[PermissionSetGroup],
    assignments: Iterable[Assignment],
    object_permissions: Iterable[ObjectPermission],
    field_permissions: Iterable[FieldPermission],
) -> AccessTables:
    sets = {item.id: item for item in permission_sets}
    by_user: dict[str, list[Assignment]] = defaultdict(list)
    for assignment in assignments:
        by_user[assignment.user_id].append(assignment)
    objects: dict[str, list[ObjectPermission]] = defaultdict(list)
    for row in object_permissions:
        objects[row.parent_id].append(row)
    fields: dict[str, list[FieldPermission]] = defaultdict(list)
    for entry in field_permissions:
        fields[entry.parent_id].append(entry)
    return AccessTables(
        sets=sets,
        by_profile={s.profile_id: s for s in sets.values() if s.profile_id},
        aggregates={s.group_id: s for s in sets.values() if s.group_id},
        groups={group.id: group for group in groups},
        assignments={user: tuple(held) for user, held in by_user.items()},
        objects={parent: tuple(rows) for parent, rows in objects.items()},
        fields={parent: tuple(rows) for parent, rows in fields.items()},
    )


def effective_rights(tables: AccessTables, users: Iterable[User], now: datetime) -> dict[str, EffectiveRights]:
    """User id to rights. Expired, revoked and merely session-activated grants count for nothing."""
    return {user.id: _rights_of(tables, user, now) for user in users}


@dataclass
class _Sum:
    permissions: dict[str, list[Source]] = field(default_factory=lambda: defaultdict(list))
    objects: dict[str, ObjectRights] = field(default_factory=dict)
    fields: dict[str, tuple[bool, bool]] = field(default_factory=dict)


def _rights_of(tables: AccessTables, user: User, now: datetime) -> EffectiveRights:
    total = _Sum()
    profile = tables.by_profile.get(user.profile_id)
    if profile is not None:
        source = Source(permission_set=user.profile_name, group=None, profile=True, expires=None)
        _add(total, tables, profile, source)
    for assignment in tables.assignments.get(user.id, ()):
        if not assignment.active or (assignment.expires is not None and assignment.expires <= now):
            continue
        if assignment.group_id:
            _add_group(total, tables, assignment)
        elif (held := tables.sets.get(assignment.permission_set_id)) and not held.activation_required:
            source = Source(permission_set=held.name, group=None, profile=False, expires=assignment.expires)
            _add(total, tables, held, source)
    return EffectiveRights(
        user_id=user.id,
        permissions={name: tuple(sources) for name, sources in total.permissions.items()},
        objects=total.objects,
        fields=total.fields,
    )


def _add_group(total: _Sum, tables: AccessTables, assignment: Assignment) -> None:
    group = tables.groups.get(assignment.group_id or "")
    aggregate = tables.aggregates.get(assignment.group_id or "")
    if group is None:
        return
    if aggregate is not None and group.status == "Updated":
        members = _holders(tables, group)
        for permission in aggregate.permissions:
            named = members.get(permission)
            total.permissions[permission].append(
                Source(
                    permission_set=named.name if named else aggregate.name,
                    group=group.name,
                    profile=False,
                    expires=assignment.expires,
                    session_activated=bool(named and named.activation_required),
                )
            )
        _add_access(total, tables, aggregate.id)
        return
    _add_members(total, tables, group, assignment)


def _holders(tables: AccessTables, group: PermissionSetGroup) -> dict[str, PermissionSet]:
    """The member through which each permission comes; one that needs no activation wins."""
    found: dict[str, PermissionSet] = {}
    members = [tables.sets[m] for m in group.member_ids if m in tables.sets]
    for member in sorted(members, key=lambda m: (not m.activation_required, m.name)):
        found.update(dict.fromkeys(member.permissions, member))
    return found


def _add_members(
    total: _Sum, tables: AccessTables, group: PermissionSetGroup, assignment: Assignment
) -> None:
    """The aggregate lags behind, so it is worked out here: members together, less what is muted."""
    muted = [tables.sets[m] for m in group.muting_ids if m in tables.sets]
    silenced = frozenset().union(*(m.permissions for m in muted)) if muted else frozenset()
    for permission, member in _holders(tables, group).items():
        if permission not in silenced:
            total.permissions[permission].append(
                Source(
                    permission_set=member.name,
                    group=group.name,
                    profile=False,
                    expires=assignment.expires,
                    session_activated=member.activation_required,
                )
            )
    part = _Sum()
    for member_id in group.member_ids:
        _add_access(part, tables, member_id)
    for muting_id in group.muting_ids:
        _mute(part, tables, muting_id)
    _merge(total, part)


def _mute(part: _Sum, tables: AccessTables, muting_id: str) -> None:
    """A muting set's rows say what is taken away: a row with edit set mutes edit."""
    for row in tables.objects.get(muting_id, ()):
        held = part.objects.get(row.sobject)
        if held is not None:
            part.objects[row.sobject] = ObjectRights(
                read=held.read and not row.read,
                create=held.create and not row.create,
                edit=held.edit and not row.edit,
                delete=held.delete and not row.delete,
                view_all=held.view_all and not row.view_all,
                modify_all=held.modify_all and not row.modify_all,
            )
    for entry in tables.fields.get(muting_id, ()):
        if entry.field in part.fields:
            read, edit = part.fields[entry.field]
            part.fields[entry.field] = (read and not entry.read, edit and not entry.edit)


def _add(total: _Sum, tables: AccessTables, held: PermissionSet, source: Source) -> None:
    for permission in held.permissions:
        total.permissions[permission].append(source)
    _add_access(total, tables, held.id)


def _add_access(total: _Sum, tables: AccessTables, parent_id: str) -> None:
    for row in tables.objects.get(parent_id, ()):
        total.objects[row.sobject] = _wider(
            total.objects.get(row.sobject, ObjectRights()),
            ObjectRights(
                read=row.read,
                create=row.create,
                edit=row.edit,
                delete=row.delete,
                view_all=row.view_all,
                modify_all=row.modify_all,
            ),
        )
    for entry in tables.fields.get(parent_id, ()):
        read, edit = total.fields.get(entry.field, (False, False))
        total.fields[entry.field] = (read or entry.read, edit or entry.edit)


def _merge(total: _Sum, part: _Sum) -> None:
    for sobject, rights in part.objects.items():
        total.objects[sobject] = _wider(total.objects.get(sobject, ObjectRights()), rights)
    for name, (read, edit) in part.fields.items():
        had_read, had_edit = total.fields.get(name, (False, False))
        total.fields[name] = (had_read or read, had_edit or edit)


def _wider(one: ObjectRights, other: ObjectRights) -> ObjectRights:
    return ObjectRights(
        read=one.read or other.read,
        create=one.create or other.create,
        edit=one.edit or other.edit,
        delete=one.delete or other.delete,
        view_all=one.view_all or other.view_all,
        modify_all=one.modify_all or other.modify_all,
    )
