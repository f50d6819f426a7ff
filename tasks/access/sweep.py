"""What has to be done so that orgs hold what grants say and nothing longer: worked out from both, remembered from neither."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from tasks.access.model import (
    Action,
    Give,
    Grant,
    GrantState,
    Held,
    Place,
    Prolong,
    Request,
    Settle,
    Stray,
    Take,
)
from tasks.estate.model_access import JitPolicy

USER_ADMINISTRATION = frozenset({"AssignPermissionSets", "ManageProfilesPermissionsets", "ManageUsers"})
"""Sets with one of these take no ExpirationDate (help article on assignment expiration): only we end them."""
_SAME = timedelta(seconds=1)


def actions(
    grants: Iterable[Grant], held: Iterable[Held], cannot_expire: Collection[Place], now: datetime
) -> list[Action]:
    """
    Ends first, so that a run that is cut short has done what cannot wait.

    Several grants of one place are one assignment: it lasts until the latest of them, and goes when all are over.
    """
    by_place: dict[Place, list[Grant]] = {}
    for grant in grants:
        if grant.state(now) in (GrantState.ACTIVE, GrantState.OVER):
            by_place.setdefault(grant.request.place, []).append(grant)
    there = {each.place: each for each in held}
    takes: list[Action] = []
    gives: list[Action] = []
    for place, theirs in by_place.items():
        active = [grant for grant in theirs if grant.state(now) is GrantState.ACTIVE]
        over = tuple(grant.id for grant in theirs if grant.state(now) is GrantState.OVER)
        has = there.get(place)
        if not active:
            takes.append(
                Settle(place=place, grants=over)
                if has is None
                else Take(place=place, assignment_id=has.assignment_id)
            )
            continue
        if over:
            # What is over beside one that goes on needs nothing in the org.
            takes.append(Settle(place=place, grants=over))
        latest = max(grant.end for grant in active if grant.end is not None)
        wanted = None if place in cannot_expire else latest
        if has is None:
            gives.append(Give(place=place, expires=wanted))
        elif not _alike(has.expires, wanted):
            gives.append(Prolong(place=place, assignment_id=has.assignment_id, expires=wanted))
    return [*takes, *gives]


def strays(
    grants: Iterable[Grant],
    held: Iterable[Held],
    managed: Mapping[str, Collection[str]],
    now: datetime,
    grouped: Iterable[Stray] = (),
) -> tuple[Stray, ...]:
    """
    `managed` maps an org to the sets that nobody holds for good there, in any spelling. What an open grant covers is none;
    of what is held through a group it covers nothing.
    """
    names = {org: {name.lower() for name in sets} for org, sets in managed.items()}
    covered = {
        grant.request.place for grant in grants if grant.state(now) in (GrantState.ACTIVE, GrantState.OVER)
    }
    found = [
        *(Stray(place=each.place, expires=each.expires) for each in held if each.place not in covered),
        *grouped,
    ]
    return tuple(each for each in found if each.place.permission_set.lower() in names.get(each.place.org, ()))


def refusal(
    request: Request, approver: str, policy: JitPolicy, known: bool, standing: bool = False, spared: str = ""
) -> str | None:
    """
    Why a request may not be granted; None when it may.

    `standing` says that the place is held for good, `spared` what the user is whose rights nobody may touch. A grant there
    would end what it found, which only runs of a route want.
    """
    if spared:
        return f"the user is {spared}, whose rights stand"
    if standing and not request.route:
        return "the user holds the set for good; a grant would end that"
    if approver.strip().lower() == request.requester.strip().lower():
        return "who asks does not approve"
    if approver.strip().lower() == request.place.username.lower():
        return "who gets the rights does not approve"
    if request.length > policy.max_grant:
        return f"{request.hours:g} hours are more than the {policy.max_grant / timedelta(hours=1):g} that the policy allows"
    if not known:
        return "the org has no such user or set"
    return None


def _alike(one: datetime | None, other: datetime | None) -> bool:
    """Orgs keep whole seconds."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _SAME
