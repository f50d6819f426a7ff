"""Light orgs: a handful of people each, in any number, for what is about many orgs and not about large ones."""

from collections.abc import Iterator
from random import Random

from deployments.sandbox.seed.blueprint import Blueprint, Org, RemoteSite
from deployments.sandbox.seed.names import DATA_OBJECTS
from deployments.sandbox.seed.population import add_break_glass, add_own_identities, add_people, add_profiles
from deployments.sandbox.seed.routes import ACCOUNT, Sync, add_sync

PEOPLE, ROWS, LOGINS = 4, 12, 30
"""Employees, records of each data object, and sign-ins of each machine."""


def add_light_orgs(plan: Blueprint, count: int, seed: int) -> None:
    """
    Orgs `unit-001` and so on; each second one syncs accounts to the next, so that trust crosses any line between them. They have
    no event log files, web ACL or attestation, and share one key pair for all scanners: RSA keys take their time. Added last, so
    that the rest of the estate is the same with and without them.
    """
    for alias in aliases(count):
        org = Org(
            alias,
            f"meridian-{alias}.my.salesforce.com",
            "production",
            "us-east-1",
            "America/New_York",
            PEOPLE,
            dict.fromkeys(DATA_OBJECTS, ROWS),
            Random(f"{seed}/{alias}"),
            event_logs=False,
        )
        plan.orgs[alias] = org
        add_profiles(org)
        add_people(plan, org)
        add_break_glass(plan, org)
        add_own_identities(plan, org)
        for name, app in org.apps.items():
            app.certificate = ("bulkhead", f"light-{name}")
        org.remote_sites.append(RemoteSite("Market_Data", "https://api.market-data.example"))
    named = list(aliases(count))
    for source, target in zip(named[::2], named[1::2], strict=False):
        _sync(plan, source, target)
    for alias in named:
        for series in plan.orgs[alias].logins:
            series.count = min(series.count, LOGINS)


def aliases(count: int) -> Iterator[str]:
    return (f"unit-{number:03d}" for number in range(1, count + 1))


def _sync(plan: Blueprint, source: str, target: str) -> None:
    route = f"{source}_to_{target}_Account_Sync".replace("-", "_").upper()
    add_sync(
        plan,
        Sync(
            f"{source}-{target}-account",
            route,
            source,
            target,
            "Account",
            ACCOUNT,
            "Unit_Sync",
            flow="client-credentials",
        ),
    )
