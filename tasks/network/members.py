"""Who has which profile, for address ranges bind all of them alike: integrations, administrators, and everybody else."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.inventory.model import Login, User
from tasks.network.model import ProfileAccess
from tasks.permissions.model import EffectiveRights, OrgRights
from tasks.permissions.simulate import held_in
from tasks.permissions.tiers import TIER_0
from tasks.plans.branch import BREAK_GLASS, protected
from tasks.value import Value

_STANDARD = "Standard"
_API_ONLY = "ApiUserOnly"


class Members(Value):
    """Active users of one profile, by user name. Whoever is an integration by rights, use or declaration is no person."""

    profile_id: str
    profile: str
    integrations: tuple[str, ...] = ()
    administrators: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """People who administer nothing, and users of the platform's own, of sites and of guests."""
    break_glass: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.integrations, *self.administrators, *self.others, *self.break_glass, *self.ours)


def members(
    org: OrgRights, logins: Iterable[Login], estate: Estate, policy: Policy, now: datetime
) -> tuple[Members, ...]:
    """One for each profile that active users have, by its name."""
    active = [user for user in org.users if user.active and not user.frozen]
    held = held_in(org, [user.id for user in active], now)
    spared = protected(estate, policy, org.org)
    declared = {route.sync_user.lower() for route in estate.routes if route.target == org.org}
    machines = _by_machine_only(logins)
    found: dict[str, dict[str, list[str]]] = {}
    names: dict[str, str] = {}
    for user in active:
        kind = _kind(user, held, spared, declared, machines)
        found.setdefault(user.profile_id, {}).setdefault(kind, []).append(user.username)
        names[user.profile_id] = user.profile_name
    return tuple(
        Members(
            profile_id=profile_id,
            profile=names[profile_id],
            **{kind: tuple(sorted(users)) for kind, users in found[profile_id].items()},
        )
        for profile_id in sorted(found, key=lambda each: names[each])
    )


def worth_a_look(
    org: OrgRights,
    profiles: Iterable[ProfileAccess],
    logins: Iterable[Login],
    estate: Estate,
    policy: Policy,
    now: datetime,
) -> frozenset[str]:
    """Ids of active users whose sign-ins have to be known: all of each profile that has ranges or should have some."""
    ranged = {each.profile_id for each in profiles if each.login_ranges}
    concerned = {
        each.profile_id
        for each in members(org, logins, estate, policy, now)
        if each.integrations or each.administrators or each.ours or each.profile_id in ranged
    }
    return frozenset(user.id for user in org.users if user.active and user.profile_id in concerned)


def _kind(
    user: User,
    held: Mapping[str, EffectiveRights],
    spared: Mapping[str, str],
    declared: set[str],
    machines: set[str],
) -> str:
    name = user.username.lower()
    if name in spared:
        return "break_glass" if spared[name] == BREAK_GLASS else "ours"
    if user.user_type != _STANDARD:
        return "others"
    rights = held.get(user.id)
    if name in declared or user.id in machines or (rights is not None and rights.has(_API_ONLY)):
        return "integrations"
    if rights is not None and not TIER_0.isdisjoint(rights.permissions):
        return "administrators"
    return "others"


def _by_machine_only(logins: Iterable[Login]) -> set[str]:
    """Ids of users who signed in by program, and never at a browser."""
    by_program: set[str] = set()
    at_browser: set[str] = set()
    for login in logins:
        if login.success:
            (at_browser if login.interactive else by_program).add(login.user_id)
    return by_program - at_browser
