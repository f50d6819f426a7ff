"""Deployments and retrievals as an org keeps them: asked for, waited for, looked up later."""

from typing import Any, Literal

import orjson

from deployments.sandbox.ids import is_id, to18
from deployments.sandbox.store import OrgStore

Kind = Literal["deploy", "retrieve"]
PREFIXES: dict[Kind, str] = {"deploy": "0Af", "retrieve": "09S"}


def open_process(store: OrgStore, kind: Kind, document: dict[str, Any]) -> str:
    process_id = store.new_id(PREFIXES[kind])
    keep(store, kind, process_id, {**document, "id": process_id})
    return process_id


def keep(store: OrgStore, kind: Kind, process_id: str, document: dict[str, Any]) -> None:
    store.sql(
        "INSERT OR REPLACE INTO _process VALUES (?, ?, ?)", process_id, kind, orjson.dumps(document).decode()
    )


def find(store: OrgStore, kind: Kind, process_id: str) -> dict[str, Any] | None:
    wanted = to18(process_id) if is_id(process_id) else process_id
    rows = store.sql("SELECT body FROM _process WHERE id = ? AND kind = ?", wanted, kind)
    found: dict[str, Any] | None = orjson.loads(rows[0]["body"]) if rows else None
    return found
