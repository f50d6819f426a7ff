"""Who is asked for a second factor at the browser, who is exempt, and by which path."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from tasks.inventory.model import User
from tasks.mfa.model import SignIns
from tasks.permissions.model import EffectiveRights
from tasks.permissions.simulate import held_in
from tasks.permissions.tiers import TIER_0

ASKS, EXEMPTS = "ForceTwoFactor", "BypassMFAForUiLogins"
"""Multi-Factor Authentication for User Interface Logins, and Waive Multi-Factor Authentication for Exempt Users."""


def people(org: SignIns, now: datetime) -> list[tuple[User, EffectiveRights]]:
    """Active people who can sign in at a browser; who may use the API only cannot."""
    users = [u for u in org.rights.users if u.active and not u.frozen and u.user_type == "Standard"]
    held: Mapping[str, EffectiveRights] = held_in(org.rights, [user.id for user in users], now)
    return [(user, held[user.id]) for user in users if not held[user.id].has("ApiUserOnly")]


def administers(rights: EffectiveRights) -> bool:
    """By whichever path: profile, set, group, with muting and expiry applied."""
    return not TIER_0.isdisjoint(rights.permissions)


def asked(rights: EffectiveRights, *, for_all: bool) -> bool:
    """The exemption wins over the setting and the permission (help article on MFA exemptions)."""
    return not rights.has(EXEMPTS) and (for_all or rights.has(ASKS))


def single_sign_on_only(org: SignIns, user: User, rights: EffectiveRights) -> bool:
    """Their second factor is the identity provider's to ask for."""
    kinds = {
        each.kind for each in org.logins if each.user_id == user.id and each.success and each.interactive
    }
    return rights.has("IsSsoEnabled") and bool(kinds) and all("SSO" in kind for kind in kinds)


def unarmed(org: SignIns, now: datetime, *, for_all: bool) -> Iterator[User]:
    """
    Who gets no further than the page on which a second factor is registered.

    Somebody who has never signed in and administers nothing is nobody's surprise, and left out.
    """
    for user, rights in people(org, now):
        if user.id in org.armed or single_sign_on_only(org, user, rights):
            continue
        if asked(rights, for_all=for_all) and (user.last_login is not None or administers(rights)):
            yield user
