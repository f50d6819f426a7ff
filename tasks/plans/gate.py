"""Whether a plan may be applied now: every reason against it, for a person to read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tasks.estate.model import Estate, OrgKind
from tasks.estate.model_changes import ChangePolicy, ChangeWindow
from tasks.estate.policy import Policy
from tasks.plans.branch import person
from tasks.plans.digest import digest, policy_digest
from tasks.plans.model import Approval, Change, Plan, ResourceKind

WATCHER = "watch-plans"
"""Who asks for the ways back of plans after which a route fails: no person, so nobody may ask under this name."""
SHOWN = 12
"""Letters by which people tell digests apart."""
_OF_PROFILES = frozenset({ResourceKind.LOGIN_RANGES, ResourceKind.PROFILE_PERMISSION})
"""What always touches somebody, and whom only its planner knows."""
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Against:
    """Every reason against applying a plan now. `lasting` are those of them that nobody's yes and no other hour ends."""

    reasons: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()


@dataclass(frozen=True)
class Circumstances:
    """
    `users` are the active users of each org; `now` is the orgs' own time; `halted` why all applies are stopped; `apart` the orgs that
    cannot be reached, to which nothing is sent.
    """

    now: datetime
    users: Mapping[str, int]
    halted: str | None = None
    apart: frozenset[str] = frozenset()


def refusals(
    plan: Plan, approvals: Sequence[Approval], policy: Policy, around: Circumstances
) -> tuple[str, ...]:
    """Empty when it may be applied."""
    valid = counted(plan, approvals, policy.changes)
    found = [
        *([f"all applies are halted: {around.halted}"] if around.halted is not None else []),
        *hopeless(plan, policy, around.now),
        *_unapproved(plan, valid, policy.changes),
    ]
    if plan.undoes is None:
        found += _too_many(plan, policy.changes, around)
        if not any(approval.emergency for approval in valid):
            found += _out_of_time(policy.changes, around.now)
    return tuple(found)


def hopeless(plan: Plan, policy: Policy, now: datetime) -> tuple[str, ...]:
    """Those of the reasons against a plan that nobody's yes and no other hour ends. They need no look at an org."""
    return (
        *_outdated(plan, policy, now),
        *_unknown(plan, policy.changes),
        *(_beyond_limits(plan, policy.changes) if plan.undoes is None else ()),
    )


def lasting(plan: Plan, policy: Policy, around: Circumstances) -> tuple[str, ...]:
    """As `hopeless`, and what only a look at the orgs shows: too many people for one plan."""
    return (
        *hopeless(plan, policy, around.now),
        *(_too_many(plan, policy.changes, around) if plan.undoes is None else ()),
    )


def counted(plan: Plan, approvals: Sequence[Approval], policy: ChangePolicy) -> tuple[Approval, ...]:
    """
    The first yes of each person that binds this plan: not the requester's, and signed where that is asked for. A name with
    and without its domain is one person, and so is a key whatever names it stands under.
    """
    signature_wanted = is_signed(plan, policy)
    bound = digest(plan)
    found: list[Approval] = []
    for approval in approvals:
        if approval.plan != bound or alike(approval.approver, plan.requester):
            continue
        if signature_wanted and approval.signed_by is None:
            continue
        if any(alike(approval.approver, other.approver) for other in found):
            continue
        if approval.signed_by is None or approval.signed_by not in {other.signed_by for other in found}:
            found.append(approval)
    return tuple(found)


def alike(one: str, other: str) -> bool:
    """Whether two names are one person's: case does not count, nor does a domain that only one of them has."""
    one, other = one.strip().lower(), other.strip().lower()
    if ("@" in one) == ("@" in other):
        return one == other
    return one.partition("@")[0] == other.partition("@")[0]


def is_signed(plan: Plan, policy: ChangePolicy) -> bool:
    """Whether a yes counts only with a signature."""
    return not set(policy.approvals.signed).isdisjoint(_classes(plan))


def needed(plan: Plan, policy: ChangePolicy) -> int:
    """Approvals that its most demanding change asks for."""
    return max((getattr(policy.approvals, name) for name in _classes(plan)), default=0)


def command(name: str, *, signed: bool) -> str:
    """What a person types to approve the plan of this digest."""
    key = " --approver you@example.com --key ~/.ssh/id_ed25519" if signed else ""
    return f'bulkhead plan approve {name[:SHOWN]} --reason "…"{key}'


def ring_order(orgs: Sequence[str], estate: Estate, policy: ChangePolicy) -> tuple[str, ...]:
    """Sandboxes, then the rings of the policy, then the rest; each in the order given."""
    rings = {alias: place for place, ring in enumerate(policy.rings) for alias in ring}
    kinds = {entry.alias: entry.kind for entry in estate.orgs}

    def place(alias: str) -> tuple[bool, int]:
        return kinds.get(alias) is not OrgKind.SANDBOX, rings.get(alias, len(policy.rings))

    return tuple(sorted(orgs, key=place))


def _classes(plan: Plan) -> set[str]:
    return {"rollback"} if plan.undoes else {change.kind.value for change in plan.changes}


def _outdated(plan: Plan, policy: Policy, now: datetime) -> list[str]:
    found = []
    if now >= plan.expires_at:
        found.append(f"the plan expired on {plan.expires_at:%Y-%m-%d %H:%M} UTC; make it anew")
    if plan.policy_digest != policy_digest(policy):
        found.append("policy.yaml was changed after the plan was made; make it anew")
    return found


def _unknown(plan: Plan, policy: ChangePolicy) -> list[str]:
    if not needed(plan, policy) or not is_signed(plan, policy) or _is_known(plan, policy):
        return []
    return [
        f"it was asked for by {plan.requester}, whom approvals.keys in policy.yaml does not name, so nobody can tell whether "
        "an approver is somebody else; make it anew with a name that stands there"
    ]


def _unapproved(plan: Plan, valid: Sequence[Approval], policy: ChangePolicy) -> list[str]:
    wanted = needed(plan, policy)
    if len(valid) >= wanted or _unknown(plan, policy):
        return []
    people = "one person" if wanted == 1 else f"{wanted} people"
    if not is_signed(plan, policy):
        return [f"{people} other than {plan.requester} must approve it; {len(valid)} did"]
    return [
        f"{people} other than {plan.requester} must approve it with a signature; {len(valid)} did. Each signs at a terminal: "
        f"`{command(digest(plan), signed=True)}`"
    ]


def _is_known(plan: Plan, policy: ChangePolicy) -> bool:
    if plan.undoes is not None and plan.requester == WATCHER:
        return True
    return plan.requester.strip().lower() in {name.strip().lower() for name in policy.approvals.keys}


def _beyond_limits(plan: Plan, policy: ChangePolicy) -> list[str]:
    found = []
    for org in plan.orgs:
        changes = [change for change in plan.changes if change.resource.org == org]
        if len(changes) > policy.max_changes:
            found.append(
                f"{org}: {len(changes)} changes are more than the {policy.max_changes} allowed in one plan; {_otherwise('max_changes')}"
            )
        found += [
            f"{org}: change {change.number} does not say whose access it changes; make the plan anew"
            for change in changes
            if change.resource.kind in _OF_PROFILES and not change.users
        ]
    return found


def _too_many(plan: Plan, policy: ChangePolicy, around: Circumstances) -> list[str]:
    found = []
    # Of an org that was not reached nobody knows how many users it has.
    for org in (each for each in plan.orgs if each not in around.apart):
        people = concerned(change for change in plan.changes if change.resource.org == org)
        # One user is always within the limit, or small orgs could not be changed at all.
        allowed = max(1, int(policy.max_share * around.users.get(org, 0)))
        if len(people) > allowed:
            found.append(
                f"{org}: the access of {len(people)} users would change; {allowed} are allowed in one plan; {_otherwise('max_share')}"
            )
    return found


def _otherwise(limit: str) -> str:
    return f"plan for less, or raise changes.{limit} in policy.yaml, register it, and make the plan anew"


def concerned(changes: Iterable[Change]) -> frozenset[str]:
    """Lower-case user names of those whose access these changes touch, as far as they say."""
    return frozenset(name.lower() for change in changes for name in (*change.users, person(change)) if name)


def _out_of_time(policy: ChangePolicy, now: datetime) -> list[str]:
    today = now.astimezone(UTC).date()
    found = [
        f"changes are frozen until {freeze.last} ({freeze.reason})"
        for freeze in policy.freezes
        if freeze.first <= today <= freeze.last
    ]
    if policy.windows and not any(_within(window, now) for window in policy.windows):
        found.append("no change window is open")
    return found


def _within(window: ChangeWindow, now: datetime) -> bool:
    """A window that ends earlier than it starts belongs to the day on which it starts."""
    local = now.astimezone(ZoneInfo(window.time_zone))
    today, yesterday = _DAYS[local.weekday()], _DAYS[local.weekday() - 1]
    if window.start <= window.end:
        return today in window.days and window.start <= local.time() < window.end
    return (today in window.days and local.time() >= window.start) or (
        yesterday in window.days and local.time() < window.end
    )
