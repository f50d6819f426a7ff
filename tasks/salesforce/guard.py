"""
Judges one request before it is sent: may a read-only session send it?

Only what is listed here passes: resources that read, token requests of two flows, composites whose every part reads, Bulk
query jobs, and the reading operations of the Metadata API. A GET is no proof of reading (executeAnonymous runs Apex by
GET, revoke revokes by GET, Apex REST runs anything), so paths are listed and not excluded. What cannot be understood
in one way only is refused.
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

READING_SOAP = frozenset(
    {
        "describeMetadata",
        "listMetadata",
        "readMetadata",
        "retrieve",
        "checkRetrieveStatus",
        "describeValueType",
    }
)
_GRANTS = ("urn:ietf:params:oauth:grant-type:jwt-bearer", "client_credentials")
_READING = ("query", "queryAll", "sobjects", "limits", "jobs/query", "tooling/query", "tooling/sobjects")
_VERSIONED = "/services/data/v"


def may_read_only_session_send(method: str, url: str, body: bytes | None) -> bool:
    """`url` is absolute or a path; `body` as it would go over the wire."""
    parts = urlsplit(url)
    # Salesforce takes another method from this parameter, whatever the request line says.
    if any(name.lower() == "_httpmethod" for name, _ in parse_qsl(parts.query, keep_blank_values=True)):
        return False
    if method in ("GET", "HEAD"):
        return _reads(parts.path)
    if method != "POST":
        return False
    path = parts.path.rstrip("/")
    if path == "/services/oauth2/token":
        return _is_token_request(body)
    if path.startswith("/services/Soap/m/"):
        return _soap_operation(body) in READING_SOAP
    resource = _resource(path)
    if resource in ("composite", "tooling/composite"):
        return _only_reads(body, "compositeRequest")
    if resource in ("composite/batch", "tooling/composite/batch"):
        return _only_reads(body, "batchRequests")
    return resource == "jobs/query" and _json(body).get("operation") in ("query", "queryAll")


def may_courier_send(method: str, url: str, body: bytes | None, sobject: str) -> bool:
    """
    What reads, and beyond that records of one object: upserts by an external id, updates, deletions, and ingest jobs of upserts.

    Deletions name ids, whose object no address shows: there the rights of the sync's own user decide.
    """
    if may_read_only_session_send(method, url, body):
        return True
    parts = urlsplit(url)
    resource = _resource(parts.path)
    if resource is None or ".." in resource or "%" in resource or "_httpmethod" in parts.query.lower():
        return False
    match method, resource.split("/"):
        case "PATCH", ["composite", "sobjects", named, _]:
            return named == sobject and _typed_alike(body, sobject)
        case "PATCH", ["composite", "sobjects"]:
            return _typed_alike(body, sobject) and all("id" in each for each in _json(body)["records"])
        case "POST", ["composite", "sobjects", named]:
            return named == sobject and _json(body).keys() == {"ids", "fields"}
        case "DELETE", ["composite", "sobjects"]:
            return True
        case "POST", ["jobs", "ingest"]:
            job = _json(body)
            return (job.get("operation"), job.get("object")) == ("upsert", sobject)
        case "GET", ["jobs", "ingest", _, *_]:
            return True
        case "PUT", ["jobs", "ingest", _, "batches"]:
            return True
        case "PATCH", ["jobs", "ingest", _]:
            return _json(body).get("state") in ("UploadComplete", "Aborted")
    return False


def _typed_alike(body: bytes | None, sobject: str) -> bool:
    records = _json(body).get("records")
    return isinstance(records, list) and all(
        isinstance(each, dict) and each.get("attributes") == {"type": sobject} for each in records
    )


def _reads(path: str) -> bool:
    """The list of versions, who somebody is, a version's own page, and what lies under a resource that only reads."""
    if path.rstrip("/") in ("/services/data", "/services/oauth2/userinfo"):
        return True
    resource = _resource(path)
    if resource is None or ".." in resource or "%" in resource:
        return False
    return resource == "" or any(resource == name or resource.startswith(name + "/") for name in _READING)


def _resource(path: str) -> str | None:
    """`/services/data/v67.0/tooling/query/` → tooling/query; None for what is no versioned resource."""
    if not path.startswith(_VERSIONED):
        return None
    version, _, resource = path.removeprefix(_VERSIONED).partition("/")
    return resource.strip("/") if version.replace(".", "", 1).isdigit() else None


def _only_reads(body: bytes | None, name: str) -> bool:
    """Batches name their parts without the leading path."""
    document = _json(body)
    parts = document.get(name)
    if {"compositeRequest", "batchRequests"} & document.keys() != {name} or not isinstance(parts, list):
        return False
    return all(isinstance(part, dict) and _part_reads(part) for part in parts)


def _part_reads(part: dict[str, Any]) -> bool:
    url = part.get("url")
    if part.get("method") != "GET" or not isinstance(url, str):
        return False
    absolute = url if url.startswith("/") else f"/services/data/{url}"
    return may_read_only_session_send("GET", absolute, None)


def _is_token_request(body: bytes | None) -> bool:
    fields = parse_qsl((body or b"").decode("ascii", "replace"), keep_blank_values=True)
    return [value for name, value in fields if name == "grant_type"] in ([grant] for grant in _GRANTS)


def _json(body: bytes | None) -> dict[str, Any]:
    """The object, or an empty one: also when a name stands in it twice, for then readers may differ."""
    try:
        document = json.loads(body or b"", object_pairs_hook=_unambiguous)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _unambiguous(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError("a name stands twice")
        found[name] = value
    return found


def _soap_operation(body: bytes | None) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body or b"", parser)
    except etree.XMLSyntaxError:
        return ""
    bodies = [child for child in root if etree.QName(child).localname == "Body"]
    operations = [etree.QName(part).localname for found in bodies for part in found]
    return operations[0] if len(operations) == 1 else ""
