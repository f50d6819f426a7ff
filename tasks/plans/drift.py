"""What applied plans hardened and somebody changed since: told apart from what plans did, with who it was, and planned back."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from tasks.alerts.model import Alert, Fact, Severity
from tasks.estate.policy import Policy
from tasks.plans.digest import policy_digest
from tasks.plans.model import Change, Plan, Resource, ResourceKind, State
from tasks.plans.overview import PlanStatus, Stage
from tasks.plans.records import split
from tasks.value import Value

WATCHER = "watch-drift"
"""Who asks for plans that restore. It is no person, so nobody approves under this name."""
UNDONE = "hardening-undone:"
"""How keys of these alerts begin."""
HARDENED = frozenset(
    {
        ResourceKind.PERMISSION_SET,
        ResourceKind.OBJECT_PERMISSION,
        ResourceKind.FIELD_PERMISSION,
        ResourceKind.APP_ACCESS,
        ResourceKind.ASSIGNMENT,
        ResourceKind.USER,
        ResourceKind.ORG_SETTING,
        ResourceKind.PROFILE_PERMISSION,
        ResourceKind.APP_POLICY,
        ResourceKind.REMOTE_SITE,
        ResourceKind.CALLOUTS,
        ResourceKind.LOGIN_RANGES,
        ResourceKind.TRUSTED_RANGES,
        ResourceKind.FIELD_ENCRYPTION,
        ResourceKind.TRANSACTION_POLICY,
    }
)
"""
What stays as a plan left it until somebody changes it. Credentials and certificates are renewed by rotation, sign-ins frozen by
containment, web ACLs stand in AWS: those have watchers of their own.
"""
_OPEN = frozenset({Stage.PLANNED, Stage.APPROVED, Stage.APPLYING, Stage.STOPPED})
_LETTERS = re.compile(r"[^a-z0-9]+")
_HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SHORTEST = 4
"""Letters of a name below which finding it in a text proves nothing."""


class Promise(Value):
    """What one applied change left, and since when it was seen so."""

    plan: str
    title: str
    job: str
    change: Change
    since: datetime


class TrailRow(Value):
    """One line of an org's set-up audit trail. `by` is a user name."""

    at: datetime
    by: str
    action: str
    display: str


class Actors(Value):
    """Who undid something. Not `sure` where the trail names no resource: then these are all who changed anything since."""

    names: tuple[str, ...] = ()
    sure: bool = True

    def __str__(self) -> str:
        if not self.names:
            return "nobody in the set-up audit trail"
        return ", ".join(self.names) if self.sure else f"one of {', '.join(self.names)}"


class Drift(Value):
    """What is no longer as one plan left it in one org."""

    plan: str
    title: str
    job: str
    org: str
    changes: tuple[Change, ...]
    """Those of the plan, with the state that they promised."""
    now: tuple[State | None, ...]
    """What the org holds instead, in the same order."""
    by: Actors


def promises(
    statuses: Iterable[PlanStatus],
    verified: Sequence[tuple[str, datetime, frozenset[int]]],
    managed_sets: Collection[str],
) -> dict[Resource, Promise]:
    """
    By resource, the last that a plan did to it. `verified` are digest, time and changes of what was read back, in order.

    What a way back restored is promised by nobody. Sets that are given for hours come and go by grants, not by hand.
    """
    plans = {status.digest: status.plan for status in statuses}
    managed = {name.lower() for name in managed_sets}
    found: dict[Resource, Promise] = {}
    for digest, at, numbers in verified:
        plan = plans.get(digest)
        for number in sorted(numbers) if plan is not None else ():
            assert plan is not None
            change = plan.change(number)
            if plan.undoes is not None:
                found.pop(change.resource, None)
            elif change.resource.kind in HARDENED and not _comes_and_goes(change.resource, managed):
                found[change.resource] = Promise(
                    plan=digest, title=plan.title, job=plan.job, change=change, since=at
                )
    return found


def _comes_and_goes(resource: Resource, managed: Collection[str]) -> bool:
    return resource.kind is ResourceKind.ASSIGNMENT and split(resource.key)[1].lower() in managed


def drifted(
    org: str,
    promised: Iterable[Promise],
    observed: Mapping[Resource, State | None],
    trail: Sequence[TrailRow],
    ours: Collection[str],
) -> list[Drift]:
    """
    One for each plan. Resources that could not be read are not in `observed`, and nothing is said of them. `trail` newest first,
    `ours` user names of our own identities.
    """
    by_plan: dict[str, list[Promise]] = {}
    for each in promised:
        resource = each.change.resource
        if resource.org == org and resource in observed and observed[resource] != each.change.after:
            by_plan.setdefault(each.plan, []).append(each)
    return [
        Drift(
            plan=digest,
            title=those[0].title,
            job=those[0].job,
            org=org,
            changes=tuple(each.change for each in those),
            now=tuple(observed[each.change.resource] for each in those),
            by=actors(those, trail, ours),
        )
        for digest, those in by_plan.items()
    ]


def actors(those: Sequence[Promise], trail: Sequence[TrailRow], ours: Collection[str]) -> Actors:
    """Who, by the trail, touched one of these since it was promised; our own enforcer only where it names nobody else."""
    own = {name.lower() for name in ours}
    later = [row for row in trail if row.at >= min(each.since for each in those)]
    named = [row for row in later if any(_names(row, each.change.resource) for each in those)]
    for rows, sure in ((named, True), (later, False)):
        others = tuple(dict.fromkeys(row.by for row in rows if row.by.lower() not in own))
        if others:
            return Actors(names=others, sure=sure)
    return Actors(names=tuple(dict.fromkeys(row.by for row in named)))


def _names(row: TrailRow, resource: Resource) -> bool:
    """The trail writes labels and sentences, so names are compared without their punctuation."""
    text = _LETTERS.sub("", f"{row.action} {row.display}".lower())
    if resource.kind is ResourceKind.ORG_SETTING:
        words = [word.lower() for word in _HUMPS.findall(resource.key.rpartition(".")[2])]
        telling = [word for word in words if len(word) >= _SHORTEST]
        return bool(telling) and all(word in text for word in telling)
    parts = [_LETTERS.sub("", part.lower().removeprefix("profile:")) for part in split(resource.key)]
    return any(len(part) >= _SHORTEST and part in text for part in parts)


def restoring(drift: Drift, now: datetime, policy: Policy) -> Plan:
    """The plan that takes each resource from what it is now to what was promised."""
    numbers = {change.number: place for place, change in enumerate(drift.changes, start=1)}
    return Plan(
        job=drift.job,
        title=f"Restore what was undone: {drift.title}",
        requester=WATCHER,
        made_at=now,
        expires_at=now + policy.changes.plan_lifetime,
        policy_digest=policy_digest(policy),
        changes=tuple(
            change.model_copy(
                update={
                    "number": numbers[change.number],
                    "before": state,
                    "why": f"it was changed by {drift.by} after the plan {drift.plan[:12]} had hardened it; {change.why}",
                    "needs": tuple(sorted(numbers[need] for need in change.needs if need in numbers)),
                }
            )
            for change, state in zip(drift.changes, drift.now, strict=True)
        ),
        risks=(
            f"Somebody changed this for a reason that is not known here. Ask {drift.by} before you approve.",
        ),
    )


def drafted(drift: Drift, statuses: Iterable[PlanStatus]) -> str | None:
    """The digest of a draft that is open and says exactly this, so that one is enough."""
    wanted = {(c.resource, _frozen(state)) for c, state in zip(drift.changes, drift.now, strict=True)}
    for status in statuses:
        said = {(change.resource, _frozen(change.before)) for change in status.plan.changes}
        if status.plan.requester == WATCHER and status.stage in _OPEN and said == wanted:
            return status.digest
    return None


def _frozen(state: State | None) -> str:
    return repr(None if state is None else sorted(state.items()))


def undone_told(drift: Drift, draft: str) -> Alert:
    """`draft` is the digest of the plan that restores it; empty where none could be made."""
    what = [f"{change.resource.kind.value} {change.resource.key}" for change in drift.changes]
    more = f" and {len(what) - 5} more" if len(what) > 5 else ""
    restore = (
        f"If it was not meant: approve and apply the plan {draft[:12]}."
        if draft
        else f"If it was not meant: start {drift.job} again."
    )
    return Alert(
        key=f"{UNDONE}{drift.plan[:12]}:{drift.org}",
        org=drift.org,
        severity=Severity.ERROR,
        title=f"What a plan hardened in {drift.org} was undone by hand"[:200],
        detail=f"No longer as the plan {drift.plan[:12]} left it: {', '.join(what[:5])}{more}.",
        next_step=f"Ask {drift.by}. {restore}",
        facts=(
            Fact(key="actor", label="Changed by", text=str(drift.by)[:500]),
            Fact(key="plan", label="Hardened by the plan", text=drift.plan[:12]),
            Fact(key="draft", label="Plan that restores it", text=draft[:12] or "none"),
        ),
    )


def over(opened: Mapping[str, str], alerts: Iterable[Alert], read: Collection[str]) -> list[str]:
    """Keys of open alerts whose reason is gone, in orgs that could be read; `opened` maps key to org."""
    still = {alert.key for alert in alerts}
    return [key for key, org in opened.items() if key.startswith(UNDONE) and key not in still and org in read]
