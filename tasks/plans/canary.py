"""Which part of a plan may be applied now: all of it, or its canary until that was quiet long enough."""

from collections.abc import Collection, Mapping, Sequence

from tasks.estate.model import Estate, OrgKind
from tasks.estate.model_changes import ChangePolicy
from tasks.plans.model import History, Plan, Portion, Watch


def portion(
    plan: Plan,
    order: Sequence[str],
    users: Mapping[str, Mapping[str, Collection[int]]],
    history: History,
    watches: Sequence[Watch],
    estate: Estate,
    policy: ChangePolicy,
) -> Portion:
    """
    `order` names the orgs as the rings have them, `users` by org the changes of each route's user (see `touched`).

    A way back never waits. A part without a user of a route has nothing to be watched, and nothing waits for it.
    """
    everything = frozenset(change.number for change in plan.changes)
    if plan.undoes is not None or policy.canary.first == "all":
        return Portion(numbers=everything)
    if policy.canary.first == "ring":
        parts = _by_ring(plan, order, estate, policy)
    else:
        parts = _by_user(plan, order, users)
    allowed: frozenset[int] = frozenset()
    for part in parts:
        allowed |= part
        if allowed >= everything:
            break
        if waits := _waits(plan, part, users, history, watches, policy):
            return Portion(numbers=allowed, waits=waits)
    return Portion(numbers=everything)


def _by_ring(
    plan: Plan, order: Sequence[str], estate: Estate, policy: ChangePolicy
) -> tuple[frozenset[int], ...]:
    places = {alias: place for place, ring in enumerate(policy.rings) for alias in ring}
    kinds = {entry.alias: entry.kind for entry in estate.orgs}
    parts: dict[tuple[bool, int], set[int]] = {}
    for org in order:
        ring = (kinds.get(org) is not OrgKind.SANDBOX, places.get(org, len(policy.rings)))
        parts.setdefault(ring, set()).update(c.number for c in plan.changes if c.resource.org == org)
    return tuple(frozenset(parts[ring]) for ring in sorted(parts))


def _by_user(
    plan: Plan, order: Sequence[str], users: Mapping[str, Mapping[str, Collection[int]]]
) -> tuple[frozenset[int], ...]:
    """The first user in the order of the rings, with all that its changes need; then everything else."""
    everything = frozenset(change.number for change in plan.changes)
    for org in order:
        for numbers in users.get(org, {}).values():
            first = set(numbers)
            for number in sorted(first, reverse=True):
                first |= _needed(plan, number)
            return frozenset(first), everything - first
    return (everything,)


def _needed(plan: Plan, number: int) -> set[int]:
    found: set[int] = set()
    waiting = [number]
    while waiting:
        for need in plan.change(waiting.pop()).needs:
            if need not in found:
                found.add(need)
                waiting.append(need)
    return found


def _waits(
    plan: Plan,
    part: frozenset[int],
    users: Mapping[str, Mapping[str, Collection[int]]],
    history: History,
    watches: Sequence[Watch],
    policy: ChangePolicy,
) -> str:
    """Why what follows a part may not be applied yet; empty when it may."""
    orgs = [org for org in plan.orgs if any(plan.change(number).resource.org == org for number in part)]
    if not part <= history.verified:
        return f"{', '.join(orgs)} comes first"
    for org in orgs:
        if not any(part.intersection(numbers) for numbers in users.get(org, {}).values()):
            continue
        watch = next((watch for watch in watches if watch.org == org), None)
        until = None if watch is None else watch.latest + policy.canary.quiet
        if watch is not None and watch.failures:
            return f"{org} is the canary, and not all works there since; look at `bulkhead plan show`"
        if watch is None or watch.look is None or until is None or watch.look.clear < until:
            when = (
                f"until {until:%Y-%m-%d %H:%M} UTC and the logs of that time" if until else "by watch-plans"
            )
            return f"{org} is the canary and is watched {when}"
    return ""
