"""Which step comes next: what is seen and noted goes in, one step comes out."""

from datetime import timedelta

from tasks.credentials.model import Order, Proof, Rotation, Seen, Version
from tasks.credentials.rotation import CURRENT, STAGED, Begin, End, Kind, Step, Stop, Try, Wait, token_of
from tasks.credentials.staged import foreign, other_set, staged_step
from tasks.credentials.turning import turning_step
from tasks.estate.model_rotation import RotationPolicy


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
    `rotation` is the one that is open, `order` what is to begin after it. `waived` says that a waiver lets the old credential
    outlive its last day. `past` are the versions of rotations that are over.
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
        what = "somebody stored another current version meanwhile"
        if seen.sets is None:
            # Only trying shows whether it is a good one.
            tried = current[0].id in rotation.tried
            return End(what) if tried else Try(current[0].id, current[0].id)
        settled = seen.accepts(current[0].mark) and (kind != STAGED or other_set(seen) is None)
        return End(what) if settled else Stop(what)
    if old is None or old.mark != rotation.old_mark:
        return Stop("the version that is replaced is not what it was when this began")
    if kind == STAGED:
        return staged_step(seen, rotation, current[0], old, new, days, proof, order, waived)
    return turning_step(seen, rotation, current[0], old, new, days, proof, order, waived)


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
    if kind == STAGED and (other := other_set(seen)) is not None:
        return Stop(foreign(other))
    if kind == STAGED and current.mark == seen.own:
        return Stop("it is what we sign in with ourselves; name another identity for rotating it")
    due = current.created + days.create_after
    if order is None and not days.scheduled:
        return Wait(due, "policy asks for a plan")
    if order is None and seen.now < due:
        return Wait(due, "it is young enough")
    if seen.hurdle:
        return Stop(seen.hurdle)
    return Begin(token_of(secret, current.id, seen.versions, past), current)
