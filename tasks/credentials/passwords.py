"""What two users who take turns have to be, and what their passwords are made of."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from ipaddress import ip_address

from tasks.estate.model import Estate, Network, RotatedCredential
from tasks.estate.policy import Policy
from tasks.value import Value

LENGTH = 40
"""Of a new password, where the org's policy asks for no more."""
SIGNS = "!#$%-_=+"
"""Of those that Salesforce counts as special characters, the ones that need no quoting anywhere."""
_CLASSES = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", SIGNS)
_LIVES = {
    "ThirtyDays": 30,
    "SixtyDays": 60,
    "NinetyDays": 90,
    "SixMonths": 180,
    "OneYear": 365,
    "Never": 0,
}


class Twin(Value):
    """
    One of the two users: what it may do, by what it holds, and what could keep it from signing in. `groups` are public groups
    and queues, through which records are shared with it.
    """

    username: str
    id: str
    active: bool
    frozen: bool
    profile: str
    role: str
    sets: frozenset[str]
    groups: frozenset[str]
    lasting: bool
    """Whether its password never expires."""


class PasswordRules(Value):
    """
    What an org asks of the passwords of one profile. `life` is None where they do not expire. `free` are first and last
    addresses from which no security token is asked for.
    """

    length: int
    life: timedelta | None
    free: tuple[tuple[str, str], ...]


def new_password(length: int, names: Sequence[str], choose: Callable[[str], str]) -> str:
    """
    A random password with characters of every class, longer where policy asks for it. `choose` takes one character of a text,
    unforeseeably. None of `names` is part of it: an org refuses those.
    """
    everything = "".join(_CLASSES)
    while True:
        found = "".join(choose(everything) for _ in range(max(length, LENGTH)))
        whole = all(any(sign in kind for sign in found) for kind in _CLASSES)
        if whole and not any(len(name) > 2 and name.lower() in found.lower() for name in names):
            return found


def life_of(org: object, profile: object) -> timedelta | None:
    """
    `org` is passwordPolicies.expiration (`NinetyDays`), `profile` the days of a ProfilePasswordPolicy, which goes before it; None
    where passwords do not expire. What nobody knows counts as ninety days, which is what an org starts with.
    """
    days = _LIVES.get(str(org), 90) if profile in (None, "") else int(str(profile))
    return timedelta(days=days) if days else None


def hurdle(
    credential: RotatedCredential, twins: Sequence[Twin], rules: PasswordRules, needed: timedelta
) -> str:
    """
    Why the one at rest could not take over; empty where it could. `needed` is the age that a password reaches.

    Two users are asked to be the same in all that decides what they may do: what the other had more, its consumers would have
    from then on; what it had less, they would miss.
    """
    found = {each.username.lower(): each for each in twins}
    for name in credential.users:
        twin = found.get(name.lower())
        if twin is None:
            return f"there is no user {name}; make one like the other, or correct `users` in estate.yaml"
        if not twin.active or twin.frozen:
            return f"{name} is {'frozen' if twin.active else 'not active'}, so it could not take over"
    one, other = (found[name.lower()] for name in credential.users)
    if what := difference(one, other):
        return f"{what}; make both users the same, then this goes on"
    for consumer in credential.consumers:
        for network in consumer.addresses:
            if not covered(network, rules.free):
                return (
                    f"{consumer.name} signs in from {network}, which is in no range that spares the security token: a new password "
                    "changes that, and it is only mailed. Add the range to the profile or to the org's trusted ones"
                )
        if not consumer.addresses:
            return f"nobody knows from where {consumer.name} signs in, so whether it needs a security token; name its addresses"
    if rules.life is not None and rules.life < needed and not (one.lasting and other.lasting):
        return (
            f"passwords expire after {rules.life.days} days there, before they are rotated: let those of both users never expire, "
            "or rotate sooner"
        )
    return ""


def difference(one: Twin, other: Twin) -> str:
    """What sets two users apart, in words; empty where nothing does."""
    if one.profile != other.profile:
        return f"{one.username} has the profile {one.profile}, {other.username} {other.profile}"
    if one.role != other.role:
        return f"{one.username} has the role {one.role or 'none'}, {other.username} {other.role or 'none'}"
    for what, mine, its in (
        ("the permission set", one.sets, other.sets),
        ("the group", one.groups, other.groups),
    ):
        for more, less, names in ((one, other, mine - its), (other, one, its - mine)):
            if names:
                return f"{more.username} has {what} {min(names)}, and {less.username} has not"
    return ""


def covered(network: Network, ranges: Iterable[tuple[str, str]]) -> bool:
    """Whether one of the ranges holds all addresses of a network."""
    first, last = network[0], network[-1]
    for start, end in ranges:
        low, high = ip_address(start), ip_address(end)
        if low.version == first.version and int(low) <= int(first) and int(last) <= int(high):
            return True
    return False


def barred(credential: RotatedCredential, estate: Estate, policy: Policy) -> str:
    """The user of a password whom no rotation touches: one of our own, or of break-glass accounts; empty where there is none."""
    entry = estate.org(credential.org)
    ours = {entry.scanner.username, *([entry.enforcer.username] if entry.enforcer else [])}
    kept = {each.lower() for each in (*ours, *policy.jit.break_glass)}
    return next((name for name in credential.users if name.lower() in kept), "")
