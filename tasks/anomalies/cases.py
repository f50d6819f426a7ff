"""
What several suspicions say together, and whether that is enough to take somebody's access away without asking.

One suspicion is told and watched. A case is contained where something conclusive was seen, or where two suspicions of different
kinds agree about the same actor within a day: one that says it is a stranger, and an unusual reading. Of a machine two that say
it is a stranger are enough, since machines neither travel nor forget passwords; people do both at once. A new network alone may
be a move that nobody announced; unusual volume alone may be a backfill. Administrators are left to two people, and visitors and
whole orgs have no access to take.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from tasks.alerts.model import Severity
from tasks.anomalies.model import DAY, Aspect, Kind, Member, Suspicion
from tasks.value import Value

_GRAVE = (Severity.ERROR, Severity.CRITICAL)


class Case(Value):
    """`contain` is since when there is enough; `because` names the detections."""

    org: str
    actor: str
    suspicions: tuple[Suspicion, ...]
    contain: datetime | None = None
    because: tuple[str, ...] = ()


def cases(
    suspicions: Iterable[Suspicion], members: Iterable[Member], told: Mapping[int, datetime] | None = None
) -> list[Case]:
    """
    By org and actor. `told` says when the suspicion of a position was known, where that is later than it happened.
    """
    known = {(member.org, member.user[:15]): member for member in members}
    grouped: dict[tuple[str, str], list[tuple[datetime, Suspicion]]] = {}
    for number, each in enumerate(suspicions):
        at = told[number] if told is not None else each.at
        grouped.setdefault((each.org, each.actor), []).append((at, each))
    found = []
    for (org, actor), seen in grouped.items():
        ordered = sorted(seen, key=lambda pair: pair[0])
        member = known.get((org, actor))
        may = member is not None and not member.administrator
        machine = member is not None and member.kind is Kind.MACHINE
        contain, because = _enough(ordered, machine=machine) if may else (None, ())
        told_of = tuple(each for _, each in ordered)
        found.append(Case(org=org, actor=actor, suspicions=told_of, contain=contain, because=because))
    return found


def _enough(
    seen: list[tuple[datetime, Suspicion]], *, machine: bool
) -> tuple[datetime | None, tuple[str, ...]]:
    """Looks at them in the order in which they became known."""
    for number, (at, each) in enumerate(seen):
        if each.conclusive:
            return at, (each.detection,)
        for _, other in seen[:number]:
            if abs(each.at - other.at) <= DAY and agree(each, other, machine=machine):
                return at, (other.detection, each.detection)
    return None, ()


def agree(one: Suspicion, other: Suspicion, *, machine: bool) -> bool:
    """Two different detections of weight, one of which says that it is a stranger."""
    aspects = {one.aspect, other.aspect}
    return (
        one.detection != other.detection
        and one.severity in _GRAVE
        and other.severity in _GRAVE
        and (aspects == {Aspect.WHO, Aspect.WHAT} or (machine and aspects == {Aspect.WHO}))
    )
