"""Packages: the zip as it comes and goes, and its manifests."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from lxml import etree

from deployments.sandbox.metadata.xml import NAMESPACE
from deployments.sandbox.soap import local

MANIFEST = "package.xml"
DESTRUCTIVE = ("destructiveChangesPre.xml", "destructiveChanges.xml", "destructiveChangesPost.xml")
MOST_FILES = 10_000
LARGEST = 100 * 1024 * 1024
"""Bytes of all files together, unpacked."""
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)


class BadPackage(ValueError):
    """The zip or a manifest cannot be read; the message is the deployment's errorMessage."""


@dataclass(frozen=True)
class Manifest:
    """What a manifest names: members by type, in order."""

    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    version: str = ""

    @classmethod
    def read(cls, content: bytes, name: str) -> "Manifest":
        root = parse(content, name)
        types: dict[str, tuple[str, ...]] = {}
        version = ""
        for element in root:
            if not isinstance(element.tag, str):
                continue
            if local(element) == "version":
                version = (element.text or "").strip()
            elif local(element) == "types":
                kind = "".join((e.text or "").strip() for e in element if _is(e, "name"))
                members = tuple((e.text or "").strip() for e in element if _is(e, "members"))
                types[kind] = (*types.get(kind, ()), *members)
        return cls(types, version)


def parse(content: bytes, name: str) -> etree._Element:
    """The root of an XML file. Raises BadPackage."""
    try:
        return etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError as error:
        raise BadPackage(f"Error parsing file {name}: {error.msg}") from None


def unpack(content: bytes) -> dict[str, bytes]:
    """Files by path. Raises BadPackage for what is no zip, is too large, or leads out of the package."""
    found: dict[str, bytes] = {}
    room = LARGEST
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES:
                raise BadPackage(f"Maximum number of files exceeded: {len(entries)} of {MOST_FILES}")
            for entry in entries:
                path = entry.filename.replace("\\", "/")
                if path.startswith("/") or ".." in path.split("/"):
                    raise BadPackage(f"Invalid path in the zip file: {path[:80]}")
                # What an entry says of its size may be a lie: only as much is read as there is room.
                with archive.open(entry) as file:
                    found[path] = file.read(room + 1)
                room -= len(found[path])
                if room < 0:
                    raise BadPackage("Maximum size of the unzipped files exceeded")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, BadPackage):
            raise
        raise BadPackage("INVALID_ZIP: The zip file cannot be read") from None
    return found


def roots(files: Iterable[str], *, single: bool) -> list[str]:
    """Path prefixes of the packages in a zip: the top itself, or each folder that holds a manifest."""
    names = set(files)
    found = [name.removesuffix(MANIFEST) for name in names if name.rpartition("/")[2] == MANIFEST]
    top = sorted(prefix for prefix in found if prefix.count("/") <= 1)
    if single and "" not in top:
        # Tools that wrap a single package in one folder all the same are understood.
        return top[:1]
    return [""] if "" in top else top


def pack(files: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            archive.writestr(path, files[path])
    return held.getvalue()


def manifest(types: Mapping[str, Iterable[str]], version: str) -> bytes:
    """package.xml; types and members in alphabetical order."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<Package xmlns="{NAMESPACE}">']
    for kind in sorted(types):
        lines.append("    <types>")
        lines += [f"        <members>{escape(member)}</members>" for member in sorted(types[kind])]
        lines += [f"        <name>{escape(kind)}</name>", "    </types>"]
    lines += [f"    <version>{escape(version)}</version>", "</Package>", ""]
    return "\n".join(lines).encode()


def _is(element: etree._Element, name: str) -> bool:
    return isinstance(element.tag, str) and local(element) == name
