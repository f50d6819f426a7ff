"""Hands on switches of an org's settings and on permissions of its profiles, over the Metadata API."""

from collections.abc import Iterable, Sequence
from typing import Any

from tasks.plans.model import Change, Resource, State
from tasks.plans.records import PROFILE, split
from tasks.salesforce.metadata import (
    NAMES_PER_READ,
    Component,
    flag,
    many,
    read_metadata,
    update_metadata,
)
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


# Profiles ----------------------------------------------------------------------------------------------


def read_profile_permissions(session: Session, resources: Iterable[Resource]) -> dict[Resource, State]:
    """What the org has; profiles that it does not know are left out. Raises OrgError."""
    wanted = {resource: _of_profile(resource) for resource in resources}
    held = read_metadata(session, "Profile", sorted({name for name, _ in wanted.values()}))
    return {
        resource: {"on": permission in _permissions(held[name])}
        for resource, (name, permission) in wanted.items()
        if name in held
    }


def write_profile_permissions(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """
    One result per change; those of one profile share theirs. Raises OrgError.

    A profile keeps what an update does not name, so only what changes is sent.
    """
    bodies: dict[str, list[dict[str, Any]]] = {}
    for change in changes:
        name, permission = _of_profile(change.resource)
        entry = {"enabled": bool((change.after or {}).get("on")), "name": permission}
        bodies.setdefault(name, []).append(entry)
    results: dict[str, RecordResult] = {}
    names = list(bodies)
    for start in range(0, len(names), NAMES_PER_READ):
        part = names[start : start + NAMES_PER_READ]
        sent = [("Profile", name, {"userPermissions": bodies[name]}) for name in part]
        results |= dict(zip(part, update_metadata(session, sent), strict=True))
    return [results[_of_profile(change.resource)[0]] for change in changes]


def _of_profile(resource: Resource) -> tuple[str, str]:
    """The full name of a custom profile is its label; others are never changed."""
    container, permission = split(resource.key)
    return container.removeprefix(PROFILE), permission


def _permissions(component: Component) -> set[str]:
    return {each["name"] for each in many(component, "userPermissions") if flag(each, "enabled")}
