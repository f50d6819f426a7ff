"""How records are laid out for people: page, compact and approval layouts, list views, quick actions, default values."""

from typing import Any

from deployments.sandbox.ids import is_id, make_id
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.describe import MASTER
from deployments.sandbox.rest.errors import ApiError, not_allowed, not_found
from deployments.sandbox.schema import Field, SObject
from deployments.sandbox.soql.query import SoqlError, run_query
from deployments.sandbox.wire import Reply, json_reply

NAMES = frozenset({"describe", "listviews", "quickActions", "defaultValues", "relevantItems"})
_COLUMNS = 5


def answers(parts: tuple[str, ...]) -> bool:
    """Whether a path below /sobjects/{object} is about layouts."""
    return len(parts) > 2 and parts[2] in NAMES and parts[2:] != ("describe",)


def answer(one: Call) -> Reply:
    if one.method not in ("GET", "HEAD"):
        raise not_allowed(one.method, "GET,HEAD")
    target = one.sobject(one.parts[1])
    rest = one.parts[2:]
    if rest[0] == "describe":
        return json_reply(200, _described(one, target, rest[1:]))
    if rest[0] == "listviews":
        return _list_views(one, target, rest[1:])
    if rest[0] == "quickActions":
        if len(rest) > 1:
            raise not_found()
        return json_reply(200, [])
    if rest[0] == "defaultValues":
        return json_reply(200, {"results": [], "recordTypeId": MASTER})
    raise not_found()


def _described(one: Call, target: SObject, rest: tuple[str, ...]) -> dict[str, Any]:
    if rest[:1] == ("layouts",):
        layout = _layout(one, target)
        if len(rest) == 2:
            if not is_id(rest[1]):
                raise not_found()
            return layout
        if len(rest) == 1:
            mapping = {
                "available": True,
                "defaultRecordTypeMapping": True,
                "layoutId": layout["id"],
                "master": True,
                "name": "Master",
                "picklistsForRecordType": None,
                "recordTypeId": MASTER,
                "urls": {"layout": f"{one.base}/sobjects/{target.name}/describe/layouts/{MASTER}"},
            }
            return {
                "layouts": [layout],
                "recordTypeMappings": [mapping],
                "recordTypeSelectorRequired": [False],
            }
    if rest[:1] == ("compactLayouts",) and len(rest) <= 2:
        compact = _compact(one, target)
        return {
            "compactLayouts": [compact],
            "defaultCompactLayoutId": None,
            "recordTypeCompactLayoutMappings": [
                {"available": True, "compactLayoutId": None, "compactLayoutName": "SYSTEM", "recordTypeId": MASTER,
                 "recordTypeName": "Master", "urls": {"compactLayout": f"{one.base}/sobjects/{target.name}/describe/compactLayouts/{MASTER}"}}
            ],
            "urls": {"primary": f"{one.base}/sobjects/{target.name}/describe/compactLayouts/primary"},
        }  # fmt: skip
    if rest[:1] == ("approvalLayouts",) and len(rest) == 1:
        return {"approvalLayouts": []}
    if rest[:1] == ("namedLayouts",) and len(rest) == 2:
        return {"layouts": [_layout(one, target)]}
    raise not_found()


def _shown(one: Call, target: SObject) -> list[Field]:
    return [
        each
        for each in target.fields.values()
        if not each.system and each.type not in ("id", "metadata") and one.caller.reads(target, each)
    ]


def _item(each: Field) -> dict[str, Any]:
    part = {"details": {"name": each.name, "type": each.type, "label": each.label}, "displayLines": 1,
            "tabOrder": 1, "type": "Field", "value": each.name}  # fmt: skip
    return {
        "editableForNew": each.createable,
        "editableForUpdate": each.updateable,
        "label": each.label,
        "layoutComponents": [part],
        "placeholder": False,
        "required": each.required,
    }


def _layout(one: Call, target: SObject) -> dict[str, Any]:
    rows = [{"layoutItems": [_item(each)], "numItems": 1} for each in _shown(one, target)]
    section = {
        "columns": 1,
        "heading": f"{target.label} Information",
        "layoutRows": rows,
        "layoutSectionId": None,
        "parentLayoutId": None,
        "rows": len(rows),
        "tabOrder": "TopToBottom",
        "useCollapsibleSection": False,
        "useHeading": True,
    }
    return {
        "buttonLayoutSection": {"detailButtons": []},
        "detailLayoutSections": [section],
        "editLayoutSections": [section],
        "feedView": None,
        "highlightsPanelLayoutSection": None,
        "id": make_id("00h", one.store.instance, _number(one, target)),
        "multirowEditLayoutSections": [],
        "offlineLinks": [],
        "quickActionList": {"quickActionListItems": []},
        "relatedContent": None,
        "relatedLists": [],
        "saveOptions": [],
    }


def _compact(one: Call, target: SObject) -> dict[str, Any]:
    items = [_item(each) for each in _shown(one, target)[:_COLUMNS]]
    return {
        "actions": [],
        "fieldItems": items,
        "id": None,
        "imageItems": [],
        "label": "System Default",
        "name": "SYSTEM",
        "objectType": target.name,
    }


# List views --------------------------------------------------------------------------------------------


def _list_views(one: Call, target: SObject, rest: tuple[str, ...]) -> Reply:
    """Every data object has the view of all its records, and no other."""
    if not target.data:
        raise not_found()
    base = f"{one.base}/sobjects/{target.name}/listviews"
    view_id = make_id("00B", one.store.instance, _number(one, target))
    if not rest:
        view = {
            "describeUrl": f"{base}/{view_id}/describe",
            "developerName": f"All{target.name.removesuffix('__c')}",
            "id": view_id,
            "label": f"All {target.plural}",
            "resultsUrl": f"{base}/{view_id}/results",
            "soqlCompatible": True,
            "url": f"{base}/{view_id}",
        }
        return json_reply(
            200,
            {
                "done": True,
                "listviews": [view],
                "nextRecordsUrl": None,
                "size": 1,
                "sobjectType": target.name,
            },
        )
    if rest[0] == "recent" and len(rest) == 1:
        return json_reply(
            200,
            {"done": True, "listviews": [], "nextRecordsUrl": None, "size": 0, "sobjectType": target.name},
        )
    if rest[0] != view_id or len(rest) > 2:
        raise not_found()
    columns = [each for each in _shown(one, target) if each.filterable][:_COLUMNS]
    query = f"SELECT {', '.join(each.name for each in columns)} FROM {target.name}"
    shown = [
        {"ascendingLabel": "A-Z", "descendingLabel": "Z-A", "fieldNameOrPath": each.name, "hidden": False,
         "label": each.label, "selectListItem": each.name, "sortDirection": None, "sortIndex": None,
         "sortable": each.sortable, "type": each.type}
        for each in columns
    ]  # fmt: skip
    described = {"columns": shown, "id": view_id, "orderBy": [], "query": query, "scope": "everything",
                 "sobjectType": target.name, "whereCondition": None}  # fmt: skip
    if rest[1:] in ((), ("describe",)):
        return json_reply(200, described)
    if rest[1:] == ("results",):
        return json_reply(200, _results(one, described))
    raise not_found()


def _results(one: Call, described: dict[str, Any]) -> dict[str, Any]:
    limit = one.query.get("limit", "25")
    if not limit.isdigit():
        raise ApiError("INVALID_QUERY_FILTER_OPERATOR", "limit must be a number")
    try:
        found = run_query(
            one.store,
            one.schema,
            f"{described['query']} LIMIT {min(int(limit), 2000)}",
            one.caller,
            version=one.version,
        )
    except SoqlError as error:
        raise ApiError(error.code, error.message) from error
    records = [
        {
            "columns": [
                {"fieldNameOrPath": name, "value": value}
                for name, value in each.items()
                if name != "attributes"
            ]
        }
        for each in found.records
    ]
    return {
        "columns": described["columns"],
        "developerName": described["sobjectType"],
        "done": True,
        "id": described["id"],
        "label": described["sobjectType"],
        "records": records,
        "size": len(records),
    }


def _number(one: Call, target: SObject) -> int:
    return list(one.schema.objects).index(target.name) + 1
