"""
The condition that keeps other people's records from a caller, and whether one record may be edited or deleted.

Source: Salesforce Help, "Organization-Wide Sharing Defaults"; Record-Level Access: Under the Hood (implicit sharing).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from deployments.sandbox.caller import Caller
from deployments.sandbox.schema import SObject
from deployments.sandbox.sharing.principals import Principals, principals_of
from deployments.sandbox.sharing.rules import opened_to
from deployments.sandbox.soql.conditions import Conditions
from deployments.sandbox.soql.expressions import term
from deployments.sandbox.soql.scope import Scope
from deployments.sandbox.store import OrgStore

Need = Literal["Read", "Edit", "All"]
PARENT = "ControlledByParent"
_LEVELS: dict[Need, tuple[str, ...]] = {
    "Read": ("Read", "Edit", "All"),
    "Edit": ("Edit", "All"),
    "All": ("All",),
}
_OPEN: dict[Need, frozenset[str]] = {
    "Read": frozenset({"Read", "ReadSelect", "ReadWrite", "ReadWriteTransfer", "FullAccess"}),
    "Edit": frozenset({"ReadWrite", "ReadWriteTransfer", "FullAccess"}),
    "All": frozenset({"FullAccess"}),
}
_PARENTS = {"Contact": "AccountId", "Asset": "AccountId", "Order": "AccountId"}
_BRING_PARENT = {"Account": (("Contact", "AccountId"), ("Opportunity", "AccountId"), ("Case", "AccountId"))}
"""Whoever owns the child reads the parent."""

_FEW = 50


@dataclass
class _Predicate:
    store: OrgStore
    caller: Caller
    parts: list[str] = field(default_factory=list)
    params: list[object] = field(default_factory=list)

    def add(self, sql: str, params: Iterable[object] = ()) -> None:
        self.parts.append(sql)
        self.params += params

    def among(self, column: str, ids: Iterable[str], prefix: str = "", suffix: str = "") -> None:
        listed = sorted(ids)
        if len(listed) <= _FEW:
            self.add(f"{prefix}{column} IN ({', '.join('?' * len(listed))}){suffix}", listed)
        else:
            self.add(f"{prefix}{column} IN (SELECT value FROM json_each(?)){suffix}", [json.dumps(listed)])


def model_of(store: OrgStore, target: SObject) -> str:
    rows = store.sql('SELECT "InternalSharingModel" FROM "EntityDefinition" WHERE Id = ?', target.name)
    return str(rows[0][0]) if rows and rows[0][0] else "ReadWrite"


def restriction(
    store: OrgStore, caller: Caller, target: SObject, prefix: str, need: Need = "Read"
) -> tuple[str, list[object]] | None:
    """
    SQL over the table `<prefix>0`, true for the rows the caller may use; None when that is all of them.

    Object rights are not judged here.
    """
    if target.follows:
        return _by_leader(store, caller, target, prefix, need)
    if not target.data or not target.calls:
        return None
    rights = caller.on(target)
    if rights.modify_all or (need == "Read" and rights.view_all):
        return None
    model = model_of(store, target)
    if model in _OPEN[need]:
        return None
    link = parent_link(store, target) if model == PARENT else None
    if link is not None:
        return _by_parent(store, caller, target, prefix, link, need)
    return _own_and_shared(store, caller, target, prefix, need)


def allowed(store: OrgStore, caller: Caller, target: SObject, record_id: str, need: Need) -> bool:
    """Whether sharing lets the caller use one record, which is there."""
    limits = restriction(store, caller, target, "s", need)
    if limits is None:
        return True
    sql, params = limits
    return bool(
        store.tuples(f'SELECT 1 FROM "{target.name}" s0 WHERE s0.Id = ? AND {sql}', [record_id, *params])
    )


def parent_link(store: OrgStore, target: SObject) -> str | None:
    """The field through which a record's parent decides about it."""
    if target.name in _PARENTS:
        return _PARENTS[target.name]
    for each in target.fields.values():
        if each.custom and each.to:
            body = store.metadata("CustomField", f"{target.name}.{each.name}") or {}
            if body.get("type") == "MasterDetail":
                return each.name
    return None


def share_of(store: OrgStore, target: SObject) -> tuple[SObject, str, str] | None:
    """The object of a record's shares, with its columns for the record and for the level."""
    custom = target.name.endswith("__c")
    share = store.schema.get(f"{target.name[:-3]}__Share" if custom else f"{target.name}Share")
    if share is None:
        return None
    return (
        share,
        "ParentId" if custom else f"{target.name}Id",
        "AccessLevel" if custom else f"{target.name}AccessLevel",
    )


def _by_leader(
    store: OrgStore, caller: Caller, target: SObject, prefix: str, need: Need
) -> tuple[str, list[object]] | None:
    """History, shares, feeds and lines of a record go where the record goes."""
    leader = store.schema.get(str(target.follows))
    link = next((each.name for each in target.fields.values() if target.follows in each.to), None)
    inner = restriction(store, caller, leader, f"{prefix}l", need) if leader and link else None
    if inner is None or leader is None:
        return None
    sql, params = inner
    return f'{prefix}0."{link}" IN (SELECT {prefix}l0.Id FROM "{leader.name}" {prefix}l0 WHERE {sql})', params


def _by_parent(
    store: OrgStore, caller: Caller, target: SObject, prefix: str, link: str, need: Need
) -> tuple[str, list[object]] | None:
    parent = store.schema[target.fields[link].to[0]]
    # Whoever edits the parent has its details whole.
    inner = restriction(store, caller, parent, f"{prefix}p", "Edit" if need == "All" else need)
    found = _Predicate(store, caller)
    if inner is None:
        found.add(f'{prefix}0."{link}" IS NOT NULL')
    else:
        sql, params = inner
        found.add(
            f'{prefix}0."{link}" IN (SELECT {prefix}p0.Id FROM "{parent.name}" {prefix}p0 WHERE {sql})',
            params,
        )
    if "OwnerId" in target.fields:
        # A record without a parent is its owner's alone.
        owners = principals_of(store, caller.user_id).owners
        found.among(f'{prefix}0."OwnerId"', owners, f'({prefix}0."{link}" IS NULL AND ', ")")
    return f"({' OR '.join(found.parts)})", found.params


def _own_and_shared(
    store: OrgStore, caller: Caller, target: SObject, prefix: str, need: Need
) -> tuple[str, list[object]] | None:
    who = principals_of(store, caller.user_id)
    found = _Predicate(store, caller)
    table = f"{prefix}0"
    if "OwnerId" in target.fields:
        found.among(f'{table}."OwnerId"', who.owners)
    share = share_of(store, target)
    if share is not None:
        rows, link, level = share
        levels = ", ".join(f"'{each}'" for each in _LEVELS[need])
        found.among(
            '"UserOrGroupId"',
            who.grantees,
            f'{table}.Id IN (SELECT "{link}" FROM "{rows.name}" WHERE "IsDeleted" = 0 AND "{level}" IN ({levels}) AND ',
            ")",
        )
    if need != "All":
        _add_rules(found, target, prefix, need, who)
    if need == "Read":
        for child, link in _BRING_PARENT.get(target.name, ()):
            found.among('"OwnerId"', who.owners, f'{table}.Id IN (SELECT "{link}" FROM "{child}" WHERE "IsDeleted" = 0 AND ', ")")  # fmt: skip
    if not found.parts:
        return "0", []
    return f"({' OR '.join(found.parts)})", found.params


def _add_rules(found: _Predicate, target: SObject, prefix: str, need: Need, who: Principals) -> None:
    for rule in opened_to(found.store, target, who.grantees):
        if rule.level not in _LEVELS[need]:
            continue
        if rule.condition is not None:
            scope = Scope(found.store.schema, Caller.system(), target, None, prefix)
            made = Conditions(lambda each: term(scope, each), _no_subselect, found.store.clock.now())  # noqa: B023
            found.add(made.sql(rule.condition), made.params)
        elif rule.owners is None:
            found.add("1")
        else:
            found.among(f'{prefix}0."OwnerId"', rule.owners)


def _no_subselect(query: object) -> tuple[str, list[object]]:
    raise ValueError("the criteria of a sharing rule hold no sub-query")
