"""
The protocol of rotating a credential: its steps, and when each is due. `stepping.next_step` is the state machine.

Nothing is remembered but what Secrets Manager, the org and the ledger say, so a process that was killed goes on where the
world stands. At every moment the version labelled AWSCURRENT can sign in, and it is the only truth for consumers:

* `client-secret`: the org makes the new set beside the old one (staged), both sign in; it is stored as AWSPENDING and tried;
  the org's main set is changed (rotate), then the label; the old set lives on until it is deleted.
* `key-pair`, `password`, `client-certificate`: two apps, users or listed certificates take turns. The new secret is stored
  first, then given to the one at rest and tried; then the label moves; the old one's is replaced by one that nobody knows, and
  a certificate is taken off the org's list.

In an emergency what the old one had opened is ended too, once nobody can open more with it. That is a step here and no plan of
its own: the plan that orders the emergency says so and is approved for it, and only the rotation knows when the old one is gone.
A plan would have to name each token beforehand, and whoever holds the old one could make it stale by signing in once more.

Where orgs have copies, each is brought up to the label after it moved, and signs in, before the old one goes.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tasks.credentials.deliveries import Deliver, GiveBack
from tasks.credentials.model import Order, Proof, Rotation, Seen, Version
from tasks.estate.model_rotation import RotationPolicy

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"
GRACE = timedelta(days=30)
"""How long an org lets a replaced set live (third parties say so; the help article does not)."""
MARGIN = timedelta(days=2)
"""How long before the org ends a set that consumers were given back to it, they are taken off it again."""
BLIND = timedelta(days=1)
"""How long the last day waits for logs that cannot be read."""
Kind = Literal["client-secret", "key-pair", "password", "client-certificate"]
STAGED: Kind = "client-secret"
"""The one kind whose new set the org makes; of all others we make it, and two places take turns."""


@dataclass(frozen=True)
class Wait:
    """There is nothing to do before `until`."""

    until: datetime
    why: str


@dataclass(frozen=True)
class Begin:
    """Notes a new rotation; nothing is sent."""

    token: str
    old: Version


@dataclass(frozen=True)
class Stage:
    """Asks the org for a second set."""


@dataclass(frozen=True)
class Store:
    """Keeps the new credential as the version `token`, labelled AWSPENDING. Where the org made it, it is read from there."""

    token: str


@dataclass(frozen=True)
class Place:
    """Makes the org accept the new key, password or certificate at the place at rest."""

    token: str


@dataclass(frozen=True)
class Try:
    """Signs in with the new credential and makes one harmless call. `where` is which state of it is tried."""

    token: str
    where: str


@dataclass(frozen=True)
class Promote:
    """Makes the staged set the org's main one; the old one goes on living."""

    handle: str


@dataclass(frozen=True)
class Label:
    """Moves AWSCURRENT: from here on consumers read the other version."""

    to: str
    source: str


@dataclass(frozen=True)
class Unlabel:
    """Takes AWSPENDING off a version; left there it would stop every later rotation."""

    version: str


@dataclass(frozen=True)
class Revoke:
    """Deletes the replaced set: it is refused from now on."""

    handle: str
    mark: str


@dataclass(frozen=True)
class Discard:
    """Deletes a staged set that nobody was given."""

    handle: str


@dataclass(frozen=True)
class Void:
    """Ends what the org accepts for `version`: its place gets a secret that nobody knows, or leaves the list."""

    version: str


@dataclass(frozen=True)
class Witness:
    """Signs in with the old one and stays, so that it shows later whether that is ended. Nothing waits for it to succeed."""

    version: str


@dataclass(frozen=True)
class Sever:
    """
    Ends tokens and sessions from before `until`. `version` is the old one, `since` when the rotation began: who signed in from
    then on is one of them.
    """

    version: str
    until: datetime
    since: datetime


@dataclass(frozen=True)
class End:
    outcome: str


@dataclass(frozen=True)
class Stop:
    """A person has to look. Nothing was sent."""

    reason: str


Act = (
    Stage
    | Store
    | Place
    | Try
    | Promote
    | Label
    | Unlabel
    | Revoke
    | Discard
    | Void
    | Deliver
    | Witness
    | Sever
)
Step = Act | Wait | Begin | End | Stop | GiveBack


def token_of(secret: str, old: str, versions: tuple[Version, ...], past: frozenset[str] = frozenset()) -> str:
    """
    The id of the version that replaces `old`: everybody who rotates works out the same one, so a repeat makes nothing new.

    `past` are the versions of rotations that are over. What they made was given up or is revoked, and so is whatever else is
    kept and does not wait to become current: such a value must not come back.
    """
    left = past | {version.id for version in versions if PENDING not in version.stages}
    number = 0
    while True:
        name = hashlib.sha256(f"{secret}\n{old}\n{number}".encode()).hexdigest()[:32]
        if name not in left:
            return name
        number += 1


def live_at(rotation: Rotation, days: RotationPolicy) -> datetime:
    if rotation.order is not Order.SCHEDULED:
        return rotation.begun
    settled = rotation.begun + (days.live_after - days.create_after)
    return max(rotation.old_since + days.live_after, settled)


def revoke_at(rotation: Rotation, days: RotationPolicy) -> datetime | None:
    """When the old one goes; None before the new one is live. Who was late to begin gives consumers their time all the same."""
    if rotation.live is None:
        return None
    if rotation.order is Order.EMERGENCY:
        return rotation.live
    overlap = days.revoke_after - days.live_after
    if rotation.order is Order.REQUESTED:
        return rotation.live + overlap
    last = rotation.old_since + days.revoke_after
    late = rotation.live - (rotation.old_since + days.live_after)
    # A day late is within what consumers are left; more must not be taken from them.
    return last if late <= days.live_after - days.create_after else max(last, rotation.live + overlap)


def proven(proof: Proof, quiet: timedelta, now: datetime) -> bool:
    """Whether nobody loses anything when the old credential goes, as far as that can be known."""
    if proof.laggards or proof.blind:
        return False
    return proof.last_use is None or proof.last_use + quiet <= now


def idle(
    versions: tuple[Version, ...],
    taken: str,
    rotation: Rotation | None,
    order: Order | None,
    days: RotationPolicy,
    now: datetime,
) -> Wait | None:
    """Whether Secrets Manager and the ledger alone show that there is nothing to do, so that no right has to wake."""
    if rotation is not None or order is not None:
        return None
    if taken:
        return Wait(now + timedelta(days=1), taken)
    current = [each for each in versions if CURRENT in each.stages]
    if len(current) != 1:
        return None
    due = current[0].created + days.create_after
    if not days.scheduled:
        return Wait(due, "policy asks for a plan")
    return Wait(due, "it is young enough") if now < due else None


def witness(rotation: Rotation) -> Witness | None:
    """Before the old one goes."""
    if rotation.order is not Order.EMERGENCY or rotation.witnessed:
        return None
    return Witness(rotation.old)


def sever(seen: Seen, rotation: Rotation) -> Sever | None:
    """Once the old one is gone: what is opened after the first look that showed that is somebody's who has the new one."""
    if rotation.order is not Order.EMERGENCY or rotation.severed is not None:
        return None
    return Sever(rotation.old, rotation.severing or seen.now, rotation.begun)


def when_due(seen: Seen, rotation: Rotation, days: RotationPolicy, proof: Proof, waived: bool) -> Wait | None:
    """None when the old one goes now."""
    due = revoke_at(rotation, days)
    assert due is not None, "it is live"
    if seen.now < due:
        return Wait(due, "both are valid")
    if proof.unheard and rotation.order is not Order.EMERGENCY:
        return Wait(
            seen.now + timedelta(hours=1),
            f"no sign-in of {' or '.join(proof.unheard)} with the new one was seen",
        )
    if rotation.order is Order.EMERGENCY or proven(proof, days.quiet, seen.now):
        return None
    if proof.blind and seen.now < due + BLIND:
        return Wait(due + BLIND, f"nobody can see {' or '.join(proof.blind)} just now")
    if days.at_the_end == "wait" and waived:
        return Wait(seen.now + timedelta(days=1), "somebody still uses the old one, and it is waived")
    return None
