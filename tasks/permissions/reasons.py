"""Why each right of a route's set is there: declared, seen, or what another right depends on."""

from collections.abc import Mapping, Sequence

from tasks.estate.model import Route
from tasks.permissions.check import removes
from tasks.permissions.model import FieldFacts, ObjectRights, Right
from tasks.usage.model import Operation, SeenCall

_USES = {
    "read": frozenset({Operation.READ}),
    "create": frozenset({Operation.CREATE, Operation.UPSERT}),
    "edit": frozenset({Operation.EDIT, Operation.UPSERT}),
}


def reasons(
    route: Route,
    facts: Mapping[str, FieldFacts],
    objects: Mapping[str, ObjectRights],
    fields: Mapping[str, tuple[bool, bool]],
    seen: Sequence[SeenCall] | None,
) -> tuple[Right, ...]:
    """One line a right, in the words of an approver. `seen` is None where nothing was observed."""
    looked_up = {each.partition(".")[0] for each in route.also_reads}
    found = []
    for sobject, rights in sorted(objects.items(), key=lambda item: item[0] != route.sobject):
        for flag, operations in _USES.items():
            if not getattr(rights, flag):
                continue
            if sobject == route.sobject:
                why = f"declared: {route.name} {'writes' if flag != 'read' else 'finds'} {sobject} of {route.target}"
            elif sobject in looked_up:
                why = f"declared: {route.name} looks it up"
            else:
                why = f"dependency of {_dependant(sobject, route, facts)}"
            calls = [s for s in seen or () if s.call.sobject == sobject and s.call.operation in operations]
            found.append(Right(what=f"{flag} {sobject}", why=why + _seen(calls, seen)))
    found.append(
        Right(
            what="no View All, no Modify All" if removes(route) else "no delete, no View All, no Modify All",
            why="declared: no route looks past sharing"
            if removes(route)
            else "declared: no route removes records or looks past sharing",
        )
    )
    for name in route.fields:
        fact = facts.get(f"{route.sobject}.{name}")
        if fact is not None and not fact.permissionable:
            found.append(Right(what=name, why="comes with the object: it has no field-level security"))
    for qualified, (_, edit) in fields.items():
        sobject, _, name = qualified.partition(".")
        shown = name if sobject == route.sobject else qualified
        named = [s for s in seen or () if s.call.sobject == sobject and name in s.call.fields]
        found.append(
            Right(
                what=f"{'read and edit' if edit else 'read'} {shown}",
                why=_field_reason(route, qualified, facts[qualified]) + (_seen(named, seen) if named else ""),
            )
        )
    return tuple(found)


def _field_reason(route: Route, qualified: str, fact: FieldFacts) -> str:
    sobject, _, name = qualified.partition(".")
    if sobject != route.sobject or name not in route.fields:
        return (
            "declared: looked up"
            if qualified in route.also_reads
            else "dependency of a lookup that is declared"
        )
    if name in route.read_only_fields:
        return "declared as read only"
    return "declared" if fact.writeable else "declared; the platform lets nobody write it"


def _dependant(parent: str, route: Route, facts: Mapping[str, FieldFacts]) -> str:
    """The declared field that refers to an object, or the detail whose master it is."""
    declared = (f"{route.sobject}.{name}" for name in route.fields)
    for qualified in (*declared, *facts):
        if (fact := facts.get(qualified)) is not None and parent in fact.references:
            return f"{qualified}, which refers to it"
    return f"{route.sobject}, whose master it is"


def _seen(calls: Sequence[SeenCall], seen: Sequence[SeenCall] | None) -> str:
    if seen is None:
        return ""
    if not calls:
        return "; not seen in the observed days"
    times, last = sum(each.times for each in calls), max(each.last for each in calls)
    return f"; seen {times} times, last on {last}"
