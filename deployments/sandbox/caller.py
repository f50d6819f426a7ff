"""What a caller may see and do: the noun that every query and every write carries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from deployments.sandbox.schema import Field, SObject, permission_labels

OBJECT_FLAGS = ("Create", "Read", "Edit", "Delete", "ViewAllRecords", "ModifyAllRecords", "ViewAllFields")
FLAG_NEEDS = {
    "Create": ("Read",),
    "Edit": ("Read",),
    "Delete": ("Read", "Edit"),
    "ViewAllRecords": ("Read",),
    "ModifyAllRecords": ("Read", "Edit", "Delete", "ViewAllRecords"),
    "ViewAllFields": ("Read",),
}
"""What a right on an object needs beside it (Object Reference, ObjectPermissions)."""


@dataclass(frozen=True)
class ObjectRights:
    """A caller's rights on one data object."""

    create: bool = False
    read: bool = False
    edit: bool = False
    delete: bool = False
    view_all: bool = False
    modify_all: bool = False
    view_fields: bool = False


def founded(flags: set[str]) -> set[str]:
    """Without the rights that need one which is not there: what mutes Read mutes Edit too."""
    left = {flag for flag in flags if flags.issuperset(FLAG_NEEDS.get(flag, ()))}
    return left if left == flags else founded(left)


_NOTHING = ObjectRights()
_EVERYTHING = ObjectRights(*[True] * 7)


@dataclass(frozen=True)
class Caller:
    """Who asks: a user's effective permissions, object rights and field rights ("Account.Industry")."""

    user_id: str
    permissions: frozenset[str] = frozenset()
    objects: Mapping[str, ObjectRights] = field(default_factory=dict)
    readable: frozenset[str] = frozenset()
    editable: frozenset[str] = frozenset()

    @classmethod
    def system(cls, user_id: str = "") -> "Caller":
        """A caller for whom nothing is hidden: the estate itself."""
        return cls(user_id, frozenset(permission_labels()))

    def holds(self, any_of: Iterable[str]) -> bool:
        return not self.permissions.isdisjoint(any_of)

    def on(self, target: SObject) -> ObjectRights:
        """Rights on an object's records, with what View All Data and Modify All Data add."""
        if "ModifyAllData" in self.permissions:
            return _EVERYTHING
        own = self.objects.get(target.follows or target.name, _NOTHING)
        if target.follows:
            # Whoever edits an opportunity edits, adds and removes its products.
            own = ObjectRights(own.edit, own.read, own.edit, own.edit, own.view_all, own.modify_all)
        if "ViewAllData" in self.permissions:
            return ObjectRights(own.create, True, own.edit, own.delete, True, own.modify_all, own.view_fields)
        return own

    def sees(self, target: SObject) -> bool:
        """Whether the object exists at all in this caller's eyes."""
        if target.data or target.follows:
            return self.on(target).read
        return not target.access.see or self.holds(target.access.see)

    def sees_all_rows(self, target: SObject) -> bool:
        """Whether rows of other users are visible where an object has rows that belong to users."""
        return target.access.own_field is None or self.holds(target.access.own_unless)

    def reads(self, target: SObject, each: Field) -> bool:
        """Whether a field exists in this caller's eyes."""
        if not each.permissionable:
            return True
        if "ViewAllFieldsGlobal" in self.permissions or self.objects.get(target.name, _NOTHING).view_fields:
            return True
        return f"{target.name}.{each.name}" in self.readable

    def edits(self, target: SObject, each: Field) -> bool:
        return not each.permissionable or f"{target.name}.{each.name}" in self.editable
