"""Refresh tokens: given, used, rotated, ended; each a row of OauthToken that keeps only its fingerprint."""

import secrets
from datetime import timedelta

from deployments.sandbox.clock import parse_stamp, stamp
from deployments.sandbox.identity.sessions import fingerprint
from deployments.sandbox.store import AppRecord, OrgStore

_UNITS = {"HOURS": timedelta(hours=1), "DAYS": timedelta(days=1), "MONTHS": timedelta(days=30)}
_USED = "refresh-used:"


def give(store: OrgStore, app: AppRecord, user_id: str) -> str:
    """A new refresh token for a user and an app."""
    token = f"5Aep{secrets.token_urlsafe(64)}"
    now = store.clock.now()
    row = {
        "AccessToken": fingerprint(token),
        "AppName": app.label,
        "CreatedDate": now,
        "LastUsedDate": now,
        "DeleteToken": secrets.token_urlsafe(32),
        "UseCount": 0,
        "UserId": user_id,
    }
    target = store.schema["OauthToken"]
    store.insert("OauthToken", [{name: value for name, value in row.items() if name in target.fields}])
    store.commit()
    return token


def over(store: OrgStore, app: AppRecord, mark: str) -> bool:
    """Whether the app's policy has ended the grant: at once, after a life, or after a time without use."""
    kind, _, rest = app.refresh_policy.partition(":")
    if kind == "zero":
        return True
    number, _, unit = rest.partition(":")
    if (
        kind not in ("specific_lifetime", "specific_inactivity")
        or not number.isdigit()
        or unit.upper() not in _UNITS
    ):
        return False
    column = "CreatedDate" if kind == "specific_lifetime" else "LastUsedDate"
    rows = store.sql(f'SELECT "{column}" AS at FROM OauthToken WHERE AccessToken = ?', mark)
    if not rows or not rows[0]["at"]:
        return False
    return store.clock.now() - parse_stamp(rows[0]["at"]) > int(number) * _UNITS[unit.upper()]


def note_use(store: OrgStore, mark: str) -> None:
    store.sql(
        "UPDATE OauthToken SET UseCount = COALESCE(UseCount, 0) + 1, LastUsedDate = ? WHERE AccessToken = ?",
        stamp(store.clock.now()),
        mark,
    )


def rotate(store: OrgStore, app: AppRecord, user_id: str, mark: str) -> str:
    """The token that takes the place of a used one (OAuth 2.0 Security Best Current Practice, refresh token rotation)."""
    rows = store.sql("SELECT rowid FROM OauthToken WHERE AccessToken = ?", mark)
    token = give(store, app, user_id)
    for row in rows:
        store.sql("DELETE FROM OauthToken WHERE rowid = ?", row["rowid"])
    store.set_setting(_USED + mark, fingerprint(token))
    store.commit()
    return token


def reused(store: OrgStore, mark: str) -> bool:
    """Ends what became of a token that was rotated away; whether it was one."""
    following = store.setting(_USED + mark)
    if following is None:
        return False
    while following is not None:
        store.sql("DELETE FROM OauthToken WHERE AccessToken = ?", following)
        following = store.setting(_USED + following)
    return True
