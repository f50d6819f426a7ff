"""Everybody who could take an org over is asked for a second factor, and nobody is exempt."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from tasks.estate.model import Estate
from tasks.estate.model_access import JitPolicy
from tasks.estate.policy import Policy
from tasks.inventory.model import User
from tasks.mfa.asked import ASKS, EXEMPTS, administers, asked, people, single_sign_on_only, unarmed
from tasks.mfa.asking import give_asking_set
from tasks.mfa.model import SignIns
from tasks.permissions.model import PermissionSet
from tasks.permissions.simulate import after
from tasks.plans.branch import protected
from tasks.plans.draft import Draft
from tasks.plans.model import ChangeClass, Plan, ResourceKind, State

JOB = "mfa"
CONTROL = "ZT-04"
SET = "Bulkhead_MFA_Required"
SWITCH = "Security.sessionSettings.enableMFADirectUILoginOptIn"
_SHOWN = 20


def mfa_plan(estate: Estate, policy: Policy, orgs: Iterable[SignIns], requester: str, now: datetime) -> Plan:
    """
    One plan for these orgs: the org's own switch, a permission set that asks each administrator, and no exemptions.

    Break-glass accounts and our own users are never changed; where the switch would lock out a break-glass account it
    stays off, and the plan says so. Who has no second factor yet is named as a risk.
    """
    draft = Draft(CONTROL, ChangeClass.IDENTITY)
    orgs = list(orgs)
    for org in orgs:
        _Org(org, draft, protected(estate, policy, org.org), now).work()
    title = f"Second factors in {', '.join(org.org for org in orgs)}"
    so_far = draft.plan(JOB, title, requester, now, policy)
    draft.risks += [line for org in orgs for line in _told(org, so_far, now)] + _unreviewed(policy.jit, now)
    return draft.plan(JOB, title, requester, now, policy)


def held_up(org: SignIns, plan: Plan, now: datetime) -> list[str]:
    """User names of those who, once the plan is applied, have to register a second factor before they get in."""
    switched = any(c.resource.org == org.org and c.resource.key == SWITCH for c in plan.changes)
    then = org.model_copy(update={"rights": after(org.rights, plan)})
    for_all = org.settings.mfa_for_direct_logins or switched
    return sorted(user.username for user in unarmed(then, now, for_all=for_all))


def newly_held_up(org: SignIns, plan: Plan, now: datetime) -> list[str]:
    """Those among them whom nothing holds up today."""
    today = {user.username for user in unarmed(org, now, for_all=org.settings.mfa_for_direct_logins)}
    return [name for name in held_up(org, plan, now) if name not in today]


def _told(org: SignIns, plan: Plan, now: datetime) -> list[str]:
    """Administrators by name, for they are what the plan is about; of everybody else only how many."""
    administrators = {user.username for user, rights in people(org, now) if administers(rights)}
    waiting, new = held_up(org, plan, now), newly_held_up(org, plan, now)
    found = [
        f"{org.org}: the administrator {name} has no second factor, and registers one at the next sign-in"
        for name in waiting
        if name in administrators
    ]
    if others := [name for name in new if name not in administrators]:
        found.append(
            f"{org.org}: {len(others)} more who signed in before have no second factor; each registers one at the next sign-in"
        )
    return found or [f"{org.org}: nobody more has to register a second factor"]


class _Org:
    """One org's part of the plan."""

    def __init__(self, org: SignIns, draft: Draft, spared: Mapping[str, str], now: datetime) -> None:
        self._org = org
        self._draft = draft
        self._spared = spared
        self._now = now
        self._people = people(org, now)

    def work(self) -> None:
        self._exemptions()
        self._ask()
        self._switch()
        self._draft.keeps.append(
            f"{self._org.org}: sign-ins through the API are not asked for a second factor"
        )
        self._machines_at_the_browser()

    def _exemptions(self) -> None:
        sets = {each.name: each for each in self._org.rights.permission_sets if not each.profile_id}
        for user, rights in self._people:
            for source in rights.permissions.get(EXEMPTS, ()):
                where = f"{self._org.org}: {user.username} is exempt from multi-factor authentication"
                if user.username.lower() in self._spared:
                    self._draft.risks.append(
                        f"{where} and is {self._spared[user.username.lower()]}, which no plan touches: review it by hand"
                    )
                elif source.profile:
                    self._free_profile(user, where)
                elif _holders(self._org, source.permission_set) & self._spared.keys():
                    self._draft.risks.append(
                        f"{where} by the set {source.permission_set}, which a protected user holds too: give that one a set "
                        "of its own"
                    )
                elif held := sets.get(source.permission_set):
                    self._free(held)

    def _free_profile(self, user: User, where: str) -> None:
        """A profile's exemption ends for all who have it, so nobody among them may be protected."""
        alike = [
            each for each in self._org.rights.users if each.profile_id == user.profile_id and each.active
        ]
        if user.profile_id not in self._org.custom_profiles:
            self._draft.risks.append(
                f"{where} by the standard profile {user.profile_name}, whose permissions nobody can edit: move its users to a "
                "profile of your own"
            )
        elif any(each.username.lower() in self._spared for each in alike):
            self._draft.risks.append(
                f"{where} by the profile {user.profile_name}, which a protected user has too: give that one a profile of its own"
            )
        else:
            self._draft.change(
                self._org.org,
                ResourceKind.PROFILE_PERMISSION,
                f"profile:{user.profile_name}/{EXEMPTS}",
                {"on": True},
                {"on": False},
                "an exemption lets a stolen password in by itself",
                f"all with the profile {user.profile_name} are asked for a second factor again: {len(alike)} active users",
                users=[each.username for each in alike],
            )

    def _free(self, held: PermissionSet) -> None:
        before: State = {"label": held.label, "permissions": [*sorted(held.permissions)]}
        after: State = {"label": held.label, "permissions": [*sorted(held.permissions - {EXEMPTS})]}
        holders = _holders(self._org, held.name)
        who = ", ".join(sorted(holders)) or "nobody"
        self._draft.change(
            self._org.org,
            ResourceKind.PERMISSION_SET,
            held.name,
            before,
            after,
            "an exemption lets a stolen password in by itself",
            f"holders of {held.name} are asked for a second factor again: {who}",
            users=[u.username for u in self._org.rights.users if u.active and u.username.lower() in holders],
        )

    def _ask(self) -> None:
        wanted = [
            user
            for user, rights in self._people
            if administers(rights)
            and not rights.has(ASKS)
            and user.username.lower() not in self._spared
            and not single_sign_on_only(self._org, user, rights)
        ]
        if not wanted:
            return
        given = [
            (
                user,
                f"{user.username} may take the org over and no permission asks for a second factor",
                f"{user.username} is asked for a second factor at the browser",
            )
            for user in wanted
        ]
        effects = (
            "who holds it is asked for a second factor whatever the org's switch says",
            "its holders are asked for a second factor from then on",
            "nobody holds it yet",
        )
        give_asking_set(
            self._draft,
            self._org.rights,
            self._spared,
            SET,
            "Bulkhead: second factor required",
            (ASKS,),
            given,
            self._now,
            effects=effects,
        )

    def _switch(self) -> None:
        alias = self._org.org
        if self._org.settings.mfa_for_direct_logins:
            self._draft.keeps.append(
                f"{alias}: the org asks for a second factor at all direct sign-ins already"
            )
            return
        locked = [
            user.username
            for user, rights in self._people
            if user.username.lower() in self._spared
            and user.id not in self._org.armed
            and asked(rights, for_all=True)
        ]
        if locked:
            self._draft.risks.append(
                f"{alias}: the org's switch stays off, for it would lock out {', '.join(locked)}: register their security "
                "keys first, then plan again"
            )
            return
        self._draft.change(
            self._org.org,
            ResourceKind.ORG_SETTING,
            SWITCH,
            {"on": False},
            {"on": True},
            "neither the org nor a permission asks everybody for a second factor",
            "every direct sign-in at a browser needs a second factor; single sign-on and the API are not asked",
            users=self._to_register(),
        )

    def _to_register(self) -> list[str]:
        """Who gets in today and not with the switch on, until a second factor is registered."""
        today, then = (
            {user.username for user in unarmed(self._org, self._now, for_all=for_all)}
            for for_all in (False, True)
        )
        return sorted(then - today)

    def _machines_at_the_browser(self) -> None:
        held = {user.id for user, _ in self._people}
        names = {u.id: u.username for u in self._org.rights.users if u.active and u.id not in held}
        for login in self._org.logins:
            if login.success and login.interactive and login.user_id in names:
                self._draft.risks.append(
                    f"{self._org.org}: {names[login.user_id]} may use the API only and signed in at a browser "
                    f"{login.count} times: find out who did"
                )


def _holders(org: SignIns, name: str) -> set[str]:
    """Lower-case user names of who holds a set, alone or through a group."""
    ids = {each.id for each in org.rights.permission_sets if each.name == name}
    groups = {group.id for group in org.rights.groups if ids & set(group.member_ids)}
    users = {user.id: user.username.lower() for user in org.rights.users}
    return {
        users[row.user_id]
        for row in org.rights.assignments
        if row.user_id in users and (row.permission_set_id in ids or row.group_id in groups)
    }


def _unreviewed(policy: JitPolicy, now: datetime) -> list[str]:
    """Break-glass accounts whose last review is too long ago, or unknown."""
    found = []
    reviewed: Mapping[str, object] = policy.break_glass_reviewed
    for name in policy.break_glass:
        last = policy.break_glass_reviewed.get(name)
        if last is None:
            found.append(f"{name} is break glass, and policy.yaml names no review of it")
        elif now.date() - last > policy.break_glass_review_interval:
            found.append(f"{name} is break glass and was last reviewed on {last}: it is due again")
    strange = sorted(set(reviewed) - set(policy.break_glass))
    return [*_few(found), *(f"{name} is reviewed as break glass and listed as none" for name in strange)]


def _few(lines: Collection[str]) -> list[str]:
    shown = list(lines)[:_SHOWN]
    return shown + (
        [f"{len(lines) - _SHOWN} more break-glass accounts are due for review"] if len(lines) > _SHOWN else []
    )
