"""What happens to records that the target refuses: tried again, held with the reason, or reason enough to stop. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tasks.sync.model import Held, Record

TRIES = 4
"""How often a record is sent whose refusal may pass, such as a lock."""
FEW, SHARE = 20, 0.1
"""So many records of a batch, or this share of it, are single records that are wrong; more is something about the org."""
NO_KEY = "NO_EXTERNAL_ID"
TWICE = "TWO_OF_ONE_EXTERNAL_ID"
TOO_LONG = "TOO_LONG_ONCE_SEALED"
ALTERED = "NOT_AS_SENT"
"""What was read back is not what was sent: a trigger or a flow of the target changes it."""
NOT_SEALABLE = "CANNOT_BE_SEALED"


def held(record: Record, code: str, fields: Sequence[str], before: Mapping[str, Held], now: datetime) -> Held:
    earlier = before.get(record.id)
    return Held(
        id=record.id,
        code=code,
        fields=tuple(fields),
        stamp=record.stamp,
        tries=earlier.tries + 1 if earlier else 1,
        since=earlier.since if earlier else now,
    )


def too_many(refused: int, read: int) -> bool:
    return refused > max(FEW, SHARE * read)


def commonest(codes: Sequence[str]) -> str:
    """The code that most refusals name; what to say when a batch stops."""
    return max(sorted(set(codes)), key=codes.count)


def doubled(records: Sequence[Record]) -> set[str]:
    """Ids of records that share an external id with another one; which of them is meant nobody can say."""
    seen: dict[str, list[str]] = {}
    for record in records:
        if record.key is not None and not record.deleted:
            seen.setdefault(record.key, []).append(record.id)
    return {name for ids in seen.values() if len(ids) > 1 for name in ids}
