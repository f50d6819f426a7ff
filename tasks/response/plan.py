"""How far a containment goes, step by step, and what of it has to wait for people."""

import hashlib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from tasks.estate.model import Estate, RotatedCredential, Route
from tasks.estate.model_response import ResponsePolicy, ResponseRule, Rung
from tasks.ledger.chain import canonical
from tasks.plans.model import ResourceKind
from tasks.response.model import AppSeen, Containment, Deed, Facts, Found, Recent, Seen, Standing, Step

_SEVERITIES = ("info", "warning", "error", "critical")
_ID_LENGTH = 16
_NO_RULE = ResponseRule(rung=Rung.WATCH)


def name_of(facts: Facts) -> str:
    """The same facts are one containment, however often they are told."""
    return hashlib.sha256(canonical(facts.model_dump(mode="json"))).hexdigest()[:_ID_LENGTH]


def rule_for(facts: Facts, policy: ResponsePolicy) -> ResponseRule:
    """The first that fits; without one nothing is taken."""
    grave = _SEVERITIES.index(facts.severity)
    return next(
        (
            rule
            for rule in policy.rules
            if fnmatchcase(facts.detection, rule.detection) and grave >= _SEVERITIES.index(rule.severity)
        ),
        _NO_RULE,
    )


def refusal(facts: Facts, seen: Seen, spared: str) -> str | None:
    """Why nobody is contained, whatever policy says. `spared` is what the user is whom nobody may touch; empty for others."""
    if spared:
        return f"{facts.username} is {spared}, which no containment touches; decide by hand"
    if seen.sign_in is None:
        return f"{facts.org} has no active user {facts.username}"
    return None


def containment(
    name: str,
    facts: Facts,
    seen: Seen,
    estate: Estate,
    policy: ResponsePolicy,
    recent: Recent,
    spared: Iterable[str] = (),
) -> Containment:
    """
    What is taken, in order, and what of it waits for whom. `spared` are user names in lower case that stay as they are.

    Who may sign in is settled before sessions end, so that none is opened in between. A key of an app opens it for all whom it
    admits, so from ACCESS on the app itself is shut, and not the user alone.
    """
    rule = rule_for(facts, policy)
    stopped = () if rule.rung.height < Rung.FREEZE.height else routes_stopped(facts, seen, estate)
    kept = frozenset(spared)
    steps = tuple(
        step.model_copy(update={"number": number})
        for number, step in enumerate(_steps(facts, seen, estate, rule.rung, kept), 1)
    )
    frozen = tuple(
        step.resource.key
        for step in steps
        if step.resource is not None and step.resource.kind is ResourceKind.SIGN_IN
    )
    users = tuple(sorted({facts.username, *frozen})) if steps else ()
    why: list[str] = []
    waiting: set[int] = set()
    for reason, numbers in _brakes(facts, seen, policy, recent, steps, users, stopped):
        if numbers:
            why.append(reason)
            waiting |= numbers
    return Containment(
        id=name,
        facts=facts,
        rung=rule.rung,
        steps=steps,
        waiting=frozenset(waiting),
        needed=policy.tier_0_approvals if seen.tier_0 else policy.approvals,
        why=tuple(why),
        users=users,
        routes=stopped,
        left=tuple(_left(facts, seen, estate, rule.rung, kept)),
        at=seen.now,
        undo_after=rule.undo_after,
    )


def routes_stopped(facts: Facts, seen: Seen, estate: Estate) -> tuple[str, ...]:
    """Those that act in this org as the user or through an app that is shut, and the one that the alert names."""
    apps = {each.lower() for app in seen.apps for each in (app.name, *app.labels)}
    return tuple(
        route.name
        for route in estate.routes
        if route.name == facts.route
        or (
            route.target == facts.org
            and (route.sync_user.lower() == facts.username or route.app.lower() in apps)
        )
    )


def credentials_of(facts: Facts, seen: Seen, estate: Estate) -> list[RotatedCredential]:
    """Registered ones by which the actor signs in to this org."""
    apps = {app.name for app in seen.apps}
    return [
        each
        for each in estate.credentials
        if each.org == facts.org
        and (
            not apps.isdisjoint(each.apps)
            or facts.username in {user.lower() for user in each.users}
            or (each.route is not None and each.route == facts.route)
        )
    ]


def stored_credentials(made: Containment, estate: Estate) -> list[str]:
    """Secrets of registered credentials by which a contained actor signs in, as far as its steps tell its apps."""
    apps = tuple({name for step in made.steps for name in step.apps} | {made.facts.app})
    seen = Seen(
        org=made.facts.org,
        now=made.at,
        users=0,
        sign_in=None,
        apps=tuple(AppSeen(name=name, labels=()) for name in apps if name),
    )
    return [each.secret for each in credentials_of(made.facts, seen, estate)]


def route_of(facts: Facts, estate: Estate) -> Route | None:
    """The one that the alert names, or the one whose user the actor is."""
    named = [route for route in estate.routes if route.name == facts.route]
    own = [r for r in estate.routes if r.target == facts.org and r.sync_user.lower() == facts.username]
    return next(iter([*named, *own]), None)


def resting_on(standing: Standing, all_of_them: Iterable[Standing]) -> tuple[str, ...]:
    """
    Ids of later open containments of the same user or app: they found taken what this one took, so they are given back first.
    """
    ours = standing.containment
    later = [
        each.containment
        for each in all_of_them
        if each.open and each.begun and each.containment.facts.org == ours.facts.org
    ]
    return tuple(
        each.id
        for each in later
        if each.at > ours.at and each.id != ours.id and not _about(each).isdisjoint(_about(ours))
    )


def _about(made: Containment) -> frozenset[str]:
    apps = {app.lower() for step in made.steps for app in step.apps}
    return frozenset({f"user {user}" for user in made.users} | {f"app {app}" for app in apps})


def _steps(facts: Facts, seen: Seen, estate: Estate, rung: Rung, spared: frozenset[str]) -> Iterator[Step]:
    def reached(each: Rung) -> bool:
        return rung.height >= each.height

    if reached(Rung.FREEZE) and seen.sign_in is not None:
        yield from _taken(Rung.FREEZE, seen.sign_in, {"on": False}, f"{facts.username} may not sign in")
    if reached(Rung.SESSIONS):
        yield _end(
            Rung.SESSIONS, facts, f"sessions and tokens of {facts.username} end", users=(facts.username,)
        )
    if reached(Rung.ACCESS):
        for each in seen.run_as:
            user = each.resource.key.lower()
            if user != facts.username and user not in spared:
                yield from _taken(
                    Rung.ACCESS, each, {"on": False}, f"{user}, as whom the app acts, may not sign in"
                )
        for app in seen.apps:
            yield from _shut(app)
        for each in seen.assignments:
            yield from _taken(Rung.ACCESS, each, None, f"{each.resource.key} is not assigned")
        for app in seen.apps:
            yield _end(Rung.ACCESS, facts, f"what came through {app.name} ends", apps=(app.name, *app.labels))
    if reached(Rung.ROUTE):
        for each in seen.callouts:
            where = each.resource
            yield from _taken(
                Rung.ROUTE, each, {"on": False}, f"{where.org} calls out by {where.key} no longer"
            )
    if reached(Rung.ROTATE):
        for credential in credentials_of(facts, seen, estate):
            yield Step(
                number=1,
                rung=Rung.ROTATE,
                deed=Deed.ROTATE,
                org=credential.org,
                what=f"{credential.secret} is rotated as an emergency",
                secret=credential.secret,
            )


def _shut(app: AppSeen) -> Iterator[Step]:
    if app.policy is not None:
        yield from _taken(Rung.ACCESS, app.policy, {"on": True}, f"{app.name} is for admitted users alone")
    for each in app.admissions:
        holder = each.resource.key.rpartition("/")[0]
        yield from _taken(Rung.ACCESS, each, None, f"{holder} admits nobody to {app.name}")


def _taken(rung: Rung, found: Found, after: dict[str, bool] | None, what: str) -> Iterator[Step]:
    """What is so already needs no step, and is not given back by this containment."""
    if found.state == after:
        return
    yield Step(
        number=1,
        rung=rung,
        deed=Deed.TAKE,
        org=found.resource.org,
        what=what,
        resource=found.resource,
        before=found.state,
        after=None if after is None else {**after},
    )


def _end(
    rung: Rung, facts: Facts, what: str, *, users: tuple[str, ...] = (), apps: tuple[str, ...] = ()
) -> Step:
    names = tuple(dict.fromkeys(apps))
    return Step(number=1, rung=rung, deed=Deed.END, org=facts.org, what=what, usernames=users, apps=names)


def _brakes(
    facts: Facts,
    seen: Seen,
    policy: ResponsePolicy,
    recent: Recent,
    steps: tuple[Step, ...],
    users: tuple[str, ...],
    stopped: tuple[str, ...],
) -> Iterator[tuple[str, set[int]]]:
    """Each reason for which steps wait, with their numbers."""
    every = {step.number for step in steps}
    shutting = {step.number for step in steps if step.rung.height >= Rung.FREEZE.height}
    if facts.org not in policy.auto_disable:
        yield f"response.auto_disable in policy.yaml does not name {facts.org}", every
    beyond = {step.number for step in steps if step.rung.height > policy.unasked.height}
    yield f"policy asks a person from the rung after {policy.unasked.value} on", beyond
    if seen.tier_0:
        yield f"{facts.username} owns the org, so {policy.tier_0_approvals} people have to say yes", shutting
    # One user always may be, or nobody in a small org could.
    allowed = max(1, int(policy.max_share * seen.users))
    many = recent.users | set(users)
    if len(many) > allowed and not set(users) <= recent.users:
        yield f"{len(many)} users would be contained within an hour; {allowed} are allowed", every
    through = max((app.admitted for app in seen.apps), default=0)
    if through > allowed:
        wide = {step.number for step in steps if _is_wide(step)}
        yield f"{through} users come through the app; {allowed} are allowed within an hour", wide
    if len(recent.routes | set(stopped)) > policy.max_routes and not set(stopped) <= recent.routes:
        number = len(recent.routes | set(stopped))
        yield f"{number} routes would stop within an hour; {policy.max_routes} are allowed", shutting


def _is_wide(step: Step) -> bool:
    """Whether it is about everybody who comes through an app."""
    if step.deed is Deed.END:
        return not step.usernames
    kinds = (ResourceKind.APP_ACCESS, ResourceKind.APP_POLICY)
    return step.resource is not None and step.resource.kind in kinds


def _left(facts: Facts, seen: Seen, estate: Estate, rung: Rung, spared: frozenset[str]) -> Iterator[str]:
    """What stays open, for a person to close."""
    yield from seen.unseen
    if rung.height >= Rung.ACCESS.height:
        if facts.app and not seen.apps:
            yield f"{facts.org} shows no app {facts.app}; shut it in Setup"
        for app in seen.apps:
            if app.policy is None:
                yield f"the policies of {app.name} do not show; block it in Setup (Connected Apps OAuth Usage)"
        for each in seen.run_as:
            if each.resource.key.lower() in spared:
                yield f"the app acts as {each.resource.key}, which no containment touches; rotate its secret"
    if rung.height >= Rung.ROUTE.height and not seen.callouts:
        yield "no named credential calls out for a route of this actor; who carries it from outside is refused, and tries on"
    if rung.height >= Rung.ROTATE.height and not credentials_of(facts, seen, estate):
        yield "no credential of this actor is registered in estate.yaml, so nothing is rotated; replace it by hand"
