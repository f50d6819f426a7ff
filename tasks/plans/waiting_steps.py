"""Prefect tasks about plans that wait for people."""

from datetime import UTC, datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.estate.policy import Policy
from tasks.forms_gateway import read_forms
from tasks.orgs import load_policy, open_ledger
from tasks.plans.digest import policy_digest
from tasks.plans.gate import Against, hopeless
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.next import PAGE, Open, approval_markdown, waiting_markdown
from tasks.plans.overview import PlanStatus
from tasks.plans.render import counted
from tasks.plans.standing_steps import read_past, read_verified, read_wanted, stands
from tasks.plans.waiting import open_plans, to_make_anew
from tasks.policies import PUBLISH


@task(
    name="publish-what-waits",
    description="One page about all plans that wait: for whom, and which form is next.",
    **PUBLISH,
)
def publish_waiting() -> int:
    """How many wait. Raises LedgerUnavailable."""
    policy = load_policy()
    with open_ledger() as ledger:
        book = PlanBook(ledger, "")
        statuses = book.statuses()
        now = datetime.now(UTC)
        standing = stands(statuses, read_verified(ledger), policy_digest(policy), now)
        found = [_open(book, each, policy, now) for each in open_plans(statuses, standing)]
    refused = sum(bool(each.against) for each in found)
    missing = sum(bool(each.wanted.missing and not each.against) for each in found)
    said = [
        f"{counted(missing, 'plan')} to approve",
        f"{counted(len(found) - missing - refused, 'plan')} to apply",
    ]
    said += [f"{counted(refused, 'plan')} that would be refused"] if refused else []
    create_markdown_artifact(
        waiting_markdown(found, read_forms(), to_make_anew(statuses, standing)),
        key=PAGE,
        description=f"{', '.join(said)}.",
    )
    return len(found)


@task(
    name="publish-approval",
    description="Shows what one yes has brought, and what is next.",
    **PUBLISH,
)
def publish_approval(digest: str, approver: str, against: Against) -> None:
    """Raises ConfigurationError for a digest that nobody knows."""
    with open_ledger() as ledger:
        book = PlanBook(ledger, "")
        status = book.status(book.find(digest)[0])
        policy, now = load_policy(), datetime.now(UTC)
        found = _open(book, status, policy, now)
        past = read_past(ledger, book, status, policy, now)
    create_markdown_artifact(
        approval_markdown(
            found.status,
            approver,
            found.wanted,
            tuple(dict.fromkeys((*against.reasons, *past))),
            read_forms(),
            (*against.lasting, *past),
        ),
        key=f"approval-{found.status.digest[:12]}",
        description=f"{found.status.plan.title}: {len(found.wanted.given)} of {found.wanted.needed} approvals."[
            :250
        ],
    )


def _open(book: PlanBook, status: PlanStatus, policy: Policy, now: datetime) -> Open:
    return Open(
        status=status,
        wanted=read_wanted(book, status, policy.changes),
        against=hopeless(status.plan, policy, now),
    )
