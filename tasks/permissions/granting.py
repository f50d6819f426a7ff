"""An org's sets and groups, indexed once, and what one grant of them adds to a user's rights."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tasks.permissions.demands import DEPENDS
from tasks.permissions.model import (
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


@dataclass(frozen=True)
class Bundle:
    """What one grant adds: a set's or a whole group's rights (objects and fields packed), each permission with its source."""

    sources: dict[str, tuple[Source, ...]]
    objects: int
    fields: int


class Catalogue:
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
    ) -> Bundle:
        bytes_of_objects = {s: sum(1 << _FLAGS.index(flag) for flag in flags) for s, flags in objects.items()}
        bytes_of_fields = {name: read + 2 * edit for name, (read, edit) in fields.items()}
        return Bundle(
            sources, self.object_places.pack(bytes_of_objects), self.field_places.pack(bytes_of_fields)
        )

    def group_of(self, set_id: str, group_id: str | None) -> PermissionSetGroup | None:
        """A group assignment names the group, the aggregate set, or both."""
        granted = self.sets.get(set_id)
        group_id = group_id or (granted.group_id if granted else None)
        return self.groups.get(group_id) if group_id else None


def minus_flags(
    held: dict[str, frozenset[str]], muted: dict[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    return {sobject: _founded(flags - muted.get(sobject, frozenset())) for sobject, flags in held.items()}


def _founded(flags: frozenset[str]) -> frozenset[str]:
    """Without the rights that need one which is not there: who mutes Read has muted Edit too."""
    left = frozenset(flag for flag in flags if flags.issuperset(DEPENDS.get(flag, ())))
    return left if left == flags else _founded(left)


def minus_fields(
    held: dict[str, tuple[bool, bool]], muted: dict[str, tuple[bool, bool]]
) -> dict[str, tuple[bool, bool]]:
    left = {}
    for field, (read, edit) in held.items():
        no_read, no_edit = muted.get(field, _NEITHER)
        left[field] = (read and not no_read, edit and not no_edit and not no_read)
    return left


def _or(one: tuple[bool, bool], other: tuple[bool, bool]) -> tuple[bool, bool]:
    return one[0] or other[0], one[1] or other[1]


def together(bundles: Iterable[Bundle]) -> Bundle:
    """What several grants add; sources stand in the order of the grants."""
    permissions: dict[str, tuple[Source, ...]] = {}
    objects = fields = 0
    for bundle in bundles:
        if permissions.keys().isdisjoint(bundle.sources):
            permissions.update(bundle.sources)
        else:
            for permission, sources in bundle.sources.items():
                permissions[permission] = permissions.get(permission, ()) + sources
        objects |= bundle.objects
        fields |= bundle.fields
    return Bundle(permissions, objects, fields)


def as_rights(catalogue: Catalogue, held: Bundle) -> Callable[[str], EffectiveRights]:
    """From a user id to what everybody holds whose grants add up to this. Users who hold the same share it."""
    viewing = held.objects & catalogue.object_places.everywhere(1 << _FLAGS.index(_VIEW_FIELDS))
    objects = Packed(catalogue.object_places, held.objects, _OBJECT_RIGHTS)
    fields = Packed(catalogue.field_places, held.fields, _PAIRS)
    # Few users view whole objects, and looking at every place of an org for each user costs.
    all_fields = frozenset(Packed(catalogue.object_places, viewing, _OBJECT_RIGHTS) if viewing else ())

    def of_user(user_id: str) -> EffectiveRights:
        # Not validated: that would unpack everything again.
        return EffectiveRights.model_construct(
            user_id=user_id,
            permissions=held.sources,
            objects=objects,
            fields=fields,
            all_fields=all_fields,
        )

    return of_user
