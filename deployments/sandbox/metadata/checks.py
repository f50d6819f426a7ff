"""What the platform refuses in a component before it is kept."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from deployments.sandbox import shielding
from deployments.sandbox.soql.masks import CHARACTERS, SHOWN
from deployments.sandbox.store import OrgStore

Body = Mapping[str, Any]
Problem = tuple[str, str]
"""Status code and message."""
LONGEST_ENCRYPTED = 175
_FIELD_TYPES = frozenset({
    "AutoNumber", "Lookup", "MasterDetail", "Checkbox", "Currency", "Date", "DateTime", "Email", "Number", "Percent",
    "Phone", "Picklist", "MultiselectPicklist", "Text", "TextArea", "LongTextArea", "Html", "EncryptedText", "Url",
    "Location", "Time", "Summary", "ExternalLookup", "IndirectLookup", "MetadataRelationship", "Hierarchy",
})  # fmt: skip
_SCHEMES = frozenset(
    {
        "None",
        "ProbabilisticEncryption",
        "CaseSensitiveDeterministicEncryption",
        "CaseInsensitiveDeterministicEncryption",
    }
)
_REQUIRED: dict[str, tuple[str, ...]] = {
    "ApexTrigger": ("content",),
    "ConnectedApp": ("contactEmail", "label"),
    "CspTrustedSite": ("endpointUrl",),
    "CustomApplication": (),
    "CustomPermission": ("label",),
    "CustomTab": (),
    "ExternalClientApplication": ("label",),
    "ExternalCredential": ("label",),
    "NamedCredential": ("label",),
    "PermissionSet": ("label",),
    "PermissionSetGroup": ("label",),
    "RemoteSiteSetting": ("url",),
    "Role": ("name",),
    "TransactionSecurityPolicy": ("masterLabel",),
}


def check(store: OrgStore, kind: str, full_name: str, body: Body, *, new: bool) -> Problem | None:
    """The first thing wrong with a component, if there is one."""
    for name in _REQUIRED.get(kind, ()) if new else ():
        if body.get(name) in (None, ""):
            return "REQUIRED_FIELD_MISSING", f"Required field is missing: {name}"
    own = _CHECKS.get(kind)
    return own(store, full_name, body, new) if own else None


def _address(element: str) -> "Check":
    def look(store: OrgStore, full_name: str, body: Body, new: bool) -> Problem | None:
        parts = urlsplit(str(body.get(element, "")))
        if parts.scheme not in ("http", "https", "wss") or not parts.hostname:
            return "FIELD_INTEGRITY_EXCEPTION", f"{element}: Invalid URL"
        return None

    return look


def _custom_field(store: OrgStore, full_name: str, body: Body, new: bool) -> Problem | None:
    owner, _, name = full_name.partition(".")
    if not name:
        return "INVALID_FIELD", f"fullName must be Object.Field: {full_name}"
    if body.get("encryptionScheme", "None") not in _SCHEMES:
        return (
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "encryptionScheme: bad value for restricted picklist field",
        )
    if (problem := shielding.check_scheme(store, full_name, body)) is not None:
        return problem
    if not new or not name.endswith("__c"):
        return None
    if store.schema.get(owner) is None and store.metadata("CustomObject", owner) is None:
        return (
            "INVALID_CROSS_REFERENCE_KEY",
            f"Entity Enumeration Or ID: bad value for restricted picklist field: {owner}",
        )
    if not body.get("label"):
        return "REQUIRED_FIELD_MISSING", "Required field is missing: label"
    kind = body.get("type")
    if kind is None and "formula" not in body:
        return "REQUIRED_FIELD_MISSING", "Required field is missing: type"
    if kind is not None and kind not in _FIELD_TYPES:
        return (
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"'{kind}' is not a valid value for the enum 'FieldType'",
        )
    if kind == "Text" and not body.get("length") and "formula" not in body:
        return "FIELD_INTEGRITY_EXCEPTION", f"Custom field {name} requires a length"
    if kind == "EncryptedText":
        return _encrypted_text(name, body)
    if kind in ("Lookup", "MasterDetail"):
        target = str(body.get("referenceTo", ""))
        if store.schema.get(target) is None and store.metadata("CustomObject", target) is None:
            return (
                "FIELD_INTEGRITY_EXCEPTION",
                f"referenceTo value of '{target}' does not resolve to a valid sObject type",
            )
    return None


def _encrypted_text(name: str, body: Body) -> Problem | None:
    """Classic Encryption for Custom Fields: a length of at most 175, a mask, and nothing that needs the value in clear."""
    for element, known in (("maskChar", CHARACTERS), ("maskType", SHOWN)):
        if not body.get(element):
            return "REQUIRED_FIELD_MISSING", f"Required field is missing: {element}"
        if body[element] not in known:
            return (
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                f"'{body[element]}' is not a valid value for {element}",
            )
    length = str(body.get("length") or "")
    if not length.isdigit() or not 0 < int(length) <= LONGEST_ENCRYPTED:
        return (
            "FIELD_INTEGRITY_EXCEPTION",
            f"Custom field {name}: length must be between 1 and {LONGEST_ENCRYPTED}",
        )
    for element in ("unique", "externalId", "defaultValue"):
        if body.get(element) not in (None, "", False):
            return (
                "FIELD_INTEGRITY_EXCEPTION",
                f"Can not specify '{element}' for a CustomField of type EncryptedText",
            )
    return None


def _custom_object(store: OrgStore, full_name: str, body: Body, new: bool) -> Problem | None:
    if not new or not full_name.endswith("__c"):
        return None
    for name in ("label", "pluralLabel", "nameField", "deploymentStatus", "sharingModel"):
        if not body.get(name) and not body.get("customSettingsType"):
            return "REQUIRED_FIELD_MISSING", f"Must specify a {name} for custom object {full_name}"
    return None


def _permission_set_group(store: OrgStore, full_name: str, body: Body, new: bool) -> Problem | None:
    for kind, element in (
        ("PermissionSet", "permissionSets"),
        ("MutingPermissionSet", "mutingPermissionSets"),
    ):
        value = body.get(element)
        for name in value if isinstance(value, list) else [value] if value else []:
            column = "DeveloperName" if kind == "MutingPermissionSet" else "Name"
            if not store.find(kind, **{column: name}):
                return "INVALID_CROSS_REFERENCE_KEY", f"In field: {kind} - no {kind} named {name} found"
    return None


Check = Callable[[OrgStore, str, Body, bool], Problem | None]
_CHECKS: dict[str, Check] = {
    "CspTrustedSite": _address("endpointUrl"),
    "CustomField": _custom_field,
    "CustomObject": _custom_object,
    "PermissionSetGroup": _permission_set_group,
    "RemoteSiteSetting": _address("url"),
}
