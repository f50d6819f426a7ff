"""Never saw off the branch one sits on: what a plan would take from people and programs that must keep what they have."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.inventory.model import User
from tasks.network.model import AddressRange
from tasks.permissions.model import EffectiveRights, OrgRights
from tasks.permissions.simulate import PROFILE, after, held_in
from tasks.plans.branch import caught, hardens, person, protected, ranges_then, shut_out
from tasks.plans.model import Plan, ResourceKind

STANDARD = "Standard"
"""User.UserType of people and integrations; all others are the platform's own, guests, or customers of a site."""
_ADMINISTERS = ("ManageUsers", "AssignPermissionSets")
"""Whoever holds both can give back what somebody else lost; our own users and sealed accounts are nobody's daily help."""


def saws_off(
    plan: Plan,
    orgs: Iterable[OrgRights],
    estate: Estate,
    policy: Policy,
    now: datetime,
    addresses: Mapping[str, Mapping[str, Collection[str]]] | None = None,
    ranges: Mapping[str, Mapping[str, Collection[AddressRange]]] | None = None,
) -> tuple[str, ...]:
    """
    Every reason why the plan must not be applied; empty when there is none. `orgs` is what they hold now.

    `addresses` says by org and lower-case user name from where our own users come, `ranges` by org and name what ranges
    profiles have; a plan about address ranges, or about where they count, needs both.
    """
    known = {org.org: org for org in orgs}
    found = [
        f"{alias}: nothing is known of its users, so nobody can say who is locked out"
        for alias in plan.orgs
        if alias not in known
    ]
    for alias in plan.orgs:
        if alias in known:
            untouchable = protected(estate, policy, alias)
            found += _touched(plan, known[alias], untouchable)
            found += _changed(plan, known[alias], untouchable, now)
            seen = (addresses or {}).get(alias, {})
            found += _shut_out(plan, known[alias], untouchable, seen)
            found += _caught(plan, known[alias], untouchable, seen, (ranges or {}).get(alias, {}))
    return tuple(dict.fromkeys(found))


def _touched(plan: Plan, org: OrgRights, untouchable: Mapping[str, str]) -> list[str]:
    """Changes about a person who is never changed."""
    users = {user.username.lower(): user for user in org.users}
    made = {c.resource.key.lower() for c in plan.changes if c.resource.kind is ResourceKind.NEW_USER}
    found = []
    for change in plan.changes:
        name = person(change) if change.resource.org == org.org else None
        if name is None:
            continue
        user = users.get(name.lower())
        if name.lower() in untouchable:
            found.append(f"change {change.number}: {name} is {untouchable[name.lower()]}")
        elif user is None and name.lower() not in made:
            found.append(f"change {change.number}: {org.org} has no user {name}")
        elif user is not None and user.user_type != STANDARD:
            found.append(
                f"change {change.number}: {name} is a user of type {user.user_type}, never changed by machine"
            )
    return found


def _changed(plan: Plan, org: OrgRights, untouchable: Mapping[str, str], now: datetime) -> list[str]:
    """What people who are never changed would lose or gain by changes to sets and profiles; and whether an admin is left."""
    try:
        then = after(org, plan)
    except KeyError as name:
        return [f"{org.org}: the plan names {name}, which the org does not have"]
    ids = [user.id for user in org.users if user.active]
    held, left = held_in(org, ids, now), held_in(then, ids, now)
    found = []
    for user in org.users:
        protected = user.username.lower() in untouchable or user.user_type != STANDARD
        if not protected or user.id not in held:
            continue
        what = sorted(_rights(held[user.id]) ^ _rights(left[user.id]))
        what += [
            f"the app {org.apps[a][0] if a in org.apps else a}"
            for a in sorted(_apps(org, user) ^ _apps(then, user))
        ]
        if what:
            found.append(f"{org.org}: {user.username} is never touched, and {_few(what)} would change")
    people = [
        user
        for user in org.users
        if user.active and not user.frozen and user.username.lower() not in untouchable
    ]
    if _admins(people, held) and not _admins(people, left):
        found.append(f"{org.org}: no active administrator would be left")
    return found


def _shut_out(
    plan: Plan, org: OrgRights, untouchable: Mapping[str, str], addresses: Mapping[str, Collection[str]]
) -> list[str]:
    """Address ranges of profiles that such people have."""
    found = []
    for change in plan.changes:
        if change.resource.org != org.org or change.resource.kind is not ResourceKind.LOGIN_RANGES:
            continue
        holders = {
            user.username.lower(): untouchable[user.username.lower()]
            for user in org.users
            if user.active
            and user.username.lower() in untouchable
            and f"{PROFILE}{user.profile_name}".lower() == change.resource.key.lower()
        }
        found += [f"{org.org}: {why}" for why in shut_out(change, holders, addresses)]
    return found


def _caught(
    plan: Plan,
    org: OrgRights,
    untouchable: Mapping[str, str],
    addresses: Mapping[str, Collection[str]],
    ranges: Mapping[str, Collection[AddressRange]],
) -> list[str]:
    """Ranges that such people have already, and that count for more once the plan is applied."""
    hard = [change for change in plan.changes if change.resource.org == org.org and hardens(change)]
    then = ranges_then(plan, org.org, ranges) if hard else {}
    bound = {
        name: then.get(user.profile_name.lower())
        for user in org.users
        if user.active and (name := user.username.lower()) in untouchable
    }
    # Whom nobody saw yet is proved to come from inside before the plan is applied, when it is there to be asked.
    holders = {name: untouchable[name] for name in bound if addresses.get(name)}
    return [f"{org.org}: {why}" for change in hard for why in caught(change, holders, bound, addresses)]


def _rights(held: EffectiveRights) -> set[str]:
    objects = {
        f"{flag} {name}" for name, can in held.objects.items() for flag, on in can.model_dump().items() if on
    }
    fields = {
        f"{flag} {name}"
        for name, can in held.fields.items()
        for flag, on in zip(("read", "edit"), can, strict=True)
        if on
    }
    return {*held.permissions, *objects, *fields, *(f"view all fields {name}" for name in held.all_fields)}


def _apps(org: OrgRights, user: User) -> set[str]:
    """Apps to which a profile, set or group admits the user."""
    rows = [row for row in org.assignments if row.user_id == user.id]
    groups = {row.group_id for row in rows if row.group_id}
    mine = {row.permission_set_id for row in rows}
    mine |= {member for group in org.groups if group.id in groups for member in group.member_ids}
    mine |= {
        each.id for each in org.permission_sets if each.profile_id == user.profile_id and not each.group_id
    }
    return {access.app_id for access in org.app_access if access.parent_id in mine}


def _admins(people: Iterable[User], held: Mapping[str, EffectiveRights]) -> list[User]:
    return [
        p for p in people if p.user_type == STANDARD and all(held[p.id].has(name) for name in _ADMINISTERS)
    ]


def _few(what: list[str]) -> str:
    return ", ".join(what[:3]) + (f" and {len(what) - 3} more" if len(what) > 3 else "")
