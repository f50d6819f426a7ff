"""Reads secrets where they belong (AWS, without their values) and where they do not (Apex, settings, labels, addresses)."""

from typing import Any
from urllib.parse import urlsplit

from tasks.aws.cloud import Cloud
from tasks.aws.secrets import SecretSummary, list_secrets, read_secret
from tasks.credentials.detect import (
    secret_in_file_name,
    secrets_in_address,
    secrets_in_row,
    secrets_in_source,
    secrets_in_text,
)
from tasks.credentials.model import ExposedKind, ExposedSecret, StoredSecret
from tasks.errors import CloudError, OrgError
from tasks.reading import Reading
from tasks.salesforce.gather import Gathering
from tasks.salesforce.metadata import flag, list_metadata, many, read_metadata
from tasks.salesforce.session import Session

_METADATA = "Modify Metadata Through Metadata API Functions"
_LABEL, _LABELS, _MESSAGE = "CustomLabel", "CustomLabels", "WorkflowOutboundMessage"
_TEXTUAL = frozenset({"string", "textarea", "url", "encryptedstring"})
_PASSWORDS = ("password", "securityToken")


def read_exposed(session: Session) -> Reading:
    """Section: exposed. Sources and values are looked through here and dropped."""
    into = Gathering(session)
    found: list[ExposedSecret] = []
    code = session.read_all(
        {
            "ApexClass": "SELECT Name, Body FROM ApexClass WHERE NamespacePrefix = null",
            "ApexTrigger": "SELECT Name, Body FROM ApexTrigger WHERE NamespacePrefix = null",
            "RemoteProxy": "SELECT SiteName, EndpointUrl FROM RemoteProxy WHERE NamespacePrefix = null",
            "StaticResource": "SELECT Name, ContentType FROM StaticResource WHERE NamespacePrefix = null",
        },
        tooling=True,
    )
    for name in ("ApexClass", "ApexTrigger"):
        for row in into.rows(code, name, ("exposed",), "Author Apex or View Setup"):
            found += secrets_in_source(row["Name"], row["Body"] or "")
    for row in into.rows(code, "RemoteProxy", ("exposed",), "View Setup"):
        found += secrets_in_address(ExposedKind.REMOTE_SITE, row["SiteName"], row["EndpointUrl"] or "")
    for row in into.rows(code, "StaticResource", ("exposed",), "View Setup"):
        found += secret_in_file_name(row["Name"], row["ContentType"] or "")
    found += _setting_rows(into)
    found += _in_metadata(into)
    into.keep("exposed", tuple(found))
    return into.reading()


def _in_metadata(into: Gathering) -> list[ExposedSecret]:
    """Custom labels, which everybody reads, and outbound messages, which carry what their address and their switch say."""
    session = into.session
    names = into.ask(("exposed",), _METADATA, lambda: list_metadata(session, [_LABEL, _MESSAGE])) or {}
    found: list[ExposedSecret] = []
    if names.get(_LABEL):
        whole = into.ask(("exposed",), _METADATA, lambda: read_metadata(session, _LABELS, [_LABELS])) or {}
        for label in many(whole.get(_LABELS, {}), "labels"):
            name, value = str(label.get("fullName") or ""), str(label.get("value") or "")
            found += secrets_in_text(ExposedKind.CUSTOM_LABEL, name, name, value)
    if messages := names.get(_MESSAGE):
        read = into.ask(("exposed",), _METADATA, lambda: read_metadata(session, _MESSAGE, messages)) or {}
        for name, message in read.items():
            if flag(message, "includeSessionId"):
                found.append(
                    ExposedSecret(
                        kind=ExposedKind.OUTBOUND_MESSAGE, place=name, looks_like="session id in each message"
                    )
                )
            address = str(message.get("endpointUrl") or "")
            found += secrets_in_address(ExposedKind.OUTBOUND_MESSAGE, name, address)
    return found


def _setting_rows(into: Gathering) -> list[ExposedSecret]:
    """Custom settings and custom metadata types: the two places where integrations keep their configuration."""
    session = into.session
    overview = session.get("sobjects")
    kinds = {
        item["name"]: ExposedKind.CUSTOM_METADATA
        if item["name"].endswith("__mdt")
        else ExposedKind.CUSTOM_SETTING
        for item in overview["sobjects"]
        if item.get("customSetting") or item["name"].endswith("__mdt")
    }
    described = session.describe(sorted(kinds))
    queries = {}
    for name, answer in described.items():
        if isinstance(answer, OrgError):
            into.gap("exposed", f"{name}: {answer.what}; reading it needs View All Custom Settings")
            continue
        fields = [f["name"] for f in answer["fields"] if f["type"] in _TEXTUAL and f["name"].endswith("__c")]
        own = "DeveloperName" if name.endswith("__mdt") else "Name"
        if fields:
            queries[name] = f"SELECT {', '.join([own, *fields])} FROM {name}"
    rows = session.read_all(queries)
    found: list[ExposedSecret] = []
    for name in queries:
        for row in into.rows(rows, name, ("exposed",), "View All Custom Settings"):
            place = f"{name}.{row.get('DeveloperName') or row.get('Name')}"
            values = {k: v for k, v in row.items() if k.endswith("__c") and isinstance(v, str)}
            found += secrets_in_row(kinds[name], place, values)
    return found


def read_stored(cloud: Cloud) -> Reading:
    """Section: secrets. A secret that cannot be opened is listed without what is inside."""
    values: dict[str, Any] = {}
    gaps: dict[str, str] = {}
    try:
        values["secrets"] = tuple(_stored(cloud, summary) for summary in list_secrets(cloud))
    except CloudError as error:
        gaps["secrets"] = str(error)
    return Reading(org="cloud", values=values, gaps=gaps, calls=0, rows={}, server_time=None)


def _stored(cloud: Cloud, summary: SecretSummary) -> StoredSecret:
    """Only what identifies is kept: host, consumer key, user name, and whether a password is in it."""
    try:
        value = read_secret(cloud, summary.name)
    except CloudError:
        value = {}
    # A managed external secret's `baseUri` says whom AWS would ask for its rotation, and never a port; callers go by the others.
    address = str(value.get("instanceUrl") or value.get("loginUrl") or value.get("baseUri") or "")
    if value.get("signingCertificate") and not value.get("privateKey"):
        # It names a key that an org keeps, and opens nothing by itself.
        address = ""
    return StoredSecret(
        name=summary.name,
        type=summary.type,
        created=summary.created,
        last_changed=summary.last_changed,
        last_rotated=summary.last_rotated,
        rotation_enabled=summary.rotation_enabled,
        tags=summary.tags,
        kept_since=summary.since,
        target_host=_place(address),
        consumer_key=_text(value.get("consumerKey")),
        username=_text(value.get("username")),
        holds_password=any(value.get(name) for name in _PASSWORDS),
    )


def _place(address: str) -> str | None:
    """Host and port, which says whether mutual TLS is used."""
    try:
        return (
            urlsplit(address if "//" in address else f"//{address}").netloc.rpartition("@")[2].lower() or None
        )
    except ValueError:
        return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
