"""Metadata components between their XML on the wire and the nested values the store keeps."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from deployments.sandbox.metadata.kinds import REPEATED
from deployments.sandbox.soap import local

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
# The order of the WSDL: what base types hold comes first, then what a type adds, in alphabetical order.
FIRST = {"fullName": 0, "content": 1}


def elements(body: Mapping[str, Any]) -> str:
    """A component's values as child elements, in the order strict clients ask for."""
    ordered = sorted(body, key=lambda name: (FIRST.get(name, 2), name))
    return "".join(_element(name, body[name]) for name in ordered)


def _element(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, Mapping):
        return f"<{name}>{elements(value)}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else escape(str(value))
    return f"<{name}>{text}</{name}>"


def values(element: etree._Element) -> dict[str, Any]:
    """The children of an element: texts, booleans, mappings, and lists where names repeat."""
    found: dict[str, Any] = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name, value = local(child), _value(child)
        if name in found:
            earlier = found[name]
            found[name] = [*earlier, value] if isinstance(earlier, list) else [earlier, value]
        elif name in REPEATED:
            # An empty element clears a list.
            found[name] = [] if value in ("", None) else [value]
        else:
            found[name] = value
    return found


def _value(element: etree._Element) -> Any:
    if element.get(NIL) in ("true", "1"):
        return None
    if len(element):
        return values(element)
    text = (element.text or "").strip()
    return text == "true" if text in ("true", "false") else text
