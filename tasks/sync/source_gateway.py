"""Reads the source org as the route's own user: changed records of one object, and only the fields of the route."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tasks.encryption.model import Field
from tasks.errors import OrgError, OrgUnavailable
from tasks.salesforce import bulk
from tasks.salesforce.rows import query_pages
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list, literal
from tasks.sync.drift import fields_of
from tasks.sync.model import Record, Rules, Way
from tasks.sync.rules import record_of

_COMMON = ("Id", "IsDeleted", "SystemModstamp")


class SourceOrg:
    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def calls(self) -> int:
        return self._session.calls

    def fields(self, sobject: str) -> dict[str, Mapping[str, Any]]:
        """By name, those that the route's user sees. Raises OrgError."""
        found = self._session.describe([sobject])[sobject]
        if isinstance(found, OrgError):
            raise found
        return fields_of(found)

    def changed(self, rules: Rules, where: str) -> int:
        resource = "queryAll" if rules.removes else "query"
        soql = f"SELECT COUNT() FROM {rules.sobject} WHERE {where}"
        return int(self._session.get(resource, {"q": soql})["totalSize"])

    def now(self) -> datetime:
        """By the org's own clock. Raises OrgUnavailable where it names none."""
        self._session.hello()
        if self._session.server_time is None:
            raise OrgUnavailable(self._session.alias, "no answer names its time", "A proxy may cut headers.")
        return self._session.server_time

    def read(self, rules: Rules, where: str, limit: int, way: Way) -> list[Record]:
        """The first so many in the order of (SystemModstamp, Id). Raises IncompleteRead and other OrgErrors."""
        names = ", ".join(dict.fromkeys((*_COMMON, rules.key, *rules.asked)))
        soql = f"SELECT {names} FROM {rules.sobject} WHERE {where} ORDER BY SystemModstamp, Id LIMIT {limit}"
        if way == "bulk":
            rows = bulk.query(self._session, soql, deleted=rules.removes)
            header = next(rows, ())
            return [record_of(rules, dict(zip(header, row, strict=True))) for row in rows]
        return [
            record_of(rules, row)
            for row in query_pages(self._session, "queryAll" if rules.removes else "query", soql)
        ]

    def read_again(self, rules: Rules, ids: Sequence[str]) -> list[Record]:
        """As they are now; those that are gone for good do not come."""
        names = ", ".join(dict.fromkeys((*_COMMON, rules.key, *rules.asked)))
        return [
            record_of(rules, row)
            for part in chunks(ids)
            for row in query_pages(
                self._session, "queryAll", f"SELECT {names} FROM {rules.sobject} WHERE Id IN {in_list(part)}"
            )
        ]


def owners_words(session: Session, sobject: str) -> tuple[Field, ...]:
    """
    What the owner of an org says about an object's fields, read by the scanner (Object Reference, FieldDefinition).

    Raises OrgError.
    """
    columns = "QualifiedApiName, Label, DataType, SecurityClassification, ComplianceGroup"
    where = f"EntityDefinition.QualifiedApiName = {literal(sobject)}"
    rows = session.query(f"SELECT {columns} FROM FieldDefinition WHERE {where}")
    return tuple(
        Field(
            name=f"{sobject}.{row['QualifiedApiName']}",
            label=str(row["Label"]),
            sobject=sobject,
            data_type=str(row["DataType"] or ""),
            security_classification=row["SecurityClassification"],
            compliance_groups=tuple(filter(None, str(row["ComplianceGroup"] or "").split(";"))),
        )
        for row in rows
    )
