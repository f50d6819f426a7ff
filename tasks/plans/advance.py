"""What to do next with a plan, judged from what the org holds now and what the ledger says was done."""

from collections.abc import Collection, Iterable, Mapping

from tasks.plans.model import (
    IN_CLOUD,
    Change,
    Finished,
    History,
    Plan,
    Resource,
    ResourceKind,
    Standing,
    State,
    Step,
    Stopped,
    Write,
)

Observed = Mapping[Resource, State | None]
BATCH = 200
"""Records of one sObject collection request (REST API guide, sObject Collections)."""
LOADS = 5
"""Collections of one composite request (REST API guide, Composite)."""
ATTEMPTS = 3
"""How often one apply sends what is taken every time and still is not so."""
PAUSES = (1, 2, 4, 8, 15, 30, 60)
"""
Seconds before the same is sent again that was refused for now, or not answered: locks and limits pass in seconds, and AWS
knows within minutes everywhere what was just made. After the last pause one apply gives up; the next begins anew.
"""


def standing(change: Change, observed: Observed) -> Standing:
    state = observed[change.resource]
    if state == change.before:
        return Standing.WAITING
    return Standing.DONE if state == change.after else Standing.DRIFTED


def stale(plan: Plan, org: str, observed: Observed) -> tuple[Resource, ...]:
    """
    What is no longer as it was when the plan was made, for an org to which nothing of it was sent yet.

    A plan that takes another back may find part of it undone already: that is where it leads anyway.
    """
    harmless = {Standing.WAITING, Standing.DONE} if plan.undoes else {Standing.WAITING}
    return tuple(c.resource for c in within(plan, org, None) if standing(c, observed) not in harmless)


def next_step(
    plan: Plan,
    org: str,
    observed: Observed,
    history: History,
    batch: int = BATCH,
    part: Collection[int] | None = None,
    sent: Mapping[int, int] | None = None,
) -> Step:
    """
    `part` are the numbers that may be sent now, with all that they need; the whole plan where none are given. `sent` is how
    often this apply sent each, where it was not refused for now: what the ledger says of earlier applies ends none.

    Only what is as planned is touched. A change that was sent and did not take is sent again a few times; one that somebody
    else made, or that somebody unmade or altered, stops the plan.
    """
    changes = within(plan, org, part)
    found = {change.number: _standing(change, observed, history) for change in changes}
    if altered := _altered(plan, found, history):
        return Stopped(reason="the org was changed by somebody else meanwhile", numbers=altered)
    waiting = [change for change in changes if found[change.number] is Standing.WAITING]
    if not waiting:
        return Finished()
    spent = tuple(c.number for c in waiting if (sent or {}).get(c.number, 0) >= ATTEMPTS)
    if spent:
        return Stopped(reason=f"sent {ATTEMPTS} times and still not so", numbers=spent)
    done = {number for number, how in found.items() if how is Standing.DONE}
    ready = [change for change in waiting if done.issuperset(change.needs)]
    if not ready:
        return Stopped(reason="what these need is not in place", numbers=tuple(c.number for c in waiting))
    return Write(changes=_together(ready, batch))


def _standing(change: Change, observed: Observed, history: History) -> Standing:
    """What is removed to be made anew, and was left so by a process that ended in between, only waits to be made."""
    found = standing(change, observed)
    begun = change.number in history.attempts and change.number not in history.verified
    gone = observed[change.resource] is None and change.made_anew and begun
    return Standing.WAITING if gone else found


def within(plan: Plan, org: str, part: Collection[int] | None) -> list[Change]:
    return [c for c in plan.changes if c.resource.org == org and (part is None or c.number in part)]


def to_read(
    plan: Plan,
    org: str,
    observed: Observed,
    written: Iterable[Change],
    part: Collection[int] | None = None,
) -> tuple[Resource, ...]:
    """
    What a write has to be followed by: what was written, and all that may be written next.

    So nothing is sent that the latest reading did not show to be as planned. When nothing is left to be sent, all is
    read: then it also shows what somebody else did meanwhile to what was done earlier.
    """
    changes = within(plan, org, part)
    sent = {change.number for change in written}
    waiting = [c for c in changes if c.number in sent or standing(c, observed) is not Standing.DONE]
    if all(change.number in sent for change in waiting):
        return tuple(change.resource for change in changes)
    there = sent | {change.number for change in changes} - {change.number for change in waiting}
    return tuple(c.resource for c in waiting if c.number in sent or there.issuperset(c.needs))


def _altered(plan: Plan, found: Mapping[int, Standing], history: History) -> tuple[int, ...]:
    foreign = {
        number
        for number, how in found.items()
        if how is Standing.DRIFTED
        or (how is Standing.WAITING and number in history.verified)
        or (how is Standing.DONE and number not in history.attempts and plan.undoes is None)
    }
    return tuple(sorted(foreign))


def _together(ready: Iterable[Change], batch: int) -> tuple[Change, ...]:
    """What can travel in one call, in the plan's order."""
    loads: dict[tuple[str, bool, bool], int] = {}
    chosen: list[Change] = []
    for change in ready:
        load = shape(change)
        if load not in loads and len(loads) == LOADS:
            continue
        if chosen and road(chosen[0]) != road(change):
            continue
        if loads.get(load, 0) < batch:
            loads[load] = loads.get(load, 0) + 1
            chosen.append(change)
    return tuple(chosen)


OTHER_ROADS = frozenset(
    {
        ResourceKind.ORG_SETTING,
        ResourceKind.PROFILE_PERMISSION,
        ResourceKind.APP_POLICY,
        ResourceKind.APP_TOKEN,
        *IN_CLOUD,
        ResourceKind.REMOTE_SITE,
        ResourceKind.CALLOUTS,
        ResourceKind.SIGN_IN,
        ResourceKind.SETTING_SECRET,
        ResourceKind.LOGIN_RANGES,
        ResourceKind.TRUSTED_RANGES,
        ResourceKind.INBOUND_CERTIFICATE,
        ResourceKind.KEY_PAIR,
        ResourceKind.CLIENT_CERTIFICATE,
        ResourceKind.CALLER_SECRET,
        ResourceKind.CREDENTIAL,
        ResourceKind.OLD_KEY_PAIR,
        ResourceKind.REAL_DATA,
        ResourceKind.FIELD_ENCRYPTION,
        ResourceKind.TENANT_SECRET,
        ResourceKind.OLD_TENANT_SECRET,
        ResourceKind.SPENT_TENANT_SECRET,
        ResourceKind.DRILL,
        ResourceKind.DATA_KEY,
        ResourceKind.TRANSACTION_POLICY,
    }
)
"""What are no records: each kind goes its own way, through the Metadata API, to the token endpoint, to AWS, into the ledger."""
_ALONE = OTHER_ROADS | {ResourceKind.NEW_USER}
"""Some users are made and some only made active again, which takes more collections than one kind otherwise does."""


def road(change: Change) -> ResourceKind | None:
    """The kind of what travels by itself; None for records, which travel together whatever their kind."""
    return change.resource.kind if change.resource.kind in _ALONE else None


def shape(change: Change) -> tuple[str, bool, bool]:
    """What travels in one collection is of one kind, and all of it is made, altered or removed."""
    return change.resource.kind, change.before is None, change.after is None
