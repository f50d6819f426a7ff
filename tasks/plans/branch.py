"""Never saw off the branch we sit on: what of a plan would take rights from ourselves or from who lets us in when we fail."""

from collections.abc import Collection, Mapping

from tasks.estate.model import Estate, Policy
from tasks.plans.model import Change, Plan, ResourceKind
from tasks.plans.records import split

_OF_SETS = frozenset(
    {
        ResourceKind.PERMISSION_SET,
        ResourceKind.OBJECT_PERMISSION,
        ResourceKind.FIELD_PERMISSION,
        ResourceKind.APP_ACCESS,
        ResourceKind.PROFILE_PERMISSION,
    }
)


def protected(estate: Estate, policy: Policy, org: str) -> dict[str, str]:
    """User names of one org that no plan may touch, in lower case, with what they are."""
    entry = estate.org(org)
    ours = {entry.scanner.username.lower(): "our scanner"}
    if entry.enforcer is not None:
        ours[entry.enforcer.username.lower()] = "our enforcer"
    return {**{name.lower(): "a break-glass account" for name in policy.jit.break_glass}, **ours}


def sawn_off(
    plan: Plan, org: str, untouchable: Mapping[str, str], held: Mapping[str, Collection[str]]
) -> tuple[str, ...]:
    """
    `held` maps each protected user to names of sets, of groups as `group:Name`, and of the profile as `profile:Name`.

    Rights that a plan adds to a set harm nobody; everything else about such a user, or about a set that one holds, does.
    """
    found = []
    for change in plan.changes:
        if change.resource.org != org:
            continue
        key = change.resource.key
        if (whose := person(change)) is not None:
            name = whose.lower()
            if name in untouchable and not _only_adds(change):
                found.append(f"change {change.number} is about {untouchable[name]} ({name})")
            continue
        container = key if change.resource.kind is ResourceKind.PERMISSION_SET else split(key)[0]
        for name, what in untouchable.items():
            holds = {each.lower() for each in held.get(name, ())}
            if change.resource.kind in _OF_SETS and container.lower() in holds and not _only_adds(change):
                found.append(
                    f"change {change.number} takes rights from {what} ({name}), who holds {container}"
                )
    return tuple(found)


def person(change: Change) -> str | None:
    """The user name of the one whom a change is about, where it is about one."""
    key = change.resource.key
    match change.resource.kind:
        case ResourceKind.ASSIGNMENT | ResourceKind.LICENCE:
            return split(key)[0]
        case ResourceKind.USER | ResourceKind.NEW_USER | ResourceKind.SIGN_IN:
            return key
        case ResourceKind.APP_TOKEN:
            return key.partition("/")[0]
        case _:
            return None


def _only_adds(change: Change) -> bool:
    """Whether nothing that was there before is less afterwards."""
    if change.before is None:
        return change.after is not None
    if change.after is None:
        return False
    for name, was in change.before.items():
        now = change.after.get(name)
        if isinstance(was, bool):
            if was and now is not True:
                return False
        elif isinstance(was, list):
            if not isinstance(now, list) or not {str(each) for each in was} <= {str(each) for each in now}:
                return False
        elif name != "label" and was != now:
            return False
    return True
