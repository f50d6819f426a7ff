"""The next step where two places take turns: apps, users or certificates, of which one is in use and the other at rest."""

from tasks.credentials.deliveries import hurried, refusal, undelivered
from tasks.credentials.model import Order, Proof, Rotation, Seen, Version
from tasks.credentials.rotation import (
    PENDING,
    End,
    Label,
    Place,
    Step,
    Stop,
    Store,
    Try,
    Unlabel,
    Void,
    Wait,
    live_at,
    sever,
    when_due,
    witness,
)
from tasks.estate.model_rotation import RotationPolicy


def turning_step(
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
    # What was about to be revoked may be revoked: then taking back comes too late.
    if rotation.back is not None and rotation.old not in rotation.voiding:
        return _turned_back(seen, rotation, current, old, new, days, order)
    if current.id == rotation.old and seen.hurdle:
        return Stop(seen.hurdle)
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
    if void and (opened := sever(seen, rotation)) is not None:
        return opened
    if copy is not None and (void or not hurried(seen, rotation)):
        return copy
    if void:
        late = "the old one was revoked already, so the new one stays"
        return End("the old one is revoked" if rotation.back is None else late)
    if rotation.back is None and (refused := refusal(rotation, proof)) is not None:
        return refused
    if rotation.old_mark == seen.own:
        return Stop("we are signed in with the old one ourselves; sign in anew before it is revoked")
    return when_due(seen, rotation, days, proof, waived) or witness(rotation) or Void(old.id)


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
    if new is None and seen.held:
        # An org may have made the key pair already; once a version names it, it can be removed.
        return Store(rotation.token)
    if new is None:
        return End("it was taken back before anybody used the new one")
    # An answer to the revocation that did not come leaves no note; what the org accepts shows it.
    if _is_void(seen, rotation, old):
        copy = undelivered(seen, rotation, new) if current.id == new.id else None
        return copy or End("the old one was revoked already, so the new one stays")
    if current.id == new.id:
        return Label(rotation.old, new.id)
    waits = PENDING in new.stages
    if waits and len(new.stages) > 1:
        return Unlabel(new.id)
    if (copy := undelivered(seen, rotation, old)) is not None:
        return copy
    # An org's own key pair is there before anything accepts it.
    unused = bool(seen.held) and new.id not in rotation.voided
    if unused or not _is_void(seen, rotation, new):
        if rotation.live is not None and not seen.held and order is not Order.EMERGENCY:
            until = (rotation.returned or rotation.back or seen.now) + (days.revoke_after - days.live_after)
            if seen.now < until:
                return Wait(until, "it was taken back, and both are valid")
        return Void(new.id)
    # Its only label goes last: without one it is left closed, and nobody would know what to look for.
    if waits:
        return Unlabel(new.id)
    if rotation.refused_at and order is None:
        return Stop(f"{rotation.refused_at} was refused with the new one, so it was taken back")
    return End("it was taken back, and the new one is revoked")


def _is_void(seen: Seen, rotation: Rotation, version: Version) -> bool:
    """The note counts where the org shows nothing; where it shows what it accepts, that does."""
    if seen.sets is not None:
        return not seen.accepts(version.mark)
    return version.id in rotation.voided
