"""
Whether a route fails because of a plan, judged from what its user did before the plan and since.

Rights are steady: what they refuse they refuse every time, and they refuse nobody else. So a call fails because of a plan
when it was answered before, is refused since, is never answered now, and the org does answer others. What a thief of the
route's key may try is told apart by the same rule: calls that the route never made, or made from elsewhere, bring no right back.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from tasks.estate.model import Route
from tasks.estate.model_changes import WatchPolicy
from tasks.estate.naming import name_of_its_own, set_name
from tasks.plans.branch import person
from tasks.plans.model import Change, Failure, Look, Plan, ResourceKind, Watch
from tasks.usage.model import Call, Operation, SignIns, Tally, Traffic

HOURLY_LATE = timedelta(hours=6)
"""Event Monitoring: hourly files come three to six hours after their hour."""
DAILY_LATE = timedelta(days=3)
"""Daily files come the day after, and may be made up to about three days later."""
_OF_RIGHTS = (
    "restricted",
    "not approved",
    "oauth",
    "api is not enabled",
    "api disabled",
    "api-only",
    "mutual authentication",
)
"""How sign-ins end that profiles, sets and apps refuse (LoginHistory, Status); wrong passwords are none of them."""
_TWICE = 2
_ON_OBJECTS = frozenset({Operation.READ, Operation.CREATE, Operation.EDIT, Operation.UPSERT})


def touched(plan: Plan, org: str, routes: Iterable[Route]) -> dict[str, tuple[int, ...]]:
    """
    By user of a route in this org, in lower case: the changes that decide what it may do.

    Rights that the plan newly gives are left out, for they take nothing away; those of a set that others get as well too.
    Policies of a route's app count for each user that comes with it.
    """
    names: dict[str, set[str]] = {}
    apps: dict[str, set[str]] = {}
    for route in routes:
        if route.target == org:
            called = set_name(route)
            names.setdefault(route.sync_user.lower(), set()).update({called, name_of_its_own(called)})
            apps.setdefault(route.sync_user.lower(), set()).add(route.app.lower())
    ours = [change for change in plan.changes if change.resource.org == org]
    holders: dict[str, set[str]] = {}
    for change in ours:
        if change.resource.kind is ResourceKind.ASSIGNMENT and change.after is not None:
            user, _, container = change.resource.key.rpartition("/")
            holders.setdefault(container, set()).add(user.lower())
    for watched in plan.watched:
        # Whose profile's address ranges change is told by what the plan was reasoned from.
        user = watched.resource.key.lower()
        if watched.resource.org == org and watched.resource.kind is ResourceKind.USER and user in names:
            names[user].add(f"profile:{(watched.state or {}).get('profile')}")
    found: dict[str, tuple[int, ...]] = {}
    for user, own in names.items():
        own |= {container for container, held_by in holders.items() if held_by == {user}}
        own -= {container for container, held_by in holders.items() if held_by - {user}}
        numbers = tuple(c.number for c in ours if _is_about(c, user, own, apps[user]))
        if numbers:
            found[user] = numbers
    return found


def _is_about(change: Change, user: str, containers: Collection[str], apps: Collection[str]) -> bool:
    whose = person(change)
    if whose is not None:
        return whose.lower() == user
    container = change.resource.key.rpartition("/")[0]
    match change.resource.kind:
        case ResourceKind.PERMISSION_SET:
            return change.before is not None and change.resource.key in containers
        case ResourceKind.OBJECT_PERMISSION | ResourceKind.FIELD_PERMISSION | ResourceKind.APP_ACCESS:
            return change.before is not None and container in containers
        case ResourceKind.APP_POLICY:
            return container.partition(":")[2].lower() in apps
        case ResourceKind.LOGIN_RANGES:
            return change.resource.key in containers
        case _:
            return False


def failures(watch: Watch, traffic: Traffic, routes: Sequence[Route]) -> tuple[Failure, ...]:
    """What fails since the plan and did not before."""
    before = {(tally.user, tally.call): tally for tally in traffic.before}
    declared = [route for route in routes if route.target == watch.org]
    found: list[Failure] = []
    for tally in traffic.since:
        homes = _homes(tally.user, traffic)
        failure = _of_call(tally, before.get((tally.user, tally.call)), traffic.others, declared, homes)
        if failure is not None:
            found.append(failure)
    for user in watch.users:
        found += _of_sign_ins(
            user,
            [each for each in traffic.sign_ins_before if each.user == user],
            [each for each in traffic.sign_ins if each.user == user],
        )
    return tuple(found)


def looked(watch: Watch, traffic: Traffic) -> Look:
    """What this look covers. Where the org gives no logs of calls at all there is nothing to wait for, and `hidden` says so."""
    late = HOURLY_LATE if traffic.hourly else DAILY_LATE if traffic.newest is not None else timedelta(0)
    hidden = traffic.hidden
    if traffic.newest is None and not hidden:
        hidden = ("calls (the org gives no event log files)",)
    earlier = watch.look
    return Look(
        at=traffic.now,
        clear=max(watch.since, traffic.now - late),
        newest=traffic.newest,
        files=traffic.files if traffic.fresh else earlier.files if earlier else 0,
        sign_ins=sum(each.times for each in traffic.sign_ins),
        hidden=hidden,
    )


def is_over(watch: Watch, look: Look, policy: WatchPolicy) -> bool:
    """Late files are waited for: a watch is over when all of its time has been seen."""
    return look.clear >= watch.latest + policy.length


def worth_noting(watch: Watch, look: Look) -> bool:
    """Looks come every few minutes; the ledger keeps those that read something new, and one an hour."""
    last = watch.look
    return last is None or look.newest != last.newest or look.at - last.at >= timedelta(hours=1)


def failed_watches(plan: Plan, watches: Iterable[Watch]) -> list[str]:
    """Why a plan that a route fails of is applied no further; its way back always is."""
    if plan.undoes is not None:
        return []
    return [
        f"{failure.user} in {watch.org} cannot {failure.what} since it was applied; make the plan anew"
        for watch in watches
        for failure in watch.failures
        if failure.caused
    ]


def line(watch: Watch, policy: WatchPolicy) -> str:
    """What is watched, until when, what was seen, and what cannot be seen yet; for a person."""
    who = ", ".join(watch.users)
    until = watch.latest + policy.length
    if watch.over:
        return f"{watch.org}: {who} was watched until {_stamp(until)}; {_seen(watch)}"
    if watch.look is None:
        return f"{watch.org}: {who} is watched until {_stamp(until)}; nobody has looked yet"
    look = watch.look
    hidden = f"; not to be seen here: {', '.join(look.hidden)}" if look.hidden else ""
    yet = (
        ""
        if look.clear >= look.at
        else f"; calls after {_stamp(look.clear)} may be in log files still to come"
    )
    return f"{watch.org}: {who} is watched until {_stamp(until)}; {_seen(watch)}{yet}{hidden}"


def _seen(watch: Watch) -> str:
    if not watch.failures:
        read = f" in {watch.look.files} log files and {watch.look.sign_ins} sign-ins" if watch.look else ""
        return f"nothing failed{read}"
    return "; ".join(said(failure) for failure in watch.failures)


def said(failure: Failure) -> str:
    doubt = "" if failure.caused else " (whether it is the route's own nobody knows)"
    return f"{failure.user} cannot {failure.what} since {_stamp(failure.first)}: {failure.why}{doubt}"


def _of_call(
    tally: Tally,
    before: Tally | None,
    others: datetime | None,
    routes: Sequence[Route],
    homes: Collection[str],
) -> Failure | None:
    first, last = tally.first_failed, tally.last_failed
    if first is None or last is None:
        return None
    refused_before = before is not None and before.failed > 0
    if refused_before and before is not None and not before.answered:
        return None
    never_now = tally.last_answered is None or tally.last_answered < first
    # A single one that the log does not explain may be one bad record; a limit would refuse everybody.
    often = tally.failed >= (_TWICE if refused_before or not tally.forbidden else 1)
    steady = never_now and often and others is not None and others >= first
    if not (tally.named and never_now) and not steady:
        return None
    known = before is not None and before.answered > 0
    fields = f" ({', '.join(sorted(tally.call.fields))})" if tally.call.fields else ""
    answered = (
        f"it was answered {before.answered} times before" if before and known else "it was not seen before"
    )
    # From where the route never came its own calls prove nothing: whoever made them holds its key.
    strange = bool(homes and tally.failed_at) and tally.failed_at.isdisjoint(homes)
    return Failure(
        user=tally.user,
        what=f"{tally.call}{fields}",
        why=f"refused {tally.failed} times and not answered since; {answered}",
        first=first,
        last=last,
        times=tally.failed,
        caused=not strange and (known or _declared(tally.user, tally.call, routes)),
    )


def _homes(user: str, traffic: Traffic) -> frozenset[str]:
    """Addresses where the user was answered or let in before the plan."""
    answered = (address for tally in traffic.before if tally.user == user for address in tally.answered_at)
    let_in = (each.address for each in traffic.sign_ins_before if each.user == user and each.succeeded)
    return frozenset((*answered, *let_in))


def _declared(user: str, call: Call, routes: Sequence[Route]) -> bool:
    """Whether it is what a route of this user says that it does."""
    for route in routes:
        if route.sync_user.lower() != user or call.operation not in _ON_OBJECTS:
            continue
        fields = {"id", *(name.lower() for name in route.fields)}
        if call.sobject.lower() == route.sobject.lower() and {f.lower() for f in call.fields} <= fields:
            return True
    return False


def _of_sign_ins(user: str, before: Sequence[SignIns], since: Sequence[SignIns]) -> list[Failure]:
    """Refused where it came in before, in a way that rights refuse, and never let in from there since."""
    homes = {each.address for each in before if each.succeeded}
    known = {(each.address, each.status) for each in before}
    found = []
    for each in since:
        if each.succeeded or not any(part in each.status.lower() for part in _OF_RIGHTS):
            continue
        let_in = any(s.succeeded and s.address == each.address and s.last >= each.first for s in since)
        if each.address not in homes or (each.address, each.status) in known or let_in:
            continue
        found.append(
            Failure(
                user=user,
                what=f"sign in ({each.status})",
                why=f"refused {each.times} times from where it signed in before, and not let in since",
                first=each.first,
                last=each.last,
                times=each.times,
                caused=True,
            )
        )
    return found


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
