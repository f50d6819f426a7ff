"""Which run reads which orgs. The same estate is always cut the same way, and a new org leaves all but its own shard as they are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from tasks.audit.model import OrgEvidence
from tasks.fleet.model import Seen, Shard

LARGEST = 64
"""
Orgs in one shard at most; with many of them a shard has 45 or so. Five task runs for each stay far from the thousand of one flow run
that Prefect's record bears.
"""
REUSED = timedelta(hours=1)
"""How old what a shard has read may be when the run that asked for it asks again."""
LONGEST_PAUSE = 30
"""Seconds: an outage of the server lasts minutes, and all shards ask at once when it is over."""
_DEEPEST = 256


def shards(aliases: Iterable[str], largest: int = LARGEST) -> tuple[Shard, ...]:
    """
    Cuts by the first bits of each alias's SHA-256, halving whatever is larger than `largest` (extendible hashing): an org that comes
    or goes changes the shard it belongs to, or cuts or joins that one, and no other. One shard where all fit.
    """
    if largest < 1:
        raise ValueError(f"a shard has at least one org, not {largest}")
    bits = {alias: f"{int.from_bytes(sha256(alias.encode()).digest()):0256b}" for alias in aliases}
    return tuple(_cut(sorted(bits), bits, "", largest))


def _cut(aliases: Sequence[str], bits: Mapping[str, str], prefix: str, largest: int) -> Iterable[Shard]:
    if not aliases:
        return
    if len(aliases) <= largest or len(prefix) == _DEEPEST:
        yield Shard(name=prefix or "all", orgs=tuple(aliases))
        return
    for bit in "01":
        longer = prefix + bit
        yield from _cut([each for each in aliases if bits[each].startswith(longer)], bits, longer, largest)


def chosen_shards(every: Iterable[str], wanted: Iterable[str], largest: int = LARGEST) -> tuple[Shard, ...]:
    """As the whole estate is cut, with only the orgs that are `wanted`."""
    names = set(wanted)
    kept = (
        shard.model_copy(update={"orgs": tuple(org for org in shard.orgs if org in names)})
        for shard in shards(every, largest)
    )
    return tuple(shard for shard in kept if shard.orgs)


def idempotency_key(phase: str, shard: Shard, asker: UUID) -> str:
    """
    Of the run of one shard: the same orgs are the same work for one run that asks, however often it does. Never for two: what was
    read waits for one of them.
    """
    members = sha256("\n".join(shard.orgs).encode()).hexdigest()[:12]
    return f"{phase}/{shard.name}-{members}/{asker}"


def reusable(ended: datetime | None, now: datetime) -> bool:
    """Judged with the time of the run that joins it, what is older would look like today's."""
    return ended is not None and now - ended < REUSED


def given_up(asked: float, began: float | None, now: float, patience: timedelta) -> bool:
    """In seconds of one clock. A run has `patience` to begin, and again to end: one that waits for room takes none of its own time."""
    return now - (asked if began is None else began) >= patience.total_seconds()


def pause(tried: int) -> float:
    """Seconds until a server that did not answer is asked again, after so many times in vain."""
    return float(min(2**tried, LONGEST_PAUSE))


def joined(parts: Iterable[Seen]) -> Seen:
    """All of them as one. Raises ValueError where two speak of one org."""
    evidence: dict[str, OrgEvidence] = {}
    unreadable: dict[str, str] = {}
    calls: dict[str, int] = {}
    for part in parts:
        if both := (evidence.keys() | unreadable.keys()) & (part.evidence.keys() | part.unreadable.keys()):
            raise ValueError(f"two shards speak of {', '.join(sorted(both))}")
        evidence |= part.evidence
        unreadable |= part.unreadable
        calls |= part.calls
    return Seen(evidence=evidence, unreadable=unreadable, calls=calls)


def unseen(shard: Shard, why: str) -> Seen:
    """Of a shard that did not come to its end: nothing is known of any of its orgs."""
    return Seen(evidence={}, unreadable=dict.fromkeys(shard.orgs, why), calls={})
