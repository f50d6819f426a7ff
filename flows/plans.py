"""Approving, applying and taking back plans: small flows that a person starts from the UI with a digest."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

from prefect import flow
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from pydantic import Field, StringConstraints

from flows.drilling import drilled
from flows.progress import long_work
from flows.renewing import gone_on
from tasks.alerts.steps import update_alerts
from tasks.backups.order_steps import open_order
from tasks.errors import (
    BulkheadError,
    ConfigurationError,
    OrgError,
    PlanRefused,
    PlanStopped,
    SecretUnavailable,
)
from tasks.evidence.steps import seal_ledger
from tasks.plans.draft import left_out_line
from tasks.plans.gate import WATCHER
from tasks.plans.model import Plan, ResourceKind
from tasks.plans.overview import PlanStatus, Stage
from tasks.plans.reliance import relied_on
from tasks.plans.render import counted, final
from tasks.plans.steps import (
    apply_to_org,
    find_plan,
    keep_plan,
    note_approval,
    note_left,
    part_of,
    plan_the_way_back,
    publish_outcome,
    read_watched,
    reasons_against,
    registration_is_noted,
    rings,
)
from tasks.plans.telling import rollback_failed
from tasks.plans.waiting_steps import publish_approval, publish_waiting

Digest = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9a-fA-F]{8,64}$")]
Person = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=120)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
Number = Annotated[int, Field(ge=1)]
SHOWN = 12
"""Letters of a digest in names of runs; the whole of it is in the ledger."""

APPROVE = """
Notes **your yes to exactly one digest** in the ledger. It changes no org.

* The plan's artifact shows what you approve. If anything in the org or the policy changes, the digest no longer holds.
* Who requested a plan cannot approve it. This form does not know who you are: where policy asks for a signature, use
  `bulkhead plan approve`, which signs with your own key.
"""
APPLY = """
Applies an approved plan: **reads, compares, notes, writes, reads back**, org by org in the order of the rings.

* Refuses a plan that is stale, not approved, outside its window, too large, or halted, and names every reason.
* Where policy asks for a canary, that part comes first; the rest waits until its watch was quiet, for another apply.
* What is refused for now is sent again after pauses of up to a minute, two minutes in all.
* A plan of a restore drill is carried out with it.
* Stops at the first thing that was sent and is not as planned. Started again after a crash it goes on where it stopped.
* An org that cannot be reached, or is not as it was planned for, gets nothing and is named at the end; the others go on.
"""
ROLLBACK = """
Takes a plan back, **whole or by the numbers of its changes**; what depends on a change goes with it.

* Only what was really changed is touched, and only while nobody else has changed it since.
* Refused where it would shut out Bulkhead itself or a break-glass account, or where a later plan that still stands relies on
  it. Then either that one comes first, or somebody signs for an emergency: `bulkhead plan approve … --emergency --key …`.
"""


def run_name() -> str:
    """The flow and as much of the digest as people compare."""
    return f"{flow_run.flow_name}-{str(flow_run.parameters.get('digest', '')).strip()[:SHOWN]}"


@flow(name="approve-plan", flow_run_name=run_name, description=APPROVE.strip())
def approve_plan(digest: Digest, approver: Person, reason: Reason, emergency: bool = False) -> str:
    """
    Raises ConfigurationError when no plan, or several, begin with the digest.

    Args:
        digest: The plan's digest, or its first eight letters or more.
        approver: Your name or address, as the policy knows you. Not the requester's.
        reason: Why you approve; it stays in the ledger.
        emergency: Lets the plan be applied outside change windows and during a freeze. A way back that would do harm needs one
            that is signed, which this form cannot. Say why in the reason.
    """
    name = note_approval(digest, approver, reason, emergency, datetime.now(UTC))
    sealed()
    against = reasons_against(name)
    publish_approval(name, approver, against)
    told_who_waits()
    logger = get_run_logger()
    for line in final(find_plan(name).plan):
        logger.warning(line)
    for line in against.reasons:
        logger.warning("Not to be applied yet: %s", line)
    if not against.reasons:
        logger.info("The plan may be applied now.")
    return name


@flow(name="apply-plan", flow_run_name=run_name, description=APPLY.strip())
def apply_plan(digest: Digest, actor: Person = "prefect") -> PlanStatus:
    """
    Raises PlanRefused with every reason before anything is sent, PlanStopped when it did not come to its end, and of a drill
    BackupRefused and BackupBroken.

    Args:
        digest: The plan's digest, or its first eight letters or more.
        actor: Who applies it; noted in the ledger.
    """
    found = find_plan(digest)
    return carried_out(found, actor)


@flow(name="rollback-plan", flow_run_name=run_name, description=ROLLBACK.strip())
def rollback_plan(
    digest: Digest,
    reason: Reason,
    only: list[Number] | None = None,
    actor: Person = "prefect",
) -> PlanStatus:
    """
    Raises ConfigurationError when nothing was changed and for a list without a number, PlanRefused where policy wants approvals for
    the way back.

    Args:
        digest: Digest of the plan to take back, or its first eight letters or more.
        reason: Why it is taken back; it stays in the ledger.
        only: Numbers of the changes to take back. **Leave it out (None) for all**; a list without a number is refused.
        actor: Who takes it back; noted in the ledger. **That person cannot approve it**, where policy wants approvals.
    """
    if actor.lower() == WATCHER:
        raise ConfigurationError(f"{WATCHER} is no person. Say who takes the plan back.")
    way_back = plan_the_way_back(digest, only, actor, reason, datetime.now(UTC))
    if way_back is None:
        raise ConfigurationError(
            f"Nothing of the plan {digest} was changed that has a way back, so there is nothing to take back."
        )
    return carried_out(find_plan(way_back), actor)


def carried_out(found: PlanStatus, actor: str) -> PlanStatus:
    """Applies what was found, and publishes where it stands, also when it stopped."""
    if found.stage is Stage.APPLIED:
        get_run_logger().info("The plan is applied already; its orgs are looked at again.")
    against = reasons_against(found.digest)
    if against.reasons:
        publish_outcome(found.digest, refused=against)
        told_who_waits()
        raise PlanRefused(f"The plan may not be applied: {listed(against.reasons)}.")
    if not registration_is_noted():
        get_run_logger().warning(
            "The ledger does not know what was registered, so an edited policy would not show: run `bulkhead register`."
        )
    part = part_of(found.digest)
    stopped, left = "", dict[str, str]()
    try:
        for org in rings(found.plan):
            if not any(
                change.resource.org == org and change.number in part.numbers for change in found.plan.changes
            ):
                continue
            why = ""
            try:
                with long_work(found.plan, org) as tell:
                    outcome = apply_to_org(found.digest[:SHOWN], org, actor, sorted(part.numbers), tell)
                why = outcome.stopped.reason if outcome.stopped is not None else ""
            except (OrgError, ConfigurationError, PlanRefused, SecretUnavailable) as error:
                if doubtful(found, org):
                    raise
                why = str(error).removeprefix(f"{org}: ")
            if why and doubtful(found, org):
                stopped = f"{org}: {why}"
                break
            if why:
                left[org] = why
                get_run_logger().warning("%s is left as it is: %s", org, why)
        if left and not stopped:
            note_left(found.digest, actor, left)
    finally:
        sealed()
        # A canary that was applied just now is watched from here on, which is what the rest waits for.
        waits = part_of(found.digest).waits
        status = publish_outcome(found.digest, waits)
        told_who_waits()
    if waits and not stopped:
        get_run_logger().warning("The rest of the plan waits: %s. Apply it again afterwards.", waits)
    go_on_with_rotations(found.plan, status)
    if found.plan.undoes is not None:
        failed = stopped or listed([*left.values()])
        failure = rollback_failed(status.digest, found.plan, failed)
        update_alerts([failure] if failed else [], [] if failed else [failure.key])
    if stopped:
        raise PlanStopped(
            f"The plan stopped at {stopped}. What was done is in its artifact; apply it again, or take it back."
        )
    if left.keys() >= set(found.plan.orgs):
        raise PlanStopped(
            f"The plan is not carried out: {listed([f'{org}: {why}' for org, why in left.items()])}."
        )
    if left:
        raise PlanStopped(
            f"The plan is carried out but for {listed([f'{org}: {why}' for org, why in left.items()])}. Nothing is half done there. Put "
            "that right and apply the plan again, or make it anew."
        )
    carry_out_drills(found.plan)
    return status


def doubtful(found: PlanStatus, org: str) -> bool:
    """
    Whether this apply has sent something to the org, or an earlier one something that was never seen to hold: then nothing more is
    sent to any other. `found` is the plan as it stood before.
    """
    before, now = found.history, find_plan(found.digest).history
    ours = {change.number for change in found.plan.changes if change.resource.org == org}
    sent = {number for number, often in now.attempts.items() if often > before.attempts.get(number, 0)}
    return not ours.isdisjoint(sent | (now.attempts.keys() - now.verified))


def go_on_with_rotations(plan: Plan, status: PlanStatus) -> None:
    """A plan orders rotations; their first steps are taken at once, the others by the hourly run."""
    for change in plan.changes:
        if change.resource.kind is ResourceKind.CREDENTIAL and change.number in status.history.verified:
            try:
                stands = gone_on(change.resource.key, "apply-plan")
            except BulkheadError as error:
                get_run_logger().warning("%s; the hourly run goes on with it", error)
            else:
                get_run_logger().info("%s: %s, %s", change.resource.key, stands.stands, stands.next)


def carry_out_drills(plan: Plan) -> None:
    """A plan orders a restore drill; it is carried out at once, or by the next apply where this one ends before. Raises as `drilled`."""
    if plan.undoes is not None:
        return
    for change in plan.changes:
        source, target = change.resource.key, change.resource.org
        if change.resource.kind is not ResourceKind.DRILL or change.after is None:
            continue
        order = open_order(source, target)
        # Another plan may have ordered another one since.
        if order is not None and order.model_dump(mode="json") == change.after:
            try:
                drilled(source, target)
            finally:
                sealed()


def sealed() -> None:
    """What was done is done and noted; a seal that cannot be set now is set within the hour."""
    try:
        seal_ledger()
    except BulkheadError as error:
        get_run_logger().warning("The ledger is not sealed yet: %s", error)


def told_who_waits() -> None:
    """The page is only a list of what other pages say, so nothing fails for want of it; the next hour makes it again."""
    try:
        publish_waiting()
    except Exception as error:  # the task has failed visibly
        get_run_logger().warning("the page of plans that wait is not up to date: %s", type(error).__name__)


def kept(plan: Plan, unread: Mapping[str, str]) -> str:
    """
    Notes a plan and gives its digest; orgs that could not be read are named in it, with why.

    With it goes the state of what it relies on and leaves alone, which is compared before anything is sent. Raises OrgError
    when that cannot be read.
    """
    left_out = tuple(left_out_line(org, why) for org, why in unread.items())
    relied = relied_on(plan)
    watched = [
        each
        for org in plan.orgs
        if (ours := [resource for resource in relied if resource.org == org])
        for each in read_watched(org, ours)
    ]
    digest = keep_plan(
        plan.model_copy(update={"risks": (*left_out, *plan.risks), "watched": (*plan.watched, *watched)})
    )
    sealed()
    told_who_waits()
    logger = get_run_logger()
    for line in left_out:
        logger.warning(line)
    logger.info("%s; the plan's digest is %s", counted(len(plan.changes), "change"), digest)
    logger.info(
        "Read it under Artifacts of this run: plan-%s says who loses what, and what is next.", digest[:SHOWN]
    )
    return digest


def listed(reasons: Sequence[str]) -> str:
    return "; ".join(each.rstrip(".") for each in reasons)
