"""Documents of Bulk API 1.0: XML or JSON as the request speaks, rows in CSV, XML or JSON as the job says."""

import csv
import io
from typing import Any
from xml.sax.saxutils import escape

import orjson
from lxml import etree

from deployments.sandbox.soap import local
from deployments.sandbox.wire import Reply

NAMESPACE = "http://www.force.com/2009/06/asyncapi/dataload"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)


class BadDocument(ValueError):
    """The body is not what its content type says."""


def speaks_json(headers: Any) -> bool:
    return "json" in (headers.get("content-type", "") + headers.get("accept", ""))


def reply(status: int, name: str, document: Any, *, json: bool) -> Reply:
    """One info document, or a list of them under `<name>List`."""
    if json:
        shown = {f"{name}": document} if isinstance(document, list) else document
        return Reply(status, orjson.dumps(shown))
    if isinstance(document, list):
        inside = "".join(f"<{name}>{_inside(each)}</{name}>" for each in document)
        return _xml(status, f"{name}List", inside)
    return _xml(status, name, _inside(document))


def _xml(status: int, name: str, inside: str) -> Reply:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{NAMESPACE}" xmlns:xsi="{XSI}">{inside}</{name}>'
    return Reply(status, text.encode(), "application/xml")


def _inside(document: dict[str, Any]) -> str:
    return "".join(
        f"<{name}>{str(value).lower() if isinstance(value, bool) else escape(str(value))}</{name}>"
        for name, value in document.items()
        if value is not None
    )


def failure(status: int, code: str, message: str, *, json: bool) -> Reply:
    document = {"exceptionCode": code, "exceptionMessage": message}
    return reply(status, "error", document, json=json)


def read(body: bytes, *, json: bool) -> dict[str, Any]:
    """The fields of a jobInfo. Raises BadDocument."""
    if json:
        try:
            document = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise BadDocument("the body is no JSON") from None
        if not isinstance(document, dict):
            raise BadDocument("the body is no JSON object")
        return document
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError:
        raise BadDocument("the body is no XML") from None
    return {local(each): (each.text or "").strip() for each in root if isinstance(each.tag, str)}


def rows(body: bytes, kind: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a batch. `kind` is CSV, JSON or XML. Raises BadDocument."""
    if kind == "CSV":
        return _csv(body)
    records = _json_records(body) if kind == "JSON" else _xml_records(body)
    header = list(dict.fromkeys(name for each in records for name in each))
    return header, [[each.get(name, "") for name in header] for each in records]


def _csv(body: bytes) -> tuple[list[str], list[list[str]]]:
    try:
        lines = [line for line in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")) if line]
    except (UnicodeDecodeError, csv.Error):
        raise BadDocument("Failed to parse CSV") from None
    if not lines:
        raise BadDocument("No content to process")
    width = len(lines[0])
    if any(len(line) != width for line in lines):
        raise BadDocument("Rows and header differ in their number of columns")
    return lines[0], lines[1:]


def _json_records(body: bytes) -> list[dict[str, str]]:
    try:
        records = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadDocument("Failed to parse JSON") from None
    if not isinstance(records, list) or not all(isinstance(each, dict) for each in records):
        raise BadDocument("A batch in JSON is a list of objects")
    found = []
    for each in records:
        flat: dict[str, str] = {}
        for name, value in each.items():
            if isinstance(value, dict):
                flat |= {
                    f"{name}.{inner}": _cell(cell) for inner, cell in value.items() if inner != "attributes"
                }
            elif name != "attributes":
                flat[name] = _cell(value)
        found.append(flat)
    return found


def _cell(value: object) -> str:
    if value is None:
        return "#N/A"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _xml_records(body: bytes) -> list[dict[str, str]]:
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError:
        raise BadDocument("Failed to parse XML") from None
    found = []
    for record in root:
        if not isinstance(record.tag, str):
            continue
        cells: dict[str, str] = {}
        for field in record:
            if isinstance(field.tag, str) and local(field) != "type":
                nil = field.get(f"{{{XSI}}}nil") in ("true", "1")
                cells[local(field)] = "#N/A" if nil else (field.text or "")
        found.append(cells)
    return found
