"""The least rights that a route's job needs: from what is declared, completed by what the platform makes depend on it."""

import re
from collections.abc import Collection, Mapping

from tasks.estate.model import Route
from tasks.permissions.model import EffectiveRights, FieldFacts, MinimalSet, ObjectRights, Right

API_ENABLED = "ApiEnabled"
API_SET = "API_Enabled"
"""The set of the one permission that every machine needs, beside the set of its route."""
HARMLESS = frozenset({API_ENABLED, "ApiUserOnly", "ChatterInternalUser"})
"""What the platform's own minimum-access profile for machines holds (help article platform.integration_user)."""
_NAME = re.compile(r"\W+")
_LONGEST = 80


def set_name(route: Route) -> str:
    """API names hold letters, digits and single underscores, and begin with a letter (Object Reference, PermissionSet.Name)."""
    name = re.sub("_+", "_", _NAME.sub("_", route.name)).strip("_")
    return (name if name[:1].isalpha() else f"Route_{name}")[:_LONGEST]


def minimal_set(route: Route, facts: Mapping[str, FieldFacts], demands: Collection[str] = ()) -> MinimalSet:
    """
    What the user of a route needs in the target org: to find, make and change records of one object, never to delete.

    `facts` describe the fields of the target org by qualified name. Fields without field-level security (required ones,
    names, ids) come with the object. `demands` are permissions that restrict their holder and are kept where they are held.
    """
    rights = [
        Right(
            what=f"read, create and edit {route.sobject}",
            why=f"declared: {route.name} writes {route.sobject} of {route.target}",
        ),
        Right(
            what="no delete, no View All, no Modify All",
            why="declared: no route removes records or looks past sharing",
        ),
    ]
    fields: dict[str, tuple[bool, bool]] = {}
    missing = []
    for name in route.fields:
        qualified = f"{route.sobject}.{name}"
        fact = facts.get(qualified)
        if fact is None:
            missing.append(name)
            continue
        if not fact.permissionable:
            rights.append(Right(what=f"{name}", why="comes with the object: it has no field-level security"))
            continue
        edit = fact.writeable and name not in route.read_only_fields
        fields[qualified] = (True, edit)
        rights.append(
            Right(what=f"{'read and edit' if edit else 'read'} {name}", why=_why(route, name, fact))
        )
    return MinimalSet(
        name=set_name(route),
        label=route.name.replace("_", " ")[:_LONGEST],
        objects={route.sobject: ObjectRights(read=True, create=True, edit=True)},
        fields=fields,
        permissions=frozenset(demands),
        evidence=tuple(rights),
        missing=tuple(missing),
    )


def excess(held: EffectiveRights, allowed: Collection[MinimalSet]) -> tuple[str, ...]:
    """
    What a user may do beyond the sets of its routes, in words; empty when nothing.

    Of fields only those count that the org was asked about, and whose object the user may read at all.
    """
    objects: dict[str, ObjectRights] = {}
    fields: dict[str, tuple[bool, bool]] = {}
    permissions = set(HARMLESS)
    for each in allowed:
        objects |= each.objects
        for name, (read, edit) in each.fields.items():
            before = fields.get(name, (False, False))
            fields[name] = (read or before[0], edit or before[1])
        permissions |= each.permissions
    found = [f"{name} {_through(held, name)}" for name in sorted(held.permissions.keys() - permissions)]
    for sobject, rights in sorted(held.objects.items()):
        wanted = objects.get(sobject, ObjectRights())
        more = [flag for flag, on in rights.model_dump().items() if on and not getattr(wanted, flag)]
        if more:
            found.append(f"{sobject}: {', '.join(more).replace('_', ' ')}")
    for name, (read, edit) in sorted(held.fields.items()):
        may = fields.get(name, (False, False))
        if held.may_read(name.partition(".")[0]) and ((read and not may[0]) or (edit and not may[1])):
            found.append(f"{name}: {'edit' if may[0] else 'read'}")
    return tuple(found)


def lacking(held: EffectiveRights, allowed: Collection[MinimalSet]) -> tuple[str, ...]:
    """What the routes need and the user does not have."""
    found = [] if held.has(API_ENABLED) else [API_ENABLED]
    for each in allowed:
        for sobject, wanted in each.objects.items():
            rights = held.objects.get(sobject, ObjectRights())
            found += [
                f"{sobject}: {flag}"
                for flag, on in wanted.model_dump().items()
                if on and not getattr(rights, flag)
            ]
        for name, (read, edit) in each.fields.items():
            has = held.fields.get(name, (False, False))
            if (read and not has[0]) or (edit and not has[1]):
                found.append(name)
    return tuple(found)


def _why(route: Route, name: str, fact: FieldFacts) -> str:
    if name in route.read_only_fields:
        return "declared as read only"
    return "declared" if fact.writeable else "declared; the platform lets nobody write it"


def _through(held: EffectiveRights, permission: str) -> str:
    places = dict.fromkeys(
        f"profile {s.permission_set}"
        if s.profile
        else f"group {s.group}"
        if s.group
        else f"set {s.permission_set}"
        for s in held.permissions[permission]
    )
    return f"({', '.join(places)})"
