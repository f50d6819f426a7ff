"""Hands on the resources that plans change: what each holds now, and the records that make it hold something else."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, TypeVar

from tasks.errors import OrgError
from tasks.plans.model import Change, Refusal, Resource, State
from tasks.plans.records import GROUP, PROFILE, Pointer, Shape, shape_of
from tasks.salesforce.soql import chunks, in_list
from tasks.salesforce.writing import RecordResult, WritingSession

Open = Callable[[str], AbstractContextManager[WritingSession]]
"""From an alias to the enforcer's session with that org."""
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

# How each kind of name is turned into an id. A profile's own set has a name nobody knows: it is found by its profile.
_POINTED: dict[str, tuple[str, str]] = {
    "set": ("SELECT Id, Name FROM PermissionSet WHERE IsOwnedByProfile = false AND Name IN {}", "Name"),
    "group": (
        "SELECT Id, DeveloperName FROM PermissionSetGroup WHERE DeveloperName IN {}",
        "DeveloperName",
    ),
    "profile-set": (
        "SELECT Id, Profile.Name FROM PermissionSet WHERE IsOwnedByProfile = true AND Profile.Name IN {}",
        "Profile.Name",
    ),
    "profile": ("SELECT Id, Name FROM Profile WHERE Name IN {}", "Name"),
    "user": ("SELECT Id, Username FROM User WHERE Username IN {}", "Username"),
}


class OrgHands:
    """
    Reads and writes resources of any org over sObject collections.

    States name things; ids are looked up with every reading, so that a set that was removed and made again is still
    itself.
    """

    def __init__(self, open_org: Open) -> None:
        self._open = open_org
        self._ids: dict[Resource, str] = {}
        self._described: dict[tuple[str, str], list[str]] = {}

    def read(self, resources: Sequence[Resource]) -> dict[Resource, State | None]:
        """A state of None means that the org was asked and has no such thing. Raises OrgError."""
        found: dict[Resource, State | None] = dict.fromkeys(resources)
        for org, ours in _by(resources, lambda resource: resource.org).items():
            with self._open(org) as session:
                found |= self._read(session, ours)
        return found

    def write(self, changes: Sequence[Change]) -> Mapping[int, Refusal]:
        """Changes of one org and one kind that all make, all alter or all remove. Raises OrgError."""
        first = changes[0]
        with self._open(first.resource.org) as session:
            results = self._send(session, shape_of(first.resource.kind), changes)
        return {
            change.number: Refusal(code=result.code, what=_words(result), passing=result.passing)
            for change, result in zip(changes, results, strict=True)
            if result.code
        }

    def try_out(self, changes: Sequence[Change]) -> Mapping[int, str]:
        """Rights are what the org says they are: without acting as somebody, reading back is all there is to try."""
        return {}

    def _read(self, session: WritingSession, resources: Sequence[Resource]) -> dict[Resource, State | None]:
        """All kinds together: five queries travel in one call."""
        queries: dict[str, str] = {}
        kinds: dict[str, tuple[Shape, dict[str, Resource]]] = {}
        for kind, alike in _by(resources, lambda resource: resource.kind).items():
            shape = shape_of(kind)
            fields = (
                "Id",
                *shape.fields,
                *(self._permissions(session, shape.sobject) if shape.described else ()),
            )
            wanted = {resource.key.lower(): resource for resource in alike}
            for index, part in enumerate(chunks(sorted({shape.sought(resource.key) for resource in alike}))):
                where = shape.where.format(names=in_list(part))
                name = f"{kind.value} {index}"
                queries[name] = f"SELECT {', '.join(fields)} FROM {shape.sobject} WHERE {where}"
                kinds[name] = shape, wanted
        found: dict[Resource, State | None] = {}
        for name, rows in session.read_all(queries).items():
            if isinstance(rows, OrgError):
                raise rows
            shape, wanted = kinds[name]
            for row in rows:
                resource = wanted.get(shape.key(row).lower())
                if resource is not None:
                    found[resource] = shape.state(row)
                    self._ids[resource] = row["Id"]
        return found

    def _permissions(self, session: WritingSession, sobject: str) -> list[str]:
        """Which user permissions the org knows; asked once, for they change with releases only."""
        key = (session.alias, sobject)
        if key not in self._described:
            described = session.describe([sobject])[sobject]
            if isinstance(described, OrgError):
                raise described
            names = (each["name"] for each in described["fields"])
            self._described[key] = [name for name in names if name.startswith("Permissions")]
        return self._described[key]

    def _send(
        self, session: WritingSession, shape: Shape, changes: Sequence[Change]
    ) -> Sequence[RecordResult]:
        if changes[0].after is None:
            return session.delete([self._ids[change.resource] for change in changes])
        made = [(change, change.after) for change in changes if change.after is not None]
        ids = _lookup(
            session, [p for change, after in made for p in shape.points(change.resource.key, after)]
        )
        records = [shape.record(c.resource.key, c.before, after, ids) for c, after in made]
        if changes[0].before is None:
            return session.create(shape.sobject, records)
        return session.update(
            shape.sobject,
            [{"Id": self._ids[c.resource], **r} for c, r in zip(changes, records, strict=True)],
        )


def _lookup(session: WritingSession, pointers: Iterable[Pointer]) -> dict[Pointer, str]:
    """Raises OrgError when the org has nothing of that name."""
    found: dict[Pointer, str] = {}
    for kind, alike in _by(set(pointers), lambda pointer: pointer[0]).items():
        query, column = _POINTED[kind]
        for part in chunks(sorted(name for _, name in alike)):
            for row in session.query(query.format(in_list(part))):
                found[kind, str(_at(row, column)).lower()] = row["Id"]
        for pointer in alike:
            if pointer not in found:
                what = f"the org has no {kind.replace('-set', '')} of a name that the plan uses"
                raise OrgError(session.alias, what, "Make the plan anew.", "NOT_FOUND")
    return found


def _at(row: Mapping[str, Any], path: str) -> Any:
    value: Any = row
    for name in path.split("."):
        value = value[name]
    return value


def _by(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    found: dict[K, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def _words(result: RecordResult) -> str:
    """Code and fields; the org's own text may name people."""
    return " on ".join(filter(None, (result.code, ", ".join(result.fields))))


def active_users(open_org: Open, orgs: Sequence[str]) -> tuple[dict[str, int], datetime]:
    """How many active users each org has, and the latest of the orgs' own clocks. Raises OrgError."""
    users, clocks = {}, []
    for org in orgs:
        with open_org(org) as session:
            users[org] = session.count("SELECT COUNT() FROM User WHERE IsActive = true")
            if session.server_time is not None:
                clocks.append(session.server_time)
    if not clocks:
        raise OrgError(
            ", ".join(orgs), "the answer has no Date", "Look at what stands between us and the org."
        )
    return users, max(clocks)


def holdings(open_org: Open, org: str, usernames: Sequence[str]) -> dict[str, set[str]]:
    """Sets, groups (`group:Name`) and profile (`profile:Name`) of some users, by lower-case user name. Raises OrgError."""
    held: dict[str, set[str]] = {name.lower(): set() for name in usernames}
    with open_org(org) as session:
        for part in chunks(sorted(held)):
            names = in_list(part)
            for row in session.query(f"SELECT Username, Profile.Name FROM User WHERE Username IN {names}"):
                held[row["Username"].lower()].add(f"{PROFILE}{row['Profile']['Name']}")
            for row in session.query(
                "SELECT Assignee.Username, PermissionSet.Name, PermissionSetGroup.DeveloperName FROM PermissionSetAssignment "
                f"WHERE Assignee.Username IN {names} AND PermissionSet.IsOwnedByProfile = false"
            ):
                group = row["PermissionSetGroup"]
                name = f"{GROUP}{group['DeveloperName']}" if group else row["PermissionSet"]["Name"]
                held[row["Assignee"]["Username"].lower()].add(name)
            for row in session.query(
                "SELECT PermissionSetGroup.DeveloperName, PermissionSet.Name FROM PermissionSetGroupComponent"
            ):
                through = f"{GROUP}{row['PermissionSetGroup']['DeveloperName']}"
                for mine in held.values():
                    if through in mine and row["PermissionSet"]:
                        mine.add(row["PermissionSet"]["Name"])
    return held
