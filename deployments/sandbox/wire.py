"""One HTTP exchange with the estate, and the log that keeps what every exchange was about."""

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import orjson

SECRET_PARAMETERS = frozenset(
    {"access_token", "oauth_token", "refresh_token", "token", "assertion", "client_secret"}
)


@dataclass
class Request:
    """What reached a listener. `path` is percent-decoded; header names are lower case."""

    method: str
    host: str
    port: int
    path: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes
    source_ip: str
    peer_certificate: bytes | None = None
    """DER of the verified client certificate, on the 8443-like port alone."""
    certificate_unusable: bool = False
    """Whether it is revoked, or not for clients."""
    notes: dict[str, Any] = field(default_factory=dict)
    """What the rooms tell the wire log: `org`, `user`, `operation`, `parts`."""

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass
class Reply:
    """What goes back; `body` is the exact bytes."""

    status: int
    body: bytes = b""
    content_type: str = "application/json;charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)


def json_reply(status: int, document: object, **headers: str) -> Reply:
    return Reply(status, orjson.dumps(document), headers=headers)


class WireLog:
    """
    Every exchange in one SQLite table; no bodies, no tokens.

    Rows gather in memory and are written at `flush` (each read does), so that a request pays nothing.
    """

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS exchange (id INTEGER PRIMARY KEY, at TEXT, org TEXT, host TEXT,"
            " port INTEGER, source_ip TEXT, method TEXT, path TEXT, query TEXT, status INTEGER, user TEXT, operation TEXT,"
            " parts TEXT, bytes INTEGER, ms REAL)"
        )
        self._waiting: list[tuple[object, ...]] = []

    def record(self, request: Request, reply: Reply, started: float) -> None:
        """`started` is time.perf_counter() at arrival."""
        notes = request.notes
        self._waiting.append(
            (
                datetime.now(UTC).isoformat(timespec="milliseconds"),
                notes.get("org", ""),
                request.host,
                request.port,
                request.source_ip,
                request.method,
                request.path,
                _without_secrets(request.query_string),
                reply.status,
                notes.get("user", ""),
                notes.get("operation", ""),
                json.dumps(notes.get("parts", [])),
                len(reply.body),
                round((time.perf_counter() - started) * 1000, 2),
            )
        )
        if len(self._waiting) >= 500:
            self.flush()

    def flush(self) -> None:
        if self._waiting:
            self._database.executemany(
                "INSERT INTO exchange (at, org, host, port, source_ip, method, path, query, status, user,"
                " operation, parts, bytes, ms) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                self._waiting,
            )
            self._database.commit()
            self._waiting.clear()

    def since(self, number: int) -> list[dict[str, Any]]:
        """Exchanges above `number`, oldest first; `parts` lists composite or SOAP operations."""
        self.flush()
        cursor = self._database.execute("SELECT * FROM exchange WHERE id > ? ORDER BY id", (number,))
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
        for row in rows:
            row["parts"] = json.loads(row["parts"])
        return rows

    def reset(self) -> None:
        self._waiting.clear()
        self._database.execute("DELETE FROM exchange")
        self._database.commit()

    def close(self) -> None:
        self.flush()
        self._database.close()


def _without_secrets(query_string: str) -> str:
    """Decoded, so that a logged query reads as it was written."""
    pairs = parse_qsl(query_string, keep_blank_values=True)
    return "&".join(f"{name}={'…' if name in SECRET_PARAMETERS else value}" for name, value in pairs)
