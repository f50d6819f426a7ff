"""A route's own user: its name, its place, its licence, and the changes that make it and give it the route's rights."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from tasks.estate.model import Route
from tasks.inventory.model import App, User
from tasks.permissions.giving import Kind, admitting, give_api, give_set
from tasks.permissions.lockout import STANDARD
from tasks.permissions.minimal import MINIMUM_ACCESS, excess, lacking
from tasks.permissions.model import MinimalSet, Newcomers, OrgRights, Profile, Seats
from tasks.permissions.resting import during_a_run, rests_without
from tasks.permissions.simulate import held_in
from tasks.plans.draft import Draft

SETTLED = timedelta(days=7)
"""So long nobody may have come in as the old user by the route's app: weekly jobs, too, ran once without it."""
INTEGRATION = "Salesforce Integration"
API_LICENCE = "SalesforceAPIIntegrationPsl"
"""Without this permission set licence the user licence for integrations allows no right on data (platform.integration_user)."""
_LONGEST, _MARK = 80, 6


def username_for(shared: str, route: Route) -> str:
    """
    The same for a route at all times, in the domain of the user whose work it takes over. User names hold 80 characters and
    are unique among all orgs (Object Reference, User.Username).
    """
    _, _, domain = shared.lower().rpartition("@")
    place = re.sub("[^a-z0-9]+", "-", route.name.lower()).strip("-")
    room = _LONGEST - len(domain) - 1
    if len(place) > room:
        place = f"{place[: room - _MARK - 1]}-{_mark(route)}"
    return f"{place}@{domain}"


def _mark(route: Route) -> str:
    return sha256(route.name.encode()).hexdigest()[:_MARK]


def app_of(known: Newcomers, route: Route) -> App | None:
    return next((app for app in known.apps if route.app.lower() in names_of(app)), None)


def names_of(app: App) -> set[str]:
    """Sign-ins are noted under an app's label."""
    return {app.name.lower(), app.label.lower()}


def called(known: Newcomers, route: Route) -> set[str]:
    app = app_of(known, route)
    return {route.app.lower()} if app is None else names_of(app)


def acts_as(known: Newcomers, route: Route, user: User) -> bool:
    """Whether the org itself says as whom the route's app acts: client credentials with a run-as user."""
    app = app_of(known, route)
    return app is not None and (app.client_credentials_user or "").lower() == user.username.lower()


def user_named(org: OrgRights, username: str) -> User | None:
    return next((each for each in org.users if each.username.lower() == username), None)


def in_use(known: Newcomers, old: User, own: User, route: Route, now: datetime) -> bool:
    """Whether a route's own user came in by the route's app, and the old one has not for long enough."""
    names = called(known, route)
    came = [login for login in known.logins if login.success and login.application.lower() in names]
    last = max((login.last for login in came if login.user_id == old.id), default=None)
    theirs = [login.last for login in came if login.user_id == own.id]
    return bool(theirs) and (last is None or (last <= now - SETTLED and last < max(theirs)))


def give_user(
    draft: Draft,
    org: OrgRights,
    known: Newcomers,
    old: User,
    own: User | None,
    route: Route,
    wanted: MinimalSet,
    shared_with: str,
    spared: Collection[str],
    now: datetime,
    managed: Collection[str] = (),
) -> None:
    """
    What is missing of a route's own user: all of it, or what an earlier plan did not come to.

    Where its set is among `managed` only runs hold it, and it is judged by what it may do during one.
    """
    name = username_for(old.username, route)
    if old.id not in known.particulars:
        draft.refused.append(
            f"{org.org}: {route.name} gets no user of its own: {old.username} cannot be read"
        )
        return
    if why := _in_the_way(draft, org, own, name, wanted, spared, now):
        draft.refused.append(f"{org.org}: {route.name} gets no user of its own: {why}")
        return
    why = f"{route.name} shares {old.username} with {shared_with}"
    seated = own is not None and own.active
    place = _profile_of(own) if own is not None and own.active else _place(draft, org, known)
    if isinstance(place, str):
        draft.refused.append(f"{org.org}: {route.name} gets no user of its own: {place}")
        return
    newcomer = own or User(
        id=f"new:{name}",
        username=name,
        active=True,
        frozen=False,
        user_type=STANDARD,
        profile_id=place.id,
        profile_name=place.name,
        license_name=place.license_name,
        last_login=None,
        last_password_change=None,
    )
    needs = []
    if not seated:
        needs.append(_make(draft, org, known, old, own, newcomer, route, place, why))
    if place.license_name == INTEGRATION and (not seated or newcomer.id not in known.seated):
        needs.append(
            draft.change(
                *(org.org, Kind.LICENCE, f"{newcomer.username}/{API_LICENCE}"),
                {"assigned": True} if newcomer.id in known.seated else None,
                {"assigned": True},
                why,
                f"lets {newcomer.username} hold rights on data",
                *needs,
                widening=True,
            )
        )
    resting = rests_without(org, newcomer, [route], managed)
    at_work = during_a_run(org, newcomer, resting)
    held = held_in(at_work, [newcomer.id], now).get(newcomer.id) if seated else None
    if held is not None and not lacking(held, [wanted]) and not any(needs):
        draft.keeps.append(
            f"{org.org}: {newcomer.username} is there for {route.name} and holds what it needs"
        )
    else:
        give_set(draft, org, newcomer, wanted, route, why, now, admitted=old, needs=needs, managed=managed)
        give_api(draft, org, newcomer, why, now, needs=needs)
        draft.keeps += [f"{org.org}: {newcomer.username} gets {r.what}: {r.why}" for r in wanted.evidence]
        draft.keeps += [
            f"{org.org}: {newcomer.username} rests between runs without {each}" for each in resting
        ]
        if not admitting(org, old, route):
            draft.risks.append(
                f"{org.org}: no set admits {old.username} to {route.app}, so the app's own policy decides whether "
                f"{newcomer.username} comes in"
            )
        draft.risks.append(
            f"{org.org}: role, groups, queues and owned records of {old.username} do not pass to {newcomer.username}: where "
            f"sharing is private it meets only the {route.sobject} records that it makes or that sharing opens to it"
        )
    if not (seated and in_use(known, old, newcomer, route, now)):
        _say_what_is_left(draft, org, known, old, newcomer, route)


def _in_the_way(
    draft: Draft,
    org: OrgRights,
    own: User | None,
    name: str,
    wanted: MinimalSet,
    spared: Collection[str],
    now: datetime,
) -> str:
    """Why the user of that name is not, or cannot become, the route's own; empty when it can."""
    if name in spared:
        return f"{name} is never touched"
    if own is None:
        taken = any(c.resource.kind is Kind.NEW_USER and c.resource.key == name for c in draft.changes)
        return f"{name} is to be another route's" if taken else ""
    if own.user_type != STANDARD or own.frozen:
        return f"{name} is there and is {'frozen' if own.frozen else f'a user of type {own.user_type}'}"
    # What one who is not active was assigned counts again as soon as it is.
    awake = tuple(
        row.model_copy(update={"active": True}) if row.user_id == own.id else row for row in org.assignments
    )
    held = held_in(org.model_copy(update={"assignments": awake}), [own.id], now)[own.id]
    if more := excess(held, [wanted]):
        shown = ", ".join(more[:3]) + (f" and {len(more) - 3} more" if len(more) > 3 else "")
        return f"{name} is there already and may do more than the route needs ({shown}); look at it by hand"
    return ""


def _place(draft: Draft, org: OrgRights, known: Newcomers) -> Profile | str:
    """The narrowest minimum-access profile whose licence has a seat left, or why there is none."""
    full = []
    for name in MINIMUM_ACCESS:
        profile = next((each for each in org.profiles if each.name == name), None)
        if profile is None:
            continue
        asked = [_user_seats(draft, org, known, profile.license_name)]
        if profile.license_name == INTEGRATION:
            asked.append(_set_seats(draft, org, known))
        lacking_seats = [seats for seats in asked if not seats.left]
        if not lacking_seats:
            return profile
        full += [f"{seats.name}: {seats.used} of {seats.total} in use" for seats in lacking_seats]
    if not full:
        return f"the org has none of the profiles {' and '.join(MINIMUM_ACCESS)}"
    return f"no licence is left ({'; '.join(full)}); free one, or buy one"


def _user_seats(draft: Draft, org: OrgRights, known: Newcomers, licence: str) -> Seats:
    """With those that this plan takes; the org's own count may lag behind."""
    profiles = {profile.name for profile in org.profiles if profile.license_name == licence}
    ours = sum(
        1
        for change in draft.changes
        if change.resource.org == org.org
        and change.resource.kind is Kind.NEW_USER
        and (change.after or {}).get("profile") in profiles
    )
    active = sum(1 for user in org.users if user.active and user.license_name == licence)
    return _with(known.licences, licence, active, ours)


def _set_seats(draft: Draft, org: OrgRights, known: Newcomers) -> Seats:
    ours = sum(
        1
        for change in draft.changes
        if change.resource.org == org.org and change.resource.kind is Kind.LICENCE
    )
    return _with(known.set_licences, API_LICENCE, len(known.seated), ours)


def _with(licences: Iterable[Seats], name: str, counted: int, ours: int) -> Seats:
    seats = next((each for each in licences if each.name == name), Seats(name=name, total=0, used=0))
    return seats.model_copy(update={"used": max(seats.used, counted) + ours})


def _profile_of(own: User) -> Profile:
    return Profile(id=own.profile_id, name=own.profile_name, license_name=own.license_name)


def _make(
    draft: Draft,
    org: OrgRights,
    known: Newcomers,
    old: User,
    own: User | None,
    newcomer: User,
    route: Route,
    place: Profile,
    why: str,
) -> int:
    """A user who signs in without a password, in the place and language of the one whose work it takes over."""
    particulars = known.particulars[old.id]
    return draft.change(
        *(org.org, Kind.NEW_USER, newcomer.username),
        None,
        {
            "profile": place.name,
            "name": route.name.replace("_", " ")[:_LONGEST],
            "alias": f"bh{_mark(route)}",
            **particulars.model_dump(),
        },
        why,
        f"{newcomer.username} {'is made' if own is None else 'is made active again'} for {route.name} alone, with a licence "
        f"{place.license_name}",
        identity=True,
    )


def _say_what_is_left(
    draft: Draft, org: OrgRights, known: Newcomers, old: User, newcomer: User, route: Route
) -> None:
    if acts_as(known, route, old):
        draft.afterwards.append(
            f"{org.org}: set the run-as user of the app {route.app} to {newcomer.username}; the client of {route.name} "
            "changes nothing"
        )
    else:
        draft.afterwards.append(
            f"{route.source}: let the client of {route.name} (credential {route.credential}) sign in to {org.org} as "
            f"{newcomer.username} instead of {old.username}, by hand or with its next rotation: the subject of its JWT, or a "
            "new consent where it holds a refresh token"
        )
    draft.afterwards.append(
        f"{org.org}: when {newcomer.username} was seen at work and {old.username} was not by {route.app} for "
        f"{SETTLED.days} days, make this plan again: the second one takes from {old.username} what {route.name} needed; "
        f"after that write {newcomer.username} as the sync_user of {route.name} into estate.yaml"
    )
