"""
The protocol of rotating a credential, as a state machine: what is seen and noted goes in, the next step comes out.

Nothing is remembered but what Secrets Manager, the org and the ledger say, so a process that was killed goes on where the
world stands. At every moment the version labelled AWSCURRENT can sign in, and it is the only truth for consumers:

* `client-secret`: the org makes the new set beside the old one (staged), both sign in; it is stored as AWSPENDING and tried;
  the org's main set is changed (rotate), then the label; the old set lives on until it is deleted.
* `key-pair`, `password`: two apps or users take turns. The new secret is stored first, then given to the one at rest and
  tried; then the label moves; the old one's is replaced by one that nobody knows.

Where orgs have copies, each is brought up to the label after it moved, and signs in, before the old one goes.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tasks.credentials.deliveries import Deliver, GiveBack, hurried, refusal, undelivered
from tasks.credentials.model import KeySet, Order, Proof, Rotation, Seen, SetState, Version
from tasks.estate.policy import RotationPolicy

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"
GRACE = timedelta(days=30)
"""How long an org lets a replaced set live (third parties say so; the help article does not)."""
MARGIN = timedelta(days=2)
"""How long before the org ends a set that consumers were given back to it, they are taken off it again."""
BLIND = timedelta(days=1)
"""How long the last day waits for logs that cannot be read."""
Kind = Literal["client-secret", "key-pair", "password", "certificate"]
STAGED: Kind = "client-secret"
"""
The one kind whose new set the org makes; of all others we make it, and two places take turns. There are hands for key pairs;
passwords and client certificates follow the same steps once somebody gives them hands (`TurningDoor` in places.py).
"""


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
    """Gives the new key or password to the app or user at rest."""

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
    """Replaces the secret of the app or user that `version` signs in as by one that nobody knows."""

    version: str


@dataclass(frozen=True)
class End:
    outcome: str


@dataclass(frozen=True)
class Stop:
    """A person has to look. Nothing was sent."""

    reason: str


Act = Stage | Store | Place | Try | Promote | Label | Unlabel | Revoke | Discard | Void | Deliver
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


def next_step(
    secret: str,
    kind: Kind,
    seen: Seen,
    rotation: Rotation | None,
    days: RotationPolicy,
    proof: Proof,
    order: Order | None = None,
    waived: bool = False,
    past: frozenset[str] = frozenset(),
) -> Step:
    """
    `rotation` is the one that is open, `order` what is to begin after it. `waived` says that a waiver lets the old
    credential outlive its last day.
    """
    if seen.taken and rotation is not None:
        return Stop(f"{seen.taken}, and a rotation of ours is under way")
    if seen.taken:
        return Wait(seen.now + timedelta(days=1), seen.taken)
    current = seen.labelled(CURRENT)
    if len(current) != 1:
        return Stop(f"{len(current)} versions are labelled {CURRENT}, and one has to be")
    if current[0].mark is None:
        return Stop("the current version cannot be read as a credential")
    if rotation is None:
        return _first(secret, kind, seen, current[0], days, order, past)
    old, new = seen.version(rotation.old), seen.version(rotation.token)
    if current[0].id not in (rotation.old, rotation.token):
        settled = seen.accepts(current[0].mark) and (kind != STAGED or _other(seen) is None)
        what = "somebody stored another current version meanwhile"
        return End(what) if settled else Stop(what)
    if old is None or old.mark != rotation.old_mark:
        return Stop("the version that is replaced is not what it was when this began")
    if kind == STAGED:
        return _staged(seen, rotation, current[0], old, new, days, proof, order, waived)
    return _placed(seen, rotation, current[0], old, new, days, proof, order, waived)


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


def _first(
    secret: str,
    kind: Kind,
    seen: Seen,
    current: Version,
    days: RotationPolicy,
    order: Order | None,
    past: frozenset[str],
) -> Step:
    if seen.sets is not None and not seen.accepts(current.mark):
        return Stop("the org does not accept what is stored as current: consumers cannot sign in with it")
    if kind == STAGED and (other := _other(seen)) is not None:
        return Stop(_foreign(other))
    if kind == STAGED and current.mark == seen.own:
        return Stop("it is what we sign in with ourselves; name another identity for rotating it")
    due = current.created + days.create_after
    if order is None and not days.scheduled:
        return Wait(due, "policy asks for a plan")
    if order is None and seen.now < due:
        return Wait(due, "it is young enough")
    return Begin(token_of(secret, current.id, seen.versions, past), current)


def _foreign(other: KeySet) -> str:
    if other.state is SetState.STAGED:
        return "somebody else has staged credentials for this app; rotate or delete them, then this goes on"
    return "somebody else has rotated this app, and its old set still lives; delete that, then this goes on"


# Sets that the org makes -------------------------------------------------------------------------------


def _staged(
    seen: Seen,
    rotation: Rotation,
    current: Version,
    old: Version,
    new: Version | None,
    days: RotationPolicy,
    proof: Proof,
    order: Order | None,
    waived: bool,
) -> Step:
    main = next((each.mark for each in seen.sets or () if each.state is SetState.MAIN), None)
    other = _other(seen)
    if main == rotation.old_mark:
        return _before_promotion(seen, rotation, current, new, other, days)
    if new is None or main != new.mark:
        return Stop("the app's main set is neither the old one nor the new one: somebody else rotated it")
    if rotation.back is not None and order is None:
        return _given_back(seen, rotation, current, old, new, other)
    if rotation.back is not None:
        # The org cannot undo it, so it is taken to its end before what was ordered begins.
        rotation = rotation.model_copy(update={"back": None, "order": order})
    if "main" not in rotation.tried:
        return Try(new.id, "main")
    if current.id != new.id:
        return Label(new.id, old.id)
    if PENDING in new.stages:
        return Unlabel(new.id)
    copy = undelivered(seen, rotation, new)
    if copy is not None and (other is None or not hurried(seen, rotation)):
        return copy
    if other is None:
        return End("the old one is revoked")
    if other.mark != rotation.old_mark:
        return Stop(_foreign(other))
    if (refused := refusal(rotation, proof)) is not None:
        return refused
    if other.mark == seen.own:
        return Stop("we are signed in with the old one ourselves; sign in anew before it is revoked")
    return _when_due(seen, rotation, days, proof, waived) or Revoke(other.handle, other.mark)


def _before_promotion(
    seen: Seen,
    rotation: Rotation,
    current: Version,
    new: Version | None,
    other: KeySet | None,
    days: RotationPolicy,
) -> Step:
    if new is not None and current.id == new.id:
        return Stop("the new version is current, and the org's main set is still the old one")
    if rotation.back is not None and new is not None and PENDING in new.stages:
        return Unlabel(new.id)
    if other is None:
        if rotation.back is not None:
            return End("it was taken back before anybody used the new one")
        if new is not None:
            return (
                Unlabel(new.id) if PENDING in new.stages else End("somebody deleted the staged credentials")
            )
        return Stage()
    if other.state is SetState.REPLACED or rotation.staging is None or rotation.refused:
        return Stop(_foreign(other))
    if rotation.back is not None:
        return Discard(other.handle)
    if new is None:
        return Store(rotation.token)
    if new.mark != other.mark:
        return Stop("what is stored as the new version is not what the org has staged")
    if PENDING not in new.stages:
        return Stop("somebody took the label AWSPENDING off the new version")
    if "staged" not in rotation.tried:
        return Try(new.id, "staged")
    when = live_at(rotation, days)
    return Wait(when, "the new one waits for its day") if seen.now < when else Promote(other.handle)


def _given_back(
    seen: Seen, rotation: Rotation, current: Version, old: Version, new: Version, other: KeySet | None
) -> Step:
    """
    The old one is current again for as long as the org lets it live: a rotation cannot be undone there. Before that ends,
    consumers are given the new one again, or they would have none.
    """
    gone = other is None or other.mark != rotation.old_mark
    if current.id == rotation.old:
        # AWSPENDING may stay: a version without any label cannot be told from others, and this one is needed again.
        if gone or (until := back_until(rotation, other)) <= seen.now:
            return Label(new.id, rotation.old)
        copy = undelivered(seen, rotation, old)
        return copy or Wait(until, "it was taken back; the org ends the old one all the same")
    if PENDING in new.stages:
        return Unlabel(new.id)
    over = gone or back_until(rotation, other) <= seen.now
    if over and (copy := undelivered(seen, rotation, new)) is not None:
        return copy
    if gone:
        return End("the old one is gone, so the new one stays")
    if over:
        assert other is not None, "it is not gone"
        return Wait(other.ends or seen.now + MARGIN, "the old one ends by itself")
    return Label(rotation.old, new.id)


def back_until(rotation: Rotation, other: KeySet | None) -> datetime:
    """Until when consumers can be left with what was given back."""
    if other is not None and other.ends is not None:
        return other.ends - MARGIN
    return (rotation.promoted or rotation.begun) + GRACE - MARGIN


def _other(seen: Seen) -> KeySet | None:
    return next((each for each in seen.sets or () if each.state is not SetState.MAIN), None)


# Two places that take turns ----------------------------------------------------------------------------


def _placed(
    seen: Seen,
    rotation: Rotation,
    current: Version,
    old: Version,
    new: Version | None,
    days: RotationPolicy,
    proof: Proof,
    order: Order | None,
    waived: bool,
) -> Step:
    if rotation.back is not None:
        return _turned_back(seen, rotation, current, old, new, days, order)
    if new is None:
        return Store(rotation.token)
    if new.mark is None or new.place == old.place:
        return Stop("what is stored as the new version is none of ours")
    if not (rotation.placed if seen.sets is None else seen.accepts(new.mark)):
        if current.id == new.id:
            return Stop("the org does not accept what is stored as current: consumers cannot sign in with it")
        return Place(new.id)
    if current.id != new.id:
        if PENDING not in new.stages:
            return Stop("somebody took the label AWSPENDING off the new version")
        if "placed" not in rotation.tried:
            return Try(new.id, "placed")
        when = live_at(rotation, days)
        return Wait(when, "the new one waits for its day") if seen.now < when else Label(new.id, rotation.old)
    if PENDING in new.stages:
        return Unlabel(new.id)
    copy, void = undelivered(seen, rotation, new), _is_void(seen, rotation, old)
    if copy is not None and (void or not hurried(seen, rotation)):
        return copy
    if void:
        return End("the old one is revoked")
    if (refused := refusal(rotation, proof)) is not None:
        return refused
    if rotation.old_mark == seen.own:
        return Stop("we are signed in with the old one ourselves; sign in anew before it is revoked")
    return _when_due(seen, rotation, days, proof, waived) or Void(old.id)


def _turned_back(
    seen: Seen,
    rotation: Rotation,
    current: Version,
    old: Version,
    new: Version | None,
    days: RotationPolicy,
    order: Order | None,
) -> Step:
    """
    Nothing ended the old one, so it simply goes on, and the new one is made useless: once those who have read it have had the
    time of an overlap to read again, or at once where the new one is feared too. An org that was given the old one again has
    it already.
    """
    if new is None:
        return End("it was taken back before anybody used the new one")
    # An answer to the revocation that did not come leaves no note; what the org accepts shows it.
    if _is_void(seen, rotation, old):
        copy = undelivered(seen, rotation, new) if current.id == new.id else None
        return copy or End("the old one was revoked already, so the new one stays")
    if current.id == new.id:
        return Label(rotation.old, new.id)
    if PENDING in new.stages:
        return Unlabel(new.id)
    if (copy := undelivered(seen, rotation, old)) is not None:
        return copy
    # An org's own key pair is there before anything accepts it.
    unused = bool(seen.held) and new.id not in rotation.voided
    if _is_void(seen, rotation, new) and not unused:
        if rotation.refused_at and order is None:
            return Stop(f"{rotation.refused_at} was refused with the new one, so it was taken back")
        return End("it was taken back, and the new one is revoked")
    if rotation.live is not None and not seen.held and order is not Order.EMERGENCY:
        until = (rotation.returned or seen.now) + (days.revoke_after - days.live_after)
        if seen.now < until:
            return Wait(until, "it was taken back, and both are valid")
    return Void(new.id)


def _is_void(seen: Seen, rotation: Rotation, version: Version) -> bool:
    """The note counts where the org shows nothing; where it shows what it accepts, that does."""
    if seen.sets is not None:
        return not seen.accepts(version.mark)
    return version.id in rotation.voided


# The end of the old one --------------------------------------------------------------------------------


def _when_due(
    seen: Seen, rotation: Rotation, days: RotationPolicy, proof: Proof, waived: bool
) -> Wait | None:
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
