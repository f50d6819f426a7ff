"""
Sharing rules as deployed (SharingRules): which of an object's records they open, as SQL over its columns.

Source: Metadata API Developer Guide, SharingRules; Salesforce Help, "Sharing Rules".
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deployments.sandbox.schema import SObject
from deployments.sandbox.sharing.principals import EVERYBODY, ROLE, ROLE_AND_BELOW, members
from deployments.sandbox.soql import ast
from deployments.sandbox.soql.parse import parse
from deployments.sandbox.store import OrgStore

_COMPARES = {
    "equals": "=", "notEqual": "!=", "lessThan": "<", "greaterThan": ">", "lessOrEqual": "<=", "greaterOrEqual": ">=",
}  # fmt: skip
_KINDS = {
    "role": ROLE,
    "roleAndSubordinates": ROLE_AND_BELOW,
    "roleAndSubordinatesInternal": ROLE_AND_BELOW,
    "group": "Regular",
    "queue": "Queue",
    "allInternalUsers": EVERYBODY,
}
_NUMBERS = frozenset({"int", "double", "currency", "percent", "long"})
_LITERAL = re.compile(r"|-?\d+(\.\d+)?|(?i:true|false)|\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")
_PLAIN = frozenset({"date", "datetime", "boolean", *_NUMBERS})


@dataclass(frozen=True)
class Opened:
    """What one rule opens: records of some owners (None: of everybody), or those that meet a condition."""

    level: str
    owners: frozenset[str] | None = None
    condition: ast.Condition | None = None


def opened_to(store: OrgStore, target: SObject, grantees: frozenset[str]) -> Iterator[Opened]:
    """The rules of an object that name a group of the caller."""
    for kind, make in (("SharingOwnerRule", _by_owner), ("SharingCriteriaRule", _by_criteria)):
        for name in store.metadata_names(kind):
            if name.partition(".")[0].lower() != target.name.lower():
                continue
            body = store.metadata(kind, name) or {}
            groups = _groups(store, body.get("sharedTo"))
            if groups & grantees:
                yield from _made(make, store, target, body)


def _made(
    make: "Callable[[OrgStore, SObject, Mapping[str, Any]], Opened | None]",
    store: OrgStore,
    target: SObject,
    body: Mapping[str, Any],
) -> Iterator[Opened]:
    rule = make(store, target, body)
    if rule is not None:
        yield rule


def _by_owner(store: OrgStore, target: SObject, body: Mapping[str, Any]) -> Opened | None:
    owners: set[str] = set()
    for group in _groups(store, body.get("sharedFrom")):
        held = members(store, group)
        if held is None:
            return Opened(_level(body))
        owners |= held | {group}
    return Opened(_level(body), frozenset(owners))


def _by_criteria(store: OrgStore, target: SObject, body: Mapping[str, Any]) -> Opened | None:
    items = body.get("criteriaItems")
    items = items if isinstance(items, list) else [items]
    texts = [_item(target, each) for each in items if isinstance(each, Mapping)]
    if not texts:
        return None
    joined = str(body.get("booleanFilter") or " AND ".join(str(n + 1) for n in range(len(texts))))
    where = re.sub(
        r"\d+", lambda m: f"({texts[int(m[0]) - 1]})" if 0 < int(m[0]) <= len(texts) else "Id = null", joined
    )
    return Opened(
        _level(body),
        frozenset(),
        parse(f"SELECT Id FROM {target.name} WHERE {where}").where,
    )


def _item(target: SObject, item: Mapping[str, Any]) -> str:
    field = target.folded.get(str(item.get("field", "")).rpartition(".")[2].lower())
    if field is None:
        return "Id = null"
    operation, value = str(item.get("operation")), str(item.get("value") or "")
    if operation in ("contains", "startsWith", "notContain"):
        pattern = _escaped(value).replace("%", "\\%").replace("_", "\\_")
        text = f"{field.name} LIKE '{'' if operation == 'startsWith' else '%'}{pattern}%'"
        return f"NOT ({text})" if operation == "notContain" else text
    if operation in ("includes", "excludes"):
        listed = ", ".join(f"'{_escaped(each.strip())}'" for each in value.split(","))
        return f"{field.name} {operation.upper()} ({listed})"
    compare = _COMPARES.get(operation, "=")
    if field.type in _PLAIN:
        return f"{field.name} {compare} {value or 'null'}" if _LITERAL.fullmatch(value) else "Id = null"
    if compare in ("=", "!=") and "," in value:
        listed = ", ".join(f"'{_escaped(each.strip())}'" for each in value.split(","))
        return f"{field.name} {'IN' if compare == '=' else 'NOT IN'} ({listed})"
    return f"{field.name} {compare} '{_escaped(value)}'"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _level(body: Mapping[str, Any]) -> str:
    return str(body.get("accessLevel") or "Read")


def _groups(store: OrgStore, shared: object) -> frozenset[str]:
    """Ids of the groups that a sharedTo or sharedFrom names."""
    found: set[str] = set()
    for element, named in shared.items() if isinstance(shared, Mapping) else ():
        kind = _KINDS.get(element)
        if kind is None:
            continue
        names = named if isinstance(named, list) else [named]
        for name in names:
            where = {} if kind == EVERYBODY else {"DeveloperName": str(name)}
            found |= {str(row["Id"]) for row in store.find("Group", Type=kind, **where)}
    return frozenset(found)
