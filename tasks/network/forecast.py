"""
Who is refused once address ranges change, worked out from sign-ins and calls that were seen.

Sources: Salesforce Help, Restrict Login IP Addresses in Profiles, and Enforce login IP ranges on every request; Metadata API
guide, ConnectedApp, ipRelaxation. How a relaxed app and the check of every request add up is written nowhere in full: the
harder reading counts, by which the check refuses what the app let in.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from tasks.estate.policy import ExplainedLockOut, NetworkPolicy
from tasks.inventory.model import App, User
from tasks.network.addresses import in_networks, within
from tasks.network.model import AddressRange, OrgNetwork, Refused

ENFORCED = (None, "ENFORCE")
"""An app's ipRelaxation by which the ranges of profiles hold; where nothing is known of it they are taken to hold."""


@dataclass(frozen=True)
class World:
    """Ranges by profile id, whether they hold for every request, and lower-case names of apps that pass them by at sign-in."""

    ranges: Mapping[str, tuple[AddressRange, ...]]
    every_request: bool
    relaxed: frozenset[str]


def world_of(org: OrgNetwork) -> World:
    relaxed = [app for app in org.apps if app.ip_relaxation not in ENFORCED]
    return World(
        ranges={each.profile_id: each.login_ranges for each in org.profiles},
        every_request=org.settings.enforce_ranges_every_request,
        relaxed=frozenset(name for app in relaxed for name in names_of(app)),
    )


def names_of(app: App) -> frozenset[str]:
    """Under which sign-ins may show it, in lower case."""
    return frozenset(name.lower() for name in (app.name, app.label, app.full_name) if name)


def refused(org: OrgNetwork, before: World, after: World) -> tuple[Refused, ...]:
    """What got in before and would not after. A sign-in from where nobody can tell is outside of every range."""
    users = {user.id: user for user in org.rights.users if user.active and not user.frozen}
    found = []
    for login in org.logins:
        user = users.get(login.user_id)
        if user is None or not login.success:
            continue
        application = login.application
        if _stops(user, login.address, application, after) and not _stops(
            user, login.address, application, before
        ):
            found.append(_refused(user, application, login.address, login.count, login.last))
    for calls in org.calls:
        user = users.get(calls.user_id)
        if (
            user is not None
            and _stops_calls(user, calls.address, after)
            and not _stops_calls(user, calls.address, before)
        ):
            last = datetime.combine(calls.last, dt.time.min, UTC)
            found.append(_refused(user, "", calls.address, calls.count, last))
    return tuple(sorted(found, key=lambda each: (each.username, each.address, each.application)))


def explained(
    org: str, found: Iterable[Refused], policy: NetworkPolicy, today: dt.date
) -> dict[Refused, ExplainedLockOut]:
    """Those that policy accepts today, with its reason."""
    accepted = {}
    for each in found:
        for reason in policy.explained:
            if reason.org == org and today <= reason.expires and _about(reason, each):
                accepted[each] = reason
                break
    return accepted


def _about(reason: ExplainedLockOut, each: Refused) -> bool:
    named = fnmatchcase(each.username.lower(), reason.username.lower())
    return named and in_networks(each.address, [reason.addresses])


def _stops(user: User, address: str, application: str, world: World) -> bool:
    relaxed = application.lower() in world.relaxed and not world.every_request
    return not relaxed and _outside(user, address, world)


def _stops_calls(user: User, address: str, world: World) -> bool:
    return world.every_request and _outside(user, address, world)


def _outside(user: User, address: str, world: World) -> bool:
    ranges = world.ranges.get(user.profile_id, ())
    return bool(ranges) and not within(address, ranges)


def _refused(user: User, application: str, address: str, times: int, last: datetime) -> Refused:
    return Refused(
        username=user.username,
        profile=user.profile_name,
        application=application,
        address=address,
        times=times,
        last=last,
    )
