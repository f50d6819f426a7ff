"""SOAP envelopes to the Metadata API of the miniature estate, and what came back."""

from lxml import etree

from tests.running import RunningEstate

HQ = "https://meridian-hq.my.salesforce.com"
ENVELOPE = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:met="http://soap.sforce.com/2006/04/metadata" xmlns="http://soap.sforce.com/2006/04/metadata"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Header><met:SessionHeader>'
    "<met:sessionId>{token}</met:sessionId></met:SessionHeader></soapenv:Header>"
    "<soapenv:Body>{content}</soapenv:Body></soapenv:Envelope>"
)
NAMES = {"m": "http://soap.sforce.com/2006/04/metadata"}


def soap(
    estate: RunningEstate, content: str, username: str = "admin@hq.example", token: str = ""
) -> tuple[int, etree._Element]:
    envelope = ENVELOPE.format(token=token or estate.token("hq", username), content=content)
    headers = {"Content-Type": "text/xml", "SOAPAction": '""'}
    with estate.session() as session:
        url = f"{HQ}/services/Soap/m/62.0"
        answer = session.post(url, data=envelope.encode(), headers=headers, timeout=30)
    return answer.status_code, etree.fromstring(answer.content)


def ip_range(first: str, last: str) -> str:
    return (
        f"<loginIpRanges><endAddress>{last}</endAddress><startAddress>{first}</startAddress></loginIpRanges>"
    )


def update(estate: RunningEstate, kind: str, name: str, body: str) -> None:
    component = f'<metadata xsi:type="{kind}"><fullName>{name}</fullName>{body}</metadata>'
    content = f"<updateMetadata>{component}</updateMetadata>"
    status, answer = soap(estate, content)
    assert (status, texts(answer, "success")) == (200, ["true"]), etree.tostring(answer)


def texts(answer: etree._Element, name: str) -> list[str | None]:
    return [element.text for element in answer.iter(f"{{{NAMES['m']}}}{name}")]


def read(estate: RunningEstate, kind: str, *names: str) -> etree._Element:
    wanted = "".join(f"<fullNames>{name}</fullNames>" for name in names)
    status, answer = soap(estate, f"<readMetadata><type>{kind}</type>{wanted}</readMetadata>")
    assert status == 200
    return answer
