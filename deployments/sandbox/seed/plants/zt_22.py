"""ZT-22: users frozen without asking when something is wrong."""

from deployments.sandbox.seed.blueprint import Assignment, Group, Org
from deployments.sandbox.seed.plants.site import Site
from deployments.sandbox.seed.rights import ENFORCER_SETS, ENFORCER_WRITES


def plant(site: Site) -> None:
    plant_a(site, site.draw(1)[0])
    # hq keeps a working enforcer, for whoever tries the product out.
    weak, gone = site.draw(2, [alias for alias in site.dirty if alias != "hq"])
    plant_b(site, weak)
    plant_c(site, gone)
    plant_d(site, next(site.org(a) for a in site.dirty if a not in ("hq", weak.alias, gone.alias)))
    decoys(site)


def _enforcer(org: Org) -> str:
    return f"bulkhead.enforcer@{org.domain}"


def plant_a(site: Site, org: Org) -> None:
    site.plan.auto_disable.remove(org.alias)
    site.key.expect("ZT-22", org.alias, "policy:auto-disable", "a")


def plant_b(site: Site, org: Org) -> None:
    for name in ENFORCER_SETS:
        org.sets[name].grants.permissions -= {"FreezeUsers", "ManageUsers"}
    site.key.expect("ZT-22", org.alias, f"user:{_enforcer(org)}", "b")


def plant_c(site: Site, org: Org) -> None:
    org.users[_enforcer(org)].active = False
    site.key.expect("ZT-22", org.alias, f"user:{_enforcer(org)}", "c")


def plant_d(site: Site, org: Org) -> None:
    """Its write rights never sleep."""
    org.sets[ENFORCER_SETS[0]].grants.permissions |= ENFORCER_WRITES
    site.key.expect("ZT-22", org.alias, f"user:{_enforcer(org)}", "d")


def decoys(site: Site) -> None:
    """The right to freeze comes through a group here; what may do more sleeps."""
    clean = site.org(site.clean)
    username = _enforcer(clean)
    clean.assignments = [a for a in clean.assignments if (a.username, a.name) != (username, ENFORCER_SETS[0])]
    clean.groups["Bulkhead_Response"] = Group("Bulkhead_Response", [ENFORCER_SETS[0]])
    clean.assignments.append(Assignment(username, "Bulkhead_Response", is_group=True))
    site.key.decoy("ZT-22", clean.alias, f"user:{username}")
