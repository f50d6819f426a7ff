"""`bulkhead decrypt`: sealed values of one record, for a person whom policy lets read them."""

import getpass
import sys
from typing import Annotated

import typer
from pydantic import ValidationError

from deployments.cli.asking import JsonOption, connect
from deployments.cli.output import Exit, complain, say, say_json


def decrypt(
    org: Annotated[str, typer.Option(help="Alias of the org that holds the record.")],
    sobject: Annotated[str, typer.Option("--object", help="API name of the object.")],
    record: Annotated[str, typer.Option(help="Id of the record in that org.")],
    field: Annotated[
        list[str], typer.Option(help="API name of a field that holds sealed values; may be repeated.")
    ],
    reason: Annotated[str, typer.Option(help="What it is for; it stays in the ledger.")],
    ticket: Annotated[str, typer.Option(help="The ticket or case it belongs to.")] = "",
    as_json: JsonOption = False,
) -> None:
    """
    Show sealed values of one record to somebody whom policy lets read them; everybody else sees [ENCRYPTED].

    Who you are, the org says: bring an access token of yours on standard input, or at the prompt. The record is read with it,
    so sharing and field-level security hold. What was asked for is in the ledger before anything is shown; values are printed
    and kept nowhere. Exit code 1 where something stays hidden.

    Example: bulkhead sandbox token emea --user ada@emea.example | bulkhead decrypt --org emea --object Account --record 001… --field SSN_Sealed__c --reason "case 4711"
    """
    from tasks.decryption.model import Asked

    try:
        asked = Asked(
            org=org, sobject=sobject, record=record, fields=tuple(field), reason=reason, ticket=ticket
        )
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
            for each in error.errors(include_url=False, include_input=False)
        )
        complain(f"This cannot be asked: {wrong}.", Exit.CONFIGURATION)
    token = _token()
    connect()
    from tasks.decryption.desk_gateway import read_sealed

    clear = read_sealed(asked, token)
    if as_json:
        say_json({**clear.model_dump(mode="json"), "masked": list(clear.masked)})
    else:
        for name, value in clear.values.items():
            say(f"{name:<40} {'' if value is None else value}")
    raise typer.Exit(Exit.FINDINGS if clear.masked else Exit.FINE)


def _token() -> str:
    """Never an argument: those stand in the list of processes."""
    text = getpass.getpass("Access token of yours: ") if sys.stdin.isatty() else sys.stdin.readline()
    if not (token := text.strip()):
        complain("Bring an access token of yours on standard input.", Exit.CONFIGURATION)
    return token


def add_to(main: typer.Typer) -> None:
    main.command()(decrypt)
