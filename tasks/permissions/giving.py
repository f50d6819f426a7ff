"""The changes that give a route's user a set of its own, and the set of API Enabled."""

from collections.abc import Collection, Iterable
from datetime import datetime

from pydantic import JsonValue

from tasks.estate.model import Route
from tasks.estate.naming import name_of_its_own
from tasks.inventory.model import User
from tasks.permissions.demands import Fields
from tasks.permissions.minimal import API_ENABLED, API_SET
from tasks.permissions.model import Assignment, MinimalSet, ObjectRights, OrgRights, PermissionSet
from tasks.plans.draft import Draft
from tasks.plans.model import ResourceKind, State

_STAMP = "%Y-%m-%dT%H:%M:%S.000+0000"
Kind = ResourceKind


def give_set(
    draft: Draft,
    org: OrgRights,
    user: User,
    wanted: MinimalSet,
    route: Route,
    why: str,
    now: datetime,
    *,
    admitted: User | None = None,
    needs: Iterable[int] = (),
    managed: Collection[str] = (),
) -> tuple[str, int]:
    """
    The set, its rights, its app, and the assignment: the set's name and the assignment's number.

    The app is the one by which `admitted`, or else the user, comes in now. `needs` have to be there before the assignment.
    A set among `managed` is made and not assigned, for only grants give it; the number is the set's then.
    """
    name, existing = own_set(org, user, wanted.name)
    permissions: list[JsonValue] = [*sorted(wanted.permissions)]
    made = draft.change(
        *(org.org, Kind.PERMISSION_SET, name),
        _set_state(existing),
        {"label": existing.label if existing else wanted.label, "permissions": permissions},
        why,
        f"a set of its own for {route.name}",
        widening=existing is None or not wanted.permissions <= existing.permissions,
        users=() if existing is None else (user.username,),
    )
    rows = [made, *_objects(draft, org, name, existing, wanted, why, made)]
    rows += _fields(draft, org, name, existing, wanted, why, tuple(rows))
    for app_id, kind in admitting(org, admitted or user, route).items():
        has = existing is not None and any(
            a.parent_id == existing.id and a.app_id == app_id for a in org.app_access
        )
        rows.append(
            draft.change(
                *(org.org, Kind.APP_ACCESS, f"{name}/{app_id}"),
                {"type": kind} if has else None,
                {"type": kind},
                why,
                f"signs in through {route.app}{'' if admitted else ' as before'}",
                made,
                widening=True,
            )
        )
    if name.lower() in {each.lower() for each in managed}:
        return name, made
    return name, _assign(draft, org, user, existing, name, [*rows, *needs], why, now)


def give_api(
    draft: Draft, org: OrgRights, user: User, why: str, now: datetime, *, needs: Iterable[int] = ()
) -> tuple[str, int]:
    """The set of API Enabled and nothing else; one that gives more is left to its holders, and another one is made."""
    for name in (API_SET, f"{API_SET}_Only"):
        existing = _set_named(org, name)
        if existing is None or _gives_the_api_only(org, existing):
            break
    permissions: list[JsonValue] = [API_ENABLED]
    made = draft.change(
        *(org.org, Kind.PERMISSION_SET, name),
        _set_state(existing),
        {"label": existing.label if existing else name.replace("_", " "), "permissions": permissions},
        why,
        "lets its holders use the API, and nothing else",
        widening=True,
    )
    return name, _assign(draft, org, user, existing, name, [made, *needs], why, now)


def _objects(
    draft: Draft,
    org: OrgRights,
    name: str,
    existing: PermissionSet | None,
    wanted: MinimalSet,
    why: str,
    made: int,
) -> list[int]:
    objects = {p.sobject: p for p in org.object_permissions if existing and p.parent_id == existing.id}
    fields = Fields(org.facts)
    numbers: dict[str, int] = {}
    # An org refuses a detail's rights without its master's: masters are given first and taken last.
    gives = sorted(wanted.objects, key=lambda sobject: (_depth(sobject, fields), sobject))
    takes = sorted(
        objects.keys() - wanted.objects.keys(), key=lambda sobject: (-_depth(sobject, fields), sobject)
    )
    for sobject in (*gives, *takes):
        row, right = objects.get(sobject), wanted.objects.get(sobject)
        held = {flag: bool(getattr(row, flag)) for flag in ObjectRights.model_fields} if row else {}
        if row is not None and row.view_fields:
            # No route needs it: what it may read is named field by field.
            held["view_fields"] = True
        before: State | None = {**held} if row else None
        after: State | None = None if right is None else dict(right.model_dump())
        first = (
            fields.masters(sobject)
            if right
            else [other for other in takes if sobject in fields.masters(other)]
        )
        numbers[sobject] = draft.change(
            *(org.org, Kind.OBJECT_PERMISSION, f"{name}/{sobject}"),
            before,
            after,
            why,
            f"{_verbs(right)} {sobject}" if right else f"{sobject} is not the route's",
            *(made, *(numbers.get(other, 0) for other in first)),
            widening=right is not None
            and any(on and not held.get(f) for f, on in right.model_dump().items()),
        )
    return list(numbers.values())


def _depth(sobject: str, fields: Fields) -> int:
    """How many masters stand above an object; the platform allows three and no circle."""
    return max(
        (1 + _depth(master, fields) for master in fields.masters(sobject) if master != sobject), default=0
    )


def _verbs(right: ObjectRights) -> str:
    return ", ".join(flag for flag, on in right.model_dump().items() if on).replace("_", " ")


def _fields(
    draft: Draft,
    org: OrgRights,
    name: str,
    existing: PermissionSet | None,
    wanted: MinimalSet,
    why: str,
    needs: tuple[int, ...],
) -> list[int]:
    fields = {p.field: p for p in org.field_permissions if existing and p.parent_id == existing.id}
    numbers = []
    for qualified in sorted({*wanted.fields, *fields}):
        line, may = fields.get(qualified), wanted.fields.get(qualified)
        before: State | None = None if line is None else {"read": line.read, "edit": line.edit}
        after: State | None = None if may is None else {"read": may[0], "edit": may[1]}
        effect = "not the route's" if may is None else "read and write" if may[1] else "read only"
        widening = may is not None and (line is None or may[0] > line.read or may[1] > line.edit)
        numbers.append(
            draft.change(
                *(org.org, Kind.FIELD_PERMISSION, f"{name}/{qualified}"),
                before,
                after,
                why,
                f"{qualified}: {effect}",
                *needs,
                widening=widening,
            )
        )
    return numbers


def _assign(
    draft: Draft,
    org: OrgRights,
    user: User,
    existing: PermissionSet | None,
    name: str,
    needs: Iterable[int],
    why: str,
    now: datetime,
) -> int:
    row = next((a for a in org.assignments if existing and _is_of(a, user, existing)), None)
    if row is not None and row.active and (row.expires is None or row.expires > now):
        # A grant that ends by itself stays one: nobody asked for a standing right.
        return 0
    return draft.change(
        *(org.org, Kind.ASSIGNMENT, f"{user.username}/{name}"),
        None if row is None else {"expires": stamp(row.expires)},
        {"expires": None},
        why,
        f"{user.username} gets {name}",
        *needs,
        widening=True,
    )


def admitting(org: OrgRights, user: User, route: Route) -> dict[str, str]:
    """The route's app where sets admit people to it, and the user is admitted now: id to SetupEntityType."""
    mine = {a.permission_set_id for a in org.assignments if a.user_id == user.id}
    groups = {a.group_id for a in org.assignments if a.user_id == user.id and a.group_id}
    mine |= {member for group in org.groups if group.id in groups for member in group.member_ids}
    mine |= {s.id for s in org.permission_sets if s.profile_id == user.profile_id}
    named = {app_id for app_id, (name, _) in org.apps.items() if name == route.app}
    return {
        a.app_id: org.apps[a.app_id][1] for a in org.app_access if a.parent_id in mine and a.app_id in named
    }


def own_set(org: OrgRights, user: User, name: str) -> tuple[str, PermissionSet | None]:
    """The route's set by its name, unless it is somebody else's too: changing that one would change their rights."""
    existing = _set_named(org, name)
    if existing is None:
        return name, None
    shared = any(a.permission_set_id == existing.id and a.user_id != user.id for a in org.assignments)
    if shared or not _is_plain(org, existing):
        name = name_of_its_own(name)
        existing = _set_named(org, name)
    return name, existing


def _is_plain(org: OrgRights, each: PermissionSet) -> bool:
    """Awake when assigned, no package's, and no part of a group."""
    grouped = any(each.id in group.member_ids for group in org.groups)
    return not each.activation_required and each.namespace is None and not grouped


def _gives_the_api_only(org: OrgRights, each: PermissionSet) -> bool:
    """As far as was read: rights on other fields are shown to who approves, and watched from there on."""
    giving = {row.parent_id for row in org.object_permissions} | {row.parent_id for row in org.app_access}
    giving |= {row.parent_id for row in org.field_permissions}
    return each.id not in giving and each.permissions == {API_ENABLED} and _is_plain(org, each)


def _set_named(org: OrgRights, name: str) -> PermissionSet | None:
    return next((s for s in org.permission_sets if s.name.lower() == name.lower() and not s.profile_id), None)


def _is_of(row: Assignment, user: User, granted: PermissionSet) -> bool:
    return row.user_id == user.id and row.permission_set_id == granted.id and not row.group_id


def _set_state(existing: PermissionSet | None) -> State | None:
    if existing is None:
        return None
    permissions: list[JsonValue] = [*sorted(existing.permissions)]
    return {"label": existing.label, "permissions": permissions}


def stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime(_STAMP)
