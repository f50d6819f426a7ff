"""What an org's rights would be after a plan, worked out without touching the org."""

from collections.abc import Iterable
from datetime import datetime

from tasks.inventory.model import User
from tasks.permissions.effective import effective_rights
from tasks.permissions.model import (
    AppAccess,
    Assignment,
    EffectiveRights,
    FieldPermission,
    ObjectPermission,
    ObjectRights,
    OrgRights,
    PermissionSet,
)
from tasks.plans.model import Change, Plan, ResourceKind, State

PROFILE, GROUP = "profile:", "group:"
_UNSETTLED = "Outdated"
"""What a group's status is until the platform has worked out its aggregate set anew."""


def held_in(org: OrgRights, user_ids: Iterable[str], now: datetime) -> dict[str, EffectiveRights]:
    """Effective rights of some users of an org, by id."""
    return effective_rights(
        org.permission_sets,
        org.groups,
        org.assignments,
        org.object_permissions,
        org.field_permissions,
        org.users,
        user_ids,
        now,
    )


def after(org: OrgRights, plan: Plan) -> OrgRights:
    """Raises KeyError when the plan names a set, group, profile or user that the org does not have."""
    draft = _Draft(org)
    for change in plan.changes:
        if change.resource.org == org.org:
            draft.make(change)
    return draft.rights()


class _Draft:
    def __init__(self, org: OrgRights) -> None:
        self._org = org
        self._sets = {each.id: each for each in org.permission_sets}
        self._users = {each.id: each for each in org.users}
        self._assignments = list(org.assignments)
        self._objects = list(org.object_permissions)
        self._fields = list(org.field_permissions)
        self._apps = list(org.app_access)
        self._changed: set[str] = set()

    def rights(self) -> OrgRights:
        groups = tuple(
            group.model_copy(update={"status": _UNSETTLED})
            if self._changed.intersection((*group.member_ids, *group.muting_ids))
            else group
            for group in self._org.groups
        )
        return self._org.model_copy(
            update={
                "users": tuple(self._users.values()),
                "permission_sets": tuple(self._sets.values()),
                "groups": groups,
                "assignments": tuple(self._assignments),
                "object_permissions": tuple(self._objects),
                "field_permissions": tuple(self._fields),
                "app_access": tuple(self._apps),
            }
        )

    def make(self, change: Change) -> None:
        key, state = change.resource.key, change.after
        match change.resource.kind:
            case ResourceKind.PERMISSION_SET:
                self._set(key, state)
            case ResourceKind.OBJECT_PERMISSION:
                self._object(key, state)
            case ResourceKind.FIELD_PERMISSION:
                self._field(key, state)
            case ResourceKind.APP_ACCESS:
                self._app(key, state)
            case ResourceKind.ASSIGNMENT:
                self._assignment(key, state)
            case ResourceKind.PROFILE_PERMISSION if state is not None:
                self._profile_permission(key, on=bool(state["on"]))
            case ResourceKind.USER if state is not None:
                self._user(key, str(state["profile"]))
            case ResourceKind.NEW_USER:
                self._new_user(key, state)

    def _set(self, name: str, state: State | None) -> None:
        before = next((s for s in self._sets.values() if _is_named(s, name)), None)
        if state is None:
            if before is not None:
                self._drop(before)
            return
        listed = state["permissions"]
        permissions = frozenset(str(each) for each in listed) if isinstance(listed, list) else frozenset()
        known = {"label": str(state["label"]), "permissions": permissions}
        if before is None:
            made = PermissionSet(
                id=f"new:{name}",
                name=name,
                kind="Regular",
                profile_id=None,
                group_id=None,
                activation_required=False,
                namespace=None,
                label=str(state["label"]),
                permissions=permissions,
            )
        else:
            made = before.model_copy(update=known)
        self._sets[made.id] = made
        self._changed.add(made.id)

    def _profile_permission(self, key: str, *, on: bool) -> None:
        parent, name = self._parent(key)
        own = self._sets[parent]
        held = own.permissions | {name} if on else own.permissions - {name}
        self._sets[parent] = own.model_copy(update={"permissions": held})

    def _drop(self, gone: PermissionSet) -> None:
        del self._sets[gone.id]
        self._changed.add(gone.id)
        self._assignments = [row for row in self._assignments if row.permission_set_id != gone.id]
        self._objects = [row for row in self._objects if row.parent_id != gone.id]
        self._fields = [line for line in self._fields if line.parent_id != gone.id]
        self._apps = [access for access in self._apps if access.parent_id != gone.id]

    def _object(self, key: str, state: State | None) -> None:
        parent, name = self._parent(key)
        self._objects = [row for row in self._objects if (row.parent_id, row.sobject) != (parent, name)]
        if state is not None:
            flags = {flag: bool(state.get(flag)) for flag in ObjectRights.model_fields}
            whole = bool(state.get("view_fields"))
            self._objects.append(ObjectPermission(parent_id=parent, sobject=name, view_fields=whole, **flags))

    def _field(self, key: str, state: State | None) -> None:
        parent, name = self._parent(key)
        self._fields = [line for line in self._fields if (line.parent_id, line.field) != (parent, name)]
        if state is not None:
            self._fields.append(
                FieldPermission(
                    parent_id=parent,
                    sobject=name.partition(".")[0],
                    field=name,
                    read=bool(state.get("read")),
                    edit=bool(state.get("edit")),
                )
            )

    def _app(self, key: str, state: State | None) -> None:
        parent, name = self._parent(key)
        self._apps = [each for each in self._apps if (each.parent_id, each.app_id) != (parent, name)]
        if state is not None:
            self._apps.append(AppAccess(parent_id=parent, app_id=name))

    def _assignment(self, key: str, state: State | None) -> None:
        username, _, granted = key.rpartition("/")
        user = self._user_named(username)
        group = self._group(granted.removeprefix(GROUP)) if granted.startswith(GROUP) else None
        set_id = "" if group else self._set_id(granted)
        aggregates = {s.id for s in self._sets.values() if group and s.group_id == group}

        def is_it(row: Assignment) -> bool:
            if row.user_id != user.id:
                return False
            if group is not None:
                return row.group_id == group or row.permission_set_id in aggregates
            return row.permission_set_id == set_id

        self._assignments = [row for row in self._assignments if not is_it(row)]
        if state is not None:
            until = state.get("expires")
            self._assignments.append(
                Assignment(
                    id=f"new:{key}",
                    user_id=user.id,
                    permission_set_id=set_id,
                    group_id=group,
                    expires=datetime.fromisoformat(until) if isinstance(until, str) else None,
                    active=True,
                )
            )

    def _user(self, username: str, profile: str) -> None:
        user = self._user_named(username)
        moved = {"profile_id": self._profiles()[profile.lower()], "profile_name": profile}
        self._users[user.id] = user.model_copy(update=moved)

    def _profiles(self) -> dict[str, str]:
        """Ids by name in lower case: by their own list, or else by somebody who has them."""
        known = {u.profile_name.lower(): u.profile_id for u in self._org.users}
        return known | {p.name.lower(): p.id for p in self._org.profiles}

    def _new_user(self, username: str, state: State | None) -> None:
        there = next((u for u in self._users.values() if u.username.lower() == username.lower()), None)
        if state is None:
            if there is not None:
                self._users[there.id] = there.model_copy(update={"active": False})
            return
        if there is None:
            there = User(
                id=f"new:{username}",
                username=username,
                active=True,
                frozen=False,
                user_type="Standard",
                profile_id="",
                profile_name="",
                license_name="",
                last_login=None,
                last_password_change=None,
            )
        self._users[there.id] = there.model_copy(update={"active": True})
        self._user(username, str(state["profile"]))

    def _parent(self, key: str) -> tuple[str, str]:
        container, _, name = key.rpartition("/")
        parent = self._set_id(container)
        self._changed.add(parent)
        return parent, name

    def _set_id(self, container: str) -> str:
        if container.startswith(PROFILE):
            wanted = self._profiles()[container.removeprefix(PROFILE).lower()]
            return next(s.id for s in self._sets.values() if s.profile_id == wanted and not s.group_id)
        for each in self._sets.values():
            if _is_named(each, container):
                return each.id
        raise KeyError(container)

    def _group(self, name: str) -> str:
        for each in self._org.groups:
            if each.name.lower() == name.lower():
                return each.id
        raise KeyError(name)

    def _user_named(self, username: str) -> User:
        for each in self._users.values():
            if each.username.lower() == username.lower():
                return each
        raise KeyError(username)


def _is_named(each: PermissionSet, name: str) -> bool:
    return not each.profile_id and not each.group_id and each.name.lower() == name.lower()
