"""ZT-22: users frozen without asking when something is wrong."""

from deployments.sandbox.seed.blueprint import Assignment, Group, Org
from deployments.sandbox.seed.plants.site import Site

ENFORCER_SET = "Bulkhead_Enforcer"


def plant(site: Site) -> None:
    plant_a(site, site.draw(1)[0])
    # hq keeps a working enforcer, for whoever tries the product out.
    weak, gone = site.draw(2, [alias for alias in site.dirty if alias != "hq"])
    plant_b(site, weak)
    plant_c(site, gone)
    decoys(site)


def _enforcer(org: Org) -> str:
    return f"bulkhead.enforcer@{org.domain}"


def plant_a(site: Site, org: Org) -> None:
    site.plan.auto_disable.remove(org.alias)
    site.key.expect("ZT-22", org.alias, "policy:auto-disable", "a")


def plant_b(site: Site, org: Org) -> None:
    org.sets[ENFORCER_SET].grants.permissions -= {"FreezeUsers", "ManageUsers"}
    site.key.expect("ZT-22", org.alias, f"user:{_enforcer(org)}", "b")


def plant_c(site: Site, org: Org) -> None:
    org.users[_enforcer(org)].active = False
    site.key.expect("ZT-22", org.alias, f"user:{_enforcer(org)}", "c")


def decoys(site: Site) -> None:
    """The right comes through a group here."""
    clean = site.org(site.clean)
    username = _enforcer(clean)
    clean.assignments = [a for a in clean.assignments if a.username != username]
    clean.groups["Bulkhead_Response"] = Group("Bulkhead_Response", [ENFORCER_SET])
    clean.assignments.append(Assignment(username, "Bulkhead_Response", is_group=True))
    site.key.decoy("ZT-22", clean.alias, f"user:{username}")
