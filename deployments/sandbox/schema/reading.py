"""Objects and fields from their documents: what YAML says, completed with what the platform adds to every object."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from deployments.sandbox.schema.fields import Access, Api, Field, SObject
from deployments.sandbox.schema.shorthand import address_fields, spelled_out, value_sets

_HERE = Path(__file__).parent
_STAMP = {"type": "datetime", "nillable": False, "readonly": True, "system": True}
_BY = {"to": "User", "nillable": False, "readonly": True, "system": True}
_CREATED: dict[str, dict[str, object]] = {"CreatedDate": _STAMP, "CreatedById": _BY}
_MODIFIED: dict[str, dict[str, object]] = {"LastModifiedDate": _STAMP, "LastModifiedById": _BY}
_SYSTEM_STAMP: dict[str, dict[str, object]] = {"SystemModstamp": _STAMP}
_DELETED: dict[str, dict[str, object]] = {"IsDeleted": {"type": "boolean", "readonly": True, "system": True}}
_SYSTEM: dict[str, dict[str, dict[str, object]]] = {
    "none": {},
    "stamp": _SYSTEM_STAMP,
    "created": _CREATED,
    "audit": {**_CREATED, **_MODIFIED, **_SYSTEM_STAMP},
    "full": {**_DELETED, **_CREATED, **_MODIFIED, **_SYSTEM_STAMP},
}
_LENGTHS = {
    "string": 255,
    "picklist": 255,
    "multipicklist": 4099,
    "textarea": 32000,
    "email": 80,
    "phone": 40,
}
_UNGROUPABLE = frozenset(
    {
        "datetime",
        "double",
        "currency",
        "percent",
        "textarea",
        "multipicklist",
        "metadata",
        "base64",
        "address",
    }
)
_UNFILTERABLE = frozenset({"textarea", "metadata", "base64", "address"})


def _words(name: str) -> str:
    spaced = "".join(
        f" {c}" if c.isupper() and i and not name[i - 1].isupper() else c for i, c in enumerate(name)
    )
    return spaced.replace("__c", "").replace("_", " ").strip()


def _relationship(name: str, spec: Mapping[str, Any]) -> str | None:
    if "to" not in spec:
        return None
    if "relationship" in spec:
        return cast("str | None", spec["relationship"])
    return name[:-1] + "r" if name.endswith("__c") else name.removesuffix("Id")


def field_from(name: str, raw: object, calls: frozenset[str], data: bool) -> Field:
    spec: dict[str, Any] = (
        spelled_out(raw) if isinstance(raw, str) else dict(cast("Mapping[str, Any]", raw or {}))
    )
    kind = spec.get("type", "reference" if "to" in spec else "string")
    targets = spec.get("to", ())
    values = spec.get("values", ())
    writable = not (spec.get("readonly", False) or "sql" in spec) and kind not in ("id", "metadata")
    required = bool(spec.get("required", False))
    system = bool(spec.get("system", False)) or kind == "id"
    plain = kind not in _UNFILTERABLE
    return Field(
        name=name,
        type=kind,
        label=spec.get("label", _words(name)),
        length=spec.get("length", 18 if kind in ("id", "reference") else _LENGTHS.get(kind, 0)),
        to=(targets,) if isinstance(targets, str) else tuple(targets),
        relationship=_relationship(name, spec),
        children=spec.get("children"),
        filterable=spec.get("filterable", plain),
        groupable=spec.get("groupable", kind not in _UNGROUPABLE),
        sortable=spec.get("sortable", plain and kind != "multipicklist"),
        aggregatable=spec.get(
            "aggregatable", kind not in ("boolean", "metadata", "base64", "address", "anyType")
        ),
        createable=writable and "create" in calls,
        updateable=writable and "update" in calls and not spec.get("create_only", False),
        nillable=spec.get("nillable", not required and kind not in ("boolean", "id")),
        formula=bool(spec.get("formula", False)),
        encrypted=bool(spec.get("encrypted", False)),
        mask=spec.get("mask", ""),
        mask_type=spec.get("mask_type", ""),
        write_only=bool(spec.get("write_only", False)),
        external_id=bool(spec.get("external_id", False)),
        unique=bool(spec.get("unique", False)),
        permissionable=spec.get(
            "permissionable",
            data and not system and not required and name not in ("Name", "OwnerId", "IsDeleted"),
        ),
        system=system,
        default=spec.get("default"),
        values=value_sets()[values] if isinstance(values, str) else tuple(values),
        sql=spec.get("sql"),
    )


def _parts(name: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (name,) if isinstance(name, str) else tuple(name)


@cache
def permission_labels() -> dict[str, str]:
    """User permissions by name ("ManageUsers") with the label describe answers give."""
    return dict(yaml.load((_HERE / "user_permissions.yaml").read_text(), yaml.CSafeLoader))


def _access(spec: Mapping[str, Any]) -> Access:
    own = spec.get("own", {})
    return Access(
        see=frozenset(spec.get("see", ())),
        own_field=own.get("field"),
        own_unless=frozenset(own.get("unless", ())),
        write=frozenset(spec.get("write", ())),
    )


def sobject_from(spec: Mapping[str, Any]) -> SObject:
    calls = frozenset(spec.get("calls", ()))
    data = bool(spec.get("data", False))
    raw: dict[str, object] = {"Id": {"type": "id"}, **spec["fields"]}
    for name in spec.get("addresses", ()):
        raw.update(address_fields(name))
    if spec.get("permissions"):
        for name, label in permission_labels().items():
            raw[f"Permissions{name}"] = {"type": "boolean", "label": label}
    raw.update(_SYSTEM[spec.get("system", "audit")])
    return SObject(
        name=spec["name"],
        prefix=str(spec["prefix"]),
        label=spec.get("label", _words(spec["name"])),
        plural=spec.get("plural", spec.get("label", _words(spec["name"])) + "s"),
        fields={name: field_from(name, each, calls, data) for name, each in raw.items()},
        api=frozenset(cast("list[Api]", spec.get("api", ["rest"]))),
        data=data,
        calls=calls,
        access=_access(spec.get("access", {})),
        wire_id=spec.get("wire_id"),
        hides_id="wire_id" in spec,
        metadata_kind=spec.get("metadata", {}).get("kind"),
        metadata_name=_parts(spec.get("metadata", {}).get("name", ())),
        aggregates=spec.get("aggregates", True),
        page_size=spec.get("page_size", 2000),
        ceiling=spec.get("ceiling"),
        query_more=spec.get("query_more", True),
        required_filters=tuple(spec.get("required_filters", ())),
        indexes=tuple(tuple(each) for each in spec.get("indexes", ())),
        custom_setting=bool(spec.get("custom_setting", False)),
        big=tuple(spec.get("big", ())),
        follows=spec.get("follows"),
        view=spec.get("view"),
        customizable=spec.get("customizable", data or spec["name"] == "User"),
    )
