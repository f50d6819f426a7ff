"""Asks an org, by queries that change and show nothing, what it refuses on encrypted fields."""

from collections.abc import Mapping, Sequence
from typing import Any

from tasks.errors import BadRequest, OrgError, OrgRefused
from tasks.salesforce.session import Session
from tasks.shield.choose import plain_type
from tasks.shield.model import Answer, FieldFacts, Use

_DATES = {"date": "1900-01-01", "date/time": "1900-01-01T00:00:00Z"}
_FLAGS = {
    Use.EQUALITY: "filterable",
    Use.SORT: "sortable",
    Use.GROUP: "groupable",
    Use.AGGREGATE: "aggregatable",
}
"""By which of describe's flags the platform says that a use is possible."""
Described = Mapping[str, Any]
NOBODY = "bulkhead asks whether this is refused"
"""A text that no field holds."""


def ask(session: Session, fields: Sequence[FieldFacts]) -> tuple[tuple[Answer, ...], tuple[str, ...]]:
    """
    Answers, and what nobody can tell: a field that we may not read is refused whether it is encrypted or not, and describe and
    the org's answer may differ. A query that the org takes gives ids or counts, never values.

    Raises OrgError.
    """
    described, unread = _described(session, fields)
    asked = {
        f"{each.name} {use.name}": (each.name, use, soql)
        for each in fields
        if each.name.lower() in described
        for use, soql in questions(each).items()
    }
    answers = []
    for name, found in session.read_all({key: soql for key, (_, _, soql) in asked.items()}).items():
        field, use, _ = asked[name]
        if isinstance(found, OrgError) and not isinstance(found, BadRequest):
            unread.append(f"{field}, {use.value}: {found.what}")
            continue
        code = (found.code or "REFUSED") if isinstance(found, BadRequest) else ""
        answers.append(Answer(field=field, use=use, code=code))
        open_by_describe = described[field.lower()].get(_FLAGS.get(use, ""))
        if open_by_describe is not None and bool(open_by_describe) == bool(code):
            says = "allowed" if open_by_describe else "not allowed"
            unread.append(
                f"{field}, {use.value}: {says} by describe, and {'refused' if code else 'answered'} by the org"
            )
    return tuple(answers), tuple(unread)


def _described(session: Session, fields: Sequence[FieldFacts]) -> tuple[dict[str, Described], list[str]]:
    """Describe's entry of each field by its name in lower case, and those that we may not see."""
    found: dict[str, Described] = {}
    objects = sorted({each.name.partition(".")[0] for each in fields})
    for sobject, described in (session.describe(objects) if objects else {}).items():
        if isinstance(described, OrgError) and not isinstance(described, (OrgRefused, BadRequest)):
            raise described
        if not isinstance(described, OrgError):
            found |= {f"{sobject}.{each['name']}".lower(): each for each in described["fields"]}
    hidden = [each.name for each in fields if each.name.lower() not in found]
    return found, [f"{name}: our user may not read it, so nothing was asked about it" for name in hidden]


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
