"""
Which field goes, which is sealed, which stays; and one form for values, however they came. Pure.

Salesforce keeps an empty text as no value, cuts blanks at both ends, and writes numbers in JSON and CSV in different ways.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from sys import intern
from typing import Any

from tasks.encryption.classify import PROTECTED_KINDS, classify, kind_by_name
from tasks.encryption.model import Field, SampleVerdict
from tasks.errors import ConfigurationError
from tasks.estate.model import Route
from tasks.sync.cursor import exact, stamp_of
from tasks.sync.model import Column, Record, Rules

NUMBERS = frozenset({"int", "long", "double", "currency", "percent"})
WHOLE = frozenset({"int", "long"})
_FEW = frozenset({"boolean", "picklist", "multipicklist", "combobox", "reference"})
"""Types of which many records hold equal values: those are kept once, for a batch is in memory whole."""
PEOPLE = frozenset({"Contact", "Lead", "User", "Individual", "PersonAccount"})
"""Objects whose records are persons: there every way to reach one, and every name, is about a person."""
_NAMES = frozenset({"Name", "FirstName", "LastName", "MiddleName", "Salutation", "Suffix"})


def rules_of(route: Route) -> Rules:
    """
    Before the orgs were asked: types are not known yet. Raises ConfigurationError for a route that Bulkhead does not carry.

    Fields of the route that it only reads, that are excluded or masked, stay in the source.
    """
    sync = route.sync
    if sync is None:
        raise ConfigurationError(
            f"{route.name} says nothing about how to carry it. Add `sync` to the route in estate.yaml and register again."
        )
    made_from = sync.sealed_fields | sync.index_fields
    left_out = {*sync.excluded_fields, *route.masked_fields, *route.read_only_fields}
    columns = tuple(
        Column(
            name=name,
            source=made_from.get(name, name),
            sealed=name in sync.sealed_fields,
            indexed=name in sync.index_fields,
        )
        for name in route.fields
        if name not in left_out and name != sync.external_id
    )
    return Rules(
        route=route.name,
        source=route.source,
        target=route.target,
        sobject=route.sobject,
        key=sync.key or sync.external_id,
        external_id=sync.external_id,
        columns=columns,
        removes=sync.deletes == "remove",
        contract=sync.contract,
    )


def typed(
    rules: Rules, source: Mapping[str, Mapping[str, Any]], target: Mapping[str, Mapping[str, Any]]
) -> Rules:
    """With the types and lengths of both describes, by field name."""
    columns = tuple(
        column.model_copy(
            update={
                "type": target[column.name]["type"],
                "source_type": source[column.source]["type"],
                "length": int(target[column.name].get("length") or 0),
            }
        )
        for column in rules.columns
    )
    return rules.model_copy(update={"columns": columns})


def text(kind: str, value: Any) -> str | None:
    """A value of a field in the one form; `kind` is the type that a describe names."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind in NUMBERS:
        try:
            return _plain(Decimal(str(value)))
        except InvalidOperation:
            return str(value)
    if kind == "datetime":
        return stamp_of(str(value))
    return str(value).replace("\r\n", "\n").strip() or None


def _plain(number: Decimal) -> str:
    found = format(number.normalize(), "f")
    return "0" if found in ("-0", "") else found


def wire(kind: str, value: str | None) -> Any:
    """The one form as JSON takes it."""
    if value is None:
        return None
    if kind == "boolean":
        return value == "true"
    if kind in WHOLE:
        return int(Decimal(value))
    if kind in NUMBERS:
        return float(value)
    return value


def record_of(rules: Rules, row: Mapping[str, Any]) -> Record:
    """Of one row of the source, by field name."""
    return Record(
        id=str(row["Id"]),
        stamp=intern(exact(str(row["SystemModstamp"]))),
        deleted=row["IsDeleted"] in (True, "true"),
        key=text("string", row[rules.key]),
        values=tuple(_kept(column.source_type, row[column.source]) for column in rules.columns),
    )


def _kept(kind: str, value: Any) -> str | None:
    found = text(kind, value)
    return intern(found) if found is not None and kind in _FEW else found


def personal(rules: Rules, fields: Sequence[Field], samples: Sequence[SampleVerdict] = ()) -> tuple[str, ...]:
    """
    Fields of the source that carry personal data on this route, sealed ones included: a sandbox gets none (ZT-09).

    `fields` are those of the source's object with the owner's classification; of one that is not among them its name decides.
    """
    asked = {f"{rules.sobject}.{name}": name for name in (*rules.asked, rules.key)}
    there = {field.name: field for field in fields if field.name in asked}
    whole = [
        there.get(qualified)
        or Field(
            name=qualified,
            label=name,
            sobject=rules.sobject,
            data_type="Text",
            security_classification=None,
            compliance_groups=(),
        )
        for qualified, name in asked.items()
    ]
    people = rules.sobject in PEOPLE
    found = {
        each.field.name
        for each in classify(whole, samples, {})
        if people or each.kind in PROTECTED_KINDS or kind_by_name(each.field) in PROTECTED_KINDS
    }
    if people:
        found |= {qualified for qualified, name in asked.items() if name in _NAMES}
    return tuple(sorted(found))


def seen_personal(samples: Collection[SampleVerdict]) -> tuple[str, ...]:
    """Fields of which even one value of a batch looks like a number that belongs to one person."""
    return tuple(
        sorted(
            each.field
            for each in samples
            if each.matching and each.pattern in ("us-ssn", "us-ein", "payment-card", "iban")
        )
    )
