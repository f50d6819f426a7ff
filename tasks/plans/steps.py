"""Prefect tasks of the plans room."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.errors import PlanRefused
from tasks.forms_gateway import read_forms
from tasks.ledger.registration import is_noted
from tasks.orgs import (
    load_estate,
    load_policy,
    open_cloud_for_writing,
    open_for_writing,
    open_ledger,
    open_org,
)
from tasks.plans.apply import apply
from tasks.plans.canary import portion
from tasks.plans.digest import policy_digest
from tasks.plans.draft import left_out_of
from tasks.plans.gate import WATCHER, Against, hopeless, is_signed, needed, ring_order
from tasks.plans.gate_steps import Gate
from tasks.plans.gateway import OrgHands
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import (
    Approval,
    Outcome,
    Plan,
    Planned,
    Portion,
    Resource,
    Stopped,
    Watch,
    Watched,
    WayBack,
)
from tasks.plans.overview import PlanStatus, Stage
from tasks.plans.reliance_gateway import read_relied_on
from tasks.plans.render import counted, markdown, outcome_markdown, phase_markdown, watches_markdown
from tasks.plans.rollback import rollback
from tasks.plans.standing_steps import read_past, read_wanted
from tasks.plans.watch import failures, is_over, looked, touched, worth_noting
from tasks.policies import PUBLISH, READ, first_run
from tasks.usage.model import Traffic

TRIED = timedelta(days=3)
"""For how long a way back is tried again by itself."""


@task(
    name="keep-plan",
    description="Notes a plan in the ledger under its digest and shows it as an artifact. Nothing is changed.",
    **PUBLISH,
)
def keep_plan(plan: Plan) -> str:
    """The digest that an approval has to name."""
    policy = load_policy()
    with open_ledger() as ledger:
        name = PlanBook(ledger, plan.requester, policy_digest(policy)).keep(plan, first_run())
    create_markdown_artifact(
        markdown(
            plan,
            name,
            needed(plan, policy.changes) if plan.changes else 0,
            hopeless(plan, policy, datetime.now(UTC)) if plan.changes else (),
            read_forms(),
            signed=is_signed(plan, policy.changes),
        ),
        key=f"plan-{name[:12]}",
        description=f"{plan.title}: {counted(len(plan.changes), 'change')}, digest {name[:12]}.",
    )
    return name


@task(
    name="read-what-is-relied-on",
    task_run_name="read-what-is-relied-on-in-{org}",
    description="What existing sets that a plan assigns give, and what users hold whom it makes active. Changes no org.",
    **READ,
)
def read_watched(org: str, resources: Sequence[Resource]) -> list[Watched]:
    with open_org(org) as session:
        return [Watched(resource=r, state=state) for r, state in read_relied_on(session, resources).items()]


@task(name="find-plan", description="Finds a plan in the ledger by the beginning of its digest.", **READ)
def find_plan(digest: str) -> PlanStatus:
    """Raises ConfigurationError for none or several."""
    with open_ledger() as ledger:
        book = PlanBook(ledger, "")
        return book.status(book.find(digest)[0])


@task(name="what-was-planned", description="How many changes are in the plan that a job made.", **READ)
def planned(job: str, digest: str) -> Planned:
    with open_ledger() as ledger:
        _, plan = PlanBook(ledger, "").find(digest)
    against = hopeless(plan, load_policy(), datetime.now(UTC)) if plan.changes else ()
    return Planned(
        job=job, digest=digest, changes=len(plan.changes), against=against, left_out=left_out_of(plan)
    )


@task(name="publish-phase", description="One page about all plans of a phase.", **PUBLISH)
def publish_phase(phase: str, done: Sequence[Planned]) -> None:
    """The artifact is named after the phase, so that its versions are the phase's history."""
    failed = sum(bool(each.failed) for each in done)
    create_markdown_artifact(
        phase_markdown(phase, done),
        key=phase,
        description=f"{counted(len(done) - failed, 'plan')} made"
        + (f", {failed} failed." if failed else "."),
    )


@task(
    name="note-approval",
    description="Notes one person's yes to exactly one digest. It carries no signature: `bulkhead plan approve` signs.",
    **PUBLISH,
)
def note_approval(digest: str, approver: str, reason: str, emergency: bool, now: datetime) -> str:
    """The whole digest. Raises ConfigurationError for none or several."""
    with open_ledger() as ledger:
        book = PlanBook(ledger, approver, policy_digest(load_policy()))
        name, _ = book.find(digest)
        book.approve(Approval(plan=name, approver=approver, reason=reason, at=now, emergency=emergency))
    return name


@task(
    name="what-speaks-against-it",
    description="Approvals, limits, windows, halt: every reason against applying now.",
    **READ,
)
def reasons_against(digest: str) -> Against:
    with open_ledger() as ledger:
        book = PlanBook(ledger, "")
        name, plan = book.find(digest)
        gate = Gate(ledger, book, name, plan)
        reasons = gate()
        return Against(reasons=reasons, lasting=gate.lasting)


@task(name="is-registration-noted", description="Whether the ledger knows what was registered.", **READ)
def registration_is_noted() -> bool:
    with open_ledger() as ledger:
        return is_noted(ledger)


@task(name="rings", description="The plan's orgs in the order in which they are changed.", **READ)
def rings(plan: Plan) -> tuple[str, ...]:
    return ring_order(plan.orgs, load_estate(), load_policy().changes)


@task(
    name="what-comes-first",
    description="Which part of a plan may be applied now: all of it, or a canary that has to be quiet first.",
    **READ,
)
def part_of(digest: str) -> Portion:
    estate, policy = load_estate(), load_policy()
    with open_ledger() as ledger:
        book = PlanBook(ledger, "")
        name, plan = book.find(digest)
        order = ring_order(plan.orgs, estate, policy.changes)
        users = {org: touched(plan, org, estate.routes) for org in order}
        history = book.journal(name).history()
        return portion(plan, order, users, history, book.watches(name), estate, policy.changes)


# Not repeated by Prefect: applying goes on by itself where a repeat is safe, and a person looks at all else.
@task(
    name="apply-to-org",
    task_run_name="apply-{digest}-to-{org}",
    description="Reads, judges, notes, writes, reads back: until the org is as planned, or something speaks against it.",
    **{**PUBLISH, "retries": 0},
)
def apply_to_org(
    digest: str,
    org: str,
    actor: str,
    part: Collection[int] | None = None,
    tell: Callable[[int], None] = lambda count: None,
) -> Outcome:
    """
    Raises PlanRefused, AlreadyRunning, and the org's errors. `part` are the changes that may be sent; `tell` hears how many records
    of a long change went.
    """
    with open_ledger() as ledger, ledger.held(f"the org {org}"):
        book = PlanBook(ledger, actor, policy_digest(load_policy()))
        name, plan = book.find(digest)
        gate = Gate(ledger, book, name, plan, org)
        if reasons := gate():
            raise PlanRefused(f"{org}: {'; '.join(each.rstrip('.') for each in reasons)}.")
        _watch(book, name, plan, org, gate.org_time(org), part)
        # One session for all writes: the enforcer's rights wake once, and sleep when it ends.
        # A plan that leaves the org itself alone needs no session with it, nor an enforcer there.
        with open_for_writing(org) if plan.changes_org(org) else nullcontext() as session:
            hands = OrgHands(
                lambda alias: (
                    nullcontext(session) if alias == org and session is not None else open_for_writing(alias)
                ),
                plan.changes,
                open_cloud_for_writing,
                ask=gate,
                tell=tell,
            )
            return apply(plan, hands, book.journal(name), gate, [org], part)


@task(
    name="note-what-is-left",
    description="Notes orgs to which nothing was sent though the plan is about them, so that pages of plans say why.",
    **PUBLISH,
)
def note_left(digest: str, actor: str, left: Mapping[str, str]) -> None:
    """`left` are reasons by org. Raises LedgerUnavailable."""
    with open_ledger() as ledger:
        book = PlanBook(ledger, actor, policy_digest(load_policy()))
        name, plan = book.find(digest)
        numbers = tuple(change.number for change in plan.changes if change.resource.org in left)
        reason = "; ".join(f"{org}: {why.rstrip('.')}" for org, why in left.items())
        book.journal(name).stopped(Stopped(reason=reason, numbers=numbers))


def _watch(
    book: PlanBook, name: str, plan: Plan, org: str, now: datetime, part: Collection[int] | None
) -> None:
    """Notes from when on users of routes are watched, before anything of theirs is sent."""
    if plan.undoes is not None:
        return
    verified = book.journal(name).history().verified
    users = {
        user: [n for n in numbers if n not in verified and (part is None or n in part)]
        for user, numbers in touched(plan, org, load_estate().routes).items()
    }
    if named := [user for user, numbers in users.items() if numbers]:
        book.watch(name, org, named, now)


@task(
    name="list-watches",
    description="Which users of routes are watched, of which plans, in which orgs.",
    **READ,
)
def list_watches() -> list[Watch]:
    """
    Those that are over are left out, but for users whose changes are still to be taken back, and those of plans of which
    nothing stands any more.
    """
    due = {(back.plan, back.org) for back in list_ways_back.fn()}
    with open_ledger() as ledger:
        book = PlanBook(ledger, "")
        waiting = [watch for watch in book.watches() if not watch.over or (watch.plan, watch.org) in due]
        stages = {status.digest: status.stage for status in book.statuses()} if waiting else {}
        return [watch for watch in waiting if stages[watch.plan] is not Stage.TAKEN_BACK]


@task(
    name="judge-traffic",
    task_run_name="judge-traffic-{watch.org}",
    description="Judges whether a route fails because of its plan, and notes what was seen. Changes no org.",
    **PUBLISH,
)
def judge_traffic(watch: Watch, traffic: Traffic) -> Watch:
    """The watch as it stands after this look."""
    estate, policy = load_estate(), load_policy()
    with open_ledger() as ledger:
        book = PlanBook(ledger, WATCHER, policy_digest(policy))
        _, plan = book.find(watch.plan)
        if found := failures(watch, traffic, estate.routes):
            automatic = policy.changes.watch.rollback == "automatic"
            book.failing(watch, found, touched(plan, watch.org, estate.routes), automatic)
        look = looked(watch, traffic)
        over = is_over(watch, look, policy.changes.watch)
        if over or worth_noting(watch, look):
            book.looked(watch, look)
        if over and not watch.over:
            book.watched(watch)
        now = next(each for each in book.watches(watch.plan) if each.org == watch.org)
    return now.model_copy(update={"look": look})


@task(
    name="list-ways-back",
    description="What has to be taken back because a route fails since its plan.",
    **READ,
)
def list_ways_back() -> list[WayBack]:
    """What could not be taken back for days is left to whom the alert tells."""
    oldest = datetime.now(UTC) - TRIED
    with open_ledger() as ledger:
        return [back for back in PlanBook(ledger, "").ways_back() if back.at >= oldest]


@task(name="publish-watches", description="Shows who is watched, until when, and what was seen.", **PUBLISH)
def publish_watches(watches: Sequence[Watch], unseen: Mapping[str, str], done: Sequence[str]) -> None:
    create_markdown_artifact(
        watches_markdown(watches, unseen, done, load_policy().changes.watch),
        key="watched-plans",
        description=f"Applied plans that are watched: {len(watches)}.",
    )


@task(
    name="plan-the-way-back",
    description="Makes the plan that takes another one back, whole or in part.",
    **PUBLISH,
)
def plan_the_way_back(
    digest: str, only: Sequence[int] | None, requester: str, reason: str, now: datetime
) -> str | None:
    """
    The digest of the way back, of all changes where `only` is None; None when nothing of the plan was ever sent. Raises
    ConfigurationError.

    `requester` is a name and nothing else: approvals are compared with it.
    """
    with open_ledger() as ledger:
        book = PlanBook(ledger, requester, policy_digest(load_policy()))
        name, plan = book.find(digest)
        status = book.status(name)
    way_back = rollback(plan, status.history, requester, now, only, reason)
    if way_back is None:
        return None
    # Under today's policy: the one of the plan may have changed since.
    return keep_plan.fn(way_back.model_copy(update={"policy_digest": policy_digest(load_policy())}))


@task(name="publish-outcome", description="Shows where a plan stands now.", **PUBLISH)
def publish_outcome(digest: str, waits: str = "", refused: Against = Against()) -> PlanStatus:  # noqa: B008  # frozen
    """`waits` is what the rest of the plan has to wait for, `refused` why nothing was sent."""
    policy = load_policy()
    with open_ledger() as ledger:
        book = PlanBook(ledger, "")
        status = book.status(book.find(digest)[0])
        wants = read_wanted(book, status, policy.changes)
        past = read_past(ledger, book, status, policy, datetime.now(UTC))
    done, all_of = len(status.history.verified), len(status.plan.changes)
    create_markdown_artifact(
        outcome_markdown(
            status,
            waits,
            refused.reasons,
            wants,
            read_forms(),
            tuple(dict.fromkeys((*refused.lasting, *past))),
        ),
        key=f"outcome-{status.digest[:12]}",
        description=f"{status.plan.title}: {status.stage.value}, {done} of {counted(all_of, 'change')}.",
    )
    return status
