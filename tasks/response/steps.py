"""Prefect tasks of responding."""

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.alerts.model import Opened
from tasks.errors import AlreadyRunning, CloudError, ContainmentRefused, OrgError
from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.ledger.registration import unregistered
from tasks.ledger.store import Ledger
from tasks.orgs import (
    connect_with,
    load_estate,
    load_policy,
    load_registered,
    open_for_writing,
    open_ledger,
    open_org,
)
from tasks.plans.branch import protected
from tasks.plans.digest import estate_digest, policy_digest
from tasks.plans.model import ResourceKind
from tasks.policies import PUBLISH, READ
from tasks.response import carry
from tasks.response.approval import unsigned, unsigned_return
from tasks.response.authority import is_automatic, unauthorised
from tasks.response.gateway import OrgHands, let_in
from tasks.response.ledger_gateway import ResponseBook, order_rotation
from tasks.response.looking_gateway import look
from tasks.response.model import Containment, Facts, Recent, Seen, Standing, Trial
from tasks.response.plan import containment, credentials_of, refusal, resting_on, route_of
from tasks.response.telling import markdown
from tasks.salesforce.session import Session
from tasks.salesforce.writing import WritingSession

PATIENCE = 30
"""Seconds to wait for a sweep of the same org, which would put rights to sleep that are at work here. Then we go on all the same."""
_WRITE = {**PUBLISH, "retries": 0}


@task(
    name="decide-containment",
    task_run_name="decide-about-{facts.username}",
    description="Looks who the actor is and what it could come back by, and decides by policy. Changes no org.",
    **_WRITE,
)
def decide_containment(
    facts: Facts,
    granted: Collection[str],
    requester: str,
    wanted: Collection[Facts] = (),
    opened: Collection[Opened] = (),
) -> Standing:
    """
    `granted` are assignments (`user name/Set`) that grants cover: those end with their grants. `wanted` and `opened` are what the
    ledger says that detections want, and which alerts are open; what is asked in their name has to be there.

    The same facts are decided once. Raises ContainmentRefused with the reason, which is noted too, and OrgError.
    """
    estate, policy = load_registered()
    with open_ledger() as ledger, ExitStack() as stack:
        book = ResponseBook(ledger, requester, policy_digest(policy))
        if why := unregistered(ledger, estate_digest(estate), policy_digest(policy)):
            raise ContainmentRefused(f"Nobody is contained: {why}.")
        if is_automatic(requester) and (
            why := unauthorised(facts, wanted, opened, book.all(), datetime.now(UTC))
        ):
            book.refused(facts, why)
            raise ContainmentRefused(
                f"Nobody is contained in the name of detections: {why}. Ask by your own name."
            )
        spared = protected(estate, policy, facts.org)
        if facts.username in spared:
            book.refused(facts, spared[facts.username])
            raise ContainmentRefused(
                f"Nobody is contained: {refusal(facts, _nobody(facts), spared[facts.username])}."
            )
        seen = _without(look(_reader(stack), facts, estate, route_of(facts, estate)), granted)
        if why := refusal(facts, seen, ""):
            book.refused(facts, why)
            raise ContainmentRefused(f"Nobody is contained: {why}.")

        def judge(name: str, recent: Recent) -> Containment:
            return containment(name, facts, seen, estate, policy.response, recent, spared)

        return book.decide(facts, seen.now, judge)


@task(
    name="take-steps",
    task_run_name="contain-{name}",
    description="Takes the steps of a containment that are due: each is noted, done, read back, and noted again.",
    **_WRITE,
)
def take_steps(name: str) -> list[str]:
    """Why steps could not be taken. Raises LedgerUnavailable."""
    with _at_work(name) as (book, hands):
        return [*carry.take(book.page(name), hands)]


@task(
    name="give-back",
    task_run_name="give-back-{name}",
    description="Restores exactly what a containment took, from the state that the ledger has of it.",
    **_WRITE,
)
def give_back_steps(name: str) -> list[str]:
    """Why steps could not be given back. Raises LedgerUnavailable."""
    with _at_work(name) as (book, hands):
        return [*carry.give_back(book.page(name), hands, datetime.now(UTC))]


@task(
    name="try-keys",
    task_run_name="try-keys-after-{name}",
    description="Tries to sign in with the credentials of a contained actor that are stored: they have to be refused.",
    **READ,
)
def try_keys(name: str) -> list[Trial]:
    """Only where the user may not sign in any more. What cannot be read or tried is left out."""
    estate = load_estate()
    with open_ledger() as ledger:
        book = ResponseBook(ledger, "bulkhead", policy_digest(load_policy()))
        standing = book.find(name)
        facts = standing.containment.facts
        taken = {s.resource for s in standing.containment.steps if s.resource and s.number in standing.taken}
        if not any(each.kind is ResourceKind.SIGN_IN for each in taken):
            return []
        for secret in sorted(_secrets(facts, estate)):
            with suppress(CloudError, OrgError):
                connection = connect_with(facts.org, secret, facts.username)
                if connection.username.lower() in standing.containment.users:
                    book.tried(name, Trial(secret=secret, refused=not let_in(connection)))
        return [*book.find(name).trials]


@task(name="find-containment", description="Finds a containment by the beginning of its id.", **READ)
def find_containment(name: str) -> Standing:
    """Raises ConfigurationError for none or several."""
    with open_ledger() as ledger:
        return ResponseBook(ledger, "").find(name)


@task(name="list-containments", description="Containments that are not given back yet.", **READ)
def list_containments() -> list[Standing]:
    """In the order in which they were decided."""
    with open_ledger() as ledger:
        return [each for each in ResponseBook(ledger, "").all() if each.open]


@task(name="read-containments", description="All containments, those too that are given back.", **READ)
def read_containments() -> list[Standing]:
    """In the order in which they were decided."""
    with open_ledger() as ledger:
        return ResponseBook(ledger, "").all()


@task(name="note-closing", description="Notes a person's word that an incident is over.", **_WRITE)
def note_closing(name: str, person: str, reason: str) -> Standing:
    """Raises ConfigurationError, and ContainmentRefused for the one contained, and before there is a report."""
    with open_ledger() as ledger:
        book = ResponseBook(ledger, person, policy_digest(load_policy()))
        return book.close(book.find(name).containment.id, datetime.now(UTC), reason)


@task(
    name="agree-to-containment",
    description="Notes one person's yes to the steps of a containment that wait.",
    **_WRITE,
)
def agree(name: str, approver: str, reason: str, signature: str = "") -> Standing:
    """Raises ConfigurationError, and ContainmentRefused for who may not, and for a yes that lacks its signature: give it anew."""
    with open_ledger() as ledger:
        policy = _registered(ledger)
        book = ResponseBook(ledger, approver, policy_digest(policy))
        known = book.find(name)
        why = unsigned(
            known.containment, known.requester, known.agreed, approver, reason, signature, policy.changes.approvals
        )  # fmt: skip
        if why is not None:
            raise ContainmentRefused(f"The yes of {approver} does not count: {why}.")
        return book.agree(known.containment.id, reason, signature)


@task(
    name="agree-to-giving-back",
    description="Notes one person's yes to giving back; with enough of them it begins.",
    **_WRITE,
)
def agree_to_giving_back(name: str, approver: str, reason: str, signature: str = "") -> Standing:
    """
    Raises ConfigurationError, and ContainmentRefused for who may not, for a yes that lacks its signature, and where a later
    containment rests on this one.
    """
    with open_ledger() as ledger:
        policy = _registered(ledger)
        book = ResponseBook(ledger, approver, policy_digest(policy))
        known = book.find(name)
        why = unsigned_return(
            known.containment, known.asked, approver, reason, signature, policy.changes.approvals
        )
        if why is not None:
            raise ContainmentRefused(f"The yes of {approver} does not count: {why}.")
        if later := resting_on(known, book.all()):
            raise ContainmentRefused(
                f"Nothing is given back yet: {', '.join(each[:12] for each in later)} took more of the same. Give that back first."
            )
        standing = book.ask_back(known.containment.id, reason, signature)
        if len(standing.asked) < standing.containment.needed:
            return standing
        return book.begin_return(known.containment.id, datetime.now(UTC), reason)


@task(
    name="end-when-due",
    task_run_name="look-whether-{name}-is-over",
    description="Begins to give back a containment whose time is up, by the org's own clock.",
    **READ,
)
def begin_return_when_due(name: str) -> bool:
    """Whether it is to be given back now. Raises OrgError when the org's time cannot be learnt."""
    with open_ledger() as ledger:
        book = ResponseBook(ledger, "sweeper", policy_digest(load_policy()))
        standing = book.find(name)
        until = standing.containment.undo_at
        if standing.returning is not None or until is None or resting_on(standing, book.all()):
            return standing.returning is not None
        with open_org(standing.containment.facts.org) as session:
            session.hello()
            now = session.server_time
        if now is None or now < until:
            return False
        book.begin_return(name, now, "its time is up")
        return True


@task(name="publish-containment", description="Shows where a containment stands.", **PUBLISH)
def publish_containment(name: str) -> Standing:
    with open_ledger() as ledger:
        standing = ResponseBook(ledger, "").find(name)
    create_markdown_artifact(
        markdown(standing),
        key=f"containment-{standing.containment.id[:12]}",
        description=f"{standing.containment.facts.username}: {standing.containment.facts.detection}.",
    )
    return standing


@contextmanager
def _at_work(name: str) -> Iterator[tuple[ResponseBook, OrgHands]]:
    estate, policy = load_estate(), load_policy()
    with open_ledger() as ledger, ExitStack() as stack:
        book = ResponseBook(ledger, "bulkhead", policy_digest(policy))
        yield (
            book,
            OrgHands(
                _writer(stack, ledger),
                _reader(stack),
                lambda org: frozenset(protected(estate, policy, org)),
                lambda secret: order_rotation(ledger, secret, name, datetime.now(UTC)),
            ),
        )


def _writer(stack: ExitStack, ledger: Ledger) -> Callable[[str], WritingSession]:
    """One session for each org; it and its rights end with the stack."""
    opened: dict[str, WritingSession] = {}

    def write_in(org: str) -> WritingSession:
        if org not in opened:
            with suppress(AlreadyRunning):
                stack.enter_context(ledger.held(f"access in {org}", PATIENCE))
            opened[org] = stack.enter_context(open_for_writing(org))
        return opened[org]

    return write_in


def _reader(stack: ExitStack) -> Callable[[str], Session]:
    opened: dict[str, Session] = {}

    def read_in(org: str) -> Session:
        if org not in opened:
            opened[org] = stack.enter_context(open_org(org))
        return opened[org]

    return read_in


def _without(seen: Seen, granted: Collection[str]) -> Seen:
    known = {each.lower() for each in granted}
    left = tuple(each for each in seen.assignments if each.resource.key.lower() not in known)
    return seen.model_copy(update={"assignments": left})


def _nobody(facts: Facts) -> Seen:
    """Who is spared is not looked at."""
    return Seen(org=facts.org, now=facts.at, users=0, sign_in=None)


def _secrets(facts: Facts, estate: Estate) -> set[str]:
    """Where credentials of the actor are stored, as the estate says."""
    seen = _nobody(facts)
    found = {each.secret for each in credentials_of(facts, seen, estate) if each.kind != "client-certificate"}
    route = route_of(facts, estate)
    return found | ({route.credential} if route is not None else set())


def _registered(ledger: Ledger) -> Policy:
    """Raises ContainmentRefused where the policy is not the one that was registered."""
    estate, policy = load_registered()
    if why := unregistered(ledger, estate_digest(estate), policy_digest(policy)):
        raise ContainmentRefused(f"Nobody's yes counts: {why}.")
    return policy
