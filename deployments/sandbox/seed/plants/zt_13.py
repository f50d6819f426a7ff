"""ZT-13: elevated rights only for as long as they are needed."""

from deployments.sandbox.seed.blueprint import Org, PermissionSet
from deployments.sandbox.seed.names import ADMIN_PROFILE
from deployments.sandbox.seed.plants.site import Site
from deployments.sandbox.seed.population import ADMIN_SET, add_administrator, add_soon_expiring
from deployments.sandbox.seed.rights import administrator_grants

SESSION_SET = "Elevated_Session"


def plant(site: Site) -> None:
    first, second, third = site.draw(3)
    plant_a(site, first)
    plant_b(site, second)
    plant_c(site, third)
    decoys(site)


def plant_a(site: Site, org: Org) -> None:
    user = add_administrator(site.plan, org, "legacy.admin", profile=ADMIN_PROFILE)
    site.key.expect("ZT-13", org.alias, f"user:{user.username}", "a")


def plant_b(site: Site, org: Org) -> None:
    user = add_administrator(site.plan, org, "team.lead")
    site.give(org, user.username, ADMIN_SET, set())
    site.key.expect("ZT-13", org.alias, f"user:{user.username}", "b")


def _session_set(org: Org) -> None:
    org.sets[SESSION_SET] = PermissionSet(SESSION_SET, administrator_grants(), session_activated=True)


def plant_c(site: Site, org: Org) -> None:
    """In a group the set is active without activation."""
    _session_set(org)
    user = add_administrator(site.plan, org, "shift.lead")
    site.give_group(org, user.username, "Night_Shift", [SESSION_SET])
    site.key.expect("ZT-13", org.alias, f"user:{user.username}", "c")


def decoys(site: Site) -> None:
    clean = site.org(site.clean)
    temporary = add_administrator(site.plan, clean, "on.call")
    clean.assignments.append(add_soon_expiring(site.plan, temporary.username, ADMIN_SET))
    asleep = add_administrator(site.plan, clean, "on.standby")
    _session_set(clean)
    site.give(clean, asleep.username, SESSION_SET, set())
    for username in (temporary.username, asleep.username, f"break.glass.2@{clean.domain}"):
        site.key.decoy("ZT-13", clean.alias, f"user:{username}")
