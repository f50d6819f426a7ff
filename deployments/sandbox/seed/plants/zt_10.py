"""ZT-10: rotation within 90 days."""

from datetime import timedelta

from deployments.sandbox.seed.blueprint import Certificate, Org
from deployments.sandbox.seed.plants.site import Site
from deployments.sandbox.seed.plants.zt_05 import OLD_KEY, with_password
from deployments.sandbox.seed.routes import add_certificate


def plant(site: Site) -> None:
    first, second = site.draw(2)
    plant_a(site)
    plant_b(site, first)
    plant_c(site, second)
    decoys(site)


def plant_a(site: Site) -> None:
    """hq's own key is as old as ZT-05 made it."""
    site.key.expect("ZT-10", "hq", f"credential:secret:{OLD_KEY}", "a")


def plant_b(site: Site, org: Org) -> None:
    """Old, but not yet expired and not too long-lived: nothing else is wrong with it."""
    source = site.source_for(org.alias)
    name = f"{org.alias.upper().replace('-', '_')}_Archive_Cert"
    add_certificate(site.plan, source, name, age_days=380, life=timedelta(days=397))
    connection = site.sync("archive", org.alias, source=source, certificate=name)
    site.key.expect("ZT-10", org.alias, f"credential:{connection.secret_id}", "b")


def plant_c(site: Site, org: Org) -> None:
    connection = site.sync("fax", org.alias, flow="password", holder="secrets-manager")
    with_password(site, connection)
    org.users[connection.user].password_changed = site.plan.ago(200)
    site.key.expect("ZT-10", org.alias, f"credential:{connection.secret_id}", "c")
    site.key.imply("ZT-05", org.alias, f"secret:{connection.name}", "c")


def decoys(site: Site) -> None:
    rotated = next(c for c in site.plan.connections if c.name == "salesforce/emea/api-key")
    rotated.created_days, rotated.changed_days, rotated.rotated_days = 1100, 10, 10
    site.key.decoy("ZT-10", rotated.target, f"credential:{rotated.secret_id}")
    unused = Certificate("HQ_Legacy_Signing", site.plan.ago(1200), timedelta(days=730))
    site.org("hq").certificates[unused.name] = unused
    site.key.decoy("ZT-10", "hq", f"credential:certificate:hq/{unused.name}")
    site.key.decoy("ZT-12", "hq", f"certificate:{unused.name}")
