"""
The credentials of an external client app: one set that counts, and beside it one that was staged or has just been replaced.

Source: help article xcloud.eca_stage_oauth_credentials. Both the key and the secret of a set are its own.
"""

import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from deployments.sandbox.clock import parse_stamp, stamp
from deployments.sandbox.store import AppRecord, OrgStore

GRACE = timedelta(days=30)
"""How long the old set goes on after a rotation."""
_SET = "credential-set:"


@dataclass(frozen=True)
class OtherSet:
    """`active`: staged and usable already; `rotated`: replaced, usable until the grace ends."""

    id: str
    app: str
    key: str
    secret: str | None
    """As REST gives it back; an app without one has none to give."""
    secret_hash: str | None
    state: Literal["active", "rotated"]
    since: datetime

    def usable(self, now: datetime) -> bool:
        return self.state == "active" or now < self.since + GRACE


def app_by_key(store: OrgStore, consumer_key: str) -> AppRecord | None:
    """The app that a key belongs to, with that key and its secret, whichever of its sets it is of."""
    if (app := store.app_by_key(consumer_key)) is not None:
        return app
    name = store.setting(f"{_SET}key:{consumer_key}")
    other = of(store, name) if name else None
    if other is None or other.key != consumer_key:
        return None
    found = next((app for app in store.apps() if app.name == other.app), None)
    return (
        None
        if found is None
        else replace(found, consumer_key=other.key, consumer_secret_hash=other.secret_hash)
    )


def of(store: OrgStore, app_name: str) -> OtherSet | None:
    """The set beside the main one, if there is one that still counts."""
    kept = store.setting(f"{_SET}{app_name}")
    if kept is None:
        return None
    facts = json.loads(kept)
    found = OtherSet(**{**facts, "since": parse_stamp(facts["since"])})
    return found if found.usable(store.clock.now()) else None


def stage(store: OrgStore, app: AppRecord) -> OtherSet:
    """The caller has made sure that there is none."""
    secret = secrets.token_hex(32).upper()
    made = OtherSet(
        id=f"3Mx{secrets.token_hex(8)[:15]}",
        app=app.name,
        key=f"3MVG9{secrets.token_urlsafe(60)}",
        secret=secret,
        secret_hash=sha256(secret.encode()).hexdigest(),
        state="active",
        since=store.clock.now(),
    )
    _keep(store, made)
    return made


def rotate(store: OrgStore, app: AppRecord, staged: OtherSet) -> OtherSet:
    """The staged set counts from now on; gives the one it replaced."""
    store.sql("DELETE FROM _app WHERE consumer_key = ?", app.consumer_key)
    store.put_app(
        replace(
            app,
            consumer_key=staged.key,
            consumer_secret=staged.secret,
            consumer_secret_hash=staged.secret_hash,
        )
    )
    old = replace(
        staged,
        key=app.consumer_key,
        secret=app.consumer_secret,
        secret_hash=app.consumer_secret_hash,
        state="rotated",
        since=store.clock.now(),
    )
    store.drop_setting(f"{_SET}key:{staged.key}")
    _keep(store, old)
    return old


def drop(store: OrgStore, other: OtherSet) -> None:
    store.drop_setting(f"{_SET}{other.app}")
    store.drop_setting(f"{_SET}key:{other.key}")


def _keep(store: OrgStore, other: OtherSet) -> None:
    store.set_setting(f"{_SET}{other.app}", json.dumps({**other.__dict__, "since": stamp(other.since)}))
    store.set_setting(f"{_SET}key:{other.key}", other.app)
