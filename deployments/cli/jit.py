"""`bulkhead jit …`: rights for hours."""

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.asking import JsonOption, connect, passphrase
from deployments.cli.output import say, say_json, tell

app = typer.Typer(
    help="Just-in-time access: asked for, approved, given for hours, taken back.", no_args_is_help=True
)
GrantArgument = Annotated[str, typer.Argument(help="Id of the grant, or its first six letters or more.")]


@app.command()
def request(
    reason: Annotated[str, typer.Option(help="What it is for; it stays in the ledger.")],
    route: Annotated[str, typer.Option(help="A route of estate.yaml: its sync user and its own set.")] = "",
    org: Annotated[str, typer.Option(help="Alias of the org.")] = "",
    user: Annotated[str, typer.Option(help="User name in that org of who gets the set.")] = "",
    permission_set: Annotated[str, typer.Option("--set", help="API name of the permission set.")] = "",
    extends: Annotated[str, typer.Option(help="A running grant that is to last longer.")] = "",
    hours: Annotated[
        float | None, typer.Option(help="For how long, from the approval on; as the policy allows.")
    ] = None,
    ticket: Annotated[str, typer.Option(help="The ticket or job it belongs to.")] = "",
    requester: Annotated[str, typer.Option(help="Who asks; the user of this machine.")] = "",
) -> None:
    """
    Ask for a permission set for some hours: by route, by org, user and set, or to extend a running grant.

    An extension is a new request and needs a new approval by a person; until then the first end holds.

    Example: bulkhead jit request --org emea --user ops@emea.example --set Data_Repair --hours 2 --reason "case 4711"

    Example: bulkhead jit request --route HQ_to_EMEA_Account_Sync --reason "load by hand"

    Example: bulkhead jit request --extends 4f2a9c --hours 1 --reason "takes longer"
    """
    connect()
    from flows.access import request_access

    say(
        request_access(
            requester=requester or getpass.getuser(),
            reason=reason,
            route=route,
            org=org,
            username=user,
            permission_set=permission_set,
            hours=hours,
            ticket=ticket,
            extends=extends,
        )
    )


@app.command()
def approve(
    grant: GrantArgument,
    approver: Annotated[str, typer.Option(help="Who approves; the user of this machine.")] = "",
    key: Annotated[
        Path | None,
        typer.Option(help="Your OpenSSH Ed25519 key, to sign with; its public half stands in policy.yaml."),
    ] = None,
) -> None:
    """
    Approve a request; the clock starts, and the set is assigned.

    Example: bulkhead jit approve 4f2a9c --key ~/.ssh/id_ed25519
    """
    connect()
    from flows.access import approve_access

    person = approver or getpass.getuser()
    signature = "" if key is None else _signed(grant, person, key)
    approved = approve_access(grant=grant, approver=person, signature=signature)
    say(f"{approved.request.place} until {approved.until:%Y-%m-%d %H:%M} UTC of the org")


@app.command()
def end(grant: GrantArgument) -> None:
    """
    End a grant before its time.

    Example: bulkhead jit end 4f2a9c
    """
    connect()
    from flows.access import end_access

    ended = end_access(grant=grant, actor=getpass.getuser())
    say(f"{ended.request.place} is over")


@app.command("list")
def list_all(as_json: JsonOption = False) -> None:
    """
    List all grants, the latest first, with what those that are over were used for.

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


def _signed(grant: str, person: str, key: Path) -> str:
    from tasks.access.approval import sign
    from tasks.access.ledger_gateway import GrantBook
    from tasks.orgs import open_ledger

    with open_ledger() as ledger:
        found = GrantBook(ledger).find(grant)
    return sign(found, person, key.read_bytes(), passphrase(key))
