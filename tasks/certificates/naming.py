"""How certificates of routes are called in orgs and secrets. API names have letters, digits and single underscores."""

import re
from datetime import date
from hashlib import sha256

_PREFIX = "MTLS_"
_ROOM = 48


def pair_prefix(route: str) -> str:
    """Of all key pairs of a route; with no route, of all that are ours."""
    if not route:
        return _PREFIX
    plain = re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9]", "_", route)).strip("_")
    if len(plain) > _ROOM:
        plain = f"{plain[: _ROOM - 9]}_{sha256(route.encode()).hexdigest()[:8]}"
    return f"{_PREFIX}{plain}_"


def pair_name(route: str, day: date, taken: frozenset[str] = frozenset()) -> str:
    """With the day on which it is made; the second one of a day has a letter behind it."""
    name = f"{pair_prefix(route)}{day:%Y%m%d}"
    letters = iter("bcdefghijklmnopqrstuvwxyz")
    free = name
    while free in taken:
        free = f"{name}{next(letters)}"
    return free


def waiting_name(credential: str) -> str:
    """The secret of the pair that a caller is to present next. Nobody reads it but us, so it may be written before any plan."""
    return f"{credential}/next-certificate"


def listed_name(route: str, fingerprint: str) -> str:
    return f"{pair_prefix(route)}{fingerprint[:8]}"
