"""ZT-15: a web ACL that limits rates before each org's gateway."""

from deployments.sandbox.seed.blueprint import Org
from deployments.sandbox.seed.plants.site import Site


def plant(site: Site) -> None:
    first, second, third = site.draw(3)
    plant_a(site, first)
    plant_b(site, second)
    plant_c(site, third)
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


def decoys(site: Site) -> None:
    acl = site.plan.web_acls[site.clean]
    acl.rules = [("Count", 100), ("Block", 2000)]
    site.key.decoy("ZT-15", site.clean, f"waf:{acl.name}")
