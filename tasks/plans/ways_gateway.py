"""Hands on ways between orgs that are switched off: remote sites, callouts of named credentials, sign-ins of users."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tasks.errors import OrgError
from tasks.plans.model import Change, Resource, State
from tasks.salesforce.metadata import NAMES_PER_READ, Component, flag, read_metadata, update_metadata
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list
from tasks.salesforce.writing import RecordResult, WritingSession, altered

_SITE, _CREDENTIAL = "RemoteSiteSetting", "NamedCredential"
_PER_QUERY = 200


def read_sites(session: Session, resources: Sequence[Resource]) -> dict[Resource, State]:
    """What the org has. Raises OrgError."""
    held = read_metadata(session, _SITE, [resource.key for resource in resources])
    return {each: {"on": flag(held[each.key], "isActive")} for each in resources if each.key in held}


def write_sites(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """One result per change. Raises OrgError. All of a site is sent, as it was read a moment ago with what changes."""
    return _update(session, _SITE, changes, lambda on: {"isActive": on})


def read_callouts(session: Session, resources: Sequence[Resource]) -> dict[Resource, State]:
    """What the org has; a credential that says nothing calls out. Raises OrgError."""
    held = read_metadata(session, _CREDENTIAL, [resource.key for resource in resources])
    return {
        each: {"on": str(held[each.key].get("calloutStatus") or "Enabled") == "Enabled"}
        for each in resources
        if each.key in held
    }


def write_callouts(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """
    As `write_sites`. No reading gives the password of a legacy credential, so none is sent, and the org keeps the one it has.
    """
    return _update(
        session, _CREDENTIAL, changes, lambda on: {"calloutStatus": "Enabled" if on else "Disabled"}
    )


def _update(session: WritingSession, kind: str, changes: Sequence[Change], said: Any) -> list[RecordResult]:
    names = [change.resource.key for change in changes]
    held = read_metadata(session, kind, names)
    results: list[RecordResult] = []
    for start in range(0, len(changes), NAMES_PER_READ):
        sent = [
            (
                kind,
                c.resource.key,
                {**_body(held.get(c.resource.key, {})), **said(bool((c.after or {}).get("on")))},
            )
            for c in changes[start : start + NAMES_PER_READ]
        ]
        results += update_metadata(session, sent)
    return results


def _body(component: Component) -> dict[str, Any]:
    return {name: value for name, value in component.items() if name != "fullName" and value != ""}


def read_sign_ins(session: Session, resources: Sequence[Resource]) -> dict[Resource, State]:
    """Of users that the org has and that are active. Raises OrgError."""
    rows = _logins(session, (resource.key for resource in resources))
    return {
        each: {"on": not rows[each.key.lower()]["IsFrozen"]} for each in resources if each.key.lower() in rows
    }


def write_sign_ins(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """One result per change: freezes and thaws. Raises OrgError."""
    rows = _logins(session, (change.resource.key for change in changes))
    missing = RecordResult(id=None, code="NOT_FOUND")
    there = [change for change in changes if change.resource.key.lower() in rows]
    results: dict[int, RecordResult] = {}
    for start in range(0, len(there), _PER_QUERY):
        part = there[start : start + _PER_QUERY]
        records = [
            {
                "Id": rows[change.resource.key.lower()]["Id"],
                "IsFrozen": not (change.after or {}).get("on"),
            }
            for change in part
        ]
        answers = session.send_together([altered("UserLogin", records)])[0]
        results |= dict(zip((change.number for change in part), answers, strict=True))
    return [results.get(change.number, missing) for change in changes]


def _logins(session: Session, names: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
    """UserLogin rows by user name in lower case; two calls."""
    users: dict[str, str] = {}
    for part in chunks(sorted(set(names)), _PER_QUERY):
        soql = f"SELECT Id, Username FROM User WHERE IsActive = true AND Username IN {in_list(part)}"
        users |= {str(row["Id"]): str(row["Username"]).lower() for row in session.query(soql)}
    queries = {
        f"logins {index}": f"SELECT Id, UserId, IsFrozen FROM UserLogin WHERE UserId IN {in_list(part)}"
        for index, part in enumerate(chunks(sorted(users), _PER_QUERY))
    }
    found: dict[str, Mapping[str, Any]] = {}
    for rows in session.read_all(queries).values():
        if isinstance(rows, OrgError):
            raise rows
        found |= {users[row["UserId"]]: row for row in rows}
    return found
