"""`bulkhead check-access`: may this user do that, and by which way?"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deployments.cli.asking import JsonOption, connect
from deployments.cli.output import Exit, complain, say, say_json

if TYPE_CHECKING:
    from tasks.reading import Reading

OPERATIONS = ("read", "create", "edit", "delete")
SECTIONS = ("permission_sets", "groups", "assignments", "object_permissions", "field_permissions")


def check_access(
    org: Annotated[str, typer.Option(help="Alias of the org.")],
    user: Annotated[str, typer.Option(help="User name in that org.")],
    sobject: Annotated[str, typer.Option("--object", help="API name of the object.")],
    field: Annotated[list[str] | None, typer.Option(help="API name of a field; may be repeated.")] = None,
    operation: Annotated[str, typer.Option(help=f"One of {', '.join(OPERATIONS)}.")] = "read",
    route: Annotated[str, typer.Option(help="Name of a route whose declaration has to be kept too.")] = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Every grant of the user, and what it gives.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """
    Say whether a user may do something, with every reason against it. Exit code 1 when not.

    Example: bulkhead check-access --org emea --user sync@emea.example --object Account --field SSN__c --explain
    """
    if operation not in OPERATIONS:
        complain(f"--operation takes one of {', '.join(OPERATIONS)}, not {operation}.", Exit.CONFIGURATION)
    connect()
    from tasks.inventory.gateway import read_inventory
    from tasks.orgs import load_estate, open_org
    from tasks.permissions import gateway
    from tasks.permissions.check import outside, paths, refusals, stopped
    from tasks.permissions.effective import effective_rights

    declared = next((each for each in load_estate().routes if each.name == route), None)
    if route and declared is None:
        complain(f"There is no route {route} in the registered estate.", Exit.CONFIGURATION)
    with open_org(org) as session:
        facts = gateway.read_field_facts(session, [sobject]).values["facts"]
        strange = [name for name in field or [] if f"{sobject}.{name}" not in facts]
        if strange:
            complain(f"{org}: {sobject} has no field {', '.join(strange)}.", Exit.CONFIGURATION)
        users = _whole(read_inventory(session), "users").values["users"]
        read = _whole(gateway.read_permissions(session, fields=sorted(facts)), *SECTIONS)
        rights: dict[str, Any] = {name: read.values[name] for name in SECTIONS}
        now = session.server_time or datetime.now(UTC)
    person = next((each for each in users if each.username.lower() == user.lower()), None)
    if person is None:
        complain(f"{org}: there is no user {user}.", Exit.CONFIGURATION)
    held = effective_rights(**rights, users=(person,), user_ids=(person.id,), now=now)[person.id]
    always_on = [name.partition(".")[2] for name, fact in facts.items() if not fact.permissionable]
    fields = field or []
    asked: Any = operation
    against = [*stopped(person), *refusals(held, sobject, fields, asked, always_on)]
    if declared is not None:
        against += outside(declared, sobject, fields, asked)
    what: dict[str, Any] = {"sobject": sobject, "fields": fields, "operation": asked, "now": now}
    ways = paths(person, **rights, **what, always_on=always_on) if explain else ()
    if as_json:
        say_json({"allowed": not against, "against": against, "paths": [way.model_dump() for way in ways]})
    else:
        say(
            "allowed, as far as rights go; sharing decides about single records" if not against else "refused"
        )
        for reason in against:
            say(f"  {reason}")
        for way in ways:
            say(
                f"  {'gives it     ' if way.gives else 'does not     '} {way.through}{f': {way.why}' if way.why else ''}"
            )
    raise typer.Exit(Exit.FINDINGS if against else Exit.FINE)


def add_to(main: typer.Typer) -> None:
    main.command("check-access")(check_access)


def _whole(reading: "Reading", *sections: str) -> "Reading":
    """An answer from half of the grants would be a wrong one."""
    for section in sections:
        if section in reading.gaps:
            complain(
                f"{section.replace('_', ' ')} cannot be read: {reading.gaps[section]}.", Exit.ORG_UNREADABLE
            )
    return reading
