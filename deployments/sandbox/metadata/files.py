"""Components and the files they lie in: what a package's files hold, and the files a component is written to."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deployments.sandbox.metadata.kinds import SETTINGS, Kind, by_folder, kind_named
from deployments.sandbox.metadata.package import BadPackage, parse
from deployments.sandbox.metadata.xml import document, values
from deployments.sandbox.soap import local

META = "-meta.xml"
FILES = "_files"
"""The body's own name for the files of a bundle: paths below its folder, contents in base64."""
CONTENT = "content"


@dataclass
class Found:
    """One component in a package, with the file it was found in; `problem` where it cannot be read."""

    kind: str
    full_name: str
    path: str
    body: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


def components(files: Mapping[str, bytes], prefix: str) -> Iterator[Found]:
    """Every component of the package at `prefix`; children of a file are left inside their parent's body."""
    bundles: dict[tuple[str, str], dict[str, bytes]] = {}
    for path in sorted(files):
        below = path.removeprefix(prefix)
        folder, slash, rest = below.partition("/")
        if not path.startswith(prefix) or not slash or folder not in by_folder():
            continue
        kinds = by_folder()[folder]
        if kinds[0].bundle:
            name, _, inner = rest.partition("/")
            if inner:
                bundles.setdefault((kinds[0].name, name), {})[inner] = files[path]
            continue
        yield from _file(files, path, rest, kinds)
    for (kind, name), content in bundles.items():
        folder = next(f for f, each in by_folder().items() if each[0].name == kind)
        encoded = {inner: base64.b64encode(data).decode() for inner, data in content.items()}
        yield Found(kind, name, f"{prefix}{folder}/{name}", {FILES: encoded})


def _file(files: Mapping[str, bytes], path: str, rest: str, kinds: tuple[Kind, ...]) -> Iterator[Found]:
    if rest.endswith(META):
        if path.removesuffix(META) in files:
            return
        found = _folder(files, path, rest, kinds)
        if found is not None:
            yield found
        return
    kind = next((k for k in kinds if k.suffix and rest.endswith(f".{k.suffix}")), None)
    if kind is None:
        # Documents keep the suffix they came with.
        kind = next((k for k in kinds if k.name == "Document" and "/" in rest), None)
        if kind is None:
            return
    name = (
        rest
        if kind.name == "Document" and not rest.endswith(".document")
        else rest.removesuffix(f".{kind.suffix}")
    )
    if kind.content:
        yield _with_content(files, path, kind, name)
        return
    yield _read(kind.name, name, path, files[path])


def _folder(files: Mapping[str, bytes], path: str, rest: str, kinds: tuple[Kind, ...]) -> Found | None:
    """`reports/Sales-meta.xml` describes a folder; every other lone meta file lacks its content."""
    name = rest.removesuffix(META)
    holder = next((kind for kind in kinds if kind.folders), None)
    if holder is not None:
        name = name.rpartition(".")[0] if name.endswith("Folder") else name
        return _read(holder.folder_kind, name, path, files[path])
    kind = next((k for k in kinds if k.suffix and name.endswith(f".{k.suffix}")), kinds[0])
    name = name.removesuffix(f".{kind.suffix}")
    return Found(
        kind.name, name, path, problem=f"A file for {kind.name} {name} is missing beside its {META} file"
    )


def _with_content(files: Mapping[str, bytes], path: str, kind: Kind, name: str) -> Found:
    meta = files.get(path + META)
    content = base64.b64encode(files[path]).decode()
    if meta is None:
        if kind.name in ("Document", "StaticResource", "Certificate", "InboundCertificate"):
            return Found(
                kind.name, name, path, problem=f"Required field is missing: metadata file {path}{META}"
            )
        return Found(kind.name, name, path, {CONTENT: content})
    found = _read(kind.name, name, path, meta)
    found.body[CONTENT] = content
    return found


def _read(kind: str, name: str, path: str, content: bytes) -> Found:
    try:
        root = parse(content, path)
    except BadPackage as error:
        return Found(kind, name, path, problem=str(error))
    shown = local(root)
    if kind == SETTINGS:
        if not shown.endswith(SETTINGS):
            return Found(kind, name, path, problem=f"Entity type: '{shown}' is unknown")
        return Found(kind, name, path, {**values(root), "_kind": shown})
    if shown != kind and not (kind.endswith("Folder") and shown.endswith("Folder")):
        return Found(
            kind, name, path, problem=f"Entity type: '{shown}' does not fit the file, which is for {kind}"
        )
    body = values(root)
    body.pop("fullName", None)
    return Found(kind, name, path, body)


def written(kind: str, full_name: str, body: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of one component, by path below the package."""
    if kind.endswith("Folder") and (holder := _holder(kind)) is not None:
        return {f"{holder.folder}/{full_name}{META}": document(kind, body)}
    held = kind_named(kind)
    assert held is not None
    if held.bundle:
        files = body.get(FILES) or {}
        return {f"{held.folder}/{full_name}/{path}": base64.b64decode(data) for path, data in files.items()}
    suffix = "" if held.name == "Document" and "." in full_name else f".{held.suffix}"
    path = f"{held.folder}/{full_name}{suffix}"
    if not held.content:
        return {path: document(kind, body)}
    meta = {name: value for name, value in body.items() if name != CONTENT}
    content = base64.b64decode(str(body.get(CONTENT) or ""))
    return {path: content} | ({path + META: document(kind, meta)} if meta else {})


def _holder(kind: str) -> Kind | None:
    """The type whose files lie in folders of this type."""
    for held in (k for each in by_folder().values() for k in each):
        if held.folders and held.folder_kind == kind:
            return held
    return None
