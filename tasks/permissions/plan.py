"""From a route's minimal set to the plan that leaves its user with nothing else."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tasks.errors import PlanRefused
from tasks.estate.model import Estate, Route
from tasks.estate.model_access import JitPolicy
from tasks.estate.naming import set_name
from tasks.estate.policy import Policy
from tasks.inventory.model import User
from tasks.permissions.demands import Fields
from tasks.permissions.giving import Kind, give_api, give_set, own_set, stamp
from tasks.permissions.lockout import STANDARD
from tasks.permissions.minimal import MINIMUM_ACCESS, excess, lacking, minimal_set
from tasks.permissions.model import Assignment, EffectiveRights, MinimalSet, OrgRights
from tasks.permissions.replay import replay, unjudged
from tasks.permissions.resting import awake, during_a_run, rests_without
from tasks.permissions.simulate import after, held_in
from tasks.permissions.splitting import split_off
from tasks.plans.branch import protected
from tasks.plans.draft import Draft
from tasks.plans.model import Plan, ResourceKind
from tasks.usage.model import SeenCall
from tasks.usage.observe import described, unwatched_logins

JOB = "least-privilege"
CONTROL = "ZT-03"


def least_privilege_plan(
    estate: Estate,
    policy: Policy,
    routes: Sequence[Route],
    orgs: Iterable[OrgRights],
    requester: str,
    now: datetime,
) -> Plan:
    """
    One plan for the users of these routes in their target orgs; without changes where all is as it should be.

    A user gets a set for each of its routes, API_Enabled, and the minimum-access profile of its licence, and loses all else.
    Where policy has a route's set granted for a time only, the user rests: the set is made, and runs take it by a grant.
    Our own users, break-glass accounts, users who are not active and those of the platform are left alone, which the plan
    says; so are grants that end by themselves within the hours that policy allows. `orgs` must hold the facts of all routes
    that `with_siblings` gives. In orgs of which `newcomers` is known, routes that share their user get users of their own.
    Raises PlanRefused when that was all there was to plan, and none of it can be done.
    """
    draft = Draft(CONTROL)
    orgs = list(orgs)
    title = f"Least privilege for {_named(routes)}"
    named = list(routes)
    planned: list[_Planned] = []
    routes = with_siblings(estate, routes)
    for org in orgs:
        spared = protected(estate, policy, org.org)
        managed = policy.jit.managed_sets.get(org.org, ())
        by_user: dict[str, list[Route]] = {}
        for route in routes:
            if route.target == org.org:
                by_user.setdefault(route.sync_user.lower(), []).append(route)
        for name, theirs in by_user.items():
            user = next((u for u in org.users if u.username.lower() == name), None)
            if user is None or (why := _left_alone(user, spared)):
                why = why if user else "is not there"
                draft.risks.append(f"{org.org}: {theirs[0].sync_user} {why}; its rights stay as they are")
                continue
            working = during_a_run(org, user, rests_without(org, user, theirs, managed))
            demands = _demands(working, user, now)
            serves = split_off(
                *(draft, org, user, theirs, named, spared, demands, _seen(org, user), now), managed
            )
            if serves is not None:
                planned.append(_plan_user(draft, org, user, serves, now, policy.jit))
    if draft.refused and not draft.changes:
        raise PlanRefused(f"Nothing can be planned: {'; '.join(draft.refused)}.")
    so_far = draft.plan(JOB, title, requester, now, policy)
    for org in orgs:
        then = after(org, so_far)
        ours = [each for each in planned if each.org == org.org]
        for each in ours:
            _say_what_is_lost(draft, org, then, each.user, each.wanted, now)
        _replay(draft, org, then, so_far, ours, now)
        _say_what_newcomers_hold(draft, then, so_far, now)
    return draft.plan(JOB, title, requester, now, policy)


def with_siblings(estate: Estate, routes: Sequence[Route]) -> list[Route]:
    """With all other routes of the same users, who would lose what those need."""
    users = {(route.target, route.sync_user.lower()) for route in routes}
    siblings = (r for r in estate.routes if (r.target, r.sync_user.lower()) in users)
    return [*{route.name: route for route in (*routes, *siblings)}.values()]


def _left_alone(user: User, spared: Collection[str]) -> str:
    if not user.active:
        return "is not active"
    return "is never touched" if user.username.lower() in spared or user.user_type != STANDARD else ""


@dataclass(frozen=True)
class _Planned:
    """`wanted` is what the routes need, nothing where nothing is changed; `resting` are sets that only runs hold."""

    org: str
    user: User
    wanted: tuple[MinimalSet, ...] = ()
    resting: tuple[str, ...] = ()


def _plan_user(
    draft: Draft, org: OrgRights, user: User, routes: Sequence[Route], now: datetime, jit: JitPolicy
) -> _Planned:
    managed = jit.managed_sets.get(org.org, ())
    resting = rests_without(org, user, routes, managed)
    working = during_a_run(org, user, resting)
    held = held_in(working, [user.id], now)[user.id]
    lent = [row for row in org.assignments if row.user_id == user.id and _ends_by_itself(row, now, jit)]
    standing = tuple(row for row in org.assignments if row not in lent)
    at_rest = during_a_run(org.model_copy(update={"assignments": standing}), user, resting)
    stands = held_in(at_rest, [user.id], now)[user.id]
    demands, seen = _demands(working, user, now), _seen(org, user)
    wanted = [minimal_set(route, org.facts, demands, seen) for route in routes]
    for each in wanted:
        for name in each.missing:
            draft.risks.append(f"{org.org}: {each.name} declares {name}, which the org does not have")
    beyond, short = excess(stands, wanted), lacking(held, wanted)
    kept = awake(org, standing, user, resting) or _stays_awake(
        org, user, routes, wanted, resting, standing, now
    )
    if not beyond and not short and not kept:
        draft.keeps.append(
            f"{org.org}: {user.username} holds exactly what its routes need{_between_runs(resting)}"
        )
        return _Planned(org.org, user)
    why = _why(user, routes, beyond=bool(beyond), short=bool(short))
    given = [
        give_set(draft, working, user, each, route, why, now, managed=managed)
        for each, route in zip(wanted, routes, strict=True)
    ]
    given.append(give_api(draft, org, user, why, now))
    numbers = [number for _, number in given]
    moved = _move(draft, org, user, numbers, why)
    keep = {name for name, _ in given if name not in resting}
    _unassign(draft, org, user, standing, keep, [*numbers, moved], why, now)
    _say_what_rests(draft, org, user, resting, demands)
    draft.keeps += [
        f"{org.org}: {user.username} keeps {right.what}: {right.why}"
        for each in wanted
        for right in each.evidence
    ]
    _say_what_sharing_decides(draft, org, user, held, wanted)
    return _Planned(org.org, user, tuple(wanted), resting)


def _stays_awake(
    org: OrgRights,
    user: User,
    routes: Sequence[Route],
    wanted: Sequence[MinimalSet],
    resting: Collection[str],
    standing: Sequence[Assignment],
    now: datetime,
) -> tuple[str, ...]:
    """What a user that is to rest holds between runs all the same, by whatever set or profile."""
    if not resting:
        return ()
    names = [own_set(org, user, set_name(route))[0] for route in routes]
    between = [
        each.model_copy(update={"objects": {}, "fields": {}}) if name in resting else each
        for each, name in zip(wanted, names, strict=True)
    ]
    alone = org.model_copy(update={"assignments": tuple(standing)})
    return excess(held_in(alone, [user.id], now)[user.id], between)


def _why(user: User, routes: Sequence[Route], *, beyond: bool, short: bool) -> str:
    if not beyond and not short:
        return f"{user.username} is to rest between its runs"
    what = "may do more than" if beyond else "lacks a right that"
    return f"{user.username} {what} {'its route needs' if len(routes) == 1 else 'its routes need'}"


def _between_runs(resting: Sequence[str]) -> str:
    return f", and rests between runs without {', '.join(resting)}" if resting else ""


def _say_what_rests(
    draft: Draft, org: OrgRights, user: User, resting: Sequence[str], demands: Collection[str]
) -> None:
    if not resting:
        return
    draft.keeps.append(
        f"{org.org}: {user.username} rests between runs without {', '.join(resting)}; a run takes it by a grant"
    )
    if demands:
        draft.risks.append(
            f"{org.org}: while {user.username} rests, nothing asks it for a client certificate"
        )


def _say_what_is_lost(
    draft: Draft, org: OrgRights, then: OrgRights, user: User, wanted: Sequence[MinimalSet], now: datetime
) -> None:
    """What a user may do beyond its routes: what of it ends, and what it goes on with, which only its profile can give."""
    if not wanted:
        return
    left = excess(held_in(then, [user.id], now)[user.id], wanted)
    stays = {item.partition(" (")[0] for item in left}
    for item in excess(held_in(org, [user.id], now)[user.id], wanted):
        if item.partition(" (")[0] not in stays:
            draft.risks.append(f"{org.org}: {user.username} loses {item}")
    profile = next(each.profile_name for each in then.users if each.id == user.id)
    draft.risks += [
        f"{org.org}: {user.username} goes on with {item}, which the profile {profile} gives to everybody who has it"
        for item in left
    ]


def _demands(org: OrgRights, user: User, now: datetime) -> set[str]:
    """Permissions that restrict their holder."""
    mutual = org.mutual_auth_permission
    return {mutual} if mutual is not None and held_in(org, [user.id], now)[user.id].has(mutual) else set()


def _seen(org: OrgRights, user: User) -> Sequence[SeenCall] | None:
    return org.usage.of(user.id) if org.usage is not None and org.usage.coverage.observed else None


def _ends_by_itself(row: Assignment, now: datetime, jit: JitPolicy) -> bool:
    """A grant for hours: it is over before anybody takes it, and nobody could give it back once its end is past."""
    return row.expires is not None and now < row.expires <= now + jit.max_grant


def _move(draft: Draft, org: OrgRights, user: User, needs: list[int], why: str) -> int:
    """To the minimum-access profile of the user's licence, where the org has one."""
    if user.profile_name in MINIMUM_ACCESS:
        return 0
    there = {p.name for p in org.profiles if p.license_name == user.license_name}
    there |= {u.profile_name for u in org.users if u.license_name == user.license_name}
    minimum = next((name for name in MINIMUM_ACCESS if name in there), None)
    if minimum is None:
        draft.risks.append(
            f"{org.org}: {user.username} stays on the profile {user.profile_name}: "
            "the org has no minimum-access profile of its licence"
        )
        return 0
    draft.risks.append(
        f"{org.org}: address ranges and login hours of the profile {user.profile_name} no longer bind "
        f"{user.username}; those of {minimum} do"
    )
    return draft.change(
        *(org.org, Kind.USER, user.username),
        {"profile": user.profile_name},
        {"profile": minimum},
        why,
        f"{user.username} loses what the profile {user.profile_name} gives",
        *needs,
    )


def _unassign(
    draft: Draft,
    org: OrgRights,
    user: User,
    standing: Iterable[Assignment],
    keep: Collection[str],
    needs: list[int],
    why: str,
    now: datetime,
) -> None:
    sets = {s.id: s for s in org.permission_sets}
    groups = {g.id: g for g in org.groups}
    for row in standing:
        held = sets.get(row.permission_set_id)
        if row.user_id != user.id or (held is not None and held.profile_id and not held.group_id):
            continue
        group = groups.get(row.group_id or (held.group_id if held else None) or "")
        name = f"group:{group.name}" if group else held.name if held else None
        over = row.expires is not None and row.expires <= now
        if name is None or name in keep or over:
            continue
        draft.change(
            *(org.org, Kind.ASSIGNMENT, f"{user.username}/{name}"),
            {"expires": stamp(row.expires)},
            None,
            why,
            f"{user.username} loses what {name} gives",
            *needs,
        )


def _say_what_sharing_decides(
    draft: Draft, org: OrgRights, user: User, held: EffectiveRights, wanted: Sequence[MinimalSet]
) -> None:
    """Which records a user meets no permission set can say: without View All, sharing decides."""
    past_sharing = [name for name in ("ViewAllData", "ModifyAllData") if held.has(name)]
    for sobject in sorted({name for each in wanted for name in each.objects}):
        rights = held.objects.get(sobject)
        if past_sharing or (rights is not None and (rights.view_all or rights.modify_all)):
            draft.risks.append(
                f"{org.org}: {user.username} saw every {sobject} so far; afterwards only those it owns or that sharing "
                "opens to it"
            )


def _replay(
    draft: Draft, org: OrgRights, then: OrgRights, plan: Plan, planned: Iterable[_Planned], now: datetime
) -> None:
    """What the event logs saw each user do, against what it may do once the plan is applied, in a run where it rests."""
    names = dict.fromkeys(
        change.resource.key.rpartition("/")[0]
        for change in plan.changes
        if change.resource.org == org.org and change.resource.kind is Kind.ASSIGNMENT
    )
    for one in planned:
        if one.wanted:
            names.setdefault(one.user.username)
            then = during_a_run(then, one.user, one.resting)
    users = [user for user in org.users if user.username in names]
    held = held_in(then, [user.id for user in users], now)
    fields = Fields(org.facts)
    for user in users:
        if org.usage is None or not org.usage.coverage.observed:
            draft.risks.append(
                f"{org.org}: no event log tells what {user.username} really uses; absence of logs is not absence of use"
            )
            continue
        seen = org.usage.of(user.id)
        failing = replay(seen, held[user.id], fields)
        for each in failing:
            draft.risks.append(
                f"{org.org}: {user.username} made the call {each.seen.call} {each.seen.times} times, last on "
                f"{each.seen.last}; it will fail for want of {', '.join(each.lacks)}"
            )
        if not failing:
            draft.keeps.append(f"{org.org}: all {_counted(seen)} of {user.username} still work")
        if blind := unjudged(seen):
            draft.risks.append(f"{org.org}: {blind} calls of {user.username} do not tell what they did")
        draft.risks.append(
            f"{org.org}: {described(org.usage.coverage)}; what was done on other days is not known"
        )
        if days := unwatched_logins(org.usage, user.id):
            draft.risks.append(
                f"{org.org}: {user.username} signed in on {len(days)} days of which no log was read, last on {days[-1]}"
            )


def _say_what_newcomers_hold(draft: Draft, then: OrgRights, plan: Plan, now: datetime) -> None:
    """Packages add rights to the platform's own profiles, which nobody may assume to be empty (platform.integration_user)."""
    made = {
        c.resource.key
        for c in plan.changes
        if c.resource.org == then.org and c.resource.kind is ResourceKind.NEW_USER
    }
    for user in (each for each in then.users if each.username in made):
        alone = then.model_copy(
            update={"assignments": tuple(row for row in then.assignments if row.user_id != user.id)}
        )
        if more := excess(held_in(alone, [user.id], now)[user.id], []):
            draft.risks.append(
                f"{then.org}: the profile {user.profile_name} itself gives {user.username} {', '.join(more)}"
            )


def _counted(seen: Sequence[SeenCall]) -> str:
    times = sum(each.times for each in seen)
    return "logged calls (there were none)" if not times else f"{times} logged calls"


def _named(routes: Sequence[Route]) -> str:
    names = [route.name for route in routes]
    return ", ".join(names) if len(names) <= 2 else f"{len(names)} routes"
