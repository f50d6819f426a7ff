"""Profiles and permission sets in a package show their rights on what the package names, and few besides."""

from collections.abc import Mapping, Sequence
from typing import Any

from deployments.sandbox.identity.policy import entries

# Section of a profile: the type that must be named, and the element that names it.
_SECTIONS: dict[str, tuple[str, str]] = {
    "applicationVisibilities": ("CustomApplication", "application"),
    "classAccesses": ("ApexClass", "apexClass"),
    "customMetadataTypeAccesses": ("CustomObject", "name"),
    "customPermissions": ("CustomPermission", "name"),
    "customSettingAccesses": ("CustomObject", "name"),
    "externalCredentialPrincipalAccesses": ("ExternalCredential", "externalCredentialPrincipal"),
    "externalDataSourceAccesses": ("ExternalDataSource", "externalDataSource"),
    "fieldPermissions": ("CustomField", "field"),
    "flowAccesses": ("Flow", "flow"),
    "layoutAssignments": ("Layout", "layout"),
    "objectPermissions": ("CustomObject", "object"),
    "pageAccesses": ("ApexPage", "apexPage"),
    "recordTypeVisibilities": ("RecordType", "recordType"),
    "tabSettings": ("CustomTab", "tab"),
    "tabVisibilities": ("CustomTab", "tab"),
}
_OF_OBJECTS = frozenset({"fieldPermissions", "recordTypeVisibilities"})


def shown_with(kind: str, body: Mapping[str, Any], members: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """
    A profile as a retrieval gives it (Metadata API guide, Profile): user permissions, login hours and ranges always,
    rights on a component only together with it. A permission set is given whole (API 40.0 and later).
    """
    if kind == "PermissionSet":
        return dict(body)
    shown: dict[str, Any] = {}
    for section, value in body.items():
        if section not in _SECTIONS:
            shown[section] = value
            continue
        named, element = _SECTIONS[section]
        names = {name.lower() for name in members.get(named, ())}
        objects = (
            {name.lower() for name in members.get("CustomObject", ())} if section in _OF_OBJECTS else set()
        )
        shown[section] = [
            entry
            for entry in entries(value)
            if (name := str(entry.get(element, "")).lower()) in names
            or name.partition(".")[0] in objects
            or (named == "ExternalCredential" and name.partition("-")[0] in names)
        ]
    return shown
