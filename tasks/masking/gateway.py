"""Reads a sandbox as our scanner: what its records hold, counted; and what production holds, hashed. No value goes further."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from tasks.encryption.model import Field
from tasks.errors import BadRequest, OrgError, OrgRefused
from tasks.masking.automations_gateway import read_automations
from tasks.masking.fakes import Masker
from tasks.masking.model import (
    Copied,
    MaskedObject,
    Origin,
    Residual,
    Rule,
    SandboxReading,
    ScanReport,
)
from tasks.masking.residual import Scanner, by_value, hashes_of
from tasks.masking.rules import TEXTUAL, made_of_others, rules_of
from tasks.salesforce.pages import Row
from tasks.salesforce.rows import OrgOrigin, only_in_a_sandbox, records
from tasks.salesforce.session import Session
from tasks.salesforce.soql import chunks, in_list, literal

SAMPLED = 2_000
"""Records of each object of production whose values are looked for."""
FILES = ("Attachment", "ContentVersion", "Document", "Note")
_USER = "User"
"""People of the org itself, who sign in with what stands there."""
_PAGE = 2_000
_NO_DATA = ("__mdt", "__Share", "__History", "__Feed", "__e", "__ChangeEvent")
_SEEN = 0.95
"""Share of an object's records, as the org counts them, that have to be visible."""


class Table(NamedTuple):
    """An object that has records. `visible` are those of them that we see."""

    sobject: str
    fields: tuple[Row, ...]
    visible: int


def origin_of(found: OrgOrigin) -> Origin:
    return Origin(org_id=found.id, sandbox=found.sandbox, created=found.created)


def survey(session: Session, only: Collection[str] = ()) -> SandboxReading:
    """
    The sandbox but for its records. `only` are names of objects; all where there are none. Raises OrgRefused for production,
    and OrgError.
    """
    origin = origin_of(only_in_a_sandbox(session))
    tables, unread, passed_over = _tables(session, only)
    names = [each.sobject for each in tables]
    return SandboxReading(
        org=session.alias,
        origin=origin,
        visible={each.sobject: each.visible for each in tables},
        automations=read_automations(session, names),
        copied=_copied(session),
        files=sum(each.visible for each in tables if each.sobject in FILES[:3]),
        unread=tuple(unread),
        passed_over=passed_over,
    )


def inspect(session: Session, masker: Masker, scanner: Scanner, sobject: str) -> MaskedObject | None:
    """What would be masked of one object; None where it holds nobody's data. Raises as `survey`."""
    only_in_a_sandbox(session)
    tables, _, _ = _tables(session, (sobject,))
    definitions = _definitions(session, [each.sobject for each in tables])
    for table in tables:
        found = _inspected(session, masker, scanner, table, definitions)
        return found if found.rules or found.left_out else None
    return None


def scan(session: Session, scanner: Scanner, compared: int = 0, only: Collection[str] = ()) -> ScanReport:
    """
    What is left: every text of every record is looked at. Raises OrgError.

    Fields with a rule hold fakes or they are findings; in all others patterns, names and production's values are looked for.
    """
    origin = origin_of(only_in_a_sandbox(session))
    tables, unread, passed_over = _tables(session, only)
    definitions = _definitions(session, [each.sobject for each in tables])
    found: Counter[tuple[str, str]] = Counter()
    fields, seen = 0, 0
    for table in tables:
        rules, left_out = rules_of(table.sobject, table.fields, definitions)
        by_field = {rule.field: rule for rule in rules}
        names = _looked_at(table, by_field)
        filled: set[str] = set()
        fields, seen = fields + len(names), seen + table.visible
        for row in _records(session, table, [*names, *left_out]) if names or left_out else ():
            filled.update(name for name in left_out if row[name])
            for name in names:
                if (value := row[name]) and (pattern := scanner.found(value, by_field.get(name))):
                    found[f"{table.sobject}.{name}", pattern] += 1
        unread += _told(table.sobject, left_out, filled)
    assert session.server_time is not None
    return ScanReport(
        org=session.alias,
        origin=origin,
        at=session.server_time,
        fields=fields,
        records=seen,
        residuals=tuple(
            Residual(field=field, pattern=pattern, records=count)
            for (field, pattern), count in sorted(found.items())
        ),
        compared=compared,
        unread=tuple(unread),
        passed_over=passed_over,
    )


def hashes(session: Session, masker: Masker, only: Collection[str] = ()) -> frozenset[bytes]:
    """Keyed hashes of what the newest records of an org hold in fields with a rule; the values stay here. Raises OrgError."""
    tables, _, _ = _tables(session, only)
    definitions = _definitions(session, [each.sobject for each in tables])
    found: set[bytes] = set()
    for table in tables:
        rules, _ = rules_of(table.sobject, table.fields, definitions)
        told = [rule for rule in rules if by_value(rule.kind)]
        if not told:
            continue
        soql = f"SELECT {', '.join(r.field for r in told)} FROM {table.sobject} ORDER BY LastModifiedDate DESC LIMIT {SAMPLED}"
        for row in session.query(soql):
            for rule in told:
                if value := row[rule.field]:
                    found |= hashes_of(masker, rule.kind, [str(value)])
    return frozenset(found)


# -- inside


def _tables(session: Session, only: Collection[str]) -> tuple[list[Table], list[str], tuple[str, ...]]:
    """
    Objects with records, as far as we see them; what we do not see, with why; and objects that are not looked at.

    Records are counted here and now. What the org keeps of such counts is old, and leaves objects out: it is good for nothing
    but the question whether we see all there are.
    """
    names, passed_over = _objects(session, only)
    described = session.describe(names)
    unread, open_to_us = [], {}
    for name, answer in described.items():
        if isinstance(answer, (OrgRefused, BadRequest)):
            unread.append(f"the scanner does not see {name}, so nobody knows what it holds")
        elif isinstance(answer, OrgError):
            raise answer
        elif answer.get("queryable", True) and not answer.get("customSetting"):
            open_to_us[name] = tuple(answer["fields"])
    kept = session.record_counts(open_to_us)
    counted = session.read_all({name: f"SELECT COUNT(Id) n FROM {name}" for name in open_to_us})
    tables = []
    for name, fields in open_to_us.items():
        rows = counted[name]
        if isinstance(rows, BadRequest):
            unread.append(f"{name} cannot be counted, so it is not looked at ({rows.code})")
            continue
        if isinstance(rows, OrgError):
            raise rows
        count = int(rows[0]["n"])
        if name not in kept:
            unread.append(f"the org does not say how many records of {name} there are; {count:,} are visible")
        elif count < _SEEN * kept[name]:
            unread.append(
                f"the scanner sees {count:,} of about {kept[name]:,} records of {name}; let it view all"
            )
        if count:
            tables.append(Table(name, fields, count))
    return tables, unread, passed_over


def _objects(session: Session, only: Collection[str]) -> tuple[list[str], tuple[str, ...]]:
    """What is looked at, and what people fill and search and yet is not."""
    if only:
        return [name for name in dict.fromkeys(only) if name != _USER], ((_USER,) if _USER in only else ())
    names: list[str] = []
    while True:
        # This object has no further pages (Tooling API guide, EntityDefinition), so each begins where the last ended.
        after = f" AND QualifiedApiName > {literal(names[-1])}" if names else ""
        rows = session.query(
            f"SELECT QualifiedApiName FROM EntityDefinition WHERE IsCustomizable = true{after} "
            f"ORDER BY QualifiedApiName LIMIT {_PAGE}"
        )
        names += [str(row["QualifiedApiName"]) for row in rows]
        if len(rows) < _PAGE:
            break
    chosen = [
        name for name in dict.fromkeys((*names, *FILES)) if not name.endswith(_NO_DATA) and name != _USER
    ]
    searched = [str(each["name"]) for each in session.get("sobjects")["sobjects"] if each.get("searchable")]
    left = {name for name in (*names, *searched) if not name.endswith(_NO_DATA)} - {*chosen}
    return chosen, tuple(sorted(left))


def _definitions(session: Session, objects: Sequence[str]) -> dict[str, Field]:
    queries = {
        str(
            index
        ): "SELECT EntityDefinition.QualifiedApiName, QualifiedApiName, Label, DataType, SecurityClassification, "
        f"ComplianceGroup FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName IN {in_list(part)}"
        for index, part in enumerate(chunks(objects, 10))
    }
    found = {}
    for answer in session.read_all(queries, tooling=True).values() if queries else ():
        if isinstance(answer, OrgError):
            raise answer
        for row in answer:
            sobject = str(row["EntityDefinition"]["QualifiedApiName"])
            name = f"{sobject}.{row['QualifiedApiName']}"
            found[name] = Field(
                name=name,
                label=row["Label"] or "",
                sobject=sobject,
                data_type=row["DataType"] or "",
                security_classification=row["SecurityClassification"],
                compliance_groups=tuple(g for g in str(row["ComplianceGroup"] or "").split(";") if g),
            )
    return found


def _inspected(
    session: Session, masker: Masker, scanner: Scanner, table: Table, definitions: Mapping[str, Field]
) -> MaskedObject:
    rules, left_out = rules_of(table.sobject, table.fields, definitions)
    by_field = {rule.field: rule for rule in rules}
    names = _looked_at(table, by_field)
    suspicious: set[str] = set()
    filled: set[str] = set()
    counted = _Counted(masker, rules)
    for row in _records(session, table, [*names, *left_out]) if names or left_out else ():
        counted.add(row)
        filled.update(name for name, value in row.items() if value)
        suspicious |= {
            name
            for name in names
            if name not in by_field
            and name not in suspicious
            and (value := row[name])
            and scanner.found(value)
        }
    if suspicious:
        # What was found in them makes them fields with a rule, so the records are counted anew.
        rules, left_out = rules_of(table.sobject, table.fields, definitions, suspicious)
        counted = _Counted(masker, rules)
        for row in _records(session, table, [rule.field for rule in rules]):
            counted.add(row)
    return MaskedObject(
        sobject=table.sobject,
        rules=rules,
        rows=table.visible,
        open=counted.open,
        open_fields=dict(counted.fields),
        left_out=_told(table.sobject, left_out, filled),
    )


def _told(sobject: str, left_out: Mapping[str, str], filled: Collection[str]) -> tuple[str, ...]:
    return tuple(f"{sobject}.{name}: {why}" for name, why in left_out.items() if name in filled)


class _Counted:
    """How many records, and how many values of each field, would be written."""

    def __init__(self, masker: Masker, rules: Sequence[Rule]) -> None:
        self._masker, self._rules = masker, rules
        self.open = 0
        self.fields: Counter[str] = Counter()

    def add(self, row: Mapping[str, str | None]) -> None:
        written = self._masker.masked(self._rules, row)
        self.open += bool(written)
        self.fields.update(written.keys())


def _looked_at(table: Table, rules: Mapping[str, Rule]) -> list[str]:
    """Texts, and whatever has a rule. A name that is made of others is looked at where these are."""
    fields = {str(each["name"]): each for each in table.fields}
    texts = [
        name
        for name, each in fields.items()
        if each["type"] in TEXTUAL and not made_of_others(table.sobject, each, fields.keys())
    ]
    return list(dict.fromkeys((*texts, *rules)))


def _records(session: Session, table: Table, names: Sequence[str]) -> Iterator[dict[str, str | None]]:
    return records(session, table.sobject, names, table.visible)


def _copied(session: Session) -> Copied:
    found = session.read_all(
        {
            "users": "SELECT COUNT(Id) n FROM User WHERE IsActive = true",
            "apps": "SELECT COUNT(Id) n FROM ConnectedApplication",
        }
    )
    tooling = session.read_all({"certificates": "SELECT Id FROM Certificate"}, tooling=True)["certificates"]
    return Copied(
        users=_number_of(found["users"]),
        apps=_number_of(found["apps"]),
        certificates=0 if isinstance(tooling, OrgError) else len(tooling),
    )


def _number_of(answer: list[Row] | OrgError) -> int:
    return 0 if isinstance(answer, OrgError) else int(answer[0]["n"])
