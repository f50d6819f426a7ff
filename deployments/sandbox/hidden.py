"""The tables of an org that no query shows: metadata, small settings, applications and credentials."""

import json
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from deployments.sandbox.clock import stamp
from deployments.sandbox.ids import to18


@dataclass(frozen=True)
class AppRecord:
    """A client application as the token endpoint knows it."""

    name: str
    label: str
    kind: Literal["connected-app", "external-client-app"]
    entity_id: str
    consumer_key: str
    consumer_secret_hash: str | None = None
    consumer_secret: str | None = None
    """Of external client apps only, which give it back over REST."""
    certificate_pem: str | None = None
    flows: frozenset[str] = frozenset()
    run_as: str | None = None
    admin_approved: bool = True
    ip_relaxation: str = "ENFORCE"
    scopes: tuple[str, ...] = ()
    session_minutes: int = 120
    callback_urls: tuple[str, ...] = ()
    require_pkce: bool = False
    rotate_refresh: bool = False
    refresh_policy: str = "infinite"
    """infinite, zero, specific_lifetime:N:UNIT or specific_inactivity:N:UNIT, as ConnectedApp metadata spells it."""


class HiddenTables:
    """What an org's file keeps beside its records."""

    _db: sqlite3.Connection
    lock: threading.RLock

    def sql(self, statement: str, *params: object) -> list[sqlite3.Row]:
        """Run one statement with bound parameters and fetch everything."""
        with self.lock:
            return self._db.execute(statement, params).fetchall()

    def put_metadata(self, kind: str, full_name: str, body: Mapping[str, object]) -> None:
        """Keep one metadata component: nested mappings, lists, texts and booleans."""
        with self.lock:
            self._db.execute(
                "INSERT OR REPLACE INTO _metadata VALUES (?, ?, ?)", (kind, full_name, json.dumps(body))
            )

    def metadata(self, kind: str, full_name: str) -> dict[str, object] | None:
        """A fresh copy of one component's body; names are compared without regard to case."""
        rows = self.sql("SELECT body FROM _metadata WHERE kind = ? AND full_name = ?", kind, full_name)
        return cast("dict[str, object]", json.loads(rows[0]["body"])) if rows else None

    def metadata_names(self, kind: str) -> list[str]:
        rows = self.sql("SELECT full_name FROM _metadata WHERE kind = ? ORDER BY full_name", kind)
        return [row["full_name"] for row in rows]

    def delete_metadata(self, kind: str, full_name: str) -> bool:
        """Whether there was such a component."""
        with self.lock:
            statement = "DELETE FROM _metadata WHERE kind = ? AND full_name = ?"
            return self._db.execute(statement, (kind, full_name)).rowcount > 0

    def set_setting(self, name: str, value: str) -> None:
        with self.lock:
            self._db.execute("INSERT OR REPLACE INTO _setting VALUES (?, ?)", (name, value))

    def setting(self, name: str) -> str | None:
        """A small hidden fact of the org, such as `automated_user`: who makes rows nobody is named for."""
        rows = self.sql("SELECT value FROM _setting WHERE name = ?", name)
        return rows[0]["value"] if rows else None

    def drop_setting(self, name: str) -> None:
        with self.lock:
            self._db.execute("DELETE FROM _setting WHERE name = ?", (name,))

    def put_app(self, app: AppRecord) -> None:
        body = {**app.__dict__, "flows": sorted(app.flows)}
        with self.lock:
            self._db.execute(
                "INSERT OR REPLACE INTO _app VALUES (?, ?)", (app.consumer_key, json.dumps(body))
            )

    def app_by_key(self, consumer_key: str) -> AppRecord | None:
        rows = self.sql("SELECT body FROM _app WHERE consumer_key = ?", consumer_key)
        return _app(rows[0]["body"]) if rows else None

    def apps(self) -> list[AppRecord]:
        return [_app(row["body"]) for row in self.sql("SELECT body FROM _app ORDER BY consumer_key")]

    def put_credential(self, user_id: str, *, password_hash: str, token: str, changed_at: datetime) -> None:
        """Keep a user's password hash and security token for the password doors."""
        with self.lock:
            values = (to18(user_id), password_hash, token, stamp(changed_at))
            self._db.execute("INSERT OR REPLACE INTO _credential VALUES (?, ?, ?, ?)", values)

    def credential(self, user_id: str) -> sqlite3.Row | None:
        """user_id, password_hash, token, changed_at."""
        return next(iter(self.sql("SELECT * FROM _credential WHERE user_id = ?", to18(user_id))), None)


def _app(body: str) -> AppRecord:
    facts = json.loads(body)
    facts |= {name: tuple(facts.get(name, ())) for name in ("scopes", "callback_urls")}
    return AppRecord(**{**facts, "flows": frozenset(facts["flows"])})
