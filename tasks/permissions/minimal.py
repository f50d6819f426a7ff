"""The least rights that a route's job needs: from what is declared, completed by what the platform makes depend on it."""

from collections.abc import Collection, Mapping, Sequence

from tasks.estate.model import Route
from tasks.estate.naming import LONGEST, set_name
from tasks.permissions.check import removes
from tasks.permissions.demands import Fields, closed, needs
from tasks.permissions.model import EffectiveRights, FieldFacts, MinimalSet, ObjectRights
from tasks.permissions.reasons import reasons
from tasks.usage.model import Call, Operation, SeenCall

API_ENABLED = "ApiEnabled"
API_SET = "API_Enabled"
"""The set of the one permission that every machine needs, beside the set of its route."""
HARMLESS = frozenset({API_ENABLED, "ApiUserOnly", "ChatterInternalUser"})
"""What the platform's own minimum-access profile for machines holds (help article platform.integration_user)."""
MINIMUM_ACCESS = ("Minimum Access - API Only Integrations", "Minimum Access - Salesforce")
"""The platform's own profiles without rights, the narrower one first (help article platform.integration_user)."""


def declared_calls(route: Route, facts: Mapping[str, FieldFacts]) -> tuple[Call, ...]:
    """What a route does by its own declaration: it finds, makes and changes records of one object; few remove them, too."""
    writable = frozenset(
        name
        for name in route.fields
        if name not in route.read_only_fields
        and (fact := facts.get(f"{route.sobject}.{name}")) is not None
        and fact.writeable
    )
    looked_up: dict[str, set[str]] = {}
    for qualified in route.also_reads:
        sobject, _, name = qualified.partition(".")
        looked_up.setdefault(sobject, set()).update({name} if name else ())
    return (
        Call(operation=Operation.READ, sobject=route.sobject, fields=frozenset(route.fields)),
        Call(operation=Operation.CREATE, sobject=route.sobject, fields=writable),
        Call(operation=Operation.EDIT, sobject=route.sobject, fields=writable),
        *(
            (Call(operation=Operation.DELETE, sobject=route.sobject, fields=frozenset()),)
            if removes(route)
            else ()
        ),
        *(
            Call(operation=Operation.READ, sobject=sobject, fields=frozenset(names))
            for sobject, names in sorted(looked_up.items())
        ),
    )


def minimal_set(
    route: Route,
    facts: Mapping[str, FieldFacts],
    demands: Collection[str] = (),
    seen: Sequence[SeenCall] | None = None,
) -> MinimalSet:
    """
    What the user of a route needs in the target org, and why; taking any right away breaks a declared call.

    What was seen supports a declared right and never makes one: whoever stole a key could else write rights for it by using
    it. `facts` describe the fields of the target org by qualified name; `demands` are permissions that restrict their
    holder and are kept where they are held; `seen` is None where nothing was observed.
    """
    fields = Fields(facts)
    calls = declared_calls(route, facts)
    wanted = closed((need for call in calls for need in needs(call, fields)), fields)
    objects: dict[str, ObjectRights] = {}
    allowed: dict[str, tuple[bool, bool]] = {}
    for need in sorted(wanted):
        if "." in need.on:
            allowed[need.on] = (True, need.flag == "edit" or allowed.get(need.on, (False, False))[1])
        else:
            held = objects.get(need.on, ObjectRights())
            objects[need.on] = held.model_copy(update={need.flag: True})
    missing = (
        *(name for name in route.fields if f"{route.sobject}.{name}" not in facts),
        *(name for name in route.also_reads if "." in name and name not in facts),
    )
    return MinimalSet(
        name=set_name(route),
        label=route.name.replace("_", " ")[:LONGEST],
        objects=objects,
        fields=allowed,
        permissions=frozenset(demands),
        evidence=reasons(route, facts, objects, allowed, seen),
        missing=missing,
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
        if sobject in held.all_fields:
            more.append("view_all_fields")
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
