"""Everybody who could take an org over is asked for a second factor, and nobody is exempt."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from tasks.estate.model import Estate, JitPolicy, Policy
from tasks.mfa.asked import ASKS, EXEMPTS, administers, asked, people, single_sign_on_only, unarmed
from tasks.mfa.model import SignIns
from tasks.permissions.model import PermissionSet
from tasks.permissions.simulate import after
from tasks.plans.branch import protected
from tasks.plans.digest import policy_digest
from tasks.plans.model import Change, ChangeClass, Plan, Resource, ResourceKind, State

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
    drafts = [_Draft(org, protected(estate, policy, org.org), now) for org in orgs]
    changes: list[Change] = []
    for draft in drafts:
        draft.work(changes)
    plan = Plan(
        job=JOB,
        title=f"Second factors in {', '.join(draft.org.org for draft in drafts)}",
        requester=requester,
        made_at=now,
        expires_at=now + policy.changes.plan_lifetime,
        policy_digest=policy_digest(policy),
        changes=tuple(changes),
        keeps=tuple(line for draft in drafts for line in draft.keeps),
    )
    risks = [line for draft in drafts for line in (*draft.risks, *_told(draft.org, plan, now))]
    risks += _unreviewed(policy.jit, now)
    return plan.model_copy(update={"risks": tuple(dict.fromkeys(risks))})


def held_up(org: SignIns, plan: Plan, now: datetime) -> list[str]:
    """User names of those who, once the plan is applied, have to register a second factor before they get in."""
    switched = any(c.resource.org == org.org and c.resource.key == SWITCH for c in plan.changes)
    then = org.model_copy(update={"rights": after(org.rights, plan)})
    for_all = org.settings.mfa_for_direct_logins or switched
    return sorted(user.username for user in unarmed(then, now, for_all=for_all))


def _told(org: SignIns, plan: Plan, now: datetime) -> list[str]:
    waiting = held_up(org, plan, now)
    if not waiting:
        return [f"{org.org}: everybody who is asked for a second factor has one"]
    more = f" and {len(waiting) - _SHOWN} more" if len(waiting) > _SHOWN else ""
    return [
        f"{org.org}: without a second factor, and to register one at the next sign-in ({len(waiting)}): "
        f"{', '.join(waiting[:_SHOWN])}{more}"
    ]


class _Draft:
    """What one org's part of the plan is, and what people are told about it."""

    def __init__(self, org: SignIns, spared: Mapping[str, str], now: datetime) -> None:
        self.org = org
        self.keeps: list[str] = []
        self.risks: list[str] = []
        self._spared = spared
        self._now = now
        self._people = people(org, now)

    def work(self, changes: list[Change]) -> None:
        self._exemptions(changes)
        self._ask(changes)
        self._switch(changes)
        self.keeps.append(f"{self.org.org}: sign-ins through the API are not asked for a second factor")
        self._machines_at_the_browser()

    def _exemptions(self, changes: list[Change]) -> None:
        sets = {each.name: each for each in self.org.rights.permission_sets if not each.profile_id}
        for user, rights in self._people:
            for source in rights.permissions.get(EXEMPTS, ()):
                where = f"{self.org.org}: {user.username} is exempt from multi-factor authentication"
                if user.username.lower() in self._spared:
                    self.risks.append(
                        f"{where} and is {self._spared[user.username.lower()]}, which no plan touches: review it by hand"
                    )
                elif source.profile:
                    self.risks.append(f"{where} by its profile; take that permission away in Setup")
                elif _holders(self.org, source.permission_set) & self._spared.keys():
                    self.risks.append(
                        f"{where} by the set {source.permission_set}, which a protected user holds too: give that one a set "
                        "of its own"
                    )
                elif held := sets.get(source.permission_set):
                    self._free(changes, held)

    def _free(self, changes: list[Change], held: PermissionSet) -> None:
        before: State = {"label": held.label, "permissions": [*sorted(held.permissions)]}
        after: State = {"label": held.label, "permissions": [*sorted(held.permissions - {EXEMPTS})]}
        who = ", ".join(sorted(_holders(self.org, held.name))) or "nobody"
        self._add(
            changes,
            ResourceKind.PERMISSION_SET,
            held.name,
            before,
            after,
            "an exemption lets a stolen password in by itself",
            f"holders of {held.name} are asked for a second factor again: {who}",
        )

    def _ask(self, changes: list[Change]) -> None:
        wanted = [
            user
            for user, rights in self._people
            if administers(rights)
            and not rights.has(ASKS)
            and user.username.lower() not in self._spared
            and not single_sign_on_only(self.org, user, rights)
        ]
        if not wanted:
            return
        there = any(each.name == SET for each in self.org.rights.permission_sets)
        number = 0 if there else self._make(changes)
        for user in wanted:
            self._add(
                changes,
                ResourceKind.ASSIGNMENT,
                f"{user.username}/{SET}",
                None,
                {"expires": None},
                f"{user.username} may take the org over and no permission asks for a second factor",
                f"{user.username} is asked for a second factor at the browser",
                *([number] if number else []),
            )

    def _make(self, changes: list[Change]) -> int:
        return self._add(
            changes,
            ResourceKind.PERMISSION_SET,
            SET,
            None,
            {"label": "Bulkhead: second factor required", "permissions": [ASKS]},
            "who holds it is asked for a second factor whatever the org's switch says",
            "nobody holds it yet",
        )

    def _switch(self, changes: list[Change]) -> None:
        alias = self.org.org
        if self.org.settings.mfa_for_direct_logins:
            self.keeps.append(f"{alias}: the org asks for a second factor at all direct sign-ins already")
            return
        locked = [
            user.username
            for user, rights in self._people
            if user.username.lower() in self._spared
            and user.id not in self.org.armed
            and asked(rights, for_all=True)
        ]
        if locked:
            self.risks.append(
                f"{alias}: the org's switch stays off, for it would lock out {', '.join(locked)}: register their security "
                "keys first, then plan again"
            )
            return
        self._add(
            changes,
            ResourceKind.ORG_SETTING,
            SWITCH,
            {"on": False},
            {"on": True},
            "neither the org nor a permission asks everybody for a second factor",
            "every direct sign-in at a browser needs a second factor; single sign-on and the API are not asked",
        )

    def _machines_at_the_browser(self) -> None:
        held = {user.id for user, _ in self._people}
        names = {u.id: u.username for u in self.org.rights.users if u.active and u.id not in held}
        for login in self.org.logins:
            if login.success and login.interactive and login.user_id in names:
                self.risks.append(
                    f"{self.org.org}: {names[login.user_id]} may use the API only and signed in at a browser "
                    f"{login.count} times: find out who did"
                )

    def _add(
        self,
        changes: list[Change],
        kind: ResourceKind,
        key: str,
        before: State | None,
        after: State | None,
        why: str,
        effect: str,
        *needs: int,
    ) -> int:
        resource = Resource(org=self.org.org, kind=kind, key=key)
        for made in changes:
            if made.resource == resource:
                return made.number
        changes.append(
            Change(
                number=len(changes) + 1,
                resource=resource,
                before=before,
                after=after,
                kind=ChangeClass.IDENTITY,
                control=CONTROL,
                why=why,
                effect=effect,
                needs=needs,
            )
        )
        return len(changes)


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
