"""
The data API in XML, for clients that ask for it: `.xml` or `.json` at the end of a path, or the Accept header.

Source: REST API Developer Guide, Using HTTP Headers and "Change the response format"; the element names are those of its
examples.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import orjson
from lxml import etree

from deployments.sandbox.rest.errors import ApiError
from deployments.sandbox.soap import local
from deployments.sandbox.wire import Reply

XML = "application/xml;charset=UTF-8"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
_SUFFIXES = (".xml", ".json")
_ROOTS = {
    "limits": "LimitsSnapshot",
    "query": "QueryResult",
    "queryAll": "QueryResult",
    "search": "SearchResults",
    "parameterizedSearch": "SearchResults",
    "composite": "CompositeResult",
    "recent": "RecentItems",
}
_JSON_TYPES = ("application/json", "*/*", "application/*")
_XML_TYPES = ("application/xml", "text/xml")


def without_suffix(parts: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    """The path without its format, and the format. The value of an external id keeps whatever it ends with."""
    if not parts or (parts[0] == "sobjects" and len(parts) > 3):
        return parts, None
    for suffix in _SUFFIXES:
        if parts[-1].endswith(suffix):
            return (*parts[:-1], parts[-1].removesuffix(suffix)), suffix[1:]
    return parts, None


def wants_xml(accept: str, suffix: str | None) -> bool:
    """The suffix decides; without one, the first format of Accept that is served here."""
    if suffix is not None:
        return suffix == "xml"
    for each in accept.split(","):
        kind = each.partition(";")[0].strip().lower()
        if kind in _XML_TYPES:
            return True
        if kind in _JSON_TYPES:
            return False
    return False


def body_as_json(body: bytes) -> bytes:
    """A record in XML (`<Account><Name>…</Name></Account>`) as the same in JSON. Raises ApiError."""
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError as error:
        raise ApiError("XML_PARSER_ERROR", "The request body is not well-formed XML") from error
    return orjson.dumps(_loaded(root))


def _loaded(element: etree._Element) -> Any:
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        return None if element.get(f"{{{_XSI}}}nil") in ("true", "1") else element.text or ""
    found: dict[str, Any] = {}
    for child in children:
        name, value = local(child), _loaded(child)
        if name in found:
            found[name] = [*found[name], value] if isinstance(found[name], list) else [found[name], value]
        else:
            found[name] = value
    return found


def in_xml(reply: Reply, parts: tuple[str, ...]) -> Reply:
    """The same answer in XML; what is no JSON goes out as it is."""
    if not reply.content_type.startswith("application/json") or not reply.body:
        return reply
    document = orjson.loads(reply.body)
    if reply.status >= 400 and isinstance(document, list):
        text = f"<Errors>{''.join(_element('Error', each) for each in document)}</Errors>"
    elif isinstance(document, list):
        name = _root(parts, None)
        text = f"<{name}s>{''.join(_element(name, each) for each in document)}</{name}s>"
    else:
        text = _element(_root(parts, document), document)
    if " xsi:nil=" in text:
        start = len(text.partition(">")[0])
        text = f'{text[:start]} xmlns:xsi="{_XSI}"{text[start:]}'
    body = f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()
    return replace(reply, body=body, content_type=XML)


def _root(parts: tuple[str, ...], document: object) -> str:
    if isinstance(document, Mapping):
        attributes = document.get("attributes")
        if isinstance(attributes, Mapping) and attributes.get("type"):
            return str(attributes["type"])
        if "success" in document and "id" in document:
            return "Result"
        if "records" in document and "done" in document:
            return "QueryResult"
    if not parts:
        return "urls" if document is not None else "Version"
    if parts[0] == "sobjects":
        if len(parts) == 1:
            return "DescribeGlobal"
        return {2: "SObjectBasicInfo"}.get(len(parts), "DescribeSObject" if "describe" in parts else "Result")
    return _ROOTS.get(parts[0], "Result")


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if value is None:
        return f'<{name} xsi:nil="true"/>'
    if isinstance(value, Mapping):
        attributes = value.get("attributes")
        shown = ""
        if isinstance(attributes, Mapping):
            shown = "".join(f" {key}={quoteattr(str(each))}" for key, each in attributes.items())
        inner = "".join(
            _element(_tag(key), each)
            for key, each in value.items()
            if key != "attributes" or not isinstance(each, Mapping)
        )
        return f"<{name}{shown}>{inner}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escape(text)}</{name}>"


def _tag(key: str) -> str:
    """Keys that are no XML names (a job's number, an id) get a letter before them."""
    return key if key[:1].isalpha() or key[:1] == "_" else f"_{key}"
