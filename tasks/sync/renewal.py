"""
One batch of values sealed anew under the newest key: read, opened, sealed, written, read back, and only then done.

A batch that was written and not noted is met again by the next run, which finds the newest key on it and goes on. Values of both
keys open all the while, so whoever may read them reads on. Pure but for the hands it is given.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from tasks.encryption.keys import DataKey, KeyRing
from tasks.encryption.sealed import is_sealed, key_of
from tasks.errors import SyncStopped
from tasks.sync.hands import Found, Refused
from tasks.sync.model import InUse, Look, Record, Renewal, Rules
from tasks.sync.quarantine import commonest, too_many
from tasks.sync.sealing import Seals
from tasks.sync.verify import digest

UNREADABLE = "DOES_NOT_OPEN"
"""Changed, moved, in the clear, or sealed with a key that is no more: what it was, only the source knows."""


class RenewedTarget(Protocol):
    """`behind` gives records in the order of ids; `rewrite` writes columns by id and says which were refused for good."""

    def behind(self, rules: Rules, last: str, limit: int) -> Sequence[Found]: ...
    def with_ids(self, rules: Rules, ids: Sequence[str]) -> Sequence[Found]: ...
    def rewrite(self, rules: Rules, rows: Mapping[str, Sequence[str | None]]) -> Mapping[str, Refused]: ...
    def sealed_values(self, rules: Rules) -> Iterator[tuple[bool, tuple[str | None, ...]]]: ...


class RenewalState(Protocol):
    def renewed(self, renewal: Renewal, refused: Mapping[str, str]) -> None: ...


class RenewalHands(NamedTuple):
    """`digest_key` lives as long as the run."""

    target: RenewedTarget
    state: RenewalState
    seals: Seals
    digest_key: bytes


def sealed_part(rules: Rules) -> Rules:
    """The route as far as it is sealed: nothing else is read or written."""
    return rules.model_copy(update={"columns": rules.sealed})


def begun(known: Renewal | None, ring: KeyRing) -> Renewal:
    """Where to go on: behind what is done under the newest key, or at the beginning. Raises ValueError for a ring without keys."""
    if ring.sealing is None:
        raise ValueError(f"the ring of {ring.route} has no key that seals")
    epoch = ring.sealing.epoch
    return known if known is not None and known.epoch == epoch else Renewal(epoch=epoch)


def wants_epoch(known: Renewal | None, ring: KeyRing) -> bool:
    """
    Whether a rotation begins with a new key: not where one is under way, nor where the newest has sealed nothing yet, as after a
    crash between the two.
    """
    key = ring.sealing
    if key is None:
        return True
    under_way = known is not None and known.epoch == key.epoch and not known.done
    return not under_way and key.sealed > 0


def renew(hands: RenewalHands, rules: Rules, newest: str, renewal: Renewal, limit: int) -> Renewal:
    """
    Of at most `limit` records behind those that are done; `rules` are the sealed part alone, `newest` is the key that seals.

    Raises SyncStopped where a batch is refused as a whole or is not what was sent, SecretUnavailable, CloudError and OrgError.
    Whatever it raises, the next run goes on with the same batch.
    """
    page = hands.target.behind(rules, renewal.after, limit)
    stale = [each for each in page if _is_stale(each.values, newest)]
    opened = hands.seals.opened([each.key for each in stale], [each.values for each in stale])
    left = {each.id: UNREADABLE for each, values in zip(stale, opened, strict=True) if values is None}
    records = [
        Record(each.id, "", False, each.key, tuple(values))
        for each, values in zip(stale, opened, strict=True)
        if values is not None
    ]
    refused = _written(hands, rules, records)
    if too_many(len(refused), len(records)):
        raise SyncStopped(
            f"{rules.target} refuses {len(refused)} of {len(records)} records of {rules.route} that are to be sealed anew, most with "
            f"{commonest([*refused.values()])}. Look at it, then run again; nothing is lost."
        )
    there = [record for record in records if record.id not in refused]
    _seen(hands, rules, newest, there)
    left |= refused
    done = renewal.model_copy(
        update={
            "after": page[-1].id if page else renewal.after,
            "seen": renewal.seen + len(page),
            "renewed": renewal.renewed + len(there),
            "left": renewal.left + len(left),
            "done": len(page) < limit,
        }
    )
    hands.state.renewed(done, left)
    return done


def _is_stale(values: Sequence[str | None], newest: str) -> bool:
    """A value in the clear is, too: it is looked at, and named as what it is."""
    return any(value is not None and _key(value) != newest for value in values)


def _key(value: str) -> str:
    try:
        return key_of(value) if is_sealed(value) else ""
    except ValueError:
        return ""


def _written(hands: RenewalHands, rules: Rules, records: Sequence[Record]) -> dict[str, str]:
    """Codes by id of what the org refused for good."""
    if not records:
        return {}
    hands.seals.announce(len(records))
    rows = hands.seals.rows(records)
    cells = {record.id: row[1:] for record, row in zip(records, rows, strict=True)}
    return {name: why.code for name, why in hands.target.rewrite(rules, cells).items()}


def _seen(hands: RenewalHands, rules: Rules, newest: str, records: Sequence[Record]) -> None:
    """Read back: what was sealed anew holds what it held. Records that somebody deleted meanwhile are no more. Raises SyncStopped."""
    if not records:
        return
    expected = {record.id: _digest(hands, record.key, record.values) for record in records}
    found = hands.target.with_ids(rules, [*expected])
    opened = hands.seals.opened([each.key for each in found], [each.values for each in found])
    wrong = [
        each.id
        for each, values in zip(found, opened, strict=True)
        if values is None
        or _digest(hands, each.key, values) != expected[each.id]
        or _is_stale(each.values, newest)
    ]
    if wrong:
        raise SyncStopped(
            f"{len(wrong)} records of {rules.sobject} in {rules.target} are not as they were sealed anew, {wrong[0]} among them. Look "
            "at what else writes these fields there, then run again; values that do not open come back with sync-route."
        )


def _digest(hands: RenewalHands, key: str | None, values: Sequence[str | None]) -> int:
    return digest(hands.digest_key, str(key), values)


def in_use(ring: KeyRing, found: Iterable[tuple[bool, tuple[str | None, ...]]]) -> InUse:
    """By key of the ring how many values it has sealed; of each record whether it lies in the recycle bin, and its values."""
    ours = {key.key_id for key in ring.keys}
    live: dict[str, int] = {}
    binned: dict[str, int] = {}
    foreign = 0
    for deleted, values in found:
        for name in filter(None, (_key(value) for value in values if value is not None)):
            if name not in ours:
                foreign += 1
                continue
            counts = binned if deleted else live
            counts[name] = counts.get(name, 0) + 1
    return InUse(live=live, binned=binned, foreign=foreign)


def needed(key: DataKey, look: Look | None) -> int | None:
    """
    How many values open with an old key alone, by the last look; None where that was before another key took its place. Since
    then only newer keys sealed.
    """
    if look is None or look.epoch <= key.epoch:
        return None
    return look.used.live.get(key.key_id, 0) + look.used.binned.get(key.key_id, 0)
