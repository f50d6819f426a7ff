"""What flows, list views, reports, sharing rules and formulas do with a field, from their metadata components."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tasks.shield.model import Caller, CallerKind, FieldFacts, Use
from tasks.shield.soql import Related

Component = Mapping[str, Any]
_EQUAL_IN_FLOWS = frozenset({"equalto", "notequalto", "in", "notin", "isnull", "isblank"})
_EQUAL_IN_FILTERS = frozenset({"equals", "notequal"})
_ASKING = ("recordLookups", "recordUpdates", "recordDeletes", "dynamicChoiceSets", "start")
_FORMULA_MAY = frozenset({"blankvalue", "case", "hyperlink", "if", "image", "isblank", "isnull", "nullvalue"})
"""Functions that may see an encrypted field, beside `&` (Security Guide, "Fix Compatibility Problems")."""
_OPERATORS = re.compile(r"[-+*/^<>=!|]|&&")
_TEXTS = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|/\*.*?\*/", re.DOTALL)


def flow_callers(name: str, flow: Component, fields: Collection[str]) -> Iterator[Caller]:
    """Of an active flow or process: elements that ask for records, and the conditions it starts with."""
    if str(flow.get("status") or "Active") != "Active":
        return
    for kind in _ASKING:
        for element in _many(flow, kind):
            sobject = str(element.get("object") or "")
            for item in _many(element, "filters"):
                operator = str(item.get("operator") or "")
                use = Use.EQUALITY if operator.lower() in _EQUAL_IN_FLOWS else Use.COMPARISON
                detail = f"{element.get('name') or kind}, {operator}"
                yield from _found(
                    fields, sobject, str(item.get("field") or ""), CallerKind.FLOW, name, use, detail
                )
            sort = str(element.get("sortField") or "")
            detail = str(element.get("name") or kind)
            yield from _found(fields, sobject, sort, CallerKind.FLOW, name, Use.SORT, detail)


def list_view_callers(name: str, view: Component, fields: Collection[str]) -> Iterator[Caller]:
    """`name` is `Account.Clients`. A column alone is shown as before, though nobody can sort by it any more."""
    sobject = name.partition(".")[0]
    for item in _many(view, "filters"):
        column, operation = str(item.get("field") or ""), str(item.get("operation") or "")
        use = Use.EQUALITY if operation.lower() in _EQUAL_IN_FILTERS else Use.COMPARISON
        for field in _by_column(fields, sobject, column):
            yield Caller(field=field, kind=CallerKind.LIST_VIEW, name=name, use=use, detail=operation)


def report_callers(
    name: str, report: Component, fields: Collection[str], related: Related
) -> Iterator[Caller]:
    """`name` is `Folder/Report`. Columns are `Account.SSN__c`, `Account$SSN__c` or `Account.Contacts$SSN__c`."""

    def used(column: object, use: Use, detail: str) -> Iterator[Caller]:
        for field in _by_report_column(fields, str(column or ""), related):
            yield Caller(field=field, kind=CallerKind.REPORT, name=name, use=use, detail=detail)

    filters = [*_many(report, "filter"), *_many(report, "crossFilters")]
    for item in (each for holder in filters for each in _many(holder, "criteriaItems")):
        operator = str(item.get("operator") or "")
        use = Use.EQUALITY if operator.lower() in _EQUAL_IN_FILTERS else Use.COMPARISON
        yield from used(item.get("column"), use, f"filter {operator}")
    for item in _many(report, "timeFrameFilter"):
        yield from used(item.get("dateColumn"), Use.COMPARISON, "time frame")
    for way in ("groupingsDown", "groupingsAcross"):
        for item in _many(report, way):
            yield from used(item.get("field"), Use.GROUP, "grouping")
    for item in _many(report, "buckets"):
        yield from used(item.get("sourceColumnName"), Use.GROUP, "bucket")
    yield from used(report.get("sortColumn"), Use.SORT, "sorting")
    # A joined report is made of reports.
    for block in _many(report, "block"):
        yield from report_callers(name, block, fields, related)


def matching_callers(name: str, rule: Component, fields: Collection[str]) -> Iterator[Caller]:
    """
    `name` is `Account.Rule`. Under a probabilistic scheme an active rule finds no duplicates any more, under a deterministic one
    it finds exact ones (Salesforce Help, Duplicate Management in the general considerations).
    """
    if str(rule.get("ruleStatus") or "Active") != "Active":
        return
    sobject = name.partition(".")[0]
    for item in _many(rule, "matchingRuleItems"):
        method = str(item.get("matchingMethod") or "")
        use = Use.EQUALITY if method.lower() == "exact" else Use.COMPARISON
        for field in _by_column(fields, sobject, str(item.get("fieldName") or "")):
            yield Caller(field=field, kind=CallerKind.MATCHING_RULE, name=name, use=use, detail=method)


def sharing_callers(name: str, rule: Component, fields: Collection[str]) -> Iterator[Caller]:
    """`name` is `Account.Rule`. Encrypted fields cannot stand in criteria (Salesforce Help, general considerations)."""
    sobject = name.partition(".")[0]
    for item in _many(rule, "criteriaItems"):
        for field in _by_column(fields, sobject, str(item.get("field") or "")):
            detail = str(item.get("operation") or "")
            yield Caller(field=field, kind=CallerKind.SHARING_RULE, name=name, use=Use.SHARING, detail=detail)


def formula_callers(name: str, formula: str, fields: Collection[str], related: Related) -> Iterator[Caller]:
    """
    `name` is the formula field. A formula whose functions are all allowed, and that has no other operator than `&`, still shows
    nothing in Lightning Experience and by SOQL (Security Guide, "Fix Compatibility Problems"), so each one is a caller.
    """
    text = _TEXTS.sub(" ", formula)
    wrong = sorted(
        {
            each.upper()
            for each in re.findall(r"([A-Za-z_]\w*)\s*\(", text)
            if each.lower() not in _FORMULA_MAY
        }
    ) + sorted({*_OPERATORS.findall(text)})
    use = Use.FORMULA if wrong else Use.SHOWN
    detail = f"uses {', '.join(wrong)}" if wrong else "in Lightning Experience and by SOQL"
    owner = name.partition(".")[0]
    meant: dict[str, None] = {}
    for path in re.findall(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", text):
        owners, last = related.owners(owner, path)
        known = {f"{each}.{last}".lower() for each in owners}
        for field in fields:
            alike = not known and field.partition(".")[2].lower() == last.lower()
            if field.lower() in known or alike:
                meant[field] = None
    for field in meant:
        yield Caller(field=field, kind=CallerKind.FORMULA, name=name, use=use, detail=detail)


def own_callers(facts: FieldFacts, *, history_encrypted: bool) -> Iterator[Caller]:
    """What the field itself is: unique, an external id, tracked in history."""
    own = {"field": facts.name, "kind": CallerKind.FIELD, "name": facts.name}
    if facts.unique:
        how = "case-sensitive" if facts.case_sensitive else "whatever the case"
        yield Caller(**own, use=Use.UNIQUE, detail=how)
    if facts.external_id:
        yield Caller(**own, use=Use.EXTERNAL_ID)
    if facts.history:
        detail = (
            "encrypted too" if history_encrypted else "old values stay in clear unless history is encrypted"
        )
        yield Caller(**own, use=Use.HISTORY, detail=detail)


def _found(
    fields: Collection[str],
    sobject: str,
    column: str,
    kind: CallerKind,
    name: str,
    use: Use,
    detail: str,
) -> Iterator[Caller]:
    for field in fields:
        if column and field.lower() == f"{sobject}.{column}".lower():
            yield Caller(field=field, kind=kind, name=name, use=use, detail=detail)


def _by_column(fields: Collection[str], sobject: str, column: str) -> Iterator[str]:
    """Standard fields have names of their own in filters (`ACCOUNT.PHONE1`, `CONTACT.EMAIL`)."""
    for field in fields:
        owner, _, name = field.partition(".")
        if owner.lower() == sobject.lower() and _plain(column.rpartition(".")[2]) == _plain(name):
            yield field


def _by_report_column(fields: Collection[str], column: str, related: Related) -> Iterator[str]:
    holder, _, name = column.rpartition("$") if "$" in column else column.rpartition(".")
    parent, _, child = holder.rpartition(".")
    owner = related.child(parent, child) or child
    for field in fields:
        sobject, _, own = field.partition(".")
        if _plain(own) == _plain(name) and (
            sobject.lower() == owner.lower() or not _is_object(owner, fields)
        ):
            yield field


def _is_object(name: str, fields: Collection[str]) -> bool:
    """Whether it is the object of one of the fields; of another name nobody knows which it stands for."""
    return any(field.partition(".")[0].lower() == name.lower() for field in fields)


def _plain(name: str) -> str:
    return name.lower() if name.endswith("__c") else re.sub(r"_|\d+$", "", name).lower()


def _many(component: Component, name: str) -> list[Component]:
    """What repeats, however often it came."""
    found = component.get(name)
    listed = found if isinstance(found, list) else [found]
    return [each for each in listed if isinstance(each, Mapping)]
