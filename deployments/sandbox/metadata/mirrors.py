"""Components that queries see as rows: which object mirrors which type, and which column which element."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deployments.sandbox.metadata import certificates
from deployments.sandbox.sharing.principals import lay_role_groups
from deployments.sandbox.store import OrgStore


@dataclass(frozen=True)
class Mirror:
    """`key` is the column that holds the full name; `columns` maps columns to elements."""

    sobject: str
    key: str = "DeveloperName"
    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, object] = field(default_factory=dict)


_LABELLED = {"MasterLabel": "label", "Description": "description"}
_MIRRORS: dict[str, Mirror] = {
    "ApexClass": Mirror("ApexClass", "Name", {"Body": "content", "ApiVersion": "apiVersion", "Status": "status"}),
    "ApexComponent": Mirror("ApexComponent", "Name", {"Markup": "content", "ApiVersion": "apiVersion", "MasterLabel": "label"}),
    "ApexPage": Mirror("ApexPage", "Name", {"Markup": "content", "ApiVersion": "apiVersion", "MasterLabel": "label"}),
    "ApexTrigger": Mirror("ApexTrigger", "Name", {"Body": "content", "ApiVersion": "apiVersion", "Status": "status"}),
    "AuthProvider": Mirror(
        "AuthProvider",
        columns={
            "FriendlyName": "friendlyName", "ProviderType": "providerType", "ConsumerKey": "consumerKey",
            "AuthorizeUrl": "authorizeUrl", "TokenUrl": "tokenUrl", "UserInfoUrl": "userInfoUrl",
            "DefaultScopes": "defaultScopes", "OptionsRequireMfa": "requireMfa", "OptionsIsPkceEnabled": "isPkceEnabled",
        },
    ),
    "Certificate": Mirror(
        "Certificate",
        columns={
            "MasterLabel": "masterLabel", "ExpirationDate": "expirationDate", "KeySize": "keySize",
            "OptionsIsCaSigned": "caSigned", "OptionsIsPrivateKeyExportable": "privateKeyExportable",
        },
    ),
    "CspTrustedSite": Mirror(
        "CspTrustedSite",
        columns={
            "EndpointUrl": "endpointUrl", "Description": "description", "IsActive": "isActive", "Context": "context",
            "IsApplicableToConnectSrc": "isApplicableToConnectSrc", "IsApplicableToFontSrc": "isApplicableToFontSrc",
            "IsApplicableToFrameSrc": "isApplicableToFrameSrc", "IsApplicableToImgSrc": "isApplicableToImgSrc",
            "IsApplicableToMediaSrc": "isApplicableToMediaSrc", "IsApplicableToStyleSrc": "isApplicableToStyleSrc",
        },
    ),
    "CustomPermission": Mirror("CustomPermission", columns=_LABELLED),
    "ExternalCredential": Mirror(
        "ExternalCredential", columns={"MasterLabel": "label", "AuthenticationProtocol": "authenticationProtocol"}
    ),
    "Group": Mirror("Group", columns={"Name": "name", "DoesIncludeBosses": "doesIncludeBosses"}, fixed={"Type": "Regular"}),
    "NamedCredential": Mirror(
        "NamedCredential", columns={"MasterLabel": "label", "Endpoint": "endpoint", "PrincipalType": "principalType"}
    ),
    "Queue": Mirror("Group", columns={"Name": "name", "Email": "email"}, fixed={"Type": "Queue"}),
    "RemoteSiteSetting": Mirror(
        "RemoteProxy",
        "SiteName",
        {
            "EndpointUrl": "url", "Description": "description", "IsActive": "isActive",
            "ProtocolMismatch": "disableProtocolSecurity",
        },
    ),
    "Role": Mirror("UserRole", columns={"Name": "name", "RollupDescription": "description"}),
    "StaticResource": Mirror(
        "StaticResource", "Name", {"ContentType": "contentType", "Body": "content", "CacheControl": "cacheControl", "Description": "description"}
    ),
    "TransactionSecurityPolicy": Mirror("TransactionSecurityPolicy", columns={"MasterLabel": "masterLabel", "EventName": "eventName"}),
}  # fmt: skip

_FROM_ROWS = frozenset({"ApexClass", "ApexComponent", "ApexPage", "ApexTrigger", "StaticResource"})
"""Types of which the rows hold all there is."""


def names(store: OrgStore, kind: str) -> list[str]:
    """Full names of rows whose component nobody wrote: they were there from the start."""
    mirror = _MIRRORS.get(kind)
    if mirror is None or kind not in _FROM_ROWS or store.schema.get(mirror.sobject) is None:
        return []
    rows = store.sql(
        f'SELECT DISTINCT "{mirror.key}" AS name FROM "{mirror.sobject}" WHERE "{mirror.key}" IS NOT NULL'
    )
    return [row["name"] for row in rows]


def body(store: OrgStore, kind: str, full_name: str) -> dict[str, Any] | None:
    """A component made from its row; None where there is no row."""
    mirror = _MIRRORS.get(kind)
    if mirror is None or kind not in _FROM_ROWS or store.schema.get(mirror.sobject) is None:
        return None
    rows = _rows(store, mirror, full_name)
    if not rows:
        return None
    found = {
        element: rows[0][column]
        for column, element in mirror.columns.items()
        if rows[0].get(column) is not None
    }
    if "content" in found:
        found["content"] = base64.b64encode(str(found["content"]).encode()).decode()
    return found


def written(store: OrgStore, kind: str, full_name: str, body: Mapping[str, Any]) -> None:
    mirror = _MIRRORS.get(kind)
    target = store.schema.get(mirror.sobject) if mirror else None
    if mirror is None or target is None:
        return
    values: dict[str, object] = {
        column: _plain(body[element], target.fields[column].type)
        for column, element in mirror.columns.items()
        if element in body and column in target.fields
    }
    values |= {name: value for name, value in mirror.fixed.items() if name in target.fields}
    if kind == "Certificate":
        values |= certificates.tooling(body)
    if kind == "Role" and body.get("parentRole"):
        parents = store.find("UserRole", DeveloperName=str(body["parentRole"]))
        values["ParentRoleId"] = parents[0]["Id"] if parents else None
    found = _rows(store, mirror, full_name)
    if found:
        store.update(mirror.sobject, str(found[0]["Id"]), values)
        return
    for label in ("MasterLabel", "Name"):
        if label in target.fields and label != mirror.key:
            values.setdefault(label, full_name)
    store.insert(mirror.sobject, [{**values, mirror.key: full_name}])
    if kind == "Role":
        lay_role_groups(store)


def gone(store: OrgStore, kind: str, full_name: str) -> None:
    mirror = _MIRRORS.get(kind)
    if mirror is None or store.schema.get(mirror.sobject) is None:
        return
    for row in _rows(store, mirror, full_name):
        store.delete(mirror.sobject, str(row["Id"]))


def _rows(store: OrgStore, mirror: Mirror, full_name: str) -> list[dict[str, object]]:
    key = {mirror.key: full_name, **{k: v for k, v in mirror.fixed.items() if k == "Type"}}
    return [row for row in store.find(mirror.sobject, **key) if not row.get("IsDeleted")]


def _plain(value: object, kind: str) -> object:
    """Sources travel in base64; numbers as texts."""
    if isinstance(value, list | dict):
        return None
    if kind in ("double", "int"):
        text = str(value)
        return float(text) if text.replace(".", "", 1).isdigit() else None
    if kind == "boolean":
        return value is True
    if kind == "textarea" and isinstance(value, str) and value:
        try:
            return base64.b64decode(value, validate=True).decode("utf-8")
        except ValueError:
            return value
    return value
