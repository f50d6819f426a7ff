"""Records between the data API's JSON shape and the sObjects of the partner WSDL."""

from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from deployments.sandbox.soap import local

PARTNER = "urn:partner.soap.sforce.com"
ENTERPRISE = "urn:enterprise.soap.sforce.com"
NIL = 'xsi:nil="true"'


def text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(str(value))


def element(name: str, value: object) -> str:
    return f"<{name} {NIL}/>" if value is None else f"<{name}>{text(value)}</{name}>"


def record(name: str, values: dict[str, Any]) -> str:
    """One sObject: its type, its Id (twice, as the platform does when it was asked for), its fields, its parents."""
    kind = str(values["attributes"]["type"])
    record_id = values.get("Id")
    inside = [f"<sf:type>{escape(kind)}</sf:type>", element("sf:Id", record_id)]
    for field, value in values.items():
        if field == "attributes":
            continue
        if isinstance(value, dict) and "records" in value:
            inside.append(f'<sf:{field} xsi:type="QueryResult">{result(value)}</sf:{field}>')
        elif isinstance(value, dict) and "attributes" in value:
            inside.append(record(f"sf:{field}", value))
        else:
            inside.append(element(f"sf:{field}", value))
    return f'<{name} xsi:type="sf:sObject" xmlns:sf="urn:sobject.partner.soap.sforce.com">{"".join(inside)}</{name}>'


def result(page: dict[str, Any]) -> str:
    """A QueryResult."""
    locator = page.get("locator")
    rows = "".join(record("records", each) for each in page["records"])
    size = page.get("totalSize", len(page["records"]))
    return f"{element('done', page.get('done', True))}{element('queryLocator', locator)}{rows}{element('size', size)}"


def values_of(sobject: etree._Element) -> tuple[str, dict[str, Any]]:
    """Type and field texts of an sObject; `fieldsToNull` are None."""
    kind = ""
    values: dict[str, Any] = {}
    for child in sobject:
        if not isinstance(child.tag, str):
            continue
        name, value = local(child), (child.text or "")
        if name == "type":
            kind = value.strip()
        elif name == "fieldsToNull":
            values[value.strip()] = None
        elif not len(child):
            nil = child.get("{http://www.w3.org/2001/XMLSchema-instance}nil") in ("true", "1")
            values[name] = None if nil else value
    return kind, values
