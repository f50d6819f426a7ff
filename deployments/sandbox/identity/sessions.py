"""Sessions of an org: made at login, found by token, ended by revocation, deletion or time."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from deployments.sandbox.clock import parse_stamp, stamp
from deployments.sandbox.identity import activation
from deployments.sandbox.store import OrgStore

TABLE = (
    "CREATE TABLE IF NOT EXISTS _session (token_hash TEXT PRIMARY KEY, session_id TEXT, user_id TEXT,"
    " app TEXT, source_ip TEXT, created_at TEXT, minutes INTEGER)"
)


PASSWORD_ONLY = "(password expired)"
"""What stands where the app's key would in a session that may only set a password."""


@dataclass(frozen=True)
class Session:
    """A live session. `app` is a consumer key, empty for a password login."""

    session_id: str
    user_id: str
    app: str
    source_ip: str
    created_at: datetime
    minutes: int


def fingerprint(token: str) -> str:
    return sha256(token.encode()).hexdigest()


class Sessions:
    """
    The sessions of one org.

    A session lives as long as its AuthSession row and while it is used: `minutes` counts from the last use,
    which is kept in memory only, so that a request costs no write.
    """

    def __init__(self, store: OrgStore) -> None:
        self._store = store
        self._last_use: dict[str, datetime] = {}
        store.sql(TABLE)
        store.sql(activation.ENDS_WITH_ITS_SESSION)

    def begin(
        self, user_id: str, *, app: str, source_ip: str, minutes: int, login_type: str, login_id: str | None
    ) -> str:
        """Makes a session and gives its access token; only a hash of it is kept."""
        now = self._store.clock.now()
        token = f"{self._store.org_id[:15]}!AQ{secrets.token_urlsafe(66)}"
        row = {
            "UsersId": user_id,
            "CreatedDate": now,
            "LastModifiedDate": now,
            "NumSecondsValid": minutes * 60,
            "SourceIp": source_ip,
            "LoginType": login_type,
            "SessionType": "Oauth2" if app else "API",
            "SessionSecurityLevel": "STANDARD",
            "LoginHistoryId": login_id,
        }
        session_id = self._store.insert("AuthSession", [row])[0]
        self._store.sql(
            "INSERT INTO _session VALUES (?,?,?,?,?,?,?)",
            *(fingerprint(token), session_id, user_id, app, source_ip, stamp(now), minutes),
        )
        self._store.commit()
        return token

    def find(self, token: str) -> Session | None:
        """The live session of a token; None when there is none, or none any more."""
        mark = fingerprint(token)
        rows = self._store.sql(
            "SELECT s.* FROM _session s JOIN AuthSession a ON a.Id = s.session_id WHERE s.token_hash = ?",
            mark,
        )
        if not rows:
            return None
        row = rows[0]
        now = self._store.clock.now()
        created = parse_stamp(row["created_at"])
        if now - self._last_use.get(mark, created) > timedelta(minutes=row["minutes"]):
            self.end(token)
            return None
        self._last_use[mark] = now
        return Session(
            row["session_id"], row["user_id"], row["app"], row["source_ip"], created, row["minutes"]
        )

    def end(self, token: str) -> bool:
        """Ends the session of a token; whether there was one."""
        rows = self._store.sql("SELECT session_id FROM _session WHERE token_hash = ?", fingerprint(token))
        for row in rows:
            self._store.sql("DELETE FROM AuthSession WHERE Id = ?", row["session_id"])
        self._store.sql("DELETE FROM _session WHERE token_hash = ?", fingerprint(token))
        self._store.commit()
        return bool(rows)

    def limit_to_password(self, token: str) -> None:
        """The session of an expired password: it may set a new one, and nothing else before that."""
        self._store.sql("UPDATE _session SET app = ? WHERE token_hash = ?", PASSWORD_ONLY, fingerprint(token))
        self._store.commit()

    def lift_limit(self, user_id: str) -> None:
        self._store.sql("UPDATE _session SET app = '' WHERE user_id = ? AND app = ?", user_id, PASSWORD_ONLY)

    def end_user(self, user_id: str) -> None:
        """Ends all sessions of a user."""
        self._store.sql("DELETE FROM AuthSession WHERE UsersId = ?", user_id)
        self._store.sql("DELETE FROM _session WHERE user_id = ?", user_id)

    def end_all(self, user_id: str, app: str) -> None:
        """Ends all sessions a user has through one app."""
        self._store.sql(
            "DELETE FROM AuthSession WHERE Id IN"
            " (SELECT session_id FROM _session WHERE user_id = ? AND app = ?)",
            *(user_id, app),
        )
        self._store.sql("DELETE FROM _session WHERE user_id = ? AND app = ?", user_id, app)
        self._store.commit()
