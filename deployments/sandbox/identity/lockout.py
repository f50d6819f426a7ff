"""Too many wrong passwords in a row close an account for a while."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson

from deployments.sandbox.clock import parse_stamp, stamp
from deployments.sandbox.identity import password_policy, policy
from deployments.sandbox.store import OrgStore

_ATTEMPTS = {"ThreeAttempts": 3, "FiveAttempts": 5, "TenAttempts": 10, "NoLimit": 0}
_MINUTES = {"FifteenMinutes": 15, "ThirtyMinutes": 30, "SixtyMinutes": 60, "Forever": 0}


def judged(store: OrgStore, user_id: str, wrong: bool) -> bool:
    """
    Whether the account is locked now; counts one more wrong password, and forgets the others after a right one.

    The ProfilePasswordPolicy of the user's profile, or else SecuritySettings.passwordPolicies, says how many are too
    many and for how long; an administrator may unlock earlier (UserLogin.IsPasswordLocked). Nothing but passwords is
    counted.
    """
    name = f"failures:{user_id}"
    kept: dict[str, Any] = orjson.loads(store.setting(name) or "{}")
    locked = bool(store.sql("SELECT 1 FROM UserLogin WHERE UserId = ? AND IsPasswordLocked = 1", user_id))
    if locked and not _over(store, user_id, kept):
        return True
    if locked or (kept.get("at") and not locked):
        kept = {}
        store.sql("UPDATE UserLogin SET IsPasswordLocked = 0 WHERE UserId = ?", user_id)
    if not wrong:
        if kept:
            store.drop_setting(name)
        return False
    kept["count"] = int(kept.get("count", 0)) + 1
    most = _limit(store, user_id, "maxLoginAttempts", _ATTEMPTS, 10)
    if most and kept["count"] >= most:
        kept["at"] = stamp(store.clock.now())
        store.sql("UPDATE UserLogin SET IsPasswordLocked = 1 WHERE UserId = ?", user_id)
    store.set_setting(name, orjson.dumps(kept).decode())
    return False


def _over(store: OrgStore, user_id: str, kept: dict[str, Any]) -> bool:
    minutes = _limit(store, user_id, "lockoutInterval", _MINUTES, 15)
    if not minutes or not kept.get("at"):
        return False
    return store.clock.now() - parse_stamp(str(kept["at"])) >= timedelta(minutes=minutes)


def _limit(store: OrgStore, user_id: str, name: str, words: Mapping[str, int], default: int) -> int:
    """A profile's policy writes numbers, the org's writes words; 0 is no limit, or for ever."""
    own = password_policy.of_profile(store, store.get("User", user_id) or {}).get(name)
    if str(own).isdigit():
        return int(str(own))
    said = policy.setting(store, "SecuritySettings", "Security", "passwordPolicies", name)
    return words.get(str(said), default)
