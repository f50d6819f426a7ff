"""
Judges one request before it is sent: may a read-only session send it?

The rule of the safety contract: GET and HEAD, token requests, composites whose every part is a GET, Bulk query jobs, and
the reading operations of the Metadata API. Everything else is refused, also what we do not understand.
"""

from urllib.parse import parse_qs, urlsplit

import orjson
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
_COMPOSITE = ("/composite", "/composite/batch", "/tooling/composite", "/tooling/composite/batch")


def may_read_only_session_send(method: str, url: str, body: bytes | None) -> bool:
    """`url` is absolute or a path; `body` as it would go over the wire."""
    if method in ("GET", "HEAD"):
        return True
    if method != "POST":
        return False
    path = urlsplit(url).path.rstrip("/")
    if path == "/services/oauth2/token":
        return _is_token_request(body)
    if path.startswith("/services/Soap/m/"):
        return _soap_operation(body) in READING_SOAP
    if not path.startswith("/services/data/v"):
        return False
    resource = "/" + path.removeprefix("/services/data/v").partition("/")[2]
    if resource in _COMPOSITE:
        return _only_gets(body)
    return resource == "/jobs/query" and _is_query_job(body)


def _is_token_request(body: bytes | None) -> bool:
    grant = parse_qs((body or b"").decode("ascii", "replace")).get("grant_type", [""])
    return grant[0] in ("urn:ietf:params:oauth:grant-type:jwt-bearer", "client_credentials")


def _only_gets(body: bytes | None) -> bool:
    document = _json(body)
    parts = document.get("compositeRequest") or document.get("batchRequests")
    return isinstance(parts, list) and all(
        isinstance(part, dict) and part.get("method") == "GET" for part in parts
    )


def _is_query_job(body: bytes | None) -> bool:
    return _json(body).get("operation") in ("query", "queryAll")


def _json(body: bytes | None) -> dict[str, object]:
    try:
        document = orjson.loads(body or b"")
    except orjson.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}


def _soap_operation(body: bytes | None) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body or b"", parser)
    except etree.XMLSyntaxError:
        return ""
    bodies = [child for child in root if etree.QName(child).localname == "Body"]
    operations = [etree.QName(part).localname for found in bodies for part in found]
    return operations[0] if len(operations) == 1 else ""
