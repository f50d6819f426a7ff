"""What the ledger knows of exported tenant secrets."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import JsonValue

from tasks.shield.model import Exported

Body = Mapping[str, JsonValue]


def export_note(kind: str, version: int, sha256: str, at: datetime) -> dict[str, JsonValue]:
    return {"type": kind, "version": version, "sha256": sha256, "at": at.isoformat()}


def exports(bodies: Iterable[Body], kind: str) -> dict[int, Exported]:
    """By version, the latest export of each secret of a type. Salesforce numbers secrets of all types together."""
    found: dict[int, Exported] = {}
    for body in bodies:
        if body.get("type") != kind:
            continue
        version = int(str(body["version"]))
        found[version] = Exported(
            version=version, sha256=str(body["sha256"]), at=datetime.fromisoformat(str(body["at"]))
        )
    return found
