"""Which address ranges profiles get, whom they would lock out, and what is left as it is and why."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from tasks.estate.model import Estate, Network
from tasks.estate.policy import Policy
from tasks.inventory.model import App, AppKind
from tasks.network.addresses import (
    administrators,
    blocks,
    inside,
    integrations,
    names,
    ordered,
    parsed,
    ranges_of,
    spelt,
    unusable,
    weakness,
    within,
)
from tasks.network.forecast import (
    ENFORCED,
    SignIns,
    admitted,
    names_of,
    ranges_by_id,
    refused,
)
from tasks.network.listing import OrgListing
from tasks.network.members import Members
from tasks.network.model import AddressRange, OrgNetwork, ProfileAccess
from tasks.network.org_wide import OrgWide
from tasks.network.words import line_of, shared_with, state_of, who_has
from tasks.oauth.forecast import key_of, named
from tasks.plans.branch import protected
from tasks.plans.draft import Draft
from tasks.plans.model import AppPolicy, ChangeClass, Plan, Resource, ResourceKind, Watched
from tasks.plans.render import counted

JOB = "allow-listing"
CONTROL, ADMINISTRATORS = "ZT-14", "ZT-16"


def allow_list_plan(
    estate: Estate, policy: Policy, orgs: Iterable[OrgNetwork], requester: str, now: datetime
) -> tuple[Plan, tuple[OrgListing, ...]]:
    """
    The plan, and by org what becomes of each profile and how that is known.

    Nothing is planned that would end a sign-in or a call that was seen, unless policy explains it.
    """
    draft = Draft(CONTROL, ChangeClass.IDENTITY)
    listings, watched = [], []
    for org in orgs:
        part = _Org(org, estate, policy, draft, now)
        part.work()
        listings.append(part.listing())
        watched += part.watched()
    for name, block, why in unusable(policy.network):
        called = f"{name} ({block})" if name else str(block)
        draft.risks.append(
            f"policy: {called} {why}, so no profile gets it; reserve egress addresses of your own and name those instead"
        )
    changed = ", ".join(dict.fromkeys(change.resource.org for change in draft.changes)) or "no org"
    plan = draft.plan(JOB, f"Address ranges of {changed}", requester, now, policy)
    return plan.model_copy(update={"watched": tuple(watched)}), tuple(listings)


def own_addresses(org: SignIns, estate: Estate, policy: Policy) -> dict[str, frozenset[str]]:
    """From where users whom no plan may lock out signed in and still may, by lower-case user name."""
    spared = protected(estate, policy, org.rights.org)
    seen: dict[str, set[str]] = {}
    for user, login in admitted(org, ranges_by_id(org)):
        if (name := user.username.lower()) in spared:
            seen.setdefault(name, set()).add(login.address)
    return {name: frozenset(each) for name, each in seen.items()}


def ranges_by_profile(org: SignIns) -> dict[str, tuple[AddressRange, ...]]:
    """By name of the profile; one that could not be read is not there."""
    return {each.profile_name: each.login_ranges for each in org.profiles}


class _Org(OrgWide):
    """One org's part of the plan."""

    def work(self) -> None:
        for each in self._members:
            if each.integrations or each.administrators or each.ours:
                self._profile(each)
            elif each.break_glass:
                self._draft.keeps.append(
                    f"{self._org.org}: profile {each.profile} of break-glass accounts ({named(each.break_glass)}) is not touched"
                )
        for app in sorted(self._org.apps, key=lambda each: each.label):
            if app.ip_relaxation not in ENFORCED:
                self._app(app)
            self._trusts(app)
        self._every_request()
        self._trusted_ranges()
        self._observed()

    def listing(self) -> OrgListing:
        return OrgListing(
            org=self._org.org,
            profiles=tuple(self._lines),
            explained=tuple(
                (each, reason.reason, reason.owner, reason.expires) for each, reason in self._accepted.items()
            ),
            days=self._org.days,
            log_days=self._org.log_days,
        )

    def watched(self) -> list[Watched]:
        """Users of routes whose profile changes: were they given another one, other sign-ins would be at stake."""
        changed = {line.profile for line in self._lines if line.after is not None}
        routed = {route.sync_user.lower() for route in self._estate.routes if route.target == self._org.org}
        return [
            Watched(
                resource=Resource(org=self._org.org, kind=ResourceKind.USER, key=user.username),
                state={"profile": user.profile_name},
            )
            for user in sorted(self._org.rights.users, key=lambda each: each.username)
            if user.active and user.profile_name in changed and user.username.lower() in routed
        ]

    # -- one profile

    def _profile(self, who: Members) -> None:
        profile = self._profiles.get(who.profile_id)
        if profile is None:
            self._leave(who, None, "its login ranges could not be read")
            return
        if why := shared_with(who):
            self._leave(who, profile, why)
            return
        machines = bool(who.integrations or who.ours)
        networks = integrations(self._policy) if machines else administrators(self._policy)
        if not networks:
            self._leave(who, profile, "policy.yaml names no network that it could be held to")
            return
        after = self._ranges(who, profile, networks)
        if list(after) == ordered(profile.login_ranges):
            self._keep(who, profile)
            return
        then = replace(self._then, ranges={**self._then.ranges, who.profile_id: after})
        # As if every request were checked and no app passed the ranges by: what comes later in the plan finds nobody new.
        strict = replace(then, every_request=True, relaxed=frozenset())
        lost = [each for each in refused(self._org, self._now, strict) if each.profile == who.profile]
        if why := self._unexplained(lost) or self._unseen(who):
            self._leave(who, profile, why)
            return
        self._then = then
        self._plan(who, profile, after)

    def _ranges(
        self, who: Members, profile: ProfileAccess, networks: Sequence[Network]
    ) -> tuple[AddressRange, ...]:
        """What was there and is no fault stays; what it does not hold and is in use, or all where nothing stays, comes."""
        kept = [r for r in profile.login_ranges if not weakness(r, networks, self._policy)]
        if kept and len(kept) == len(profile.login_ranges):
            return tuple(ordered(kept))
        seen = {each.address for each in self._seen(who)}
        wanted = [
            network
            for network in networks
            if not kept
            or any((here := parsed(a)) is not None and here in network and not within(a, kept) for a in seen)
        ]
        held = [r for r in kept if not all(inside(block, wanted) for block in blocks(r))]
        return tuple(ordered([*held, *ranges_of(wanted, names(self._policy))]))

    def _plan(self, who: Members, profile: ProfileAccess, after: tuple[AddressRange, ...]) -> None:
        machines = bool(who.integrations or who.ours)
        gone = [item for item in ordered(profile.login_ranges) if item not in after]
        why = (
            "a stolen key or password of an integration works from anywhere in the world"
            if machines
            else "a stolen password of an administrator works from anywhere in the world"
        )
        seen = self._seen(who)
        times = sum(each.times for each in seen)
        effect = (
            f"{who_has(who)} may come from these only; all {times} sign-ins and calls that were seen did"
            if times
            else f"{who_has(who)} may come from these only; nobody of them was seen in {self._org.days} days"
        )
        if gone:
            effect += f"; {', '.join(f'{r.first}-{r.last}' for r in gone)} goes"
        number = self._draft.change(
            self._org.org,
            ResourceKind.LOGIN_RANGES,
            f"profile:{who.profile}",
            state_of(profile.login_ranges),
            state_of(after),
            why,
            effect,
            control=CONTROL if machines else ADMINISTRATORS,
            users=who.names,
        )
        self._numbers.append(number)
        self._lines.append(
            line_of(who, profile, after=after, seen=self._addresses(who), unused=self._unused(who, after))
        )
        self._silent(who)

    def _keep(self, who: Members, profile: ProfileAccess) -> None:
        unused = self._unused(who, profile.login_ranges)
        self._lines.append(line_of(who, profile, seen=self._addresses(who), unused=unused))
        self._draft.keeps.append(
            f"{self._org.org}: profile {who.profile} lets in from the policy's networks only, already"
        )
        for item in unused:
            self._tell(
                f"from {spelt(item)} of profile {who.profile} nobody was seen in {self._org.days} days; take it out in "
                "Setup if nobody needs it"
            )

    def _leave(self, who: Members, profile: ProfileAccess | None, why: str) -> None:
        self._lines.append(line_of(who, profile, left_out=why, seen=self._addresses(who)))
        self._tell(f"profile {who.profile} stays as it is: {why}")

    def _unseen(self, who: Members) -> str:
        """Our own have to be known to come from inside, or nobody could take the change back."""
        seen = {each.username.lower() for each in self._seen(who)}
        strange = [name for name in who.ours if name.lower() not in seen]
        return f"nobody knows from where {named(strange)}, of our own, comes" if strange else ""

    # -- apps

    def _app(self, app: App) -> None:
        mine = names_of(app)
        ours = sorted(
            {
                user.username
                for user in self._org.rights.users
                if user.username.lower() in self._spared
                and any(
                    one.user_id == user.id and one.application.lower() in mine for one in self._org.logins
                )
            }
        )
        if not app.detail_known or (app.kind is AppKind.CONNECTED_APP and "__" in (app.full_name or "")):
            self._tell(
                f"{app.label} passes the ranges by and is not this org's own, so no API changes it: look in Setup"
            )
        elif ours:
            self._tell(
                f"{app.label} goes on passing the ranges by: {named(ours)}, whom no plan touches, signs in with it"
            )
        else:
            then = replace(self._then, relaxed=self._then.relaxed - mine, every_request=False)
            lost = [
                each
                for each in refused(self._org, replace(self._then, every_request=False), then)
                if each.application.lower() in mine
            ]
            if why := self._unexplained(lost):
                self._tell(f"{app.label} goes on passing the ranges by: {why}")
                return
            self._then = replace(self._then, relaxed=self._then.relaxed - mine)
            self._numbers.append(
                self._draft.change(
                    self._org.org,
                    ResourceKind.APP_POLICY,
                    key_of(app, AppPolicy.ADDRESSES),
                    {"value": str(app.ip_relaxation)},
                    {"value": "ENFORCE"},
                    f"{app.label}: its sign-ins pass by the address ranges of profiles",
                    "sign-ins from outside the ranges of a user's profile are refused; none was seen"
                    if not lost
                    else "sign-ins from outside are refused, as policy explains",
                    users=self._users_of(mine),
                )
            )

    def _users_of(self, app: frozenset[str]) -> list[str]:
        """Who signed in with an app of these names."""
        ids = {login.user_id for login in self._org.logins if login.application.lower() in app}
        return [user.username for user in self._org.rights.users if user.active and user.id in ids]

    def _trusts(self, app: App) -> None:
        """Ranges of an app spare a confirmation; they block nobody (Metadata API guide, ConnectedApp, ipRanges)."""
        wide = [
            f"{first}-{last}"
            for first, last in app.ip_ranges
            if weakness(AddressRange(first=first, last=last), administrators(self._policy), self._policy)
        ]
        if wide:
            self._tell(
                f"{app.label} trusts {named(wide)}, which are not the policy's networks; its ranges relax and block nobody"
            )

    def _observed(self) -> None:
        """How much is known. Absence of logs is not absence of use."""
        org = self._org
        logs = (
            f"addresses of calls are known of {counted(org.log_days, 'day')} of them"
            if org.log_days
            else "the org gives no log of calls, so from where sessions are used is not known"
        )
        self._draft.keeps.append(
            f"{org.org}: judged from all sign-ins of {counted(len(org.looked_at), 'user')} in {org.days} days; {logs}"
        )
        for each in self._policy.explained:
            if each.org == org.org and each.expires < self._today:
                self._tell(
                    f"policy explained lock-outs of {each.username} until {each.expires}; that is over"
                )

    def _silent(self, who: Members) -> None:
        seen = {each.username for each in self._seen(who)}
        if silent := [name for name in (*who.integrations, *who.administrators) if name not in seen]:
            self._tell(
                f"{named(silent)} with profile {who.profile} was not seen in {self._org.days} days; if it comes from "
                "elsewhere, it is refused"
            )
