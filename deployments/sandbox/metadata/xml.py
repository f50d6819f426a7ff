"""Metadata components between their XML and the nested values the store keeps."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from deployments.sandbox.metadata.kinds import REPEATED
from deployments.sandbox.soap import local

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
NIL = f"{{{XSI}}}nil"
TYPE = f"{{{XSI}}}type"
# The order of the WSDL: what base types hold comes first, then what a type adds, in alphabetical order.
FIRST = {"fullName": 0, "content": 1}
KIND, TEXT = "@type", "#text"
"""How a value says its type (`xsi:type`), as the values of custom metadata records do."""
_INDENT = "    "


def elements(body: Mapping[str, Any]) -> str:
    """A component's values as child elements, in the order strict clients ask for."""
    return "".join(_element(name, body[name], "") for name in _ordered(body))


def document(kind: str, body: Mapping[str, Any]) -> bytes:
    """A component as the file of a package, one element in a line."""
    inner = "".join(_element(name, body[name], "\n" + _INDENT) for name in _ordered(body))
    typed = f' xmlns:xsi="{XSI}" xmlns:xsd="{XSD}"' if "xsi:" in inner else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{NAMESPACE}"{typed}>{inner}\n</{kind}>\n'
    ).encode()


def _ordered(body: Mapping[str, Any]) -> list[str]:
    """Names that begin with an underscore are the store's own."""
    return sorted(
        (name for name in body if name[0] not in "_@#"), key=lambda name: (FIRST.get(name, 2), name)
    )


def _element(name: str, value: Any, lead: str) -> str:
    """`lead` is what stands before the element: nothing, or a line break and its indentation."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "".join(_element(name, each, lead) for each in value)
    attributes = ""
    if isinstance(value, Mapping):
        if KIND in value:
            attributes = f" xsi:type={quoteattr(str(value[KIND]))}"
        if TEXT not in value:
            deeper = lead and lead + _INDENT
            inner = "".join(_element(each, value[each], deeper) for each in _ordered(value))
            return f"{lead}<{name}{attributes}>{inner}{lead if inner else ''}</{name}>"
        value = value[TEXT]
    text = str(value).lower() if isinstance(value, bool) else escape(str(value))
    return f"{lead}<{name}{attributes}>{text}</{name}>"


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
    kind = element.get(TYPE)
    if len(element):
        inner = values(element)
        return {KIND: kind, **inner} if kind else inner
    text = element.text or ""
    if kind:
        return {KIND: kind, TEXT: text}
    stripped = text.strip()
    return stripped == "true" if stripped in ("true", "false") else text if stripped else ""
