"""`bulkhead plan …`, `bulkhead halt` and `bulkhead resume`."""

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deployments.cli.asking import JsonOption, connect, passphrase
from deployments.cli.output import say, say_json, tell

if TYPE_CHECKING:
    from tasks.plans.overview import PlanStatus

app = typer.Typer(
    help="Plans: what would be changed, who approved it, and what became of it.", no_args_is_help=True
)
DigestArgument = Annotated[str, typer.Argument(help="The plan's digest, or its first eight letters or more.")]
ReasonOption = Annotated[str, typer.Option(help="Why; it stays in the ledger.")]


@app.command("list")
def list_plans(as_json: JsonOption = False) -> None:
    """
    List all plans, the latest first.

    Example: bulkhead plan list
    """
    from tasks.orgs import open_ledger
    from tasks.plans.ledger_gateway import PlanBook

    connect()
    with open_ledger() as ledger:
        statuses = PlanBook(ledger, _me()).statuses()
    if as_json:
        say_json([_document(status) for status in statuses])
        return
    for status in statuses:
        done = f"{len(status.history.verified)}/{len(status.plan.changes)}"
        say(
            f"{status.digest[:12]}  {status.stage.value:<17} {done:>9}  {status.plan.made_at:%Y-%m-%d %H:%M}  {status.plan.title}"
        )
    if not statuses:
        tell("There is no plan yet. `bulkhead run least-privilege --param requester=…` makes one.")


@app.command()
def show(digest: DigestArgument, as_json: JsonOption = False) -> None:
    """
    Show a plan: every change with its reason, what keeps working, what could break, and what speaks against it now.

    Example: bulkhead plan show 4f2a9c01
    """
    from tasks.orgs import load_policy, open_ledger
    from tasks.plans.gate import needed
    from tasks.plans.ledger_gateway import PlanBook
    from tasks.plans.render import text
    from tasks.plans.steps import reasons_against
    from tasks.plans.watch import line

    connect()
    with open_ledger() as ledger:
        book = PlanBook(ledger, _me())
        status = book.status(book.find(digest)[0])
        changes = load_policy().changes
        watched = [line(each, changes.watch) for each in book.watches(status.digest)]
    against = reasons_against.fn(status.digest).reasons if status.plan.changes else ()
    if as_json:
        say_json(
            {
                **_document(status),
                "plan": status.plan.model_dump(mode="json"),
                "against": list(against),
                "watched": watched,
            }
        )
        return
    say(text(status, needed(status.plan, changes) if status.plan.changes else 0, against, watched))


@app.command()
def approve(
    digest: DigestArgument,
    reason: ReasonOption,
    approver: Annotated[
        str, typer.Option(help="Who approves, as policy.yaml knows them; the user of this machine.")
    ] = "",
    key: Annotated[
        Path | None,
        typer.Option(help="Your OpenSSH Ed25519 key, to sign with; its public half stands in policy.yaml."),
    ] = None,
    emergency: Annotated[
        bool,
        typer.Option(
            "--emergency",
            help="Lets it be applied outside windows and in a freeze; signed, also a way back that would do harm.",
        ),
    ] = False,
) -> None:
    """
    Say yes to exactly one digest. Unsigned without --key: it is then noted as unauthenticated.

    Example: bulkhead plan approve 4f2a9c01 --reason "reviewed with the EMEA team" --key ~/.ssh/id_ed25519
    """
    from tasks.orgs import load_policy, open_ledger
    from tasks.plans.digest import policy_digest
    from tasks.plans.ledger_gateway import PlanBook
    from tasks.plans.model import Approval
    from tasks.plans.render import final
    from tasks.plans.signature import sign
    from tasks.plans.steps import reasons_against
    from tasks.plans.waiting_steps import publish_waiting

    connect()
    person = approver or _me()
    with open_ledger() as ledger:
        book = PlanBook(ledger, person, policy_digest(load_policy()))
        name, plan = book.find(digest)
        approval = Approval(
            plan=name, approver=person, reason=reason, at=datetime.now(UTC), emergency=emergency
        )
        signature = None if key is None else sign(approval, key.read_bytes(), passphrase(key))
        book.approve(approval, signature)
    say(f"{person} approved {name[:12]}: {plan.title}{'' if signature else ' (unsigned)'}")
    for line in final(plan):
        say(f"  {line}")
    for line in reasons_against.fn(name).reasons:
        say(f"  not to be applied yet: {line}")
    # The page in the UI would go on asking for this yes.
    publish_waiting.fn()


@app.command()
def apply(digest: DigestArgument) -> None:
    """
    Apply an approved plan, or go on with one that stopped.

    Example: bulkhead plan apply 4f2a9c01
    """
    connect()
    from flows.plans import apply_plan

    _tell(apply_plan(digest=digest, actor=_me()))


@app.command()
def rollback(
    digest: DigestArgument,
    reason: ReasonOption,
    only: Annotated[
        list[int] | None,
        typer.Option(help="Number of a change to take back; may be repeated. All when not given."),
    ] = None,
) -> None:
    """
    Take a plan back, whole or in part.

    Example: bulkhead plan rollback 4f2a9c01 --reason "the nightly sync fails" --only 7 --only 8
    """
    connect()
    from flows.plans import rollback_plan

    _tell(rollback_plan(digest=digest, reason=reason, only=only or None, actor=_me()))


def halt(reason: ReasonOption) -> None:
    """
    Stop every apply at once; never stops a revocation.

    Example: bulkhead halt --reason "incident 4711"
    """
    from tasks.orgs import open_ledger
    from tasks.plans.ledger_gateway import PlanBook

    connect()
    with open_ledger() as ledger:
        PlanBook(ledger, _me()).halt(reason)
    say("all applies are halted; running ones stop before their next write")


def resume(reason: ReasonOption) -> None:
    """
    Let plans be applied again.

    Example: bulkhead resume --reason "incident 4711 is closed"
    """
    from tasks.orgs import open_ledger
    from tasks.plans.ledger_gateway import PlanBook

    connect()
    with open_ledger() as ledger:
        PlanBook(ledger, _me()).resume(reason)
    say("plans may be applied again")


def add_to(main: typer.Typer) -> None:
    main.command()(halt)
    main.command()(resume)


def _me() -> str:
    return getpass.getuser()


def _tell(status: "PlanStatus") -> None:
    say(
        f"{status.digest[:12]}  {status.stage.value}: {len(status.history.verified)} of {len(status.plan.changes)} changes verified"
    )


def _document(status: "PlanStatus") -> dict[str, Any]:
    return {
        "digest": status.digest,
        "title": status.plan.title,
        "stage": status.stage.value,
        "requester": status.plan.requester,
        "made_at": status.plan.made_at,
        "expires_at": status.plan.expires_at,
        "changes": len(status.plan.changes),
        "verified": len(status.history.verified),
        "approvals": list(status.approvals),
        "reason": status.reason,
        "undoes": status.plan.undoes,
    }
