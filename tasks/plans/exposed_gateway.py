"""Hands on secrets in custom settings: whether there is one, and taking it away. What it is goes no further."""

from collections.abc import Iterator, Sequence

from tasks.plans.model import Change, Resource, State
from tasks.salesforce.session import Session
from tasks.salesforce.soql import literal
from tasks.salesforce.writing import RecordResult, WritingSession, altered


def read_setting_secrets(session: Session, resources: Sequence[Resource]) -> dict[Resource, State]:
    """Fields that hold something; an empty one holds no secret and is left out. Raises OrgError."""
    return {each: {"held": True} for each in resources if any(_holding(session, each))}


def clear_setting_secrets(session: WritingSession, changes: Sequence[Change]) -> list[RecordResult]:
    """One result per change: the field is emptied in every row of that name. Raises OrgError."""
    results = []
    for change in changes:
        sobject, _, field = _parts(change.resource)
        records = [{"Id": each, field: None} for each in _holding(session, change.resource)]
        answers = session.send_together([altered(sobject, records)])[0] if records else []
        results.append(next((each for each in answers if each.code), RecordResult(id=None)))
    return results


def _holding(session: Session, resource: Resource) -> Iterator[str]:
    """Ids of the rows of that name whose field is not empty. A hierarchy has one for the org, each profile and user."""
    sobject, name, field = _parts(resource)
    soql = f"SELECT Id, {field} FROM {sobject} WHERE Name = {literal(name)}"
    for row in session.query(soql):
        if row[field]:
            yield str(row["Id"])


def _parts(resource: Resource) -> tuple[str, str, str]:
    """Names of rows may hold slashes, those of objects and fields never do."""
    sobject, _, rest = resource.key.partition("/")
    name, _, field = rest.rpartition("/")
    return sobject, name, field
