"""The calls that were seen, judged against the rights that a user would have."""

from collections.abc import Iterable

from tasks.permissions.demands import Fields, needs, satisfied
from tasks.permissions.model import EffectiveRights, Failing
from tasks.usage.model import Operation, SeenCall


def replay(calls: Iterable[SeenCall], held: EffectiveRights, fields: Fields) -> tuple[Failing, ...]:
    """What would fail, the most frequent first; calls of which the log does not say what they do are never among it."""
    found = []
    for seen in calls:
        lacks = sorted(str(need) for need in needs(seen.call, fields) if not satisfied(need, held))
        if lacks:
            found.append(Failing(seen=seen, lacks=tuple(lacks)))
    return tuple(sorted(found, key=lambda each: (-each.seen.times, str(each.seen.call))))


def unjudged(calls: Iterable[SeenCall]) -> int:
    """How many calls were seen of which nobody can say what they did."""
    return sum(seen.times for seen in calls if seen.call.operation is Operation.OTHER)
