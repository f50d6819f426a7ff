"""`bulkhead containment …`: a person's yes to what a containment waits for."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.asking import connect, passphrase
from deployments.cli.output import say

app = typer.Typer(
    help="Containments: the yes of people to steps that policy does not take unasked.", no_args_is_help=True
)


@app.callback()
def containments() -> None:
    """Containments: the yes of people to steps that policy does not take unasked."""


@app.command()
def approve(
    containment: Annotated[
        str, typer.Argument(help="Id of the containment, or its first six letters or more.")
    ],
    reason: Annotated[str, typer.Option(help="Why you agree; it stays in the ledger.")],
    approver: Annotated[
        str, typer.Option(help="Who approves, as policy.yaml knows them; the user of this machine.")
    ] = "",
    key: Annotated[
        Path | None,
        typer.Option(help="Your OpenSSH Ed25519 key, to sign with; its public half stands in policy.yaml."),
    ] = None,
) -> None:
    """
    Say yes to the steps of a containment that wait; with enough people they are taken.

    Example: bulkhead containment approve 4f2a9c --reason "the owner confirms the theft" --key ~/.ssh/id_ed25519
    """
    connect()
    from flows.response import approve_containment

    person = approver or getpass.getuser()
    signature = "" if key is None else _signed(containment, person, reason, key)
    name = approve_containment(containment=containment, approver=person, reason=reason, signature=signature)
    say(f"{person} agreed to {name[:12]}{'' if signature else ' (unsigned)'}")


def _signed(containment: str, person: str, reason: str, key: Path) -> str:
    from tasks.orgs import open_ledger
    from tasks.response.approval import sign
    from tasks.response.ledger_gateway import ResponseBook

    with open_ledger() as ledger:
        found = ResponseBook(ledger, person).find(containment).containment
    return sign(found, person, reason.strip(), key.read_bytes(), passphrase(key))
