"""SOAP envelopes: safe parsing, answers and faults in Salesforce's shapes."""

from xml.sax.saxutils import escape

from lxml import etree

from deployments.sandbox.wire import Reply

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
# The envelope comes from outside: no entities, no network, no huge trees.
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)


class MalformedEnvelope(Exception):
    """The body is no SOAP envelope with exactly one operation."""


def parse(body: bytes) -> tuple[etree._Element | None, etree._Element]:
    """The header (None without one) and the operation element. Raises MalformedEnvelope."""
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError as error:
        raise MalformedEnvelope("the request is not well-formed XML") from error
    content = root.find(f"{{{ENVELOPE}}}Body")
    operations = [child for child in content if isinstance(child.tag, str)] if content is not None else []
    if len(operations) != 1:
        raise MalformedEnvelope("the envelope needs a body with one operation")
    return root.find(f"{{{ENVELOPE}}}Header"), operations[0]


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def text_of(element: etree._Element | None, name: str) -> str:
    """The text of the first descendant with this local name, empty without one."""
    if element is None:
        return ""
    for child in element.iter():
        if isinstance(child.tag, str) and local(child) == name:
            return (child.text or "").strip()
    return ""


def answer(content: str, namespace: str) -> Reply:
    """`content` is ready XML below the body, in the default namespace."""
    envelope = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<soapenv:Envelope xmlns:soapenv="{ENVELOPE}" xmlns="{namespace}"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f"<soapenv:Body>{content}</soapenv:Body></soapenv:Envelope>"
    )
    return Reply(200, envelope.encode(), "text/xml;charset=UTF-8")


def fault(code: str, message: str, namespace: str, detail: str = "") -> Reply:
    """HTTP 500 with `sf:<code>`; `detail` names a fault element that repeats both, as logins carry."""
    inner = (
        f'<detail><sf:{detail} xsi:type="sf:{detail}"><sf:exceptionCode>{code}</sf:exceptionCode>'
        f"<sf:exceptionMessage>{escape(message)}</sf:exceptionMessage></sf:{detail}></detail>"
        if detail
        else ""
    )
    envelope = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<soapenv:Envelope xmlns:soapenv="{ENVELOPE}" xmlns:sf="{namespace}"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault>'
        f"<faultcode>sf:{code}</faultcode><faultstring>{code}: {escape(message)}</faultstring>{inner}"
        "</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )
    return Reply(500, envelope.encode(), "text/xml;charset=UTF-8")
