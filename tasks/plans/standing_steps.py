"""Where all plans stand, as phases need it: finished, waiting, or to be made anew."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from prefect import task

from tasks.estate.model_changes import ChangePolicy
from tasks.estate.policy import Policy
from tasks.ledger.model import EntryKind
from tasks.ledger.store import Ledger
from tasks.orgs import load_policy, open_ledger
from tasks.phases.model import PlanStand
from tasks.plans.digest import policy_digest
from tasks.plans.gate import hopeless, is_signed
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Resource
from tasks.plans.overview import PlanStatus, Stage
from tasks.plans.waiting import UNSENT, Wanted, waiting, wanted
from tasks.policies import READ

OVERTAKEN = "another plan has since changed what this one would change or relies on; make it anew"
BACK = frozenset({Stage.TAKEN_BACK, Stage.PARTLY_TAKEN_BACK})


@task(name="how-plans-stand", description="Which plans are carried out, which wait, which are past.", **READ)
def how_plans_stand() -> dict[str, PlanStand]:
    """By digest. Raises LedgerUnavailable."""
    with open_ledger() as ledger:
        statuses = PlanBook(ledger, "").statuses()
        verified = read_verified(ledger)
    policy = load_policy()
    signed = {each.digest for each in statuses if is_signed(each.plan, policy.changes)}
    return stands(statuses, verified, policy_digest(policy), datetime.now(UTC), signed)


def read_verified(ledger: Ledger) -> list[tuple[str, datetime, frozenset[int]]]:
    """Digest, time and changes of everything that was read back, in order. Raises LedgerUnavailable."""
    return [
        (entry.subject, entry.at, frozenset(_numbers(entry.body.get("numbers"))))
        for entry in ledger.entries(EntryKind.VERIFICATION)
    ]


def stands(
    statuses: Sequence[PlanStatus],
    verified: Sequence[tuple[str, datetime, frozenset[int]]],
    policy: str,
    now: datetime,
    signed: Collection[str] = (),
) -> dict[str, PlanStand]:
    """
    `verified` are digest, time and changes of what was read back, in order, `signed` the digests of plans of which only a
    signature is a yes.
    """
    plans = {status.digest: status for status in statuses}
    changed: dict[Resource, list[tuple[datetime, str]]] = {}
    last: dict[str, datetime] = {}
    for digest, at, numbers in verified:
        if digest in plans:
            last[digest] = at
            for number in numbers:
                resource = plans[digest].plan.change(number).resource
                changed.setdefault(resource, []).append((at, digest))
    return {
        digest: PlanStand(
            digest=digest,
            stage=status.stage.value,
            changes=len(status.plan.changes),
            finished=status.stage is Stage.APPLIED,
            begun=status.history.begun,
            taken_back=status.stage in BACK,
            overtaken=_overtaken(status, changed),
            outdated=now >= status.plan.expires_at or status.plan.policy_digest != policy,
            changed=last.get(digest),
            signed=digest in signed,
            left=frozenset(
                c.resource.org for c in status.plan.changes if c.number not in status.history.verified
            ),
        )
        for digest, status in plans.items()
    }


def _overtaken(status: PlanStatus, changed: Mapping[Resource, Sequence[tuple[datetime, str]]]) -> bool:
    """Whether another plan has since changed what this one would change or was reasoned from: its digest no longer holds."""
    resources = [
        *(each.resource for each in status.plan.changes),
        *(each.resource for each in status.plan.watched),
    ]
    return any(
        digest != status.digest and at > status.plan.made_at
        for resource in resources
        for at, digest in changed.get(resource, ())
    )


def _numbers(found: object) -> list[int]:
    return [int(str(number)) for number in found] if isinstance(found, list) else []


@task(
    name="list-waiting-plans",
    description="Plans that have waited for approvals longer than policy says.",
    **READ,
)
def list_waiting() -> list[PlanStatus]:
    """Oldest first. Raises LedgerUnavailable."""
    with open_ledger() as ledger:
        book, policy = PlanBook(ledger, ""), load_policy()
        statuses = book.statuses()
        wants = {
            each.digest: read_wanted(book, each, policy.changes) for each in statuses if each.stage in UNSENT
        }
    return waiting(statuses, wants, datetime.now(UTC), policy.phases.remind_after)


def read_past(
    ledger: Ledger, book: PlanBook, status: PlanStatus, policy: Policy, now: datetime
) -> tuple[str, ...]:
    """
    Why a plan can never be applied, as far as ledger and policy say: what `hopeless` finds, and that another plan has overtaken
    it before it was begun. Raises LedgerUnavailable.
    """
    found = hopeless(status.plan, policy, now)
    if status.history.begun:
        return found
    stand = stands(book.statuses(), read_verified(ledger), policy_digest(policy), now)[status.digest]
    return (*found, OVERTAKEN) if stand.overtaken else found


def read_wanted(book: PlanBook, status: PlanStatus, policy: ChangePolicy) -> Wanted:
    """Raises LedgerUnavailable."""
    return wanted(status.plan, book.approvals(status.digest, policy.approvals.keys), policy)
