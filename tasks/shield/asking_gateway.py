"""Asks an org, by queries that change and show nothing, what it refuses on encrypted fields."""

from collections.abc import Sequence

from tasks.errors import BadRequest, OrgError
from tasks.salesforce.session import Session
from tasks.shield.choose import plain_type
from tasks.shield.model import Answer, FieldFacts, Use

_DATES = {"date": "1900-01-01", "date/time": "1900-01-01T00:00:00Z"}
NOBODY = "bulkhead asks whether this is refused"
"""A text that no field holds."""


def ask(session: Session, fields: Sequence[FieldFacts]) -> tuple[tuple[Answer, ...], tuple[str, ...]]:
    """
    Answers, and what nobody can tell because a right is missing. A query that the org takes gives ids or counts, never values.

    Raises OrgError.
    """
    asked = {
        f"{each.name} {use.name}": (each.name, use, soql)
        for each in fields
        for use, soql in questions(each).items()
    }
    answers, unread = [], []
    for name, found in session.read_all({key: soql for key, (_, _, soql) in asked.items()}).items():
        field, use, _ = asked[name]
        if isinstance(found, BadRequest):
            answers.append(Answer(field=field, use=use, code=found.code or "REFUSED"))
        elif isinstance(found, OrgError):
            unread.append(f"{field}, {use.value}: {found.what}")
        else:
            answers.append(Answer(field=field, use=use, code=""))
    return tuple(answers), tuple(unread)


def questions(facts: FieldFacts) -> dict[Use, str]:
    """One query for each use that a scheme may forbid."""
    sobject, _, name = facts.name.partition(".")
    value = _DATES.get(plain_type(facts.data_type), f"'{NOBODY}'")
    part = f"LIKE '{NOBODY}%'" if value.startswith("'") else f"< {value}"
    return {
        Use.EQUALITY: f"SELECT Id FROM {sobject} WHERE {name} = {value} LIMIT 1",
        Use.COMPARISON: f"SELECT Id FROM {sobject} WHERE {name} {part} LIMIT 1",
        Use.SORT: f"SELECT Id FROM {sobject} ORDER BY {name} LIMIT 1",
        Use.GROUP: f"SELECT COUNT(Id) n FROM {sobject} GROUP BY {name} LIMIT 1",
        Use.AGGREGATE: f"SELECT COUNT_DISTINCT({name}) n FROM {sobject}",
    }
