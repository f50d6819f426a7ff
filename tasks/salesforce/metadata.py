"""
Reading and changing through the Metadata API with envelopes of our own.

simple-salesforce's `mdapi` opens a second session without our certificate, proxy, CA bundle and time-outs, and loads a
1.5 MB WSDL; three operations need neither.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lxml import etree

from tasks.errors import BadRequest, OrgError, OrgRefused, OrgUnavailable
from tasks.salesforce.session import Session
from tasks.salesforce.writing import RecordResult, WritingSession

KINDS_PER_LIST, NAMES_PER_READ = 3, 10
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_META = "http://soap.sforce.com/2006/04/metadata"

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

Component = dict[str, Any]
Send = Callable[[Callable[[str], bytes]], bytes]


def list_metadata(session: Session, kinds: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Full names of all components of each kind, sorted. Raises OrgRefused, BadRequest."""
    found: dict[str, list[str]] = {kind: [] for kind in kinds}
    session.read["list"] += len(kinds)
    for start in range(0, len(kinds), KINDS_PER_LIST):
        operation = etree.Element(tag("listMetadata"))
        for kind in kinds[start : start + KINDS_PER_LIST]:
            query = etree.SubElement(operation, tag("queries"))
            etree.SubElement(query, tag("type")).text = kind
        etree.SubElement(operation, tag("asOfVersion")).text = session.version
        for result in call(session, operation):
            component = to_python(result)
            if component.get("type") in found and component.get("fullName"):
                found[component["type"]].append(component["fullName"])
    return {kind: tuple(sorted(names)) for kind, names in found.items()}


def list_in_folders(session: Session, kind: str, folders: Sequence[str]) -> tuple[str, ...]:
    """Full names (`Folder/Name`) of a kind that lies in folders: each has to be asked for. Raises OrgRefused, BadRequest."""
    found: set[str] = set()
    session.read["list"] += len(folders)
    for start in range(0, len(folders), KINDS_PER_LIST):
        operation = etree.Element(tag("listMetadata"))
        for folder in folders[start : start + KINDS_PER_LIST]:
            query = etree.SubElement(operation, tag("queries"))
            etree.SubElement(query, tag("folder")).text = folder
            etree.SubElement(query, tag("type")).text = kind
        etree.SubElement(operation, tag("asOfVersion")).text = session.version
        listed = (to_python(result) for result in call(session, operation))
        found |= {str(each["fullName"]) for each in listed if each.get("fullName")}
    return tuple(sorted(found))


def known_kinds(session: Session) -> frozenset[str]:
    """Types of components that the org has, those apart that come within others. Raises OrgRefused, BadRequest."""
    session.read["kinds"] += 1
    operation = etree.Element(tag("describeMetadata"))
    etree.SubElement(operation, tag("asOfVersion")).text = session.version
    found = (
        each.findtext(tag("xmlName"))
        for result in call(session, operation)
        for each in result.iter(tag("metadataObjects"))
    )
    return frozenset(name for name in found if name)


def read_metadata(session: Session, kind: str, names: Sequence[str]) -> dict[str, Component]:
    """
    Components by full name, as nested dictionaries; a repeated element becomes a list, a single one does not (use
    `many`). A component the org does not have is left out: the Metadata API answers with an empty one.
    """
    found: dict[str, Component] = {}
    session.read[f"metadata:{kind}"] += len(names)
    for start in range(0, len(names), NAMES_PER_READ):
        operation = etree.Element(tag("readMetadata"))
        etree.SubElement(operation, tag("type")).text = kind
        for name in names[start : start + NAMES_PER_READ]:
            etree.SubElement(operation, tag("fullNames")).text = name
        for result in call(session, operation):
            for record in result.iterchildren(tag("records")):
                component = to_python(record)
                if isinstance(component, dict) and component.get("fullName"):
                    found[component["fullName"]] = component
    return found


def update_metadata(
    session: WritingSession, components: Sequence[tuple[str, str, Mapping[str, Any]]]
) -> list[RecordResult]:
    """
    One result per (kind, full name, elements), in order; at most NAMES_PER_READ. Sent once. Raises OrgError.

    Elements are booleans, texts, mappings of such and lists for what repeats: what `read_metadata` gives can be sent.
    """
    operation = etree.Element(tag("updateMetadata"))
    for kind, name, elements in components:
        component = etree.SubElement(operation, tag("metadata"))
        component.set(_TYPE, f"met:{kind}")
        etree.SubElement(component, tag("fullName")).text = name
        _put(component, elements)
    results = call(session, operation, session.post_soap_once)
    if len(results) != len(components):
        raise OrgUnavailable(
            session.alias, "the Metadata API answered for some components only", "Run again."
        )
    return [_saved(result) for result in results]


def _put(parent: etree._Element, elements: Mapping[str, Any]) -> None:
    for name, values in elements.items():
        for value in values if isinstance(values, list) else [values]:
            element = etree.SubElement(parent, tag(name))
            if isinstance(value, Mapping):
                _put(element, value)
            else:
                element.text = str(value).lower() if isinstance(value, bool) else str(value)


def _saved(result: etree._Element) -> RecordResult:
    if result.findtext(tag("success")) == "true":
        return RecordResult(id=None)
    errors = result.find(tag("errors"))
    code = None if errors is None else errors.findtext(tag("statusCode"))
    return RecordResult(id=None, code=code or "UNKNOWN_EXCEPTION")


def many(component: Component, name: str) -> list[Any]:
    """A repeatable element as a list, however often it came."""
    value = component.get(name)
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def flag(component: Component, name: str) -> bool:
    """An absent boolean is false, which is the Metadata API's own rule."""
    return str(component.get(name, "")).lower() == "true"


def call(session: Session, operation: etree._Element, send: Send | None = None) -> list[etree._Element]:
    """The `result` elements of one operation. Raises OrgError for a fault."""

    def envelope(session_id: str) -> bytes:
        root = etree.Element(f"{{{_SOAP}}}Envelope", nsmap={"soapenv": _SOAP, "met": _META})
        header = etree.SubElement(root, f"{{{_SOAP}}}Header")
        holder = etree.SubElement(header, tag("SessionHeader"))
        etree.SubElement(holder, tag("sessionId")).text = session_id
        etree.SubElement(root, f"{{{_SOAP}}}Body").append(operation)
        document = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        # Detached again, since a repeat after a new token wraps the same operation.
        root[-1].remove(operation)
        return bytes(document)

    content = (send or session.post_soap)(envelope)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise OrgUnavailable(session.alias, "the Metadata API's answer was cut short", "Run again.") from None
    fault = root.find(f".//{{{_SOAP}}}Fault")
    if fault is not None:
        raise _fault(session.alias, (fault.findtext("faultcode") or "").partition(":")[2])
    return list(root.iter(tag("result")))


def _fault(org: str, code: str) -> OrgError:
    said = f"the Metadata API answered {code or 'a fault'}"
    if code in ("INSUFFICIENT_ACCESS", "API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED"):
        return OrgRefused(
            org, said, "Grant Modify Metadata Through Metadata API Functions to the scanner.", code
        )
    return BadRequest(org, said, "This org or API version lacks the metadata type.", code)


def tag(name: str) -> str:
    return f"{{{_META}}}{name}"


def to_python(element: etree._Element) -> Any:
    """Text for a leaf, a dictionary for the rest; repeated names gather into lists."""
    if len(element) == 0:
        return element.text or ""
    found: dict[str, Any] = {}
    for child in element:
        name = etree.QName(child).localname
        value = to_python(child)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found
