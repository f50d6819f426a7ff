"""Never saw off the branch we sit on: what of a plan would take rights from ourselves or from who lets us in when we fail."""

from collections.abc import Collection, Mapping

from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.network.addresses import blocks, inside, unspelt, within
from tasks.network.model import EVERY_REQUEST, AddressRange
from tasks.plans.model import AppPolicy, Change, Plan, ResourceKind, State
from tasks.plans.records import PROFILE, split

_OF_SETS = frozenset(
    {
        ResourceKind.PERMISSION_SET,
        ResourceKind.OBJECT_PERMISSION,
        ResourceKind.FIELD_PERMISSION,
        ResourceKind.APP_ACCESS,
        ResourceKind.PROFILE_PERMISSION,
    }
)
BREAK_GLASS = "a break-glass account"
_SCANNER = "our scanner"


def protected(estate: Estate, policy: Policy, org: str) -> dict[str, str]:
    """User names of one org that no plan may touch, in lower case, with what they are."""
    entry = estate.org(org)
    ours = {entry.scanner.username.lower(): _SCANNER}
    if entry.enforcer is not None:
        ours[entry.enforcer.username.lower()] = "our enforcer"
    return {**{name.lower(): BREAK_GLASS for name in policy.jit.break_glass}, **ours}


def sawn_off(
    plan: Plan,
    org: str,
    untouchable: Mapping[str, str],
    held: Mapping[str, Collection[str]],
    addresses: Mapping[str, Collection[str]] | None = None,
    ranges: Mapping[str, Collection[AddressRange]] | None = None,
) -> tuple[str, ...]:
    """
    `held` maps each protected user to names of sets, of groups as `group:Name`, and of the profile as `profile:Name`;
    `addresses` each of our own to where it comes from, as far as that is known; `ranges` are those that profiles have now, by
    name. A plan that hardens how ranges count needs both.

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
        if change.resource.kind is ResourceKind.LOGIN_RANGES:
            # Where the scanner comes from was known when the plan was made; the enforcer need not see its sessions.
            known = addresses or {}
            concerned = {
                name: what
                for name, what in untouchable.items()
                if key.lower() in {each.lower() for each in held.get(name, ())}
                and (what != _SCANNER or name in known)
            }
            found += shut_out(change, concerned, known)
            continue
        if hardens(change):
            then = ranges_then(plan, org, ranges or {})
            bound = {name: then.get(_profile(held.get(name, ()))) for name in untouchable}
            # As above; who does not exist in this org has no profile.
            concerned = {
                name: what
                for name, what in untouchable.items()
                if _profile(held.get(name, ())) and (what != _SCANNER or name in (addresses or {}))
            }
            found += caught(change, concerned, bound, addresses or {})
            continue
        container = key if change.resource.kind is ResourceKind.PERMISSION_SET else split(key)[0]
        for name, what in untouchable.items():
            holds = {each.lower() for each in held.get(name, ())}
            if change.resource.kind in _OF_SETS and container.lower() in holds and not _only_adds(change):
                found.append(
                    f"change {change.number} takes rights from {what} ({name}), who holds {container}"
                )
    return tuple(found)


def shut_out(
    change: Change, holders: Mapping[str, str], addresses: Mapping[str, Collection[str]]
) -> list[str]:
    """
    Why login ranges of a profile must not change so. `holders` are protected users who have it, with what they are.

    Break-glass accounts have to get in from anywhere that they could come from before. Our own have to be known to come
    from inside: who was never seen might be shut out for good.
    """
    before, after = ranges_in(change.before), ranges_in(change.after)
    found = []
    for name, what in sorted(holders.items()):
        seen = addresses.get(name, ())
        if what == BREAK_GLASS:
            if after and not (before and all(_admitted(each, after) for each in before)):
                found.append(f"change {change.number} narrows from where {what} ({name}) may come")
        elif after and not seen:
            found.append(f"change {change.number}: nobody knows from where {what} ({name}) comes")
        elif after and (outside := sorted({each for each in seen if not within(each, after)})):
            found.append(
                f"change {change.number} shuts out {what} ({name}), who comes from {', '.join(outside)}"
            )
    return found


def hardens(change: Change) -> bool:
    """Whether ranges that profiles have already count for more afterwards: for every request, or for sign-ins with an app."""
    after = change.after or {}
    match change.resource.kind:
        case ResourceKind.ORG_SETTING:
            return change.resource.key == EVERY_REQUEST and after.get("on") is True
        case ResourceKind.APP_POLICY:
            _, _, policy = change.resource.key.rpartition("/")
            return policy == AppPolicy.ADDRESSES.value and after.get("value") != "BYPASS"
        case _:
            return False


def hardens_in(plan: Plan, org: str) -> bool:
    """Whether a plan does so in one org."""
    return any(change.resource.org == org and hardens(change) for change in plan.changes)


def ranges_then(
    plan: Plan, org: str, ranges: Mapping[str, Collection[AddressRange]]
) -> dict[str, Collection[AddressRange]]:
    """Ranges by name of the profile, in lower case, once the plan is applied to an org that has these now."""
    changed = {
        change.resource.key.removeprefix(PROFILE).lower(): ranges_in(change.after)
        for change in plan.changes
        if change.resource.org == org and change.resource.kind is ResourceKind.LOGIN_RANGES
    }
    return {name.lower(): each for name, each in ranges.items()} | changed


def caught(
    change: Change,
    holders: Mapping[str, str],
    bound: Mapping[str, Collection[AddressRange] | None],
    addresses: Mapping[str, Collection[str]],
) -> list[str]:
    """
    Why a change that hardens must not be made. `bound` are the ranges of each holder by then, None where nobody knows them;
    the rest is as for `shut_out`.

    Break-glass accounts sign in from inside of their ranges, so that nobody saw them speaks against nothing.
    """
    found = []
    for name, what in sorted(holders.items()):
        ranges, seen = bound.get(name), addresses.get(name, ())
        if ranges is None:
            found.append(f"change {change.number}: nobody knows the ranges of {what} ({name})")
        elif ranges and not seen and what != BREAK_GLASS:
            found.append(f"change {change.number}: nobody knows from where {what} ({name}) comes")
        elif ranges and (outside := sorted({each for each in seen if not within(each, ranges)})):
            found.append(
                f"change {change.number} makes ranges count, and {what} ({name}) comes from {', '.join(outside)}"
            )
    return found


def ranges_in(state: State | None) -> list[AddressRange]:
    """Login ranges that a state names."""
    listed = (state or {}).get("ranges")
    return [unspelt(str(each)) for each in listed] if isinstance(listed, list) else []


def _admitted(item: AddressRange, ranges: Collection[AddressRange]) -> bool:
    networks = [block for each in ranges for block in blocks(each)]
    return all(inside(block, networks) for block in blocks(item))


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


def _profile(held: Collection[str]) -> str:
    """Name of the profile among what a user holds, in lower case; empty where none is."""
    return next((each.removeprefix(PROFILE).lower() for each in held if each.startswith(PROFILE)), "")


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
