"""The next step where the org itself makes the new set beside the old one (`client-secret`)."""

from datetime import datetime

from tasks.credentials.deliveries import hurried, refusal, undelivered
from tasks.credentials.model import KeySet, Order, Proof, Rotation, Seen, SetState, Version
from tasks.credentials.rotation import (
    GRACE,
    MARGIN,
    PENDING,
    Discard,
    End,
    Label,
    Promote,
    Revoke,
    Stage,
    Step,
    Stop,
    Store,
    Try,
    Unlabel,
    Wait,
    live_at,
    sever,
    when_due,
    witness,
)
from tasks.estate.model_rotation import RotationPolicy


def staged_step(
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
    other = other_set(seen)
    if main == rotation.old_mark:
        return _before_promotion(seen, rotation, current, new, other, days)
    if new is None or main != new.mark:
        return Stop("the app's main set is neither the old one nor the new one: somebody else rotated it")
    if rotation.back is not None and order is None:
        return _given_back(seen, rotation, current, old, new, other)
    if rotation.back is not None:
        # The org cannot undo it, so it is taken to its end before what was ordered begins.
        rotation = rotation.model_copy(update={"order": order})
    if "main" not in rotation.tried:
        return Try(new.id, "main")
    if current.id != new.id:
        return Label(new.id, old.id)
    if PENDING in new.stages:
        return Unlabel(new.id)
    if other is None and (opened := sever(seen, rotation)) is not None:
        return opened
    copy = undelivered(seen, rotation, new)
    if copy is not None and (other is None or not hurried(seen, rotation)):
        return copy
    if other is None:
        return End("the old one is revoked")
    if other.mark != rotation.old_mark:
        return Stop(foreign(other))
    if (refused := refusal(rotation, proof)) is not None:
        return refused
    if other.mark == seen.own:
        return Stop("we are signed in with the old one ourselves; sign in anew before it is revoked")
    return (
        when_due(seen, rotation, days, proof, waived) or witness(rotation) or Revoke(other.handle, other.mark)
    )


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
        return Stop(foreign(other))
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


def other_set(seen: Seen) -> KeySet | None:
    return next((each for each in seen.sets or () if each.state is not SetState.MAIN), None)


def foreign(other: KeySet) -> str:
    if other.state is SetState.STAGED:
        return "somebody else has staged credentials for this app; rotate or delete them, then this goes on"
    return "somebody else has rotated this app, and its old set still lives; delete that, then this goes on"
