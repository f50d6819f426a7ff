"""Passwords and security tokens: the oldest door, kept because it has to be found and closed."""

import hmac
from hashlib import sha256

from deployments.sandbox.identity import factors, policy
from deployments.sandbox.identity.second_factor import CODE_LENGTH
from deployments.sandbox.store import OrgStore


def password_hash(password: str) -> str:
    """How the store keeps a password. No salt or stretching: nothing here is worth a cracker's time."""
    return sha256(password.encode()).hexdigest()


def password_right(store: OrgStore, user: dict[str, object], given: str, source_ip: str, code: bool) -> bool:
    """
    Whether `given` is the password with the security token behind it, or with `code` the code of an authenticator app.

    From the org's trusted ranges and the login ranges of the user's profile the password alone is enough, unless a code is asked
    for.
    """
    credential = store.credential(str(user["Id"]))
    if credential is None:
        return False
    if code:
        password, shown = given[:-CODE_LENGTH], given[-CODE_LENGTH:]
        if not hmac.compare_digest(password_hash(password), credential["password_hash"]):
            return False
        taken = factors.fresh(store, str(user["Id"]), shown)
        factors.shown(store, str(user["Id"]), shown, source_ip, taken=taken)
        return taken
    token = str(credential["token"])
    spared = policy.trusted_ranges(store) + policy.profile_ranges(store, user.get("ProfileId"))
    bare = policy.inside(source_ip, spared)
    right = [given.removesuffix(token)] if token and given.endswith(token) else []
    if bare or not token:
        right.append(given)
    return any(hmac.compare_digest(password_hash(each), credential["password_hash"]) for each in right)


def password_alone(store: OrgStore, user: dict[str, object], given: str) -> bool:
    """Whether `given` is the password; at a browser no security token is asked for."""
    credential = store.credential(str(user["Id"]))
    return credential is not None and hmac.compare_digest(password_hash(given), credential["password_hash"])
