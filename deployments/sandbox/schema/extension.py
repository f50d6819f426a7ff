"""An org's own objects and fields on top of the schema that all orgs share."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from deployments.sandbox.schema.fields import Field, SObject
from deployments.sandbox.schema.reading import field_from, sobject_from
from deployments.sandbox.schema.related import share_document

Body = Mapping[str, Any]
Extension = Iterable[tuple[str, Body]]
"""Full names and metadata bodies."""
_TYPES = {
    "AutoNumber": "string",
    "Checkbox": "boolean",
    "Currency": "currency",
    "Date": "date",
    "DateTime": "datetime",
    "Email": "email",
    "EncryptedText": "string",
    "Html": "textarea",
    "LongTextArea": "textarea",
    "MultiselectPicklist": "multipicklist",
    "Number": "double",
    "Percent": "double",
    "Phone": "phone",
    "Picklist": "picklist",
    "Summary": "double",
    "Text": "string",
    "TextArea": "textarea",
    "Time": "string",
    "Url": "url",
}
PROBABILISTIC = "ProbabilisticEncryption"
CASE_SENSITIVE = "CaseSensitiveDeterministicEncryption"
_REFERENCES = frozenset({"Lookup", "MasterDetail", "MetadataRelationship", "Hierarchy"})
_CALLS = frozenset({"create", "update", "delete"})


def extended(
    objects: Mapping[str, SObject], custom_objects: Extension, custom_fields: Extension
) -> dict[str, SObject]:
    """All objects; those of the org come last, added fields last in their object."""
    found = dict(objects)
    for name, body in custom_objects:
        if name not in found and "_prefix" in body:
            found[name] = _object(name, body)
            if "OwnerId" in found[name].fields:
                share = share_document(name, found[name].label)
                found[share["name"]] = sobject_from(share)
    for full_name, body in custom_fields:
        owner, _, name = full_name.partition(".")
        target = found.get(owner)
        if target is None or name in target.fields or not name.endswith("__c"):
            continue
        field = _field(name, body, target)
        if field is not None and all(each in found for each in field.to):
            found[owner] = replace(target, fields={**target.fields, name: field})
    return found


def shielded(objects: Mapping[str, SObject], schemes: Mapping[str, str]) -> dict[str, SObject]:
    """
    What Shield Platform Encryption takes from fields: a probabilistic one cannot be filtered at all, a deterministic one only be
    compared for equality (Platform Encryption Implementation Guide, "Field Limits"). That neither sorts nor groups a
    deterministic one is the harsher of two readings.
    """
    found = dict(objects)
    for full_name, scheme in schemes.items():
        owner, _, name = full_name.partition(".")
        target = found.get(owner)
        field = target.fields.get(name) if target else None
        if target is not None and field is not None:
            veiled = replace(
                field,
                scheme=scheme,
                filterable=field.filterable and scheme != PROBABILISTIC,
                sortable=False,
                groupable=False,
                aggregatable=False,
            )
            found[owner] = replace(target, fields={**target.fields, name: veiled})
    return found


def _object(name: str, body: Body) -> SObject:
    name_field = body.get("nameField") if isinstance(body.get("nameField"), Mapping) else {}
    auto = isinstance(name_field, Mapping) and name_field.get("type") == "AutoNumber"
    fields: dict[str, Any] = {"Name": {"length": 80, "required": not auto, "readonly": auto}}
    if name.endswith("__mdt"):
        fields = {
            "DeveloperName": {"length": 40},
            "MasterLabel": {"length": 40},
            "QualifiedApiName": {"length": 70},
        }
    elif body.get("sharingModel") != "ControlledByParent":
        fields["OwnerId"] = {"to": ["User", "Group"], "relationship": "Owner"}
    return sobject_from(
        {
            "name": name,
            "prefix": body["_prefix"],
            "label": str(body.get("label") or name),
            "plural": str(body.get("pluralLabel") or body.get("label") or name),
            "data": not name.endswith("__mdt"),
            "system": "full",
            "calls": ["create", "update", "delete"],
            "custom_setting": bool(body.get("customSettingsType")),
            "fields": fields,
        }
    )


def _field(name: str, body: Body, target: SObject) -> Field | None:
    kind = str(body.get("type") or "Text")
    spec: dict[str, Any] = {"label": str(body.get("label") or name)}
    if kind in _REFERENCES:
        spec |= {"to": [str(body.get("referenceTo"))], "relationship": f"{name[:-1]}r"}
        if body.get("relationshipName"):
            spec["children"] = f"{body['relationshipName']}__r"
    elif kind in _TYPES:
        spec["type"] = _TYPES[kind]
    else:
        return None
    length = str(body.get("length") or "")
    if length.isdigit():
        spec["length"] = int(length)
    if body.get("required") is True:
        spec["required"] = True
    if body.get("formula") or kind in ("AutoNumber", "Summary"):
        spec["readonly"] = True
    spec["formula"] = bool(body.get("formula"))
    spec["external_id"] = body.get("externalId") is True
    spec["unique"] = body.get("unique") is True
    if kind == "EncryptedText":
        spec |= _encrypted(body)
    if kind in ("Picklist", "MultiselectPicklist"):
        spec["values"] = _picklist(body)
    return field_from(name, spec, _CALLS, data=target.data)


def _encrypted(body: Body) -> dict[str, Any]:
    """Classic Encryption for Custom Fields: neither unique nor an external id, and of no use in a filter."""
    plain = ("filterable", "groupable", "sortable", "aggregatable", "external_id", "unique")
    masks = {"mask": str(body.get("maskChar") or ""), "mask_type": str(body.get("maskType") or "")}
    return {**dict.fromkeys(plain, False), **masks, "encrypted": True}


def _picklist(body: Body) -> list[str]:
    definition = (body.get("valueSet") or {}).get("valueSetDefinition") or {}
    values = definition.get("value") if isinstance(definition, Mapping) else None
    entries = values if isinstance(values, list) else [values]
    return [str(each.get("label") or each.get("fullName")) for each in entries if isinstance(each, Mapping)]
