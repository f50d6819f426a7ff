"""Custom objects and fields: what is deployed becomes a table, a column, and part of the org's own schema."""

from collections.abc import Mapping
from typing import Any

from deployments.sandbox.ids import base62
from deployments.sandbox.schema.definitions import entity_row, field_row
from deployments.sandbox.schema.related import share_name
from deployments.sandbox.store import OrgStore

Body = dict[str, Any]
CUSTOM = ("__c", "__mdt", "__e", "__b")
PREFIX = "_prefix"


def described(store: OrgStore, full_name: str) -> Body | None:
    """What the schema says about an object that nobody deployed; None where there is no such object."""
    target = store.schema.get(full_name)
    if target is None or not (target.data or target.custom or target.name == "User"):
        return None
    rows = store.sql('SELECT "InternalSharingModel" FROM "EntityDefinition" WHERE Id = ?', target.name)
    sharing = str(rows[0][0]) if rows and rows[0][0] else "ReadWrite"
    body: Body = {"sharingModel": sharing}
    if target.custom:
        body |= {
            "deploymentStatus": "Deployed",
            "label": target.label,
            "nameField": {"label": "Name", "type": "Text"},
            "pluralLabel": target.plural,
        }
    return body


def names(store: OrgStore) -> list[str]:
    """Data objects and custom ones, in order."""
    found = {each.name for each in store.schema.objects.values() if each.data or each.custom}
    return sorted({*found, "User", *store.metadata_names("CustomObject")})


def is_custom(full_name: str) -> bool:
    return full_name.endswith(CUSTOM)


def reload(store: OrgStore) -> None:
    """The org's schema anew from what it keeps, after something was taken back."""
    store.extend_schema()


def object_written(store: OrgStore, full_name: str, body: Mapping[str, Any]) -> None:
    """A new custom object gets its table; a changed one its label and sharing."""
    if store.base_schema.get(full_name) is None and is_custom(full_name):
        if PREFIX not in body:
            store.put_metadata("CustomObject", full_name, {**body, PREFIX: _free_prefix(store, full_name)})
        new = store.schema.get(full_name) is None
        store.extend_schema()
        target = store.schema[full_name]
        share = store.schema.get(share_name(full_name))
        for each in (target, share) if new else ():
            if each is not None:
                store.lay_table(each)
                store.insert("EntityDefinition", [entity_row(each)])
                store.insert("FieldDefinition", [field_row(each, f) for f in each.fields.values()])
    model = body.get("sharingModel")
    if model and store.get("EntityDefinition", full_name) is not None:
        store.update("EntityDefinition", full_name, {"InternalSharingModel": model})
    store.rights_version += 1


def object_gone(store: OrgStore, full_name: str) -> None:
    store.extend_schema()
    for name in (full_name, share_name(full_name)):
        store.drop_table(name)
        for sobject in ("FieldDefinition", "EntityDefinition"):
            store.sql(f'DELETE FROM "{sobject}" WHERE "QualifiedApiName" = ? OR Id LIKE ?', name, f"{name}.%")
    store.sql('DELETE FROM "ObjectPermissions" WHERE "SobjectType" = ?', full_name)
    store.sql('DELETE FROM "FieldPermissions" WHERE "SobjectType" = ?', full_name)
    store.rights_version += 1


def field_written(store: OrgStore, full_name: str) -> None:
    owner, _, name = full_name.partition(".")
    before = store.schema.get(owner)
    if before is None:
        return
    store.extend_schema()
    if not name.endswith("__c") or name in before.fields:
        return
    target = store.schema[owner]
    if name in target.fields:
        store.add_column(target, name)
        store.insert("FieldDefinition", [field_row(target, target.fields[name])])
        store.insert(
            "CustomField",
            [
                {
                    "DeveloperName": name.removesuffix("__c"),
                    "TableEnumOrId": owner,
                    "EntityDefinitionId": owner,
                }
            ],
        )
    store.rights_version += 1


def field_gone(store: OrgStore, full_name: str) -> None:
    owner, _, name = full_name.partition(".")
    base = store.base_schema.get(owner)
    if base is not None and name in base.fields:
        # A field the estate was made with stays in its tables; only its metadata is gone.
        return
    before = store.schema.get(owner)
    store.extend_schema()
    if before is not None and name in before.fields:
        store.drop_column(before, name)
    store.sql('DELETE FROM "FieldDefinition" WHERE Id = ?', full_name)
    store.sql('DELETE FROM "FieldPermissions" WHERE "Field" = ?', full_name)
    developer = name.removesuffix("__c")
    store.sql('DELETE FROM "CustomField" WHERE "DeveloperName" = ? AND "TableEnumOrId" = ?', developer, owner)
    store.rights_version += 1


def _free_prefix(store: OrgStore, full_name: str) -> str:
    first = {"__mdt": "m", "__e": "e", "__b": "g"}.get(full_name[full_name.rindex("__") :], "a")
    taken = {each.prefix for each in store.schema.objects.values()}
    return next(p for n in range(62**2) if (p := first + base62(n, 2)) not in taken)
