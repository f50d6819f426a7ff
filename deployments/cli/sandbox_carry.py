"""`bulkhead sandbox carry`: a route of the embedded estate set up so that Bulkhead carries it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml

from deployments.cli.asking import connect
from deployments.cli.output import Exit, complain, say
from deployments.settings import home

if TYPE_CHECKING:
    from deployments.bench.sync_setup import Wish

ACCOUNTS, CONTACTS = "HQ_to_EMEA_Account_Sync", "HQ_to_EMEA_Contact_Sync"


def carry(
    route: Annotated[str, typer.Argument(help=f"{ACCOUNTS} or {CONTACTS}.")] = CONTACTS,
) -> None:
    """
    Set up a route so that Bulkhead carries it, and register it: then start sync-route with it in the UI.

    What people do once for a route of their own is done here: a reader in the source, a sync user whose rights rest between
    runs, fields for sealed values, secrets, a KMS key, the route's `sync`, a window that approves its runs, and three people
    who ask for what it seals with `bulkhead decrypt`: two of them read it, one sees [ENCRYPTED].

    Example: bulkhead sandbox carry
    """
    from deployments.bench.sync_setup import declare, let_people_see, prepare
    from deployments.register import register_files

    wish = wishes().get(route)
    if wish is None:
        complain(f"There is nothing prepared for {route}; name {ACCOUNTS} or {CONTACTS}.", Exit.CONFIGURATION)
    connect()
    estate, into = home().estate, home().root / "carried"
    into.mkdir(exist_ok=True)
    people: dict[str, str] = {}
    if not _is_set_up(estate, wish):
        files = prepare(estate, wish, into)
        people = let_people_see(estate, wish)
        _forget(route)
    elif (sync := _declared(into / "estate.yaml", route)) is not None:
        files = declare(estate, wish, sync, into)
    else:
        complain(
            f"{route} was set up by somebody else. `bulkhead sandbox reset`, then try again.",
            Exit.CONFIGURATION,
        )
    register_files(*files)
    say(
        f"{route} is set up and registered from {into}; start sync-route with it, or "
        f"`bulkhead run sync-route --param route={route}`"
    )
    for role, username in people.items():
        say(f"{role:<22} {username}")


def wishes() -> "dict[str, Wish]":
    """What can be set up, by route: three sensitive fields sealed, and the article's readers."""
    from deployments.bench.sync_setup import Wish

    sealed = {"SSN_Sealed__c": "SSN__c", "Tax_Sealed__c": "TaxID__c", "Score_Sealed__c": "CreditScore__c"}
    readers = (
        {"org": "emea", "profile": "System Administrator"},
        {"org": "emea", "role": "EMEA Finance Manager"},
        {"org": "emea", "permission_set": "View_Encrypted_PII", "granted": True},
    )
    plain = {
        ACCOUNTS: ("Account", ("Name", "Industry", "Phone", "BillingCountry"), "sync.hq-emea-account"),
        CONTACTS: ("Contact", ("LastName", "FirstName", "Email"), "sync.hq-emea-contact"),
    }
    return {
        route: Wish(
            route=route,
            source="hq",
            target="emea",
            sobject=sobject,
            fields=(*fields, "External_Id__c", *sealed),
            sync_user=f"{user}@emea.meridian.example",
            sealed=sealed,
            readers=readers,
        )
        for route, (sobject, fields, user) in plain.items()
    }


def _forget(route: str) -> None:
    """An estate that was reset holds nothing of what the ledger says was carried."""
    from tasks.orgs import open_ledger
    from tasks.sync.state_ledger_gateway import RouteState

    with open_ledger() as ledger:
        RouteState(ledger, route, "sandbox-carry").forget()


def _is_set_up(estate: Path, wish: "Wish") -> bool:
    """Whether the org has the route's own set. It has not after a reset, whatever files say."""
    from deployments.bench.rotation_setup import Administrator

    administrator = Administrator(estate, wish.target)
    try:
        names = [row["Name"] for row in administrator.rows("SELECT Name FROM PermissionSet")]
        return wish.route in names
    finally:
        administrator.close()


def _declared(file: Path, route: str) -> dict[str, Any] | None:
    """The route's `sync` as it was declared last."""
    if not file.exists():
        return None
    routes = yaml.safe_load(file.read_text())["routes"]
    return next((each.get("sync") for each in routes if each["name"] == route), None)


def add_to(main: typer.Typer) -> None:
    main.command()(carry)
