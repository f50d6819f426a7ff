"""Prefect tasks of just-in-time access."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from prefect import task
from prefect.logging import get_run_logger

from tasks.access.approval import unsigned
from tasks.access.enforce import complete, sweep
from tasks.access.gateway import OrgAssignments, sets_named
from tasks.access.ledger_gateway import GrantBook
from tasks.access.model import Grant, GrantState, Place, Request, Swept
from tasks.access.review import open_reviews, review
from tasks.access.usage_gateway import watch
from tasks.access.windows import about
from tasks.errors import BulkheadError, ConfigurationError, GrantRefused, OrgError
from tasks.estate.naming import name_of_its_own, set_name
from tasks.estate.policy import Policy
from tasks.ledger.registration import unregistered
from tasks.ledger.store import Ledger
from tasks.ledger.waking import asleep, wakings
from tasks.orgs import load_estate, load_policy, load_registered, open_for_writing, open_ledger, open_org
from tasks.plans.branch import protected
from tasks.plans.digest import estate_digest, policy_digest
from tasks.policies import PUBLISH, READ
from tasks.salesforce.waking import activations

PATIENCE = 60
"""Seconds to wait for another sweep of the same org."""


@task(
    name="find-place",
    task_run_name="find-place-of-{route}",
    description="The sync user of a route in its target org, and the permission set that its least-privilege plan made.",
    **READ,
)
def place_of_route(route: str) -> Place:
    """Raises ConfigurationError for an unknown route and where the org has no such set yet, and OrgError."""
    estate = load_estate()
    found = next((each for each in estate.routes if each.name == route), None)
    if found is None:
        names = ", ".join(each.name for each in estate.routes)
        raise ConfigurationError(f"There is no route {route}. The estate has {names}.")
    name = set_name(found)
    with open_org(found.target) as session:
        there = sets_named(session, (name, name_of_its_own(name)))
    if not there:
        raise ConfigurationError(
            f"{found.target} has no permission set {name} yet. `bulkhead run least-privilege` plans it; ask again once that "
            "plan is applied."
        )
    # The plan makes the second only where the first is somebody else's too.
    return Place(org=found.target, username=found.sync_user, permission_set=max(there, key=len))


@task(
    name="find-running",
    description="A grant that was approved and that nobody ended.",
    **READ,
)
def running_grant(grant: str) -> Grant:
    """Raises ConfigurationError where there is none of this name, and where it is not running."""
    with open_ledger() as ledger:
        found = GrantBook(ledger).find(grant)
    if found.until is None or found.ended is not None or found.revoked is not None:
        raise ConfigurationError(f"The grant {found.id} is not running. Ask for a new one.")
    return found


@task(
    name="note-request",
    description="Notes who asks for which rights, for how long and why. Nothing is granted.",
    **PUBLISH,
)
def note_request(
    place: Place,
    hours: float | None,
    reason: str,
    requester: str,
    ticket: str,
    now: datetime,
    route: str = "",
    extends: str = "",
) -> Grant:
    """Without `hours` as long as the policy allows. Raises ConfigurationError for an org that the estate does not have."""
    known = [org.alias for org in load_estate().orgs]
    if place.org not in known:
        raise ConfigurationError(f"There is no org {place.org}. The estate has {', '.join(known)}.")
    policy = load_policy()
    request = Request(
        place=place,
        hours=min(policy.jit.max_grant / timedelta(hours=1), 24) if hours is None else hours,
        reason=reason,
        requester=requester,
        ticket=ticket,
        at=now,
        route=route,
        extends=extends,
    )
    with open_ledger() as ledger:
        book = GrantBook(ledger, policy_digest(policy))
        return book.find(book.ask(request))


@task(
    name="admit-grant",
    description="Notes the approval of the policy's window that stands for a request now; without one nothing happens.",
    **PUBLISH,
)
def admit_grant(grant: str) -> Grant:
    """
    The org is asked for its time only where a window is about the request. Raises OrgError, and GrantRefused for a policy
    that nobody registered.
    """
    with open_ledger() as ledger:
        policy = _registered_policy(ledger)
        book = GrantBook(ledger, policy_digest(policy))
        found = book.find(grant)
        if not any(about(found.request, window) for window in policy.jit.windows):
            return found
        place = found.request.place
        with open_for_writing(place.org) as session:
            known, standing = OrgAssignments(session).knows(place), OrgAssignments(session).stands(place)
            now = session.server_time or datetime.now(UTC)
        return book.admit(found.id, policy.jit, now, known, standing, _spared(place, policy))


@task(
    name="approve-grant", description="Notes the approval; the clock of the grant starts with it.", **PUBLISH
)
def approve_grant(grant: str, approver: str, signature: str = "") -> Grant:
    """
    Raises GrantRefused, ConfigurationError, and OrgError when the org's time cannot be learnt.

    An approval that lacks its signature is no refusal: it may be given anew.
    """
    with open_ledger() as ledger:
        policy = _registered_policy(ledger)
        book = GrantBook(ledger, policy_digest(policy))
        found = book.find(grant)
        if (why := unsigned(found, approver, signature, policy.changes.approvals)) is not None:
            raise GrantRefused(f"The approval of {found.request.place} does not count: {why}.")
        place = found.request.place
        with open_for_writing(place.org) as session:
            known, standing = OrgAssignments(session).knows(place), OrgAssignments(session).stands(place)
            now = session.server_time or datetime.now(UTC)
        spared = _spared(place, policy)
        return book.approve(found.id, approver, policy.jit, now, known, standing, spared, signature)


def _spared(place: Place, policy: Policy) -> str:
    """What the user is whose rights nobody may touch; empty for everybody else."""
    return protected(load_estate(), policy, place.org).get(place.username, "")


def _registered_policy(ledger: Ledger) -> Policy:
    """Ending access asks nobody; giving it does. Raises GrantRefused where the policy is not the one that was registered."""
    estate, policy = load_registered()
    if why := unregistered(ledger, estate_digest(estate), policy_digest(policy)):
        raise GrantRefused(f"Nothing is granted: {why}.")
    return policy


@task(name="end-grant", description="Notes that a grant ends now.", **PUBLISH)
def end_grant(grant: str, actor: str) -> Grant:
    """On the org's own time where it answers; otherwise on ours, and the sweep that follows takes it all the same."""
    with open_ledger() as ledger:
        book = GrantBook(ledger, policy_digest(load_policy()))
        found = book.find(grant)
        try:
            with open_for_writing(found.request.place.org) as session:
                now = OrgAssignments(session).look(()).now
        except OrgError:
            # Whatever the org's clock shows, it is over.
            now = found.approved_at or datetime.now(UTC)
        return book.end(found.id, actor, now)


@contextmanager
def granted(
    route: str,
    reason: str,
    requester: str,
    *,
    hours: float | None = None,
    ticket: str = "",
    grant: str = "",
) -> Iterator[Grant]:
    """
    The rights of a route's sync user for the length of a block: what a synchronous flow writes around its work.

    They are there when the block begins. They end with it however it ends, and when its process is killed, the sweep ends
    them at their deadline. A run that no window of the policy stands for raises GrantRefused, which names the request;
    when somebody has approved that, the next run names it as `grant` and takes what is left of it. A standing assignment
    of the set becomes one for the run: afterwards the user rests without it.
    """
    if grant:
        taken = running_grant(grant)
        if taken.request.route != route:
            raise ConfigurationError(
                f"The grant {taken.id} is not about the route {route}. Ask for one that is."
            )
    else:
        place = place_of_route(route)
        asked = note_request(place, hours, reason, requester, ticket, datetime.now(UTC), route=route)
        taken = admit_grant(asked.id)
    if taken.until is None:
        raise GrantRefused(
            f"{taken.request.place} waits for approval: no window of the policy stands for it now. "
            f"`bulkhead jit approve {taken.id}`, then run again with this grant."
        )
    try:
        complete(sweep_org(taken.request.place.org), taken.request.place)
        _refuse_if_over(taken)
        yield taken
    finally:
        _give_back(taken, requester)


def _refuse_if_over(grant: Grant) -> None:
    """The sweep, which knows the org's time, has just taken what is over."""
    with open_ledger() as ledger:
        if GrantBook(ledger).find(grant.id).revoked is not None:
            raise GrantRefused(f"The grant {grant.id} is over. Ask for a new one.")


def _give_back(grant: Grant, actor: str) -> None:
    """What became of the work is the run's result; an org that does not answer now is swept until it does."""
    end_grant(grant.id, actor)
    try:
        complete(sweep_org(grant.request.place.org), grant.request.place)
    except BulkheadError as error:
        get_run_logger().warning("The rights of this run are not taken yet, the next sweep does: %s", error)


@task(
    name="review-grants",
    task_run_name="review-grants-in-{org}",
    description="What grants of one org that are over were used for, from its event log files and sign-ins.",
    **READ,
)
def review_grants(org: str) -> list[Grant]:
    """Those that were reviewed now; others wait for their logs. Raises OrgError."""
    with open_ledger() as ledger:
        book = GrantBook(ledger, policy_digest(load_policy()))
        waiting = open_reviews(book.all()).get(org, [])
        if not waiting:
            return []
        with open_org(org) as session:
            watched = watch(session, waiting)
        return [
            book.reviewed(grant.id, review(grant, watched[grant.id]))
            for grant in waiting
            if grant.id in watched
        ]


@task(name="list-grants", description="All grants, the latest first.", **READ)
def list_grants() -> list[Grant]:
    with open_ledger() as ledger:
        return GrantBook(ledger).all()


@task(
    name="sweep-org",
    task_run_name="sweep-{org}",
    description="Makes one org hold what its grants say and nothing longer, and looks for assignments nobody granted.",
    **READ,
)
def sweep_org(org: str) -> Swept:
    """Raises OrgError when the org cannot be reached; what is due then, or refused now, is tried again by the next sweep."""
    policy = load_policy()
    with (
        open_ledger() as ledger,
        # The sweep of this minute may be at it; what it did is looked at then.
        ledger.held(f"access in {org}", PATIENCE),
        open_for_writing(org) as session,
    ):
        book = GrantBook(ledger, policy_digest(policy))
        return sweep(org, book, OrgAssignments(session), policy.jit.managed_sets.get(org, ()))


@task(
    name="list-wakings",
    description="Orgs in which the enforcer's write rights were woken, and nobody noted that they sleep again.",
    **READ,
)
def list_wakings() -> list[str]:
    with open_ledger() as ledger:
        return sorted(wakings(ledger))


@task(
    name="put-to-sleep",
    task_run_name="put-to-sleep-{org}",
    description="Ends write rights of the enforcer that a killed process left awake.",
    **READ,
)
def put_to_sleep(org: str) -> int:
    """
    How many were still awake. Raises OrgError; the next sweep tries again.

    Raises AlreadyRunning where the process that woke them is alive and at work: then they are awake for a reason.
    """
    with (
        open_ledger() as ledger,
        # Both locks end with their process, however that ended.
        ledger.held(f"the org {org}"),
        ledger.held(f"access in {org}", PATIENCE),
        open_for_writing(org) as session,
    ):
        left = wakings(ledger).get(org, [])
        found = activations(session, session.connection.session_sets)
        if found:
            session.end_activations(found)
        asleep(ledger, org, left)
        return len(found)


def orgs_with_grants(grants: Sequence[Grant], now: datetime) -> list[str]:
    """Orgs in which something is open, and those with sets that are only granted for a time."""
    open_ones = {g.request.place.org for g in grants if g.state(now) in (GrantState.ACTIVE, GrantState.OVER)}
    return sorted(open_ones | load_policy().jit.managed_sets.keys())
