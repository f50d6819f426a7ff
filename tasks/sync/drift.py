"""
Whether both orgs still are what a route was declared for, judged before the first record moves. Pure.

Describes show a field only to who may see it, so a missing right shows as a missing field; the message says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tasks.encryption.matching import INDEX_LETTERS
from tasks.encryption.sealed import longest
from tasks.estate.model import Route
from tasks.permissions.check import Operation, outside, refusals
from tasks.permissions.model import EffectiveRights
from tasks.sync.model import Column, Rules
from tasks.sync.rules import NUMBERS

Fields = Mapping[str, Mapping[str, Any]]
"""Of a describe, by field name."""
TEXTS = frozenset(
    {
        "string",
        "textarea",
        "picklist",
        "phone",
        "url",
        "email",
        "combobox",
        "multipicklist",
        "id",
        "reference",
    }
)
_ROOMY = frozenset({"string", "textarea"})


def fields_of(describe: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {str(field["name"]): field for field in describe["fields"]}


def drift(rules: Rules, source: Fields, target: Fields) -> tuple[str, ...]:
    """Everything that is not as the route needs it, in words; empty where all is."""
    return (*_keys(rules, source, target), *_columns(rules, source, target), *_required(rules, target))


def _keys(rules: Rules, source: Fields, target: Fields) -> Iterator[str]:
    there = target.get(rules.external_id)
    if there is None:
        yield f"{rules.target} shows no {rules.sobject}.{rules.external_id} to the sync"
    elif not (there.get("externalId") and there.get("unique")):
        yield f"{rules.sobject}.{rules.external_id} of {rules.target} is no unique external id"
    own = source.get(rules.key)
    if own is None:
        yield f"{rules.source} shows no {rules.sobject}.{rules.key} to the sync"
    elif rules.key != "Id" and not own.get("unique"):
        yield f"{rules.sobject}.{rules.key} of {rules.source} is not unique, so two records could become one"
    if own is not None and there is not None and _size(own) > _size(there):
        yield (
            f"{rules.sobject}.{rules.external_id} of {rules.target} holds {_size(there)} letters, "
            f"{rules.key} of {rules.source} {_size(own)}"
        )


def _columns(rules: Rules, source: Fields, target: Fields) -> Iterator[str]:
    for column in rules.columns:
        own, there = source.get(column.source), target.get(column.name)
        if own is None:
            yield f"{rules.source} shows no {rules.sobject}.{column.source} to the sync"
        if there is None:
            yield f"{rules.target} shows no {rules.sobject}.{column.name} to the sync"
        if own is None or there is None:
            continue
        if not (there.get("createable") and there.get("updateable")):
            yield f"{rules.sobject}.{column.name} of {rules.target} cannot be written"
        if column.indexed:
            yield from _indexed(rules, column, there)
        else:
            judge = _sealed if column.sealed else _clear
            yield from judge(rules, column, own, there)


def _sealed(rules: Rules, column: Column, own: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    name = f"{rules.sobject}.{column.name} of {rules.target}"
    if there["type"] not in _ROOMY:
        yield f"{name} is of type {there['type']}, and a sealed value is a text"
    elif longest(_size(there)) < (needed := _needed(own)):
        yield (
            f"{name} holds {_size(there)} letters, too few for a sealed {column.source} of up to {needed} bytes"
        )


def _indexed(rules: Rules, column: Column, there: Mapping[str, Any]) -> Iterator[str]:
    if there["type"] not in _ROOMY or _size(there) < INDEX_LETTERS:
        yield (
            f"{rules.sobject}.{column.name} of {rules.target} is to hold a blind index: a text of at least {INDEX_LETTERS} letters"
        )


def _needed(own: Mapping[str, Any]) -> int:
    """Letters of most values are one byte; what does not fit in the end goes to quarantine by itself."""
    return _size(own) if own["type"] in TEXTS else 24


def _clear(rules: Rules, column: Column, own: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    name = f"{rules.sobject}.{column.name}"
    if _family(own) != _family(there):
        yield f"{name} is of type {own['type']} in {rules.source} and of type {there['type']} in {rules.target}"
        return
    if own["type"] in TEXTS and _size(own) > _size(there) > 0:
        yield f"{name} holds {_size(own)} letters in {rules.source} and {_size(there)} in {rules.target}"
    if own["type"] in NUMBERS and int(own.get("scale") or 0) > int(there.get("scale") or 0):
        yield f"{name} has more decimal places in {rules.source} than in {rules.target}"
    if there.get("restrictedPicklist"):
        taken = {each["value"] for each in there.get("picklistValues", ()) if each.get("active", True)}
        given = {each["value"] for each in own.get("picklistValues", ())}
        if taken and (strange := sorted(given - taken)):
            yield f"{name} of {rules.target} does not take {len(strange)} choices of {rules.source}"


def _required(rules: Rules, target: Fields) -> Iterator[str]:
    carried = {rules.external_id, *(column.name for column in rules.columns)}
    for name, field in target.items():
        needed = field.get("createable") and not field.get("nillable", True)
        if (
            needed
            and not field.get("defaultedOnCreate")
            and field["type"] != "boolean"
            and name not in carried
        ):
            yield f"{rules.sobject}.{name} of {rules.target} must not be empty, and the route does not carry it"


def _family(field: Mapping[str, Any]) -> str:
    kind = str(field["type"])
    return "text" if kind in TEXTS else "number" if kind in NUMBERS else kind


def _size(field: Mapping[str, Any]) -> int:
    return int(field.get("length") or 0)


def rights_missing(
    route: Route, rules: Rules, held: EffectiveRights, always_on: Sequence[str]
) -> tuple[str, ...]:
    """What the sync would do and its declaration or the target org does not allow."""
    fields = [column.name for column in rules.columns] + [rules.external_id]
    needed: list[tuple[Operation, list[str]]] = [("read", fields), ("create", fields), ("edit", fields)]
    if rules.removes:
        needed.append(("delete", []))
    found = [
        reason
        for operation, names in needed
        for reason in (
            *outside(route, rules.sobject, names, operation),
            *refusals(held, rules.sobject, names, operation, always_on),
        )
    ]
    return tuple(dict.fromkeys(found))
