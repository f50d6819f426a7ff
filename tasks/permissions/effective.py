"""
What a user holds right now: profile, permission sets and groups added up, muting and expiry taken off.

Rules of the platform that a naive sum gets wrong: a group grants through its aggregate set, in which muting is already
applied; rows whose parent is a muting set say what is taken away; a session-activated set is asleep when assigned
directly and awake inside a group.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from tasks.inventory.model import User
from tasks.permissions.demands import DEPENDS
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
from tasks.permissions.packed import Packed, Places

_VIEW_FIELDS = "view_fields"
_FLAGS = ("read", "create", "edit", "delete", "view_all", "modify_all", _VIEW_FIELDS)
_NEITHER = (False, False)
_PAIRS = (_NEITHER, (True, False), (False, True), (True, True))
"""What the packed bytes of fields mean."""
_OBJECT_RIGHTS = tuple(
    ObjectRights(
        **{flag: bool(byte >> place & 1) for place, flag in enumerate(_FLAGS) if flag != _VIEW_FIELDS}
    )
    for byte in range(1 << len(_FLAGS))
)
"""What the packed bytes of objects mean."""
_Grant = tuple[str, str | None, datetime | None]
"""Set, group and end of an assignment: all that its rights depend on."""


@dataclass(frozen=True)
class _Bundle:
    """What one grant adds: a set's or a whole group's rights (objects and fields packed), each permission with its source."""

    sources: dict[str, tuple[Source, ...]]
    objects: int
    fields: int


class _Catalogue:
    """The org's sets and groups, indexed by id once, so that each user costs only the grants it holds."""

    def __init__(
        self,
        permission_sets: Iterable[PermissionSet],
        groups: Iterable[PermissionSetGroup],
        object_permissions: Iterable[ObjectPermission],
        field_permissions: Iterable[FieldPermission],
    ) -> None:
        self.sets = {s.id: s for s in permission_sets}
        self.groups = {g.id: g for g in groups}
        self.muting = frozenset(m for g in self.groups.values() for m in g.muting_ids)
        self.of_profile = {s.profile_id: s for s in self.sets.values() if s.profile_id and not s.group_id}
        self.aggregate_of = {s.group_id: s for s in self.sets.values() if s.group_id}
        self.object_places, self.field_places = Places(), Places()
        self._objects: dict[str, dict[str, frozenset[str]]] = {}
        for row in object_permissions:
            held = frozenset(flag for flag in _FLAGS if getattr(row, flag))
            by_object = self._objects.setdefault(row.parent_id, {})
            by_object[row.sobject] = by_object.get(row.sobject, frozenset()) | held
        self._fields: dict[str, dict[str, tuple[bool, bool]]] = {}
        for line in field_permissions:
            by_field = self._fields.setdefault(line.parent_id, {})
            by_field[line.field] = _or(by_field.get(line.field, _NEITHER), (line.read, line.edit))

    def objects(self, parents: Iterable[str]) -> dict[str, frozenset[str]]:
        merged: dict[str, frozenset[str]] = {}
        for parent in parents:
            for sobject, flags in self._objects.get(parent, {}).items():
                merged[sobject] = merged.get(sobject, frozenset()) | flags
        return merged

    def fields(self, parents: Iterable[str]) -> dict[str, tuple[bool, bool]]:
        merged: dict[str, tuple[bool, bool]] = {}
        for parent in parents:
            for field, held in self._fields.get(parent, {}).items():
                merged[field] = _or(merged.get(field, _NEITHER), held)
        return merged

    def bundle(
        self,
        sources: dict[str, tuple[Source, ...]],
        objects: dict[str, frozenset[str]],
        fields: dict[str, tuple[bool, bool]],
    ) -> _Bundle:
        bytes_of_objects = {s: sum(1 << _FLAGS.index(flag) for flag in flags) for s, flags in objects.items()}
        bytes_of_fields = {name: read + 2 * edit for name, (read, edit) in fields.items()}
        return _Bundle(
            sources, self.object_places.pack(bytes_of_objects), self.field_places.pack(bytes_of_fields)
        )

    def group_of(self, set_id: str, group_id: str | None) -> PermissionSetGroup | None:
        """A group assignment names the group, the aggregate set, or both."""
        granted = self.sets.get(set_id)
        group_id = group_id or (granted.group_id if granted else None)
        return self.groups.get(group_id) if group_id else None


def effective_rights(
    permission_sets: Iterable[PermissionSet],
    groups: Iterable[PermissionSetGroup],
    assignments: Iterable[Assignment],
    object_permissions: Iterable[ObjectPermission],
    field_permissions: Iterable[FieldPermission],
    users: Iterable[User],
    user_ids: Iterable[str],
    now: datetime,
) -> dict[str, EffectiveRights]:
    """
    Keys are the `user_ids` found among `users`. A user without any set has rights that are empty, not missing.

    Licences take nothing away here: the platform refuses a grant that the user's licence does not allow (help article User
    and Permission Set Licenses in Permission Sets). Users who hold the same share one sum.
    """
    catalogue = _Catalogue(permission_sets, groups, object_permissions, field_permissions)
    wanted = set(user_ids)
    grants: dict[str, list[_Grant]] = {}
    for each in assignments:
        if each.user_id in wanted and _in_force(each, now):
            grants.setdefault(each.user_id, []).append((each.permission_set_id, each.group_id, each.expires))
    bundle = cache(lambda grant: _bundle(catalogue, *grant))
    of_profile = cache(lambda profile: _profile_bundle(catalogue, *profile))
    sums: dict[tuple[str, str, tuple[_Grant, ...]], EffectiveRights] = {}
    result = {}
    for user in users:
        if user.id not in wanted:
            continue
        held = tuple(grants.get(user.id, ()))
        same = (user.profile_id, user.profile_name, held)
        if same not in sums:
            parts = [of_profile(same[:2]), *map(bundle, held)]
            sums[same] = _sum(catalogue, user.id, [part for part in parts if part is not None])
        result[user.id] = sums[same].model_copy(update={"user_id": user.id})
    return result


def _in_force(assignment: Assignment, now: datetime) -> bool:
    return assignment.active and (assignment.expires is None or assignment.expires > now)


def _profile_bundle(catalogue: _Catalogue, profile_id: str, profile_name: str) -> _Bundle | None:
    owned = catalogue.of_profile.get(profile_id)
    if owned is None:
        return None
    # The owned set's own name is an id that nobody would recognise.
    source = Source(permission_set=profile_name or owned.name, group=None, profile=True, expires=None)
    return _of_set(catalogue, owned, source)


def _bundle(
    catalogue: _Catalogue, set_id: str, group_id: str | None, expires: datetime | None
) -> _Bundle | None:
    """None when the grant gives nothing now: an unknown, muting or sleeping set."""
    group = catalogue.group_of(set_id, group_id)
    if group is not None:
        return _of_group(catalogue, group, expires)
    granted = catalogue.sets.get(set_id)
    if granted is None or granted.id in catalogue.muting or granted.activation_required:
        return None
    if granted.profile_id is not None and granted.group_id is None:
        # Every user has such a row for its own profile, which is counted by User.ProfileId already.
        return None
    source = Source(permission_set=granted.name, group=None, profile=False, expires=expires)
    return _of_set(catalogue, granted, source)


def _of_set(catalogue: _Catalogue, granted: PermissionSet, source: Source) -> _Bundle:
    sources: dict[str, tuple[Source, ...]] = dict.fromkeys(granted.permissions, (source,))
    return catalogue.bundle(sources, catalogue.objects([granted.id]), catalogue.fields([granted.id]))


def _of_group(catalogue: _Catalogue, group: PermissionSetGroup, expires: datetime | None) -> _Bundle:
    """
    The aggregate set where the platform has finished it; otherwise members minus muting, as it will be.

    The aggregate's own activation flag is not asked: what a group brings counts as awake, the worse case.
    """
    aggregate = catalogue.aggregate_of.get(group.id)
    members = [
        catalogue.sets[m] for m in group.member_ids if m in catalogue.sets and m not in group.muting_ids
    ]
    if aggregate is not None and group.status == "Updated":
        permissions = aggregate.permissions
        objects, fields = catalogue.objects([aggregate.id]), catalogue.fields([aggregate.id])
    else:
        muted = frozenset(
            p for m in group.muting_ids if m in catalogue.sets for p in catalogue.sets[m].permissions
        )
        permissions = frozenset(p for m in members for p in m.permissions) - muted
        ids = [m.id for m in members]
        objects = _minus_flags(catalogue.objects(ids), catalogue.objects(group.muting_ids))
        fields = _minus_fields(catalogue.fields(ids), catalogue.fields(group.muting_ids))
    sources = {p: _through(group, members, aggregate, p, expires) for p in permissions}
    return catalogue.bundle(sources, objects, fields)


def _through(
    group: PermissionSetGroup,
    members: list[PermissionSet],
    aggregate: PermissionSet | None,
    permission: str,
    expires: datetime | None,
) -> tuple[Source, ...]:
    givers = [m for m in members if permission in m.permissions]
    if not givers:
        name = aggregate.name if aggregate else group.name
        return (Source(permission_set=name, group=group.name, profile=False, expires=expires),)
    return tuple(
        Source(
            permission_set=giver.name,
            group=group.name,
            profile=False,
            expires=expires,
            session_activated=giver.activation_required,
        )
        for giver in givers
    )


def _minus_flags(
    held: dict[str, frozenset[str]], muted: dict[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    return {sobject: _founded(flags - muted.get(sobject, frozenset())) for sobject, flags in held.items()}


def _founded(flags: frozenset[str]) -> frozenset[str]:
    """Without the rights that need one which is not there: who mutes Read has muted Edit too."""
    left = frozenset(flag for flag in flags if flags.issuperset(DEPENDS.get(flag, ())))
    return left if left == flags else _founded(left)


def _minus_fields(
    held: dict[str, tuple[bool, bool]], muted: dict[str, tuple[bool, bool]]
) -> dict[str, tuple[bool, bool]]:
    left = {}
    for field, (read, edit) in held.items():
        no_read, no_edit = muted.get(field, _NEITHER)
        left[field] = (read and not no_read, edit and not no_edit and not no_read)
    return left


def _or(one: tuple[bool, bool], other: tuple[bool, bool]) -> tuple[bool, bool]:
    return one[0] or other[0], one[1] or other[1]


def _sum(catalogue: _Catalogue, user_id: str, bundles: list[_Bundle]) -> EffectiveRights:
    permissions: dict[str, tuple[Source, ...]] = {}
    objects = fields = 0
    for bundle in bundles:
        for permission, sources in bundle.sources.items():
            permissions[permission] = permissions.get(permission, ()) + sources
        objects |= bundle.objects
        fields |= bundle.fields
    viewing = catalogue.object_places.everywhere(1 << _FLAGS.index(_VIEW_FIELDS))
    whole = Packed(catalogue.object_places, objects & viewing, _OBJECT_RIGHTS)
    # Not validated: that would unpack everything again.
    return EffectiveRights.model_construct(
        user_id=user_id,
        permissions=permissions,
        objects=Packed(catalogue.object_places, objects, _OBJECT_RIGHTS),
        fields=Packed(catalogue.field_places, fields, _PAIRS),
        all_fields=frozenset(whole),
    )
