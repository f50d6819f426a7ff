"""ZT-15: a web ACL that limits rates before each org's gateway."""

from deployments.sandbox.seed.blueprint import Org
from deployments.sandbox.seed.names import ALLOWED_NETWORK
from deployments.sandbox.seed.plants.site import Site


def plant(site: Site) -> None:
    first, second, third = site.draw(3)
    drawn = {org.alias for org in (first, second, third)}
    plant_a(site, first)
    plant_b(site, second)
    plant_c(site, third)
    plant_d(site, next(site.org(alias) for alias in site.dirty if alias not in drawn))
    decoys(site)


def plant_a(site: Site, org: Org) -> None:
    acl = site.plan.web_acls[org.alias]
    acl.exists = False
    site.key.expect("ZT-15", org.alias, f"waf:{acl.name}", "a")


def plant_b(site: Site, org: Org) -> None:
    acl = site.plan.web_acls[org.alias]
    acl.rules = [("Count", 1000)]
    site.key.expect("ZT-15", org.alias, f"waf:{acl.name}", "b")


def plant_c(site: Site, org: Org) -> None:
    acl = site.plan.web_acls[org.alias]
    acl.rules, acl.associated = [("Block", 20_000)], False
    site.key.expect("ZT-15", org.alias, f"waf:{acl.name}", "c")


def plant_d(site: Site, org: Org) -> None:
    """Somebody let half of the internet in, and nobody sees it: nothing is logged."""
    acl = site.plan.web_acls[org.alias]
    acl.networks, acl.logged = [ALLOWED_NETWORK, "128.0.0.0/1"], False
    site.key.expect("ZT-15", org.alias, f"waf:{acl.name}", "d")


def decoys(site: Site) -> None:
    acl = site.plan.web_acls[site.clean]
    acl.rules = [("Count", 100), ("Block", 2000)]
    site.key.decoy("ZT-15", site.clean, f"waf:{acl.name}")
