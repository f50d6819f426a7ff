"""
Users that serve more than one purpose: which routes get users of their own, and what the old one loses once those are in use.

It takes two plans. The first only gives: a user for a route, on a minimum-access profile, with the route's set and app. Then
people let the route's client sign in as that user. The second takes from the old user what the route needed; it is made
only after the new one was seen coming in, and the old one was not for a week.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from tasks.estate.model import Route
from tasks.inventory.model import User
from tasks.permissions.giving import Kind, admitting, stamp
from tasks.permissions.minimal import minimal_set
from tasks.permissions.model import Newcomers, OrgRights
from tasks.permissions.newcomers import (
    acts_as,
    app_of,
    called,
    give_user,
    in_use,
    names_of,
    user_named,
    username_for,
)
from tasks.plans.draft import Draft
from tasks.usage.model import SeenCall


def split_off(
    draft: Draft,
    org: OrgRights,
    user: User,
    routes: Sequence[Route],
    named: Collection[Route],
    spared: Collection[str],
    demands: Collection[str],
    seen: Sequence[SeenCall] | None,
    now: datetime,
    managed: Collection[str] = (),
) -> list[Route] | None:
    """
    The routes that a user still has to serve; None where it is left as it is.

    `routes` are all of the user, `named` those that were asked about. Without what `Newcomers` holds nothing is split. A set
    among `managed` is made for a new user and not assigned: it rests between runs, as others do.
    """
    known = org.newcomers
    if known is None:
        return list(routes)
    company = _company(known, user, routes, named)
    if len(routes) == 1 and not company:
        return list(routes)
    moving = _moving(org, known, user, routes, named, company)
    if not moving:
        return list(routes)
    _say_who_stays(draft, org, known, user, routes, moving, company)
    taken_over = []
    for route in moving:
        own = user_named(org, username_for(user.username, route))
        if own is not None and own.active and in_use(known, user, own, route, now):
            taken_over.append(route)
            draft.keeps.append(f"{org.org}: {route.name} comes in as {own.username} now, and so do its calls")
        wanted = minimal_set(route, org.facts, demands, seen)
        for name in wanted.missing:
            draft.risks.append(f"{org.org}: {wanted.name} declares {name}, which the org does not have")
        shared_with = ", ".join([*company, *(other.name for other in routes if other != route)])
        give_user(draft, org, known, user, own, route, wanted, shared_with, spared, now, managed)
    remaining = [route for route in routes if route not in taken_over]
    if not taken_over or (remaining and company):
        # What others need of the user is not known, so nothing is worked out anew while a route still comes in as it.
        waiting = ", ".join(route.name for route in (remaining if taken_over else moving))
        draft.keeps.append(
            f"{org.org}: {user.username} keeps all it has until {waiting} came in as another user"
        )
        return None
    if remaining:
        return remaining
    for route in taken_over:
        _take(draft, org, user, route, company)
    if not company:
        draft.afterwards.append(f"{org.org}: deactivate {user.username}; no route needs it any more")
    return None


def _company(known: Newcomers, user: User, routes: Sequence[Route], named: Collection[Route]) -> list[str]:
    """
    Who else signs in as a user, in words.

    An app that no route names may be the route's own next credential, so for one route alone it only counts where somebody
    asked about that very route.
    """
    theirs = [login for login in known.logins if login.user_id == user.id and login.success]
    found = ["a person at a browser"] if any(login.interactive for login in theirs) else []
    if len(routes) > 1 or (len(named) == 1 and routes[0] in named):
        ours = {label for route in routes for label in called(known, route)}
        apps = {label: app.name for app in known.apps for label in names_of(app)}
        others = {login.application.lower() for login in theirs if not login.interactive} - ours
        found += sorted({f"the app {apps[name]}" for name in others & apps.keys()})
    return found


def _moving(
    org: OrgRights,
    known: Newcomers,
    user: User,
    routes: Sequence[Route],
    named: Collection[Route],
    company: Collection[str],
) -> list[Route]:
    """
    All routes but one, which keeps the user; all of them where somebody else uses it too.

    A route whose own user is there already never comes back. Then one that cannot move stays, then one that nobody asked
    about, then one whose client would have to change: where an app itself says as whom it acts, the client need not.
    """
    fit = [
        route
        for route in routes
        if app_of(known, route) is not None and username_for(user.username, route) != user.username.lower()
    ]
    some = [route for route in routes if route in named]
    asked = some if 0 < len(some) < len(routes) else list(routes)
    there = {route.name for route in routes if _is_there(org, user, route)}
    able = [route for route in routes if route.name not in there]
    moving = fit
    if able and not company:
        stays = min(able, key=lambda r: (r in fit, r in asked, acts_as(known, r, user), routes.index(r)))
        moving = [route for route in fit if route != stays]
        if stays.app in {route.app for route in moving}:
            # By what they come in with, nobody could tell when those have moved.
            moving = fit
    return [route for route in moving if route in asked or route.name in there]


def _is_there(org: OrgRights, user: User, route: Route) -> bool:
    own = user_named(org, username_for(user.username, route))
    return own is not None and own.active and own.id != user.id


def _say_who_stays(
    draft: Draft,
    org: OrgRights,
    known: Newcomers,
    user: User,
    routes: Sequence[Route],
    moving: Collection[Route],
    company: Collection[str],
) -> None:
    for who in company:
        draft.risks.append(f"{org.org}: {who} signs in as {user.username}, too, and goes on doing so")
    for route in routes:
        if app_of(known, route) is None:
            draft.risks.append(
                f"{org.org}: {route.name} gets no user of its own: {route.app} is no app of the org, and a user made here "
                "has no password to sign in with; give the route an app first"
            )
        elif route not in moving:
            draft.keeps.append(f"{org.org}: {route.name} goes on as {user.username}")
    for route in moving:
        alike = [other.name for other in routes if other.app == route.app and other != route]
        if alike:
            draft.risks.append(
                f"{org.org}: {route.name} comes in by the same app as {', '.join(alike)}: whoever has its key is let in as "
                "either user; give each route an app of its own, too"
            )


def _take(draft: Draft, org: OrgRights, old: User, route: Route, company: Sequence[str]) -> None:
    """
    Takes the sets by which a route's app lets the old user in. What others need of the user is not known, so that is all.
    """
    apps = admitting(org, old, route)
    sets = {each.id: each for each in org.permission_sets}
    admits = {access.parent_id for access in org.app_access if access.app_id in apps}
    why = f"{route.name} has a user of its own at work"
    for row in org.assignments:
        held = sets.get(row.permission_set_id)
        if row.user_id != old.id or row.group_id or held is None or held.profile_id or held.id not in admits:
            continue
        draft.change(
            *(org.org, Kind.ASSIGNMENT, f"{old.username}/{held.name}"),
            {"expires": stamp(row.expires)},
            None,
            why,
            f"{old.username} loses what {held.name} gives, and {route.app} no longer acts as it",
        )
        for who in company:
            draft.risks.append(f"{org.org}: {who} loses what {held.name} gives, too")
    groups = {group.id: group for group in org.groups}
    for row in org.assignments:
        group = groups.get(row.group_id or "")
        if row.user_id == old.id and group is not None and admits.intersection(group.member_ids):
            draft.risks.append(
                f"{org.org}: {old.username} is admitted to {route.app} through the group {group.name}; look at that by hand"
            )
