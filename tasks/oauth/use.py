"""Who uses which app, and whom an administrator has admitted to it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address

from tasks.inventory.model import App, Login, OauthGrant, User
from tasks.network.model import ProfileAccess
from tasks.oauth.model import OrgApps
from tasks.permissions.model import OrgRights

_NO_APP = frozenset({"", "n/a", "browser"})
"""What LoginHistory.Application says where no app signed in."""


class Uses:
    """One org's apps with their users, over the last `days` days."""

    def __init__(self, org: OrgApps, days: int, now: datetime) -> None:
        self._org = org
        self._now = now
        self.since = now - timedelta(days=days)
        self._users = {user.id: user for user in org.rights.users}

    def tokens(self, app: App) -> list[OauthGrant]:
        return [grant for grant in self._org.grants if _of(app, grant)]

    def idle(self) -> list[OauthGrant]:
        """Tokens of active users that nobody used in that time, of whichever app."""
        return [g for g in self._org.grants if self._active(g.user_id) and not self.lately(g)]

    def lately(self, grant: OauthGrant) -> bool:
        at = grant.last_used or grant.created
        return at is not None and at >= self.since

    def logins(self, app: App) -> list[Login]:
        """Sign-ins of active users with an app that succeeded in that time."""
        names = _names(app)
        return [
            login
            for login in self._org.logins
            if login.success
            and login.last >= self.since
            and login.application.lower() in names
            and self._active(login.user_id)
        ]

    def users(self, app: App) -> list[User]:
        """Active users who signed in with an app or whose token for it was used, by user name."""
        ids = {grant.user_id for grant in self.tokens(app) if self.lately(grant)}
        ids |= {login.user_id for login in self.logins(app)}
        found = [self._users[each] for each in ids if self._active(each)]
        return sorted(found, key=lambda user: user.username)

    def holders(self, app: App, *, idle: bool = False) -> list[User]:
        """Active users with a token for an app, however old; with `idle` one that was not used."""
        ids = {
            grant.user_id
            for grant in self.tokens(app)
            if self._active(grant.user_id) and not (idle and self.lately(grant))
        }
        return sorted((self._users[each] for each in ids), key=lambda user: user.username)

    def strangers(self) -> dict[str, int]:
        """Names of apps that people or programs sign in with and that the org has not installed, with how many users."""
        known = set().union(*(_names(app) for app in self._org.apps))
        users: dict[str, set[str]] = {}
        for login in self._org.logins:
            if login.success and not login.interactive and login.last >= self.since:
                users.setdefault(login.application, set()).add(login.user_id)
        for grant in self._org.grants:
            if self.lately(grant):
                users.setdefault(grant.app_name, set()).add(grant.user_id)
        return {
            name: len(each)
            for name, each in sorted(users.items())
            if name.lower() not in known and name.lower() not in _NO_APP
        }

    def admitted(self, app: App, rights: OrgRights | None = None) -> frozenset[str]:
        """Ids of users whom a profile, set or group admits; `rights` where others than today's count."""
        held = rights or self._org.rights
        parents = {access.parent_id for access in held.app_access if access.app_id == app.id}
        profiles = {s.profile_id for s in held.permission_sets if s.id in parents and s.profile_id}
        groups = {group.id for group in held.groups if parents & set(group.member_ids)}
        direct = {
            row.user_id
            for row in held.assignments
            if (row.permission_set_id in parents or row.group_id in groups)
            and row.active
            and (row.expires is None or row.expires > self._now)
        }
        return frozenset(direct | {user.id for user in held.users if user.profile_id in profiles})

    def by_set(self, app: App) -> frozenset[str]:
        """Those among the admitted whom more than their profile admits."""
        parents = {s.id for s in self._org.rights.permission_sets if s.profile_id and not s.group_id}
        access = [each for each in self._org.rights.app_access if each.parent_id not in parents]
        return self.admitted(app, self._org.rights.model_copy(update={"app_access": tuple(access)}))

    def outside(self, app: App) -> list[tuple[User, Login]]:
        """Sign-ins with an app from where the user's profile does not let anybody in; unknown ranges let nobody in."""
        ranges = {profile.profile_id: profile for profile in self._org.profiles}
        return [
            (user, login)
            for login in self.logins(app)
            if not _inside(login.address, ranges.get((user := self._users[login.user_id]).profile_id))
        ]

    def _active(self, user_id: str) -> bool:
        user = self._users.get(user_id)
        return user is not None and user.active


def _names(app: App) -> set[str]:
    return {name.lower() for name in (app.name, app.label, app.full_name) if name}


def _of(app: App, grant: OauthGrant) -> bool:
    return grant.app_id == app.id if grant.app_id else grant.app_name.lower() in _names(app)


def _inside(address: str, profile: ProfileAccess | None) -> bool:
    if profile is None:
        return False
    return not profile.login_ranges or _within(address, ((r.first, r.last) for r in profile.login_ranges))


def _within(address: str, ranges: Iterable[tuple[str, str]]) -> bool:
    """An address that is none (`Salesforce.com IP`) is in no range."""
    try:
        here = ip_address(address)
    except ValueError:
        return False
    pairs = [(ip_address(first), ip_address(last)) for first, last in ranges]
    return any(low.version == here.version and int(low) <= int(here) <= int(high) for low, high in pairs)
