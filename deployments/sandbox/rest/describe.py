"""What an object is, in the words of describe: the global list and one object with its fields."""

from typing import Any

from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import not_allowed
from deployments.sandbox.schema import Field, SObject
from deployments.sandbox.wire import Reply, json_reply

XSD = {
    "id": "tns:ID", "reference": "tns:ID", "boolean": "xsd:boolean", "int": "xsd:int", "double": "xsd:double",
    "currency": "xsd:double", "percent": "xsd:double", "date": "xsd:date", "datetime": "xsd:dateTime", "anyType": "xsd:anyType",
    "base64": "xsd:base64Binary",
}  # fmt: skip
MASTER = "012000000000000AAA"
"""The record type that stands for none."""


def answer(one: Call) -> Reply:
    if one.method not in ("GET", "HEAD"):
        raise not_allowed(one.method, "GET,HEAD")
    if len(one.parts) == 1:
        return json_reply(
            200,
            {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": [summary(one, t) for t in _visible(one)]},
        )
    return json_reply(200, full(one, one.sobject(one.parts[1])))


def _visible(one: Call) -> list[SObject]:
    api = "tooling" if one.tooling else "rest"
    return [each for each in one.schema.objects.values() if api in each.api and one.caller.sees(each)]


def summary(one: Call, target: SObject) -> dict[str, Any]:
    """The entry of the global list, which also opens a full describe and an object's basic information."""
    rights = one.caller.on(target)
    return {
        "activateable": False,
        "associateEntityType": None,
        "associateParentEntity": None,
        "createable": "create" in target.calls and (not target.data or rights.create),
        "custom": target.custom,
        "customSetting": target.custom_setting,
        "deepCloneable": False,
        "deletable": "delete" in target.calls and (not target.data or rights.delete),
        "deprecatedAndHidden": False,
        "feedEnabled": False,
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "keyPrefix": target.prefix,
        "label": target.label,
        "labelPlural": target.plural,
        "layoutable": target.data,
        "mergeable": False,
        "mruEnabled": target.data,
        "name": target.name,
        "queryable": True,
        "replicateable": target.data,
        "retrieveable": True,
        "searchable": target.data,
        "triggerable": target.data,
        "undeletable": target.data,
        "updateable": "update" in target.calls and (not target.data or rights.edit),
        "urls": _urls(one, target),
    }


def _urls(one: Call, target: SObject) -> dict[str, str]:
    base = f"{one.base}/sobjects/{target.name}"
    urls = {"describe": f"{base}/describe", "rowTemplate": f"{base}/{{ID}}", "sobject": base}
    if target.data and not one.tooling:
        pages = one.org.instance_url
        urls |= {
            "approvalLayouts": f"{base}/describe/approvalLayouts",
            "compactLayouts": f"{base}/describe/compactLayouts",
            "defaultValues": f"{base}/defaultValues?recordTypeId&fields",
            "layouts": f"{base}/describe/layouts",
            "listviews": f"{base}/listviews",
            "quickActions": f"{base}/quickActions",
            "uiDetailTemplate": f"{pages}/{{ID}}",
            "uiEditTemplate": f"{pages}/{{ID}}/e",
            "uiNewRecord": f"{pages}/{target.prefix}/e",
        }
    return urls


def _record_types(one: Call, target: SObject) -> list[dict[str, Any]]:
    """The master record type, which every object has."""
    layout = f"{one.base}/sobjects/{target.name}/describe/layouts/{MASTER}"
    return [
        {
            "active": True,
            "available": True,
            "defaultRecordTypeMapping": True,
            "developerName": "Master",
            "master": True,
            "name": "Master",
            "recordTypeId": MASTER,
            "urls": {"layout": layout},
        }
    ]


def _scopes(target: SObject) -> list[dict[str, str]]:
    scopes = [{"label": f"All {target.plural.lower()}", "name": "everything"}]
    if "OwnerId" in target.fields:
        scopes += [
            {"label": f"My {target.plural.lower()}", "name": "mine"},
            {"label": f"My team's {target.plural.lower()}", "name": "team"},
        ]
    return scopes


def full(one: Call, target: SObject) -> dict[str, Any]:
    fields = [field(one, target, each) for each in target.fields.values() if one.caller.reads(target, each)]
    children = [
        {
            "cascadeDelete": False,
            "childSObject": child.sobject,
            "deprecatedAndHidden": False,
            "field": child.field,
            "junctionIdListNames": [],
            "junctionReferenceTo": [],
            "relationshipName": child.name,
            "restrictedDelete": False,
        }
        for child in one.schema.children(target.name).values()
    ]
    return {
        **summary(one, target),
        "actionOverrides": [],
        "childRelationships": children,
        "compactLayoutable": target.data,
        "defaultImplementation": None,
        "extendedBy": None,
        "extendsInterfaces": None,
        "fields": fields,
        "implementedBy": None,
        "implementsInterfaces": None,
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": _record_types(one, target) if target.data else [],
        "searchLayoutable": target.data,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": _scopes(target),
    }


def _wire_type(each: Field) -> str:
    if each.encrypted:
        return "encryptedstring"
    return "complexvalue" if each.type == "metadata" else each.type


def field(one: Call, target: SObject, each: Field) -> dict[str, Any]:
    """One field with the keys a real describe carries. What may be written is what this caller may write."""
    rights = one.caller.on(target)
    edits = one.caller.edits(target, each)
    number = each.type in ("double", "currency", "percent")
    return {
        "aggregatable": each.aggregatable,
        "aiPredictionField": False,
        "autoNumber": False,
        "byteLength": each.length * 3 if each.type not in ("id", "reference") else each.length,
        "calculated": False,
        "calculatedFormula": None,
        "cascadeDelete": False,
        "caseSensitive": False,
        "compoundFieldName": None,
        "controllerName": None,
        "createable": each.createable and (not target.data or (rights.create and edits)),
        "custom": each.custom,
        "defaultValue": False if each.type == "boolean" else each.default,
        "defaultValueFormula": None,
        "defaultedOnCreate": each.system or each.type == "boolean" or each.default is not None,
        "dependentPicklist": False,
        "deprecatedAndHidden": False,
        "digits": 9 if each.type == "int" else 0,
        "displayLocationInDecimal": False,
        "encrypted": each.encrypted,
        "externalId": each.external_id,
        "extraTypeInfo": None,
        "filterable": each.filterable,
        "filteredLookupInfo": None,
        "formulaTreatNullNumberAsZero": False,
        "groupable": each.groupable,
        "highScaleNumber": False,
        "htmlFormatted": False,
        "idLookup": each.type == "id" or each.external_id or each.name == "Name",
        "inlineHelpText": None,
        "label": each.label,
        "length": each.length,
        "mask": each.mask or None,
        "maskType": each.mask_type or None,
        "name": each.name,
        "nameField": each.name == "Name",
        "namePointing": len(each.to) > 1,
        "nillable": each.nillable,
        "permissionable": each.permissionable,
        "picklistValues": [
            {
                "active": True,
                "defaultValue": value == each.default,
                "label": value,
                "validFor": None,
                "value": value,
            }
            for value in each.values
        ],
        "polymorphicForeignKey": len(each.to) > 1,
        "precision": 18 if number else 0,
        "queryByDistance": False,
        "referenceTargetField": None,
        "referenceTo": list(each.to),
        "relationshipName": each.relationship,
        "relationshipOrder": None,
        "restrictedDelete": False,
        "restrictedPicklist": False,
        "scale": 2 if number else 0,
        "searchPrefilterable": False,
        "soapType": XSD.get(each.type, "xsd:string"),
        "sortable": each.sortable,
        "type": _wire_type(each),
        "unique": each.unique,
        "updateable": each.updateable and (not target.data or (rights.edit and edits)),
        "writeRequiresMasterRead": False,
    }
