"""Hands that collect: what an actor's rights opened, and who else came from the same addresses. They read alone."""

from collections.abc import Collection
from datetime import UTC, datetime

from tasks.errors import BadRequest, OrgRefused
from tasks.plans.model import ResourceKind
from tasks.plans.records import GROUP, split
from tasks.response.model import Containment
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list, literal


def read_readable(session: Session, made: Containment) -> frozenset[str] | None:
    """
    Objects that the actor could read: by its profile, by what it holds, and by what the containment took. None where rights do
    not show.
    """
    username = literal(made.facts.username)
    taken = {
        split(step.resource.key)[1]
        for step in made.steps
        if step.resource is not None and step.resource.kind is ResourceKind.ASSIGNMENT
    }
    groups = sorted(name.removeprefix(GROUP) for name in taken if name.startswith(GROUP))
    sets = sorted(name for name in taken if not name.startswith(GROUP))
    held = f"SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = {username}"
    queries = [(held, "PermissionSetId")]
    if sets:
        queries.append((f"SELECT Id FROM PermissionSet WHERE Name IN {in_list(sets)}", "Id"))
    if groups:
        within = f"PermissionSetGroup.DeveloperName IN {in_list(groups)}"
        queries.append(
            (f"SELECT PermissionSetId FROM PermissionSetGroupComponent WHERE {within}", "PermissionSetId")
        )
    try:
        ids = {str(row[column]) for soql, column in queries for row in session.query(soql) if row[column]}
        found: set[str] = set()
        for part in chunks(sorted(ids)):
            soql = f"SELECT SobjectType FROM ObjectPermissions WHERE PermissionsRead = true AND ParentId IN {in_list(part)}"
            found |= {str(row["SobjectType"]) for row in session.query(soql)}
    except (BadRequest, OrgRefused):
        return None
    return frozenset(found)


def read_beside(session: Session, addresses: Collection[str], since: datetime) -> frozenset[str]:
    """User names that signed in from these addresses; login history cannot be filtered by them (Object Reference)."""
    if not addresses:
        return frozenset()
    start = literal(since.astimezone(UTC))
    rows = session.query(f"SELECT UserId, SourceIp, Status FROM LoginHistory WHERE LoginTime >= {start}")
    users = sorted(
        {
            str(row["UserId"])
            for row in rows
            if row["SourceIp"] in addresses and str(row["Status"]).lower() == "success"
        }
    )
    names: set[str] = set()
    for part in chunks(users):
        found = session.query(f"SELECT Username FROM User WHERE Id IN {in_list(part)}")
        names |= {str(row["Username"]).lower() for row in found}
    return frozenset(names)
