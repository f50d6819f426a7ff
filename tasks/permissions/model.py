"""Nouns of access rights: sets, groups, assignments, object and field permissions, effective rights."""

from collections.abc import Mapping
from datetime import datetime

from tasks.inventory.model import App, Login, User
from tasks.usage.model import SeenCall, Usage
from tasks.value import Value


class PermissionSet(Value):
    """
    A permission set, also the hidden one that holds a profile's rights or a group's aggregate.

    `permissions` are user permissions without the `Permissions` prefix (`ModifyAllData`); `kind` is
    PermissionSet.Type (Regular, Profile, Group, Session, Standard…).
    """

    id: str
    name: str
    label: str
    kind: str
    profile_id: str | None
    group_id: str | None
    permissions: frozenset[str]
    activation_required: bool
    namespace: str | None


class PermissionSetGroup(Value):
    """`status` other than Updated means the aggregate set may lag behind."""

    id: str
    name: str
    status: str
    member_ids: tuple[str, ...]
    muting_ids: tuple[str, ...]


class Assignment(Value):
    """One grant of a set or group to a user (profile-owned sets are not listed here)."""

    id: str
    user_id: str
    permission_set_id: str
    group_id: str | None
    expires: datetime | None
    active: bool


class ObjectPermission(Value):
    """`view_fields` is View All Fields: every field of the object may be read, whatever its field-level security."""

    parent_id: str
    sobject: str
    read: bool
    create: bool
    edit: bool
    delete: bool
    view_all: bool
    modify_all: bool
    view_fields: bool = False


class FieldPermission(Value):
    """`field` is qualified: `Account.SSN__c`."""

    parent_id: str
    sobject: str
    field: str
    read: bool
    edit: bool


class AppAccess(Value):
    """A set (or profile-owned set) whose holders may use an app."""

    parent_id: str
    app_id: str


class ObjectRights(Value):
    read: bool = False
    create: bool = False
    edit: bool = False
    delete: bool = False
    view_all: bool = False
    modify_all: bool = False


class Source(Value):
    """Where a right comes from: the set's name, and the group through which it came."""

    permission_set: str
    group: str | None
    profile: bool
    expires: datetime | None
    session_activated: bool = False


class EffectiveRights(Value):
    """
    All that one user holds right now: profile, sets and groups together, muting applied, expired grants out.

    `permissions` maps each user permission to where it comes from; `fields` maps `Object.Field` to
    (read, edit) for fields with field-level security; `all_fields` are the objects with View All Fields.
    """

    user_id: str
    permissions: dict[str, tuple[Source, ...]]
    objects: Mapping[str, ObjectRights]
    fields: Mapping[str, tuple[bool, bool]]
    all_fields: frozenset[str] = frozenset()

    def has(self, permission: str) -> bool:
        return permission in self.permissions

    def may_read(self, sobject: str) -> bool:
        if self.has("ViewAllData") or self.has("ModifyAllData"):
            return True
        rights = self.objects.get(sobject)
        return rights is not None and rights.read

    def may_read_field(self, field: str) -> bool:
        """`field` is qualified."""
        return self.may_read(field.partition(".")[0]) and self.sees_field(field)

    def sees_field(self, field: str) -> bool:
        """
        Whether field-level security lets a field be read, the object aside. `field` is qualified.

        Modify All Data does not lift field-level security; View All Fields does, for one object or for all of them.
        """
        sobject = field.partition(".")[0]
        whole = self.has("ViewAllFieldsGlobal") or sobject in self.all_fields
        return whole or self.fields.get(field, (False, False))[0]


class OverPrivileged(Value):
    """
    An integration user that may do more than it does.

    `unused_objects` is None where no event log tells what was used; `high_risk` lists tier 0 and 1 permissions with
    the set they come from.
    """

    org: str
    username: str
    high_risk: tuple[str, ...]
    granted_objects: int
    unused_objects: tuple[str, ...] | None
    shared_by: tuple[str, ...]
    human: bool
    applications: tuple[str, ...]


class FieldFacts(Value):
    """
    What describe says of one field: whether it has field-level security, whether an API may write it, the objects it refers
    to, and whether one of them is its master.
    """

    permissionable: bool
    writeable: bool
    references: tuple[str, ...] = ()
    master: bool = False


class Profile(Value):
    id: str
    name: str
    license_name: str


class Right(Value):
    """One right and the reason for it, as an approver reads them."""

    what: str
    why: str


class MinimalSet(Value):
    """
    The permission set that one route needs and nothing more. `fields` maps `Object.Field` to (read, edit); `missing` are
    declared fields that the org does not have.
    """

    name: str
    label: str
    objects: dict[str, ObjectRights]
    fields: dict[str, tuple[bool, bool]]
    permissions: frozenset[str]
    evidence: tuple[Right, ...]
    missing: tuple[str, ...] = ()


class Failing(Value):
    """A call that was answered and no longer would be, and the rights it lacks."""

    seen: SeenCall
    lacks: tuple[str, ...]


class Seats(Value):
    """A user licence by its name, or a permission set licence by its API name. `total` below zero is without end."""

    name: str
    total: int
    used: int

    @property
    def left(self) -> bool:
        return self.total < 0 or self.used < self.total


class Particulars(Value):
    """What a new user takes over from the one whose work it takes: where mail goes, and how days and words are read."""

    email: str
    time_zone: str
    locale: str
    language: str
    encoding: str


class Newcomers(Value):
    """
    What has to be known before routes get users of their own. `seated` are ids of the users with the permission set licence
    for integrations, `particulars` those of the routes' users by id.
    """

    logins: tuple[Login, ...]
    apps: tuple[App, ...]
    licences: tuple[Seats, ...]
    set_licences: tuple[Seats, ...]
    seated: frozenset[str]
    particulars: Mapping[str, Particulars]


class OrgRights(Value):
    """All that a least-privilege plan reasons from, of one org."""

    org: str
    users: tuple[User, ...]
    permission_sets: tuple[PermissionSet, ...]
    groups: tuple[PermissionSetGroup, ...]
    assignments: tuple[Assignment, ...]
    object_permissions: tuple[ObjectPermission, ...]
    field_permissions: tuple[FieldPermission, ...]
    app_access: tuple[AppAccess, ...]
    apps: dict[str, tuple[str, str]]
    """App id to its name and SetupEntityType."""
    facts: dict[str, FieldFacts]
    mutual_auth_permission: str | None
    profiles: tuple[Profile, ...] = ()
    usage: Usage | None = None
    """None where no log was to be had."""
    newcomers: Newcomers | None = None
    """None where no route is to get a user of its own."""
