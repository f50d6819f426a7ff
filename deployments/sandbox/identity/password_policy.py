"""
What a password must be, how long it lasts and which ones may not come back.

Sources: SecuritySettings.passwordPolicies and ProfilePasswordPolicy of the Metadata API; help article "Set Password
Policies".
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson

from deployments.sandbox.clock import parse_stamp
from deployments.sandbox.identity import policy
from deployments.sandbox.identity.passwords import password_hash
from deployments.sandbox.store import OrgStore
from deployments.sandbox.switches import switched

SHORTEST = 8
_LIFE = {"ThirtyDays": 30, "SixtyDays": 60, "NinetyDays": 90, "SixMonths": 180, "OneYear": 365, "Never": 0}
_LENGTHS = {"FiveCharacters": 5, "EightCharacters": 8, "TenCharacters": 10, "TwelveCharacters": 12}
_UPPER, _LOWER, _DIGIT, _SPECIAL = r"[A-Z]", r"[a-z]", r"[0-9]", r"[^A-Za-z0-9\s]"
_COMPLEXITY: Mapping[str, tuple[tuple[str, ...], int]] = {
    "NoRestriction": ((), 0),
    "AlphaNumeric": (("[A-Za-z]", _DIGIT), 2),
    "SpecialCharacters": (("[A-Za-z]", _DIGIT, _SPECIAL), 3),
    "UpperLowerCaseNumeric": ((_UPPER, _LOWER, _DIGIT), 3),
    "UpperLowerCaseNumericSpecialCharacters": ((_UPPER, _LOWER, _DIGIT, _SPECIAL), 4),
    "Any3UpperLowerCaseNumericSpecialCharacters": ((_UPPER, _LOWER, _DIGIT, _SPECIAL), 3),
}
"""Classes of characters, and how many of them a password needs."""
_BY_NUMBER = tuple(_COMPLEXITY)
"""ProfilePasswordPolicy writes them as numbers from 0."""
_WORDS = {
    "AlphaNumeric": "letters and numbers",
    "SpecialCharacters": "letters, numbers and special characters",
    "UpperLowerCaseNumeric": "numbers and uppercase and lowercase letters",
    "UpperLowerCaseNumericSpecialCharacters": "numbers, special characters, and uppercase and lowercase letters",
    "Any3UpperLowerCaseNumericSpecialCharacters": "three of numbers, special characters, uppercase and lowercase letters",
}
_DAY = timedelta(days=1)


def problem(store: OrgStore, user: Mapping[str, Any], password: str, *, by_oneself: bool) -> str | None:
    """Why a password is refused (INVALID_NEW_PASSWORD), in the platform's words; None when it is taken."""
    rules = _rules(store, user)
    least = max(int(rules["length"]), 1)
    kinds, needed = _COMPLEXITY[rules["complexity"]]
    if len(password) < least:
        return f"Your password must be at least {least} characters long"
    if sum(re.search(kind, password) is not None for kind in kinds) < needed:
        return f"Your password must have a mix of {_WORDS[rules['complexity']]}"
    if any(
        name and len(name) > 2 and name.lower() in password.lower()
        for name in (str(user.get("Username") or "").partition("@")[0], str(user.get("LastName") or ""))
    ):
        return "Your password cannot contain your user name"
    if password_hash(password) in _remembered(store, str(user["Id"]), int(rules["history"])):
        return "invalid repeated password"
    if by_oneself and rules["lifetime"]:
        kept = store.credential(str(user["Id"]))
        if kept is not None and store.clock.now() - parse_stamp(kept["changed_at"]) < _DAY:
            return "Your password was changed less than a day ago"
    return None


def keep(
    store: OrgStore, user: Mapping[str, Any], password: str, token: str, *, temporary: bool = False
) -> None:
    """A new password comes with a new security token; the old one is remembered. A temporary one has to be changed first."""
    user_id = str(user["Id"])
    if temporary:
        store.set_setting(f"temporary:{user_id}", "1")
    else:
        store.drop_setting(f"temporary:{user_id}")
    before = store.credential(user_id)
    if before is not None:
        remembered = [before["password_hash"], *_all(store, user_id)][:24]
        store.set_setting(f"passwords:{user_id}", orjson.dumps(remembered).decode())
    store.put_credential(
        user_id, password_hash=password_hash(password), token=token, changed_at=store.clock.now()
    )


def expired(store: OrgStore, user: Mapping[str, Any], permissions: frozenset[str]) -> bool:
    """Whether the user must set a new password first: it is too old, or an administrator's reset gave it out."""
    if store.setting(f"temporary:{user['Id']}") and switched(store, "reset_passwords_are_temporary"):
        return True
    days = int(_rules(store, user)["days"])
    kept = store.credential(str(user["Id"]))
    if not days or kept is None or "PasswordNeverExpires" in permissions:
        return False
    return store.clock.now() - parse_stamp(kept["changed_at"]) >= timedelta(days=days)


def _rules(store: OrgStore, user: Mapping[str, Any]) -> dict[str, Any]:
    """The org's policies, and above them those of the user's profile."""
    org = policy.setting(store, "SecuritySettings", "Security", "passwordPolicies") or {}
    length = org.get("minimumPasswordLength") or _LENGTHS.get(str(org.get("minPasswordLength")), SHORTEST)
    rules: dict[str, Any] = {
        "length": length,
        "complexity": _known(org.get("complexity")),
        "history": org.get("historyRestriction") or 0,
        "days": _LIFE.get(str(org.get("expiration")), 0),
        "lifetime": str(org.get("minimumPasswordLifetime")).lower() == "true",
    }
    own = of_profile(store, user)
    if own.get("minimumPasswordLength"):
        rules["length"] = own["minimumPasswordLength"]
    if own.get("passwordComplexity") is not None:
        rules["complexity"] = _BY_NUMBER[min(int(str(own["passwordComplexity"])), len(_BY_NUMBER) - 1)]
    rules["history"] = own.get("passwordHistory") or rules["history"]
    if own.get("passwordExpiration") is not None:
        rules["days"] = int(str(own["passwordExpiration"]))
    if own.get("minimumPasswordLifetime") is not None:
        rules["lifetime"] = str(own["minimumPasswordLifetime"]).lower() == "true"
    return rules


def of_profile(store: OrgStore, user: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ProfilePasswordPolicy of a user's profile, empty without one."""
    names = store.metadata_names("ProfilePasswordPolicy")
    if not names:
        return {}
    name = str((store.get("Profile", str(user.get("ProfileId"))) or {}).get("Name", ""))
    known_as = (name.lower(), policy.PROFILE_NAMES.get(name, name).lower())
    for each in names:
        own = store.metadata("ProfilePasswordPolicy", each) or {}
        if str(own.get("profile", "")).lower() in known_as:
            return own
    return {}


def _known(complexity: object) -> str:
    return str(complexity) if complexity in _COMPLEXITY else "AlphaNumeric"


def _remembered(store: OrgStore, user_id: str, most: int) -> list[str]:
    current = store.credential(user_id)
    # The one in use may never be set again, whatever the history's length.
    return [
        *([current["password_hash"]] if current is not None and most else []),
        *_all(store, user_id)[: max(most - 1, 0)],
    ]


def _all(store: OrgStore, user_id: str) -> list[str]:
    found: list[str] = orjson.loads(store.setting(f"passwords:{user_id}") or "[]")
    return found
