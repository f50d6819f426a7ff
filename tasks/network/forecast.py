"""
Who is refused once address ranges change, worked out from sign-ins and calls that were seen.

Sources: Salesforce Help, Restrict Login IP Addresses in Profiles, and Enforce login IP ranges on every request; Metadata API
guide, ConnectedApp, ipRelaxation. How a relaxed app and the check of every request add up is written nowhere in full: the
harder reading counts, by which the check refuses what the app let in.

That somebody got in proves that nothing stopped it then. It is no proof for today only where the profile was changed since, and
all that is known says that today it would be refused.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Protocol

from tasks.estate.model_network import ExplainedLockOut, NetworkPolicy
from tasks.inventory.model import App, Login, User
from tasks.network.addresses import in_networks, within
from tasks.network.model import AddressRange, Calls, OrgNetwork, ProfileAccess, Refused
from tasks.permissions.model import OrgRights

ENFORCED = (None, "ENFORCE")
"""
An app's ipRelaxation by which nobody knows that it passes the ranges by. Where nothing is known of it, ranges are taken to hold
once they change, and not to have held before.
"""


class SignIns(Protocol):
    """An org's sign-ins, and what decides whether they would get in today."""

    @property
    def rights(self) -> OrgRights: ...

    @property
    def profiles(self) -> tuple[ProfileAccess, ...]: ...

    @property
    def apps(self) -> tuple[App, ...]: ...

    @property
    def logins(self) -> tuple[Login, ...]: ...


@dataclass(frozen=True)
class World:
    """Ranges by profile id, whether they hold for every request, and lower-case names of apps that pass them by at sign-in."""

    ranges: Mapping[str, tuple[AddressRange, ...]]
    every_request: bool
    relaxed: frozenset[str]


def world_of(org: OrgNetwork) -> World:
    relaxed = [app for app in org.apps if app.ip_relaxation not in ENFORCED]
    return World(
        ranges=ranges_by_id(org),
        every_request=org.settings.enforce_ranges_every_request,
        relaxed=frozenset(name for app in relaxed for name in names_of(app)),
    )


def ranges_by_id(org: SignIns) -> dict[str, tuple[AddressRange, ...]]:
    """By id of the profile."""
    return {each.profile_id: each.login_ranges for each in org.profiles}


def names_of(app: App) -> frozenset[str]:
    """Under which sign-ins may show it, in lower case."""
    return frozenset(name.lower() for name in (app.name, app.label, app.full_name) if name)


def refused(org: OrgNetwork, before: World, after: World) -> tuple[Refused, ...]:
    """What got in before and would not after. A sign-in from where nobody can tell is outside of every range."""
    found = [
        _refused(user, login.application, login.address, login.count, login.last)
        for user, login in admitted(org, before.ranges)
        if not user.frozen and _stops(user, login.address, login.application, after)
    ]
    users = {user.id: user for user in org.rights.users if user.active and not user.frozen}
    changed = _changed(org)
    for calls in org.calls:
        user = users.get(calls.user_id)
        if user is None or not _stops_calls(user, calls.address, after):
            continue
        if not _calls_end_today(user, calls, before, changed.get(user.profile_id)):
            last = datetime.combine(calls.last, dt.time.min, UTC)
            lost = _refused(user, "", calls.address, calls.count, last)
            found.append(lost.model_copy(update={"pages": calls.pages}))
    return tuple(sorted(found, key=lambda each: (each.username, each.address, each.application)))


def admitted(org: SignIns, ranges: Mapping[str, tuple[AddressRange, ...]]) -> Iterator[tuple[User, Login]]:
    """What got in of active users, but for what is known to be refused by these ranges (by profile id)."""
    users = {user.id: user for user in org.rights.users if user.active}
    changed = _changed(org)
    held = _held_to_ranges(org.apps)
    for login in org.logins:
        user = users.get(login.user_id)
        if user is None or not login.success:
            continue
        since = changed.get(user.profile_id)
        bound = login.interactive or login.application.lower() in held
        if not (since is not None and login.last < since and bound and _outside(user, login.address, ranges)):
            yield user, login


def _held_to_ranges(apps: Iterable[App]) -> frozenset[str]:
    """Names of apps of which it is known; one that another app has as well is nobody's."""
    listed = list(apps)
    known = {name for app in listed if app.ip_relaxation == "ENFORCE" for name in names_of(app)}
    others = {name for app in listed if app.ip_relaxation != "ENFORCE" for name in names_of(app)}
    return frozenset(known - others)


def _changed(org: SignIns) -> dict[str, datetime]:
    """By profile id when it last was; profiles of which nobody knows are left out."""
    return {each.profile_id: each.changed for each in org.profiles if each.changed is not None}


def _calls_end_today(user: User, calls: Calls, now: World, since: datetime | None) -> bool:
    """As for sign-ins. A log file tells the day only, so the whole day has to be over."""
    earlier = since is not None and calls.last < since.astimezone(UTC).date()
    return earlier and _stops_calls(user, calls.address, now)


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
    return not relaxed and _outside(user, address, world.ranges)


def _stops_calls(user: User, address: str, world: World) -> bool:
    return world.every_request and _outside(user, address, world.ranges)


def _outside(user: User, address: str, ranges: Mapping[str, tuple[AddressRange, ...]]) -> bool:
    its = ranges.get(user.profile_id, ())
    return bool(its) and not within(address, its)


def _refused(user: User, application: str, address: str, times: int, last: datetime) -> Refused:
    return Refused(
        username=user.username,
        profile=user.profile_name,
        application=application,
        address=address,
        times=times,
        last=last,
    )
