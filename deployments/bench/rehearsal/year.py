"""Three credentials leak, and whoever found them tries them in the course of a year, as in the article's year before hardening."""

from collections.abc import Mapping
from datetime import timedelta

from deployments.bench.rehearsal.ground import Ground
from deployments.bench.rehearsal.playing import one_play
from tasks.rehearsal.model import Attack, Played

LEAKS = ("leaked-key-pair", "replay-after-rotation", "stolen-key")
FIRST, BETWEEN = timedelta(days=60), timedelta(days=120)


def year_of_leaks(
    ground: Ground, point: str, known: Mapping[str, Attack], *, hardened: bool
) -> tuple[Played, ...]:
    """
    Each leak from the same saved point, two, six and ten months after it; nothing is rotated or watched meanwhile, so that only
    what stands at that point counts.
    """
    played = []
    for number, name in enumerate(LEAKS):
        if name in known:
            ground.restore(point)
            ground.advance(FIRST + number * BETWEEN)
            played.append(one_play(ground, known[name], hardened=hardened, lost=None, watched=False))
    return tuple(played)
