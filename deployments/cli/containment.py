"""`bulkhead containment …`: a person's yes to what a containment waits for, or to giving back what it took."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.asking import connect, passphrase
from deployments.cli.output import say

app = typer.Typer(
    help="Containments: the yes of people to steps that policy does not take unasked, and to giving back.",
    no_args_is_help=True,
)
NamedOption = Annotated[str, typer.Argument(help="Id of the containment, or its first six letters or more.")]
ReasonOption = Annotated[str, typer.Option(help="Why you agree; it stays in the ledger.")]
ApproverOption = Annotated[
    str, typer.Option(help="Who approves, as policy.yaml knows them; the user of this machine.")
]
KeyOption = Annotated[
    Path | None,
    typer.Option(help="Your OpenSSH Ed25519 key, to sign with; its public half stands in policy.yaml."),
]


@app.callback()
def containments() -> None:
    """Containments: the yes of people to steps that policy does not take unasked, and to giving back."""


@app.command()
def approve(
    containment: NamedOption, reason: ReasonOption, approver: ApproverOption = "", key: KeyOption = None
) -> None:
    """
    Say yes to the steps of a containment that wait; with enough people they are taken.

    Example: bulkhead containment approve 4f2a9c --reason "the owner confirms the theft" --key ~/.ssh/id_ed25519
    """
    connect()
    from flows.response import approve_containment

    person = approver or getpass.getuser()
    signature = "" if key is None else _signed(containment, person, reason, key, "approve")
    name = approve_containment(containment=containment, approver=person, reason=reason, signature=signature)
    say(f"{person} agreed to {name[:12]}{'' if signature else ' (unsigned)'}")


@app.command("re-enable")
def give_back(
    containment: NamedOption, reason: ReasonOption, approver: ApproverOption = "", key: KeyOption = None
) -> None:
    """
    Give back exactly what a containment took; where the user owns the org, a second person has to say so, too.

    Example: bulkhead containment re-enable 4f2a9c --reason "a false alarm" --key ~/.ssh/id_ed25519
    """
    connect()
    from flows.response import re_enable

    person = approver or getpass.getuser()
    signature = "" if key is None else _signed(containment, person, reason, key, "re-enable")
    done = re_enable(containment=containment, approver=person, reason=reason, signature=signature)
    how = "" if signature else " (unsigned)"
    say(f"{containment[:12]} is given back{how}" if done else f"{person} agreed{how}; another has to")


def _signed(containment: str, person: str, reason: str, key: Path, yes: str) -> str:
    from tasks.orgs import open_ledger
    from tasks.response.approval import Yes, sign
    from tasks.response.ledger_gateway import ResponseBook

    with open_ledger() as ledger:
        found = ResponseBook(ledger, person).find(containment).containment
    return sign(found, person, reason.strip(), key.read_bytes(), passphrase(key), yes=Yes(yes))
