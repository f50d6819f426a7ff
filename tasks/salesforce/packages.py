"""Components as files: retrieved and deployed in packages, which is how certificates travel."""

import base64
import binascii
import io
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from lxml import etree

from tasks.errors import OrgUnavailable
from tasks.salesforce.metadata import call, tag
from tasks.salesforce.session import Session
from tasks.salesforce.writing import RecordResult, WritingSession

MANIFEST, REMOVED = "package.xml", "destructiveChanges.xml"
META = "-meta.xml"
_UNPACKAGED = "unpackaged/"
_META = "http://soap.sforce.com/2006/04/metadata"
_FIRST, _LONGEST, _GIVEN_UP = 0.05, 2.0, 300.0
Members = Mapping[str, Sequence[str]]
"""Kind to full names."""


class Package(NamedTuple):
    """Files by path, and kind and full name of the components of which they are."""

    files: dict[str, bytes]
    came: frozenset[tuple[str, str]]


def retrieve(session: Session, wanted: Members) -> dict[str, bytes]:
    """Files by path. A component that the org does not have is left out. Raises OrgError."""
    return retrieve_package(session, wanted).files


def retrieve_package(session: Session, wanted: Members) -> Package:
    """As `retrieve`, with what came of what was wanted (FileProperties of the result). Raises OrgError."""
    if not any(wanted.values()):
        return Package({}, frozenset())
    operation = etree.Element(tag("retrieve"))
    request = etree.SubElement(operation, tag("retrieveRequest"))
    etree.SubElement(request, tag("apiVersion")).text = session.version
    etree.SubElement(request, tag("singlePackage")).text = "true"
    package = etree.SubElement(request, tag("unpackaged"))
    for kind, names in wanted.items():
        session.read[f"metadata:{kind}"] += len(names)
        types = etree.SubElement(package, tag("types"))
        for name in names:
            etree.SubElement(types, tag("members")).text = name
        etree.SubElement(types, tag("name")).text = kind
    etree.SubElement(package, tag("version")).text = session.version
    process = _process(session, call(session, operation))

    def look() -> etree._Element:
        asked = etree.Element(tag("checkRetrieveStatus"))
        etree.SubElement(asked, tag("asyncProcessId")).text = process
        etree.SubElement(asked, tag("includeZip")).text = "true"
        return call(session, asked)[0]

    found = _finished(session, look)
    try:
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(found.findtext(tag("zipFile")) or ""))) as archive:
            files = {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}
    except (zipfile.BadZipFile, binascii.Error):
        raise OrgUnavailable(session.alias, "the retrieved package cannot be read", "Run again.") from None
    came = {
        (each.findtext(tag("type")) or "", each.findtext(tag("fullName")) or "")
        for each in found.iter(tag("fileProperties"))
        if _holds(files, (each.findtext(tag("fileName")) or "").removeprefix(_UNPACKAGED))
    }
    return Package(files, frozenset(came))


def _holds(files: Mapping[str, bytes], name: str) -> bool:
    """A bundle is told of by its folder or by its files."""
    return name in files or any(path.startswith(f"{name}/") for path in files)


def deploy(
    session: WritingSession, files: Mapping[str, bytes], members: Members, removed: Members
) -> dict[tuple[str, str], RecordResult]:
    """
    One result for each member and each that is removed, by kind and full name; all of it is done or none. Sent once.

    Raises OrgError, also when the org says neither yes nor no for minutes: then only reading tells.
    """
    operation = etree.Element(tag("deploy"))
    content = {MANIFEST: _manifest(members, session.version), **files}
    if any(removed.values()):
        content[REMOVED] = _manifest(removed, session.version)
    etree.SubElement(operation, tag("ZipFile")).text = base64.b64encode(_packed(content)).decode()
    options = etree.SubElement(operation, tag("DeployOptions"))
    for name, value in (("rollbackOnError", "true"), ("singlePackage", "true"), ("ignoreWarnings", "true")):
        etree.SubElement(options, tag(name)).text = value
    process = _process(session, call(session, operation, session.post_soap_once))

    def look() -> etree._Element:
        asked = etree.Element(tag("checkDeployStatus"))
        etree.SubElement(asked, tag("asyncProcessId")).text = process
        etree.SubElement(asked, tag("includeDetails")).text = "true"
        return call(session, asked)[0]

    found = _finished(session, look)
    wanted = [(kind, name) for each in (members, removed) for kind, names in each.items() for name in names]
    if found.findtext(tag("success")) == "true":
        return dict.fromkeys(wanted, RecordResult(id=None))
    failures = {
        each.findtext(tag("fullName")): each.findtext(tag("problem")) or ""
        for each in found.iter(tag("componentFailures"))
    }
    return {
        (kind, name): RecordResult(
            id=None,
            code="DEPLOY_REFUSED" if name in failures else "DEPLOY_TAKEN_BACK",
            message=failures.get(name, ""),
        )
        for kind, name in wanted
    }


def _manifest(members: Members, version: str) -> bytes:
    types = "".join(
        f"<types>{''.join(f'<members>{escape(name)}</members>' for name in names)}<name>{kind}</name></types>"
        for kind, names in members.items()
        if names
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?><Package xmlns="{_META}">{types}<version>{version}</version></Package>'
    return text.encode()


def document(kind: str, elements: Mapping[str, object]) -> bytes:
    """A component's own file; booleans are written as the platform does."""
    inside = "".join(
        f"<{name}>{escape(str(value).lower() if isinstance(value, bool) else str(value))}</{name}>"
        for name, value in sorted(elements.items())
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><{kind} xmlns="{_META}">{inside}</{kind}>'.encode()


def elements(content: bytes) -> dict[str, str]:
    """Of a component's own file, those that hold text. Raises ValueError for what is no XML."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        raise ValueError("no XML") from None
    return {etree.QName(child).localname: child.text or "" for child in root if len(child) == 0}


def _packed(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _process(session: Session, results: Sequence[etree._Element]) -> str:
    process = results[0].findtext(tag("id")) if results else None
    if not process:
        raise OrgUnavailable(session.alias, "the Metadata API gave no process to wait for", "Run again.")
    return process


def _finished(session: Session, look: Callable[[], etree._Element]) -> etree._Element:
    """Asks ever less often until it is done."""
    pause, waited = _FIRST, 0.0
    while waited < _GIVEN_UP:
        found = look()
        if found.findtext(tag("done")) == "true":
            return found
        time.sleep(pause)
        waited += pause
        pause = min(2 * pause, _LONGEST)
    raise OrgUnavailable(
        session.alias, f"the Metadata API was not done after {_GIVEN_UP:.0f} seconds", "Look again later."
    )
