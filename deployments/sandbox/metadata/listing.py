"""FileProperties: what listings and retrievals tell of each component."""

from typing import Any
from xml.sax.saxutils import escape

from deployments.sandbox.clock import stamp
from deployments.sandbox.metadata import components
from deployments.sandbox.metadata.kinds import SETTINGS, is_known, kinds
from deployments.sandbox.store import OrgStore


def properties(store: OrgStore, kind: str, full_name: str, prefix: str = "") -> dict[str, Any]:
    author, now = store.setting("automated_user") or "", stamp(store.clock.now()).replace("+0000", "Z")
    actual = components.kind_of(kind, full_name)
    file = full_name if kind == "Package" else components.file_of(kind, full_name)
    body = store.metadata(actual, full_name) or {}
    return {
        "createdById": author,
        "createdByName": "Automated Process",
        "createdDate": now,
        "fileName": prefix + file,
        "fullName": full_name,
        "id": str(body.get("id") or ""),
        "lastModifiedById": author,
        "lastModifiedByName": "Automated Process",
        "lastModifiedDate": now,
        "manageableState": "unmanaged",
        "type": kind,
    }


def listing(store: OrgStore, kind: str, folder: str = "") -> str:
    """`<result>` for each component of a type; of types in folders those of one folder."""
    if not (is_known(kind) or kind == SETTINGS or kind.endswith("Folder")):
        raise components.Unwritable("INVALID_TYPE", f"Unknown type: {kind}")
    components.demand_enabled(store, kind)
    held = kinds().get(kind)
    found = components.names(store, kind)
    if held is not None and held.folders and folder:
        found = [name for name in found if name.startswith(f"{folder}/")]
    return "".join(
        "<result>"
        + "".join(
            f"<{name}>{escape(str(value))}</{name}>" for name, value in properties(store, kind, each).items()
        )
        + "</result>"
        for each in found
    )
