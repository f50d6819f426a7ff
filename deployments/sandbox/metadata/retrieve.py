"""Retrievals: the components a manifest names, as files in a zip."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from deployments.sandbox.metadata import children, components, custom_objects, processes
from deployments.sandbox.metadata.files import written
from deployments.sandbox.metadata.kinds import SETTINGS, child_kinds, is_known, kinds
from deployments.sandbox.metadata.listing import properties
from deployments.sandbox.metadata.package import MANIFEST, manifest, pack
from deployments.sandbox.metadata.profiles import shown_with
from deployments.sandbox.orgs import Org
from deployments.sandbox.store import OrgStore

UNPACKAGED = "unpackaged"
Types = Mapping[str, Iterable[str]]


def start(org: Org, types: dict[str, list[str]], version: str, *, single: bool, problems: list[str]) -> str:
    """The id of a retrieval that waits for its turn."""
    asked = {"types": types, "version": version, "single": single, "problems": problems}
    document = {"done": False, "status": "Pending", "success": False, "_asked": asked}
    return processes.open_process(org.store, "retrieve", document)


def work(org: Org, process_id: str) -> Iterator[None]:
    result = processes.find(org.store, "retrieve", process_id)
    if result is None or result["status"] != "Pending":
        return
    processes.keep(org.store, "retrieve", process_id, result | {"status": "InProgress"})
    org.store.commit()
    yield
    asked = result["_asked"]
    prefix = "" if asked["single"] else f"{UNPACKAGED}/"
    files, rows, missing = gather(org.store, asked["types"], asked["version"], prefix)
    problems = [*asked["problems"], *missing]
    messages = [{"fileName": f"{prefix}{MANIFEST}", "problem": problem} for problem in problems]
    done = result | {
        "done": True,
        "fileProperties": rows,
        "messages": messages,
        "status": "Succeeded",
        "success": True,
        "zipFile": base64.b64encode(pack(files)).decode(),
    }
    processes.keep(org.store, "retrieve", process_id, done)
    org.store.commit()
    yield


def gather(
    store: OrgStore, types: Types, version: str, prefix: str
) -> tuple[dict[str, bytes], list[dict[str, Any]], list[str]]:
    """Files by path, their FileProperties, and what was named but is not there."""
    members, missing = _members(store, types)
    files: dict[str, bytes] = {}
    rows: list[dict[str, Any]] = []
    partial: dict[tuple[str, str], dict[str, list[Any]]] = {}
    for kind in sorted(members):
        for full_name in members[kind]:
            if kind in child_kinds():
                parent, element = child_kinds()[kind]
                owner = children.parent_of(kind, full_name)
                if owner not in members.get(parent.name, []):
                    entry = children.entry(store, kind, full_name)
                    partial.setdefault((parent.name, owner), {}).setdefault(element, []).append(entry)
                rows.append(properties(store, kind, full_name, prefix))
                continue
            if kind in kinds() and kinds()[kind].folders and "/" not in full_name:
                folder = kinds()[kind].folder_kind
                made = written(folder, full_name, store.metadata(folder, full_name) or {})
                files |= {prefix + path: content for path, content in made.items()}
                continue
            body = components.read(store, kind, full_name) or {}
            if kind in ("Profile", "PermissionSet"):
                body = shown_with(kind, body, members)
            actual = components.kind_of(kind, full_name)
            made = written(actual, full_name, body)
            files |= {prefix + path: content for path, content in made.items()}
            rows.append(properties(store, kind, full_name, prefix))
    for (kind, owner), sections in partial.items():
        files |= {prefix + path: content for path, content in written(kind, owner, sections).items()}
    rows.append(properties(store, "Package", MANIFEST, prefix))
    files[prefix + MANIFEST] = manifest({k: v for k, v in members.items() if v}, version)
    return files, rows, missing


def _members(store: OrgStore, types: Types) -> tuple[dict[str, list[str]], list[str]]:
    """Names by type with wildcards written out; what is not there stays out, and is said."""
    members: dict[str, list[str]] = {}
    missing: list[str] = []
    for kind, wanted in types.items():
        if not (is_known(kind) or kind == SETTINGS or kind.endswith("Folder")):
            missing.append(f"Entity type: '{kind}' is unknown")
            continue
        found: list[str] = []
        for name in wanted:
            if name == "*":
                found += [each for each in components.names(store, kind) if _in_wildcard(kind, each)]
            elif _exists(store, kind, name):
                found.append(name)
            else:
                missing.append(f"Entity of type '{kind}' named '{name}' cannot be found")
        members[kind] = list(dict.fromkeys(found))
    return members, missing


def _in_wildcard(kind: str, full_name: str) -> bool:
    """A wildcard does not stand for standard objects."""
    return kind != "CustomObject" or custom_objects.is_custom(full_name)


def _exists(store: OrgStore, kind: str, full_name: str) -> bool:
    holder = kinds().get(kind)
    if holder is not None and holder.folders and "/" not in full_name:
        # Folders are named among what lies in them.
        return store.metadata(holder.folder_kind, full_name) is not None
    if kind in child_kinds():
        return store.metadata(kind, full_name) is not None
    return components.own(store, components.kind_of(kind, full_name), full_name) is not None


def shown_result(store: OrgStore, result: dict[str, Any], *, with_zip: bool) -> dict[str, Any]:
    """Elements in the order of the WSDL."""
    kept = {name: value for name, value in result.items() if not name.startswith("_")}
    if not with_zip:
        kept["zipFile"] = ""
    kept.setdefault("zipFile", "")
    return dict(sorted(kept.items()))
