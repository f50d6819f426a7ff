"""Hands on switches of an org's settings, over the Metadata API."""

from collections.abc import Iterable, Sequence
from typing import Any

from tasks.plans.model import Change, Resource, State
from tasks.salesforce.metadata import Component, flag, read_metadata, update_metadata
from tasks.salesforce.session import Session
from tasks.salesforce.writing import RecordResult, WritingSession


def read_settings(session: Session, resources: Iterable[Resource]) -> dict[Resource, State]:
    """What the org has; settings that it does not know are left out. Raises OrgError."""
    by_name: dict[str, list[Resource]] = {}
    for resource in resources:
        by_name.setdefault(_parts(resource)[0], []).append(resource)
    found: dict[Resource, State] = {}
    for name, alike in by_name.items():
        component = read_metadata(session, f"{name}Settings", [name]).get(name)
        for resource in alike if component is not None else ():
            found[resource] = {"on": _switched_on(component or {}, _parts(resource)[1:])}
    return found


def write_settings(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """
    One result per change; switches of one settings type share theirs. Raises OrgError.

    A group of switches (`sessionSettings`) is sent whole, as it was read a moment ago with what changes: an org may take
    what a group does not name for switched off. Groups that nothing changes in are not sent, and stay as they are.
    """
    components: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(_parts(change.resource)[0] for change in changes):
        held = read_metadata(session, f"{name}Settings", [name]).get(name, {})
        paths = [_parts(change.resource)[1:] for change in changes if _parts(change.resource)[0] == name]
        components[name] = {path[0]: held[path[0]] for path in paths if path[0] in held}
    for change in changes:
        name, *path = _parts(change.resource)
        below = components[name]
        for step in path[:-1]:
            if not isinstance(below.get(step), dict):
                below[step] = {}
            below = below[step]
        below[path[-1]] = bool((change.after or {}).get("on"))
    results = update_metadata(session, [(f"{name}Settings", name, body) for name, body in components.items()])
    by_name = dict(zip(components, results, strict=True))
    return [by_name[_parts(change.resource)[0]] for change in changes]


def _parts(resource: Resource) -> list[str]:
    return resource.key.split(".")


def _switched_on(component: Component, path: Sequence[str]) -> bool:
    for step in path[:-1]:
        inner = component.get(step)
        component = inner if isinstance(inner, dict) else {}
    return flag(component, path[-1])
