"""Prefect tasks of recertification."""

from datetime import datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.orgs import load_policy, open_ledger
from tasks.plans.digest import policy_digest
from tasks.policies import PUBLISH, READ
from tasks.recertification.ledger_gateway import RoundBook
from tasks.recertification.model import Access, Decision, Round
from tasks.recertification.pages import markdown


@task(name="read-rounds", description="What was asked, and what was answered, from the ledger.", **READ)
def read_rounds() -> list[Round]:
    """Oldest first. Raises LedgerUnavailable."""
    with open_ledger() as ledger:
        return RoundBook(ledger).rounds()


@task(name="ask-owners", description="Notes what is asked of whom, and until when.", **PUBLISH)
def ask_owners(accesses: tuple[Access, ...], asked: datetime, due: datetime) -> Round:
    with open_ledger() as ledger:
        return RoundBook(ledger, policy_digest(load_policy())).ask(accesses, asked, due)


@task(name="note-answer", description="Notes an owner's yes or no, when it counts.", **PUBLISH)
def note_answer(access: str, decision: Decision, person: str, reason: str) -> Access:
    """Raises ConfigurationError with why it does not count."""
    with open_ledger() as ledger:
        return RoundBook(ledger, policy_digest(load_policy())).answer(access, decision, person, reason)


@task(name="close-round", description="Notes how a round ended, and which plan follows.", **PUBLISH)
def close_round(round_: Round, plan: str) -> Round:
    with open_ledger() as ledger:
        return RoundBook(ledger, policy_digest(load_policy())).close(round_, plan)


@task(name="publish-round", description="Who is asked about what, and what is answered.", **PUBLISH)
def publish_round(round_: Round) -> None:
    create_markdown_artifact(
        markdown(round_),
        key="recertification",
        description="Access that owners confirm or drop, and what waits.",
    )
