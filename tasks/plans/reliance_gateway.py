"""Reads what permission sets and groups give and what users hold; of this nothing is ever written."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from tasks.errors import OrgError
from tasks.plans.model import READ_ONLY, Resource, ResourceKind, State
from tasks.plans.records import FIELD_FLAGS, GROUP, OBJECT_FLAGS, VIEW_FIELDS, VIEW_FIELDS_FLAG
from tasks.plans.reliance import within_reach
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list

Row = Mapping[str, Any]
_OF_SETS = "Parent.IsOwnedByProfile = false AND Parent.Name IN {}"
_MARK = "relied on"
"""How the names of these questions begin, so that they travel with others."""
_SET, _OBJECT = "PermissionSet", "ObjectPermissions"


def read_relied_on(session: Session, resources: Iterable[Resource]) -> dict[Resource, State | None]:
    """
    Of one org, with the sets that a user holds or a group is made of, which nobody knows before those are read. None for
    what is not there. Raises OrgError.
    """
    wanted = list(dict.fromkeys(resources))
    if not wanted:
        return {}
    known: dict[str, list[str]] = {}
    for name, found in session.describe([_SET, _OBJECT]).items():
        if isinstance(found, OrgError):
            raise found
        known[name] = [f["name"] for f in found["fields"] if f["name"].startswith("Permissions")]
    states: dict[Resource, State | None] = {}
    while wanted:
        states |= answers(wanted, _asked(session, questions(wanted, known[_SET], known[_OBJECT])))
        inner = [name for each in wanted for name in within_reach(states[each])]
        org = wanted[0].org
        wanted = [Resource(org=org, kind=ResourceKind.SET_RIGHTS, key=name) for name in dict.fromkeys(inner)]
        wanted = [each for each in wanted if each not in states]
    return states


def _asked(session: Session, queries: Mapping[str, str]) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {}
    for name, found in session.read_all(queries).items():
        if isinstance(found, OrgError):
            raise found
        rows[name] = found
    return rows


def questions(
    resources: Sequence[Resource], permissions: Sequence[str], flags: Sequence[str]
) -> dict[str, str]:
    """Queries by name. `permissions` and `flags` are the fields that the org's sets and object permissions have."""
    sets, groups, users = _sorted(resources)
    objects = [*OBJECT_FLAGS.values(), *(each for each in flags if each == VIEW_FIELDS_FLAG)]
    found: dict[str, str] = {}
    for index, part in enumerate(chunks(sets)):
        parents = _OF_SETS.format(in_list(part))
        texts = {
            "sets": f"SELECT Name, HasActivationRequired, {', '.join(permissions)} FROM PermissionSet "
            f"WHERE IsOwnedByProfile = false AND Name IN {in_list(part)}",
            "objects": f"SELECT Parent.Name, SobjectType, {', '.join(objects)} FROM ObjectPermissions WHERE {parents}",
            "fields": f"SELECT Parent.Name, SobjectType, Field, {', '.join(FIELD_FLAGS.values())} "
            f"FROM FieldPermissions WHERE {parents}",
            "access": f"SELECT Parent.Name, SetupEntityId FROM SetupEntityAccess WHERE {parents}",
        }
        found |= {f"{_MARK} {name} {index}": text for name, text in texts.items()}
    for index, part in enumerate(chunks(groups)):
        found[f"{_MARK} groups {index}"] = (
            f"SELECT DeveloperName FROM PermissionSetGroup WHERE DeveloperName IN {in_list(part)}"
        )
        found[f"{_MARK} members {index}"] = (
            "SELECT PermissionSetGroup.DeveloperName, PermissionSet.Name FROM PermissionSetGroupComponent "
            f"WHERE PermissionSetGroup.DeveloperName IN {in_list(part)}"
        )
    for index, part in enumerate(chunks(users)):
        found[f"{_MARK} users {index}"] = f"SELECT Username FROM User WHERE Username IN {in_list(part)}"
        found[f"{_MARK} grants {index}"] = (
            "SELECT Assignee.Username, PermissionSet.Name, PermissionSetGroup.DeveloperName, ExpirationDate "
            "FROM PermissionSetAssignment WHERE PermissionSet.IsOwnedByProfile = false "
            f"AND Assignee.Username IN {in_list(part)}"
        )
    return found


def answers(resources: Sequence[Resource], rows: Mapping[str, Sequence[Row]]) -> dict[Resource, State | None]:
    """From the rows of `questions` by name; those of other names are left alone."""

    def of(name: str) -> Iterable[Row]:
        return (row for key, found in rows.items() if key.startswith(f"{_MARK} {name} ") for row in found)

    given: dict[str, dict[str, JsonValue]] = {}
    for row in of("sets"):
        held = sorted(n.removeprefix("Permissions") for n in row if n.startswith("Permissions") and row[n])
        given[row["Name"].lower()] = {
            "permissions": [*held],
            "objects": {},
            "fields": {},
            "access": [],
            "activated by session": bool(row["HasActivationRequired"]),
        }
    for row in of("objects"):
        flags = {**OBJECT_FLAGS, VIEW_FIELDS: VIEW_FIELDS_FLAG}
        _put(given, row["Parent"]["Name"], "objects", row["SobjectType"], _rights(row, flags))
    for row in of("fields"):
        _put(given, row["Parent"]["Name"], "fields", row["Field"], _rights(row, FIELD_FLAGS))
    for row in of("access"):
        _add(given, row["Parent"]["Name"], "access", row["SetupEntityId"])
    for row in of("groups"):
        given[f"{GROUP}{row['DeveloperName']}".lower()] = {"members": [], "muted": False}
    for row in of("members"):
        name = f"{GROUP}{row['PermissionSetGroup']['DeveloperName']}"
        if row["PermissionSet"]:
            _add(given, name, "members", row["PermissionSet"]["Name"])
        elif name.lower() in given:
            given[name.lower()]["muted"] = True
    held_by: dict[str, dict[str, JsonValue]] = {
        row["Username"].lower(): {"sets": [], "ending": []} for row in of("users")
    }
    for row in of("grants"):
        group = row["PermissionSetGroup"]
        granted = f"{GROUP}{group['DeveloperName']}" if group else row["PermissionSet"]["Name"]
        _add(held_by, row["Assignee"]["Username"], "sets", granted)
        if row["ExpirationDate"]:
            _add(held_by, row["Assignee"]["Username"], "ending", f"{granted} on {row['ExpirationDate']}")
    found: dict[Resource, State | None] = {}
    for each in resources:
        states = held_by if each.kind is ResourceKind.USER_GRANTS else given
        state = states.get(each.key.lower())
        found[each] = None if state is None else {name: _in_order(value) for name, value in state.items()}
    return found


def _sorted(resources: Sequence[Resource]) -> tuple[list[str], list[str], list[str]]:
    """Names of sets, groups and users."""
    keys = sorted({(each.kind, each.key) for each in resources if each.kind in READ_ONLY})
    sets = [key for kind, key in keys if kind is ResourceKind.SET_RIGHTS]
    return (
        [key for key in sets if not key.startswith(GROUP)],
        [key.removeprefix(GROUP) for key in sets if key.startswith(GROUP)],
        [key for kind, key in keys if kind is ResourceKind.USER_GRANTS],
    )


def _rights(row: Row, flags: Mapping[str, str]) -> str:
    return ", ".join(flag.replace("_", " ") for flag, column in flags.items() if row.get(column))


def _put(into: dict[str, dict[str, JsonValue]], name: str, what: str, key: str, value: str) -> None:
    held = into.get(name.lower(), {}).get(what)
    if isinstance(held, dict):
        held[key] = value


def _add(into: dict[str, dict[str, JsonValue]], name: str, what: str, value: str) -> None:
    held = into.get(name.lower(), {}).get(what)
    if isinstance(held, list):
        held.append(value)


def _in_order(value: JsonValue) -> JsonValue:
    """An org gives rows in no order."""
    if isinstance(value, list):
        return [*sorted(map(str, value))]
    return dict(sorted(value.items())) if isinstance(value, dict) else value
