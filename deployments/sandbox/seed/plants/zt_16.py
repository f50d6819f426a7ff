"""ZT-16: administrators come from the office or through the VPN."""

from datetime import timedelta

from deployments.sandbox.seed.blueprint import Logins, Org
from deployments.sandbox.seed.names import ABROAD_ADDRESS
from deployments.sandbox.seed.plants.site import Site
from deployments.sandbox.seed.population import ADMIN_SET, add_administrator


def plant(site: Site) -> None:
    first, second, third = site.draw(3)
    plant_a(site, first)
    plant_b(site, second)
    plant_c(site, third)
    decoys(site)


def plant_a(site: Site, org: Org) -> None:
    user = add_administrator(site.plan, org, "travelling.admin")
    site.give(org, user.username, ADMIN_SET, set())
    org.logins.append(Logins(user.username, "Application", "Browser", ABROAD_ADDRESS, 4, days=20))
    site.key.expect("ZT-16", org.alias, f"user:{user.username}", "a")
    site.key.imply("ZT-13", org.alias, f"user:{user.username}", "b")


def plant_b(site: Site, org: Org) -> None:
    site.attestation("vpn", org).expires = (site.plan.day - timedelta(days=10)).date()
    site.key.expect("ZT-16", org.alias, "attestation:vpn", "b")


def plant_c(site: Site, org: Org) -> None:
    username = f"break.glass.2@{org.domain}"
    org.logins.append(Logins(username, "Application", "Browser", ABROAD_ADDRESS, 1, days=9))
    site.key.expect("ZT-16", org.alias, f"user:{username}", "c")


def decoys(site: Site) -> None:
    clean = site.org(site.clean)
    one, other = (f"break.glass.{number}@{clean.domain}" for number in (1, 2))
    clean.logins.append(
        Logins(one, "Application", "Browser", ABROAD_ADDRESS, 3, status="Invalid Password", days=30)
    )
    clean.logins.append(Logins(other, "Application", "Browser", "Salesforce.com IP", 2, days=30))
    employee = site.staff(clean, 1)[0].username
    clean.logins.append(Logins(employee, "Application", "Browser", ABROAD_ADDRESS, 8, days=60))
    for username in (one, other, employee):
        site.key.decoy("ZT-16", clean.alias, f"user:{username}")
