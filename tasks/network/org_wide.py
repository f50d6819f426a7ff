"""What holds for a whole org: the check of every request, and trusted ranges."""

from collections.abc import Sequence
from dataclasses import replace

from tasks.estate.model_network import UnloggedSessions
from tasks.network.addresses import administrators, names, ordered, ranges_of, weakness, within
from tasks.network.evidence import Evidence
from tasks.network.forecast import refused
from tasks.network.model import EVERY_REQUEST, AddressRange, Refused
from tasks.network.words import state_of
from tasks.oauth.forecast import named
from tasks.plans.model import ResourceKind

TRUSTED = "Security.networkAccess"
_PASSWORD_LOGIN = "Other Apex API"


class OrgWide(Evidence):
    """One org's part of the plan, as far as it is about settings of the org."""

    def _every_request(self) -> None:
        if self._org.settings.enforce_ranges_every_request:
            self._draft.keeps.append(f"{self._org.org}: ranges hold for every request already")
            return
        # The platform's own users have no profile.
        unread = sorted(
            {m.profile for m in self._members if m.profile_id and m.profile_id not in self._profiles}
        )
        unlooked = [
            each.username
            for each in self._org.rights.users
            if each.active and self._then.ranges.get(each.profile_id) and each.id not in self._org.looked_at
        ]
        then = replace(self._then, every_request=True)
        lost = refused(self._org, self._then, then)
        if unread:
            why = f"the ranges of {named(unread)} could not be read"
        elif unlooked:
            why = f"the sign-ins of {named(sorted(unlooked))} were not read"
        elif not self._org.log_days and self._accepts_unlogged() is None:
            why = (
                "the org gives no log of calls, so from where sessions are used is not known; to have every request checked all "
                "the same, accept it in policy.network.unlogged"
            )
        else:
            why = self._unexplained(lost)
        if why:
            self._tell(f"ranges go on being checked at sign-in only: {why}")
            return
        self._tell_unlogged()
        self._then = then
        self._draft.change(
            self._org.org,
            ResourceKind.ORG_SETTING,
            EVERY_REQUEST,
            {"on": False},
            {"on": True},
            "a session that was stolen works from anywhere, for ranges are checked at sign-in only",
            "sessions are refused at their next request from outside the ranges of their user's profile, those that are open too; "
            + self._came_from(lost),
            *self._numbers,
            users=[
                user.username
                for user in self._org.rights.users
                if user.active and self._then.ranges.get(user.profile_id)
            ],
        )

    def _came_from(self, lost: Sequence[Refused]) -> str:
        if lost:
            return "what comes from elsewhere ends, as policy explains"
        if not self._org.log_days:
            return "all sign-ins came from inside, and no log tells of calls"
        return "all sign-ins and calls that were seen came from inside"

    def _accepts_unlogged(self) -> UnloggedSessions | None:
        return next(
            (
                each
                for each in self._policy.unlogged
                if each.org == self._org.org and self._today <= each.expires
            ),
            None,
        )

    def _tell_unlogged(self) -> None:
        """What could break though nothing speaks against it: sessions of which no log tells."""
        org, accepted = self._org, self._accepts_unlogged()
        if not org.log_days and accepted is not None:
            self._tell(
                "the org gives no log of calls, so sessions that are used from elsewhere are refused without a forecast; "
                f"{accepted.owner} stands for it until {accepted.expires} ({accepted.reason})"
            )
        elif org.log_days < org.days:
            self._tell(
                f"addresses of calls are known of {org.log_days} of {org.days} days; what called on others only, from elsewhere, "
                "is refused"
            )
        if not org.page_days:
            self._tell(
                "the org gives no log of pages: browser sessions that were opened inside and are used from elsewhere are refused "
                "at their next request; tell administrators before"
            )
        elif org.page_days < org.days:
            self._tell(
                f"addresses of pages are known of {org.page_days} of {org.days} days; browser sessions that were used from "
                "elsewhere on others only are refused at their next request"
            )

    def _trusted_ranges(self) -> None:
        """They block nobody: who comes from elsewhere confirms who they are, or needs the security token with a password."""
        alias, held = self._org.org, ordered(self._org.settings.trusted_ranges)
        networks = administrators(self._policy)
        loose = [item for item in held if weakness(item, networks, self._policy)]
        if not loose or not networks:
            return
        shown = ", ".join(f"{item.first}-{item.last}" for item in loose)
        stay = [item for item in held if item not in loose]
        after = ordered([*stay, *ranges_of(networks, names(self._policy))])
        if why := self._tokenless(after):
            self._tell(
                f"trusted ranges stay ({shown} spares everybody there a confirmation and blocks nobody): {why}"
            )
            return
        self._draft.change(
            alias,
            ResourceKind.TRUSTED_RANGES,
            TRUSTED,
            state_of(held),
            state_of(after),
            f"{shown} is trusted: whoever has a password there is asked for nothing more",
            "people who come from elsewhere confirm who they are; nobody is refused, for trusted ranges block nobody",
        )

    def _tokenless(self, after: Sequence[AddressRange]) -> str:
        """Whether a password alone may do there what it would not do elsewhere."""
        if not self._org.settings.block_password_flow:
            return "the OAuth password flow is open, and no log tells whether its passwords come with a security token"
        users = {user.id: user for user in self._org.rights.users if user.active}
        found = sorted(
            {
                users[login.user_id].username
                for login in self._org.logins
                if login.success
                and login.kind == _PASSWORD_LOGIN
                and login.user_id in users
                and not within(login.address, after)
                and not within(login.address, self._then.ranges.get(users[login.user_id].profile_id, ()))
            }
        )
        return (
            f"{named(found)} signed in by password from there, perhaps without a security token"
            if found
            else ""
        )
