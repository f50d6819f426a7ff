"""Asks the platform what users may do now: it answers for them, so nobody has to act as them."""

from collections.abc import Mapping, Sequence
from typing import Any

from tasks.errors import BadRequest, OrgError, OrgRefused
from tasks.plans.model import Change
from tasks.plans.promises import FIELD_COLUMNS, OBJECT_COLUMNS, Promise, broken, promises
from tasks.salesforce.soql import in_list, literal
from tasks.salesforce.writing import WritingSession

Rows = dict[str, dict[str, Any]]


def try_out(
    session: WritingSession, done: Sequence[Change], plan: Sequence[Change], known: Mapping[str, str]
) -> Mapping[int, str]:
    """
    By number, what a user may not do although the plan promised it (Object Reference, UserEntityAccess, UserFieldAccess).

    `known` are ids by user name in lower case. An org that does not answer such questions leaves nothing to try. Raises
    OrgError when it does not answer at all.
    """
    promised = promises(done, plan)
    users = {**known}
    if unknown := sorted({promise.user for promise in promised if promise.user.lower() not in users}):
        found = session.query(f"SELECT Id, Username FROM User WHERE Username IN {in_list(unknown)}")
        users |= {str(row["Username"]).lower(): row["Id"] for row in found}
    promised = tuple(promise for promise in promised if promise.user.lower() in users)
    if not promised:
        return {}
    answers = session.read_all(
        {name: soql for promise in promised for name, soql in _queries(promise, users[promise.user.lower()])}
    )
    failed: dict[int, str] = {}
    for promise in promised:
        objects = _by_name(answers[f"objects {promise.number}"], _object_name)
        fields = _by_name(answers[f"fields {promise.number}"], _field_name)
        if lacks := broken(promise, objects, fields):
            failed[promise.number] = f"{promise.user} may not {', '.join(lacks)}"
    return failed


def _queries(promise: Promise, user_id: str) -> list[tuple[str, str]]:
    where = (
        f"UserId = {literal(user_id)} AND EntityDefinition.QualifiedApiName IN {in_list(promise.sobjects)}"
    )
    objects = ", ".join(("EntityDefinition.QualifiedApiName", *OBJECT_COLUMNS.values()))
    named = ("EntityDefinition.QualifiedApiName", "FieldDefinition.QualifiedApiName", *FIELD_COLUMNS.values())
    return [
        (f"objects {promise.number}", f"SELECT {objects} FROM UserEntityAccess WHERE {where}"),
        (f"fields {promise.number}", f"SELECT {', '.join(named)} FROM UserFieldAccess WHERE {where}"),
    ]


def _by_name(answer: list[dict[str, Any]] | OrgError, name: Any) -> Rows:
    if isinstance(answer, (BadRequest, OrgRefused)):
        return {}
    if isinstance(answer, OrgError):
        raise answer
    return {name(row).lower(): row for row in answer}


def _object_name(row: Mapping[str, Any]) -> str:
    return str(row["EntityDefinition"]["QualifiedApiName"])


def _field_name(row: Mapping[str, Any]) -> str:
    return f"{_object_name(row)}.{row['FieldDefinition']['QualifiedApiName']}"
