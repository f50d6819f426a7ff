"""
A code of an authenticator beside the password, for those who sign in by SOAP.

No switch shuts SOAP login() in an org that has it. Who holds Multi-Factor Authentication for API Logins, and the permission that
it needs, gets in by a password only with a code (Salesforce Help, Set MFA Login Requirements for API Access).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from tasks.inventory.model import User
from tasks.mfa.asked import ASKS
from tasks.mfa.asking import give_asking_set
from tasks.oauth.model import Doors
from tasks.permissions.model import OrgRights
from tasks.permissions.simulate import held_in
from tasks.plans.draft import Draft

CODES_SET = "Bulkhead_API_MFA_Required"
ASKS_API = "TwoFactorApi"


def ask_for_codes(
    draft: Draft,
    doors: Doors,
    rights: OrgRights,
    spared: Mapping[str, str],
    now: datetime,
    *,
    although_used: bool,
) -> None:
    """Names who signs in by SOAP. With `although_used` they are given the set, but for those among `spared`, by lower-case name."""
    users = {user.username.lower(): user for user in rights.users if user.active}
    held = held_in(rights, [user.id for user in users.values()], now)
    asked: dict[str, User] = {}
    for login in doors.soap:
        user, name = users.get(login.username.lower()), login.username
        told = f"{doors.org}: {name} signs in by SOAP with its password ({login.times} times, last on {login.last:%Y-%m-%d})"
        if user is not None and held[user.id].has(ASKS_API):
            draft.keeps.append(
                f"{doors.org}: {name} is asked for a code at the password doors of the API already"
            )
        elif why := spared.get(name.lower()):
            draft.risks.append(f"{told} and is {why}, which no plan touches: move it to the JWT bearer flow")
        elif user is None or not although_used:
            draft.risks.append(f"{told}; that stays open until it is moved to the JWT bearer flow")
        else:
            asked[told] = user
    if not asked:
        return
    given = _give(draft, rights, spared, asked.values(), now)
    fate = (
        "it will be refused without the code of an authenticator" if given else "that stays open until then"
    )
    draft.risks += [f"{told}; {fate}" for told in asked]
    if given:
        draft.afterwards.append(
            f"{doors.org}: the platform may ask for codes only of users who have registered an authenticator: try SOAP login() as one "
            f"of those who got {CODES_SET}, and move all of them to the JWT bearer flow"
        )


def _give(
    draft: Draft, rights: OrgRights, spared: Mapping[str, str], asked: Iterable[User], now: datetime
) -> bool:
    reason = "a password that travels is a password that leaks (RFC 9700 section 2.4)"
    given = [
        (
            user,
            reason,
            f"{user.username} signs in by SOAP or the OAuth user-name-password flow only with a code; JWT bearer asks for none",
        )
        for user in asked
    ]
    effects = (
        "who holds it needs the code of an authenticator beside the password, also at SOAP login()",
        "its holders are asked for a code from then on",
        "nobody holds it yet",
    )
    label, permissions = "Bulkhead: code at API sign-in", (ASKS, ASKS_API)
    return give_asking_set(draft, rights, spared, CODES_SET, label, permissions, given, now, effects=effects)
