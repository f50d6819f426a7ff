"""`bulkhead jit …`: rights for hours."""

import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer

from deployments.cli.asking import JsonOption, connect
from deployments.cli.output import say, say_json, tell

app = typer.Typer(
    help="Just-in-time access: asked for, approved, given for hours, taken back.", no_args_is_help=True
)
GrantArgument = Annotated[str, typer.Argument(help="Id of the grant, or its first six letters or more.")]


@app.command()
def request(
    org: Annotated[str, typer.Option(help="Alias of the org.")],
    user: Annotated[str, typer.Option(help="User name in that org of who gets the set.")],
    permission_set: Annotated[str, typer.Option("--set", help="API name of the permission set.")],
    reason: Annotated[str, typer.Option(help="What it is for; it stays in the ledger.")],
    hours: Annotated[float, typer.Option(help="For how long, from the approval on.")] = 4,
    ticket: Annotated[str, typer.Option(help="The ticket or job it belongs to.")] = "",
    requester: Annotated[str, typer.Option(help="Who asks; the user of this machine.")] = "",
) -> None:
    """
    Ask for a permission set for some hours.

    Example: bulkhead jit request --org emea --user ops@emea.example --set Data_Repair --hours 2 --reason "case 4711"
    """
    connect()
    from flows.advanced import request_access

    say(
        request_access(
            requester=requester or getpass.getuser(),
            org=org,
            username=user,
            permission_set=permission_set,
            reason=reason,
            hours=hours,
            ticket=ticket,
        )
    )


@app.command()
def approve(
    grant: GrantArgument,
    approver: Annotated[str, typer.Option(help="Who approves; the user of this machine.")] = "",
) -> None:
    """
    Approve a request; the clock starts, and the set is assigned.

    Example: bulkhead jit approve 4f2a9c
    """
    connect()
    from flows.advanced import approve_access

    approved = approve_access(grant=grant, approver=approver or getpass.getuser())
    say(f"{approved.request.place} until {approved.until:%Y-%m-%d %H:%M} UTC of the org")


@app.command()
def end(grant: GrantArgument) -> None:
    """
    End a grant before its time.

    Example: bulkhead jit end 4f2a9c
    """
    connect()
    from flows.advanced import end_access

    ended = end_access(grant=grant, actor=getpass.getuser())
    say(f"{ended.request.place} is over")


@app.command("list")
def list_all(as_json: JsonOption = False) -> None:
    """
    List all grants, the latest first.

    Example: bulkhead jit list
    """
    connect()
    from tasks.access.ledger_gateway import GrantBook
    from tasks.access.report import text
    from tasks.orgs import open_ledger

    with open_ledger() as ledger:
        grants = GrantBook(ledger).all()
    now = datetime.now(UTC)
    if as_json:
        say_json([{**grant.model_dump(mode="json"), "state": grant.state(now).value} for grant in grants])
    elif grants:
        say(text(grants, now))
    else:
        tell("Nobody has asked for anything yet. `bulkhead jit request` does.")
