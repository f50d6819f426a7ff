"""One attack on the ground, with or without somebody who watches."""

from deployments.bench.rehearsal.ground import Ground
from deployments.bench.rehearsal.watch import POLL, Watch
from tasks.rehearsal.model import Attack, Layer, Played
from tasks.rehearsal.play import play


def one_play(
    ground: Ground,
    attack: Attack,
    *,
    hardened: bool,
    lost: Layer | None,
    watched: bool,
    see: bool = False,
) -> Played:
    """Where it is `watched`, with `see` also when it got nowhere."""
    loot = ground.loot[attack.name]
    watch = Watch(ground, loot.org, ground.now()).of(loot) if watched else None
    with ground.caller(loot) as caller:
        outcomes = play(attack, caller, ground.advance if watch is None else watch.wait)
    seen, by, contained = None, "", False
    if watch is not None:
        if watch.seen.at is None and (see or any(each.reached for each in outcomes)):
            watch.wait(POLL)
        began = next((each.at for each in outcomes if each.at is not None), None)
        if watch.seen.at is not None and began is not None:
            seen, by = watch.seen.at - began, watch.seen.by
        contained = bool(watch.seen.contained)
    return Played(
        attack=attack.name,
        title=attack.title,
        org=loot.org,
        actor=loot.username,
        hardened=hardened,
        lost=lost,
        outcomes=outcomes,
        seen=seen,
        by=by,
        contained=contained,
    )
