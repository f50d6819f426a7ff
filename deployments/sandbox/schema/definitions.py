"""The rows by which an org describes itself: EntityDefinition, FieldDefinition and CustomField."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deployments.sandbox.schema import Field, Schema, SObject

_DESCRIBED_BESIDE_DATA = frozenset({"User"})
_DATA_TYPES = {
    "id": "Lookup()",
    "address": "Address",
    "percent": "Percent(3, 0)",
    "boolean": "Checkbox",
    "int": "Number(9, 0)",
    "double": "Number(16, 2)",
    "date": "Date",
    "datetime": "Date/Time",
    "picklist": "Picklist",
    "currency": "Currency(16, 2)",
    "email": "Email",
    "phone": "Phone",
    "multipicklist": "Picklist (Multi-Select)",
    "url": "URL(255)",
}


def _data_type(field: "Field") -> str:
    """The label Setup shows, as FieldDefinition.DataType gives it."""
    if field.type == "reference":
        return f"Lookup({','.join(field.to)})"
    if field.formula:
        return f"Formula ({_DATA_TYPES.get(field.type, 'Text').partition('(')[0]})"
    if field.encrypted:
        return f"Text (Encrypted)({field.length})"
    if field.type == "textarea":
        return f"Long Text Area({field.length})" if field.length > 255 else "Text Area(255)"
    return _DATA_TYPES.get(field.type, f"Text({field.length})")


def entity_row(each: "SObject") -> Mapping[str, object]:
    """The EntityDefinition row of one object."""
    can = {
        f"IsEver{word}": call in each.calls
        for word, call in (("Creatable", "create"), ("Updatable", "update"), ("Deletable", "delete"))
    }
    return {
        "Id": each.name,
        "DurableId": each.name,
        "QualifiedApiName": each.name,
        "DeveloperName": each.name.removesuffix("__c").removesuffix("__mdt"),
        "MasterLabel": each.label,
        "Label": each.label,
        "PluralLabel": each.plural,
        "KeyPrefix": each.prefix,
        "InternalSharingModel": "ReadWrite",
        "ExternalSharingModel": "Private",
        "IsCustomizable": each.customizable or each.custom,
        "IsCustomSetting": each.custom_setting,
        "IsQueryable": True,
        "IsSearchable": each.data,
        "IsTriggerable": each.data,
        "IsApexTriggerable": each.data,
        **can,
    }


def field_row(owner: "SObject", field: "Field") -> Mapping[str, object]:
    """The FieldDefinition row of one field."""
    durable = f"{owner.name}.{field.name}"
    name = field.name.removesuffix("__c")
    developer = name.removesuffix("Id") if field.type == "reference" and not field.custom else name
    return {
        "Id": durable,
        "DurableId": durable,
        "QualifiedApiName": field.name,
        "EntityDefinitionId": owner.name,
        "DeveloperName": developer,
        "MasterLabel": field.label,
        "Label": field.label,
        "Length": field.length,
        "DataType": _data_type(field),
        "RelationshipName": field.relationship,
        "ReferenceTo": {"referenceTo": list(field.to) or None},
        "IsNillable": field.nillable,
        "IsIndexed": field.system or field.external_id or bool(field.to),
        "IsApiFilterable": field.filterable,
        "IsApiGroupable": field.groupable,
        "IsApiSortable": field.sortable,
        "IsNameField": field.name == "Name",
    }


def _custom(owner: "SObject", field: "Field") -> Mapping[str, object]:
    return {
        "DeveloperName": field.name.removesuffix("__c"),
        "TableEnumOrId": owner.name,
        "EntityDefinitionId": owner.name,
    }


def definition_rows(schema: "Schema") -> dict[str, list[Mapping[str, object]]]:
    """Rows by object: entities for every object, fields for the data objects and User."""
    described = [each for each in schema.objects.values() if each.data or each.name in _DESCRIBED_BESIDE_DATA]
    pairs = [
        (owner, field) for owner in described for field in owner.fields.values() if field.type != "metadata"
    ]
    return {
        "EntityDefinition": [entity_row(each) for each in schema.objects.values()],
        "FieldDefinition": [field_row(owner, field) for owner, field in pairs],
        "CustomField": [_custom(owner, field) for owner, field in pairs if field.custom],
    }
