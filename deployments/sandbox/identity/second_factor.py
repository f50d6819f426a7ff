"""
Multi-factor authentication: who is asked for a code, and whether it is right.

At a browser: Multi-Factor Authentication for User Interface Logins, or the org's setting for direct logins, unless the user
is exempt. At the password doors of the API: Multi-Factor Authentication for API Logins. Codes are those of RFC 6238; the
time in them is the authenticator's, which is everybody's.
"""

import base64
import binascii
import hmac
import time
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from deployments.sandbox.identity import policy
from deployments.sandbox.store import OrgStore

CODE_LENGTH, STEP_SECONDS = 6, 30
_LONG_ENOUGH = 16
_HASH = SHA1()  # noqa: S303  # the one that authenticator apps use; HMAC-SHA-1 is sound (RFC 6238)


def asked_at_browser(store: OrgStore, permissions: frozenset[str]) -> bool:
    if "BypassMFAForUiLogins" in permissions:
        return False
    return "ForceTwoFactor" in permissions or policy.switched_on(
        store, "SecuritySettings", "Security", "sessionSettings", "enableMFADirectUILoginOptIn"
    )


def asked_at_api(permissions: frozenset[str]) -> bool:
    return "TwoFactorApi" in permissions


def step_of(store: OrgStore, user_id: str, code: str) -> int | None:
    """The half minute a code belongs to: now, the one before or the one after, since clocks differ; None for a wrong one."""
    now = time.time()
    for key in _keys(store, user_id):
        for step in (-1, 0, 1):
            made = TOTP(key, CODE_LENGTH, _HASH, STEP_SECONDS, enforce_key_length=False)
            expected = made.generate(int(now) + step * STEP_SECONDS)
            if hmac.compare_digest(expected, code.encode()):
                return int(now) // STEP_SECONDS + step
    return None


def _keys(store: OrgStore, user_id: str) -> list[bytes]:
    rows = store.sql("SELECT SharedKey FROM TwoFactorInfo WHERE UserId = ? AND Type = 'TOTP'", user_id)
    return [key for row in rows if (key := shared_key(row["SharedKey"])) is not None]


def shared_key(text: Any) -> bytes | None:
    """Base32 as authenticators take it (RFC 4648); None when it is none."""
    letters = str(text or "").replace(" ", "").upper()
    if len(letters) < _LONG_ENOUGH:
        return None
    try:
        return base64.b32decode(letters + "=" * (-len(letters) % 8))
    except binascii.Error:
        return None
