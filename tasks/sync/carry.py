"""
One batch from end to end: read, judged, noted, sent, read back, and only then done.

After a batch that was noted and not verified, each one of the window is looked at first when a run goes on: what stands in the
target already, opened and compared, is not sent again. So a record changes there only where it changed here, although no two
seals of a value are alike. What comes out of quarantine is always looked at: a run may have died between it and the note.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from tasks.encryption.model import SampleVerdict
from tasks.errors import SyncRefused, SyncStopped
from tasks.sync import cursor as cursors
from tasks.sync.hands import Found, Hands, Refused
from tasks.sync.model import Batch, Counts, Cursor, Held, Position, Record, Rules, Underway, Way
from tasks.sync.profile import profile_of, samples_of
from tasks.sync.quarantine import ALTERED, NO_KEY, TWICE, commonest, doubled, held, too_many
from tasks.sync.rules import seen_personal
from tasks.sync.verify import checksum, digest, digests, wrong

CHUNK = 2_000
"""Records sealed or opened at once."""


class _Split(NamedTuple):
    """A batch before it is sent."""

    live: list[Record]
    gone: list[Record]
    held: dict[str, Held]


def carry(hands: Hands, rules: Rules, way: Way, limit: int) -> Batch:
    """
    The next batch of the open window, of at most `limit` records.

    Raises SyncRefused for personal data on its way to a sandbox, SyncStopped for a batch that breaks its contract, is refused
    as a whole or cannot be verified, and OrgError. Whatever it raises, the next run goes on with the same batch.
    """
    state = cursors.gone_on(hands.state.cursor())
    records = hands.source.read(rules, cursors.window(rules, state, hands.overlap), limit, way)
    whole = len(records) < limit
    last = Position(stamp=records[-1].stamp, id=records[-1].id) if records else None
    before = hands.state.quarantine()
    carried = hands.state.carried(record.id for record in records)
    known = cursors.known(records, {name: each.stamp for name, each in before.items()} | carried)
    fresh = [record for record in records if record.id not in known]
    counts, done, held_now, sum_of = _through(hands, rules, way, state, fresh, before)
    moved = cursors.advanced(state, last, whole=whole)
    batch = Batch(
        number=state.batches + 1,
        path=way,
        counts=counts + Counts(read=len(records) - len(fresh), known=len(known)),
        checksum=sum_of,
        last=whole,
    )
    hands.state.verified(
        batch,
        moved,
        {r.id: r.stamp for r in done if cursors.worth_remembering(r, state, hands.overlap)},
        cursors.horizon(moved, hands.overlap),
        held_now.values(),
        _healed(before, done),
    )
    hands.target.forget()
    return batch


def replay(hands: Hands, rules: Rules) -> Batch | None:
    """
    Carries what waits in quarantine once more, as it is in the source now; None where nothing waits. Raises as `carry`.

    Records that are gone for good leave the quarantine: there is nothing to carry.
    """
    before = hands.state.quarantine()
    if not before:
        return None
    state = cursors.gone_on(hands.state.cursor())
    records = hands.source.read_again(rules, sorted(before))
    counts, done, held_now, sum_of = _through(
        hands, rules, "collections", state, records, before, few=len(before)
    )
    batch = Batch(
        number=state.batches + 1, path="collections", counts=counts, checksum=sum_of, last=state.until is None
    )
    lost = before.keys() - {record.id for record in records}
    unmoved = state.model_copy(
        update={"underway": None, "unsure": None if state.until is None else state.unsure}
    )
    hands.state.verified(
        batch,
        unmoved,
        # The next window may bring them again.
        {record.id: record.stamp for record in done},
        None,
        held_now.values(),
        [*_healed(before, done), *sorted(lost)],
    )
    hands.target.forget()
    return batch


def _through(
    hands: Hands,
    rules: Rules,
    way: Way,
    state: Cursor,
    records: Sequence[Record],
    before: Mapping[str, Held],
    few: int = 0,
) -> tuple[Counts, list[Record], dict[str, Held], str]:
    """Counts, what is as it should be now, what is held, and the checksum. At least `few` refusals stop nothing."""
    now = hands.target.now()
    live, gone, kept_back = _split(hands, rules, records, before, now)
    _admit(hands, rules, live)
    expected = digests(hands.digest_key, live)
    since, right = _announced(hands, rules, way, state, expected, now, look=bool(few))
    removed, stuck = _remove(hands, rules, gone, {str(record.key) for record in live})
    to_send = [record for record in live if record.key not in right]
    refused = _send(hands, rules, way, to_send, state, since)
    there = {name: made for name, made in expected.items() if name not in refused}
    missing = _checked(hands, rules, way, there, since)
    if missing:
        # Somebody else may have written in between: once more, and then it is what the target makes of it.
        again = [record for record in live if record.key in missing]
        refused |= _send(hands, rules, "collections", again, state, since)
        there = {name: made for name, made in expected.items() if name not in refused}
        late = _checked(hands, rules, "collections", {n: m for n, m in there.items() if n in missing}, since)
        refused |= {name: _Altered() for name in late}
        there = {name: made for name, made in there.items() if name not in late}
    by_key = {str(record.key): record for record in (*live, *gone)}
    for name, why in {**refused, **stuck}.items():
        record = by_key[name]
        kept_back[record.id] = held(record, why.code, why.fields, before, now)
    if too_many(len(kept_back), len(records)) and len(kept_back) > few:
        raise SyncStopped(
            f"{rules.route}: {len(kept_back)} of {len(records)} records of a batch are refused, most with "
            f"{commonest([each.code for each in kept_back.values()])}. That is no matter of single records: look at "
            f"{rules.target}, then run again."
        )
    done = [record for record in records if record.id not in kept_back]
    counts = Counts(
        read=len(records),
        right=len(right),
        sent=len(to_send),
        removed=removed,
        held=len(kept_back),
        healed=len(_healed(before, done)),
        verified=len(there),
    )
    return counts, done, kept_back, checksum(there)


def _split(
    hands: Hands, rules: Rules, records: Sequence[Record], before: Mapping[str, Held], now: datetime
) -> _Split:
    twice = doubled(records)
    found = _Split([], [], {})
    for record in records:
        if record.deleted:
            if record.key is not None and rules.removes:
                found.gone.append(record)
            continue
        why = _unfit(hands, rules, record, twice)
        if why is None:
            found.live.append(record)
        else:
            found.held[record.id] = held(record, *why, before, now)
    return found


def _unfit(
    hands: Hands, rules: Rules, record: Record, twice: Collection[str]
) -> tuple[str, tuple[str, ...]] | None:
    if record.key is None:
        return NO_KEY, (rules.key,)
    if record.id in twice:
        return TWICE, (rules.key,)
    return hands.seals.unfit(record)


def _admit(hands: Hands, rules: Rules, live: Sequence[Record]) -> None:
    """Before anything is sent: the contract, and for sandboxes what the values look like."""
    if not live:
        return
    if hands.impersonal:
        samples: list[SampleVerdict] = samples_of(rules, live)
        if seen := seen_personal(samples):
            raise SyncRefused(
                f"{rules.route} would carry personal data into {rules.target}, which is no production org: values of "
                f"{', '.join(seen)} look like it. Leave these fields out of the route (ZT-09). Nothing was sent."
            )
    if broken := hands.check(profile_of(rules, live)):
        raise SyncStopped(
            f"{rules.route}: a batch breaks the route's contract in {', '.join(broken)}. Nothing of it was sent. Look at these "
            f"fields in {rules.source}, or correct the contract in estate.yaml."
        )


def _announced(
    hands: Hands,
    rules: Rules,
    way: Way,
    state: Cursor,
    expected: Mapping[str, int],
    now: datetime,
    look: bool,
) -> tuple[datetime, set[str]]:
    """Since when to look for what was written, and the keys of what stands there already. The batch is noted."""
    right: set[str] = set()
    since = state.unsure or now
    if state.underway is not None and state.underway.job:
        hands.target.settle(state.underway.job)
    if look or state.unsure is not None:
        found = (
            hands.target.written(rules, since) if way == "bulk" else hands.target.by_keys(rules, [*expected])
        )
        seen = _digested(hands, rules, found, expected)
        right = {name for name, made in seen.items() if expected[name] == made}
    noted = Underway(number=state.batches + 1, since=since)
    hands.state.put(state.model_copy(update={"underway": noted}))
    return since, right


def _remove(
    hands: Hands, rules: Rules, gone: Sequence[Record], living: Collection[str]
) -> tuple[int, dict[str, Refused]]:
    """A key that another record carries by now stays. How many went, and the keys of those that could not."""
    keys = sorted({str(record.key) for record in gone} - set(living))
    there = {found.id: found.key for part in hands.target.by_keys(rules, keys) for found in part}
    refused = hands.target.remove(sorted(there)) if there else {}
    return len(there) - len(refused), {there[name]: why for name, why in refused.items()}


def _send(
    hands: Hands, rules: Rules, way: Way, records: Sequence[Record], state: Cursor, since: datetime
) -> dict[str, Refused]:
    hands.seals.announce(len(records))
    parts = (hands.seals.rows(records[start : start + CHUNK]) for start in range(0, len(records), CHUNK))
    if way == "bulk" and records:

        def note(job: str) -> None:
            underway = Underway(number=state.batches + 1, since=since, job=job)
            hands.state.put(state.model_copy(update={"underway": underway}))

        refused = dict(hands.target.send_in_bulk(rules, parts, note))
        # A job does not try again what was locked; collections do.
        late = [record for record in records if record.key in refused and refused[record.key].passing]
        settled = {name: why for name, why in refused.items() if not why.passing}
        return settled | (_send(hands, rules, "collections", late, state, since) if late else {})
    return {name: why for part in parts for name, why in hands.target.send(rules, part).items()}


def _checked(hands: Hands, rules: Rules, way: Way, expected: Mapping[str, int], since: datetime) -> set[str]:
    """Keys of what is not there as it should be."""
    if not expected:
        return set()
    found = hands.target.written(rules, since) if way == "bulk" else hands.target.found(rules, [*expected])
    return set(wrong(expected, _digested(hands, rules, found, expected)))


def _digested(
    hands: Hands, rules: Rules, found: Iterable[Sequence[Found]], wanted: Mapping[str, int]
) -> dict[str, int]:
    """Of records of the target, opened; what does not open has no digest and so is not there."""
    seen: dict[str, int] = {}
    for part in found:
        ours = [each for each in part if each.key in wanted]
        names = [each.key for each in ours]
        for name, values in zip(
            names, hands.seals.opened(names, [each.values for each in ours]), strict=True
        ):
            if values is not None:
                seen[name] = digest(hands.digest_key, name, values)
    return seen


class _Altered(NamedTuple):
    code: str = ALTERED
    fields: tuple[str, ...] = ()
    passing: bool = False


def _healed(before: Mapping[str, Held], done: Sequence[Record]) -> list[str]:
    return sorted(before.keys() & {record.id for record in done})
