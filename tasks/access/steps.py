"""Prefect tasks of just-in-time access."""

from collections.abc import Sequence
from datetime import UTC, datetime

from prefect import task

from tasks.access.enforce import sweep
from tasks.access.gateway import OrgAssignments
from tasks.access.ledger_gateway import GrantBook
from tasks.access.model import Grant, GrantState, Place, Request, Swept
from tasks.errors import ConfigurationError, OrgError
from tasks.ledger.waking import asleep, wakings
from tasks.orgs import load_estate, load_policy, open_for_writing, open_ledger
from tasks.plans.digest import policy_digest
from tasks.policies import PUBLISH, READ
from tasks.salesforce.waking import activations

PATIENCE = 60
"""Seconds to wait for another sweep of the same org."""


@task(
    name="note-request",
    description="Notes who asks for which rights, for how long and why. Nothing is granted.",
    **PUBLISH,
)
def note_request(
    place: Place, hours: float, reason: str, requester: str, ticket: str, now: datetime
) -> Grant:
    """Raises ConfigurationError for an org that the estate does not have."""
    known = [org.alias for org in load_estate().orgs]
    if place.org not in known:
        raise ConfigurationError(f"There is no org {place.org}. The estate has {', '.join(known)}.")
    request = Request(place=place, hours=hours, reason=reason, requester=requester, ticket=ticket, at=now)
    with open_ledger() as ledger:
        book = GrantBook(ledger, policy_digest(load_policy()))
        return book.find(book.ask(request))


@task(
    name="approve-grant", description="Notes the approval; the clock of the grant starts with it.", **PUBLISH
)
def approve_grant(grant: str, approver: str) -> Grant:
    """Raises GrantRefused, ConfigurationError, and OrgError when the org's time cannot be learnt."""
    policy = load_policy()
    with open_ledger() as ledger:
        book = GrantBook(ledger, policy_digest(policy))
        found = book.find(grant)
        place = found.request.place
        with open_for_writing(place.org) as session:
            known = OrgAssignments(session).knows(place)
            now = session.server_time or datetime.now(UTC)
        return book.approve(found.id, approver, policy.jit, now, known)


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
    """Raises OrgError; what is due then is done by the next sweep."""
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
