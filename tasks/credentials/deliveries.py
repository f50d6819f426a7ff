"""
Copies of a credential inside orgs: which of them has to be given what, and whether they sign in with it.

Secrets Manager stays the one truth; an org's copy is brought up to it after the label moved. An answer that did not come leaves
a copy unknown, and what is unknown is given again: the same thing twice is given once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from tasks.credentials.model import Given, Held, Laggard, Order, Proof, Rotation, Seen, SignIn, Version
from tasks.estate.model import Delivery, RotatedCredential
from tasks.estate.model_rotation import RotationPolicy

HASTE = timedelta(hours=1)
"""How long an emergency waits for an org that takes no copy; then the old one goes all the same."""
SETTLED = timedelta(minutes=5)
"""As consumers.py has it: what is nearer to the delivery than that may be of before."""


@dataclass(frozen=True)
class Deliver:
    """Brings a version to a place inside an org."""

    place: str
    version: str


@dataclass(frozen=True)
class GiveBack:
    """Notes that the rotation is taken back, because `place` was refused with the new one. Nothing is sent."""

    place: str


def holds(held: Held, given: Given | None, version: Version) -> bool:
    if held.tells:
        return held.mark is not None and held.mark == version.mark
    noted = given is not None and given.version == version.id and given.done is not None
    return noted and held.mark in (None, version.mark)


def undelivered(seen: Seen, rotation: Rotation, version: Version) -> Deliver | None:
    """
    The next place to be given `version`; None when all have it. One that was not tried for the longest time comes first, so
    that an org which does not answer does not keep the others waiting.
    """
    waiting = []
    for held in seen.held:
        given = rotation.given_to(held.place)
        untouched = given is None and version.id == rotation.old
        if not untouched and not holds(held, given, version):
            waiting.append((given is not None, given.begun if given else seen.now, held.place))
    return Deliver(min(waiting)[2], version.id) if waiting else None


def hurried(seen: Seen, rotation: Rotation) -> bool:
    """Whether an emergency does not wait for copies any longer."""
    return (
        rotation.order is Order.EMERGENCY and rotation.live is not None and seen.now >= rotation.live + HASTE
    )


def refusal(rotation: Rotation, proof: Proof) -> GiveBack | None:
    """
    The org goes on with the old one, which still signs in; in an emergency it must not, and what was given back once is not
    given back again by itself.
    """
    if not proof.refused or rotation.order is Order.EMERGENCY or rotation.refused_at:
        return None
    return GiveBack(proof.refused[0])


def since(given: Given | None, told_apart: bool) -> datetime | None:
    """
    From when on a place's sign-ins are those with the new one; None where it may not have it. `told_apart` says that a sign-in
    shows which of the two it was with: then those from the first try on can be counted.
    """
    if given is None:
        return None
    if told_apart:
        return given.begun
    return None if given.done is None else given.done + SETTLED


def with_deliveries(
    proof: Proof,
    credential: RotatedCredential,
    rotation: Rotation,
    seen: Seen,
    sign_ins: Sequence[SignIn] | None,
    refusals: Sequence[SignIn] | None,
) -> Proof:
    """`sign_ins` and `refusals` are those of the credential's apps since the new one went live, None where unreadable."""
    new = seen.version(rotation.token)
    place = new.place if new is not None else ""
    late: list[Laggard] = []
    refused: list[str] = []
    for delivery in credential.deliveries:
        given = rotation.given_to(delivery.name)
        start = since(given if given and given.version == rotation.token else None, bool(place))
        if _through(delivery, sign_ins or (), start, place):
            continue
        why = "no sign-in through it was seen since it was given the new one"
        if start is None:
            why = "it was not given the new one yet"
        elif failed := _through(delivery, refusals or (), start, place):
            refused.append(delivery.name)
            why = f"it was refused with the new one ({len(failed)} times)"
        app = place or ", ".join(credential.apps)
        late.append(
            Laggard(consumer=delivery.name, app=app, addresses=tuple(map(str, delivery.addresses)), why=why)
        )
    return proof.model_copy(
        update={
            "laggards": (*(each for each in proof.laggards if each.consumer not in names(late)), *late),
            "unheard": names(late),
            "refused": tuple(refused),
        }
    )


def names(laggards: Iterable[Laggard]) -> tuple[str, ...]:
    return tuple(each.consumer for each in laggards)


def _through(
    delivery: Delivery, sign_ins: Iterable[SignIn], start: datetime | None, app: str
) -> list[SignIn]:
    if start is None:
        return []
    return [
        each
        for each in sign_ins
        if each.at >= start and (not app or each.app == app) and _from(delivery, each.address)
    ]


def _from(delivery: Delivery, address: str) -> bool:
    try:
        place = ip_address(address)
    except ValueError:
        return False
    return any(place in network for network in delivery.addresses)


def days_for(credential: RotatedCredential, days: RotationPolicy) -> RotationPolicy:
    """
    Earlier by as much as the rarest sign-in needs: who signs in once a week would not be seen within six days of overlap.

    The last day stays. Nothing begins earlier than halfway to it.
    """
    pause = max((each.pause for each in credential.deliveries), default=timedelta(0))
    lead = pause + timedelta(days=1) - (days.revoke_after - days.live_after)
    lead = min(lead, days.create_after - days.revoke_after / 2)
    if lead <= timedelta(0):
        return days
    return days.model_copy(
        update={"create_after": days.create_after - lead, "live_after": days.live_after - lead}
    )
