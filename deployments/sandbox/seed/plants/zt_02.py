"""ZT-02: a dedicated API user per sync job."""

from deployments.sandbox.seed.blueprint import Grants, Logins, Org, Profile
from deployments.sandbox.seed.names import MIDDLEWARE, USER_LICENSE
from deployments.sandbox.seed.plants.site import Site
from deployments.sandbox.seed.routes import OPPORTUNITY, set_of


def plant(site: Site) -> None:
    first, second, third = site.draw(3)
    plant_a(site, first)
    plant_b(site, second)
    plant_c(site, third)
    decoys(site)


def plant_a(site: Site, org: Org) -> None:
    source = site.source_for(org.alias)
    one = site.sync("quote", org.alias, source=source, sobject="Opportunity", fields=OPPORTUNITY)
    site.sync("mandate", org.alias, source=source, user=one.user)
    site.key.expect("ZT-02", org.alias, f"user:{one.user}", "a")


def plant_b(site: Site, org: Org) -> None:
    """A user that a person logs in with: its profile lets people in, from the right addresses."""
    name = "Integration Workbench"
    org.profiles[name] = Profile(
        name, USER_LICENSE, Grants({"ApiEnabled", "LightningExperienceUser"}), [MIDDLEWARE]
    )
    connection = site.sync("desk", org.alias, profile=name)
    org.sets[set_of(site.plan, connection)].grants.permissions.discard("ApiUserOnly")
    org.logins.append(Logins(connection.user, "Application", "Browser", "203.0.113.45", 12))
    site.key.expect("ZT-02", org.alias, f"user:{connection.user}", "b")
    # Who may sign in at a browser is asked for no certificate there.
    site.key.imply("ZT-01", org.alias, f"edge:{connection.secret_id}", "d")


def plant_c(site: Site, org: Org) -> None:
    sources = ["hq", "emea", "apac", "compliance"]
    chosen = site.plan.rng.sample([alias for alias in sources if alias != org.alias], 2)
    one = site.sync("ledger", org.alias, source=chosen[0], holder="secrets-manager")
    site.sync("ledger-archive", org.alias, source=chosen[1], holder="secrets-manager", user=one.user)
    site.key.expect("ZT-02", org.alias, f"user:{one.user}", "c")


def decoys(site: Site) -> None:
    clean = site.org(site.clean)
    one = site.sync("renewal", clean.alias)
    # The old credential of the same route, still there while the new one is taken into use.
    site.sync("renewal-next", clean.alias, source=one.source, user=one.user, declared=False)
    site.key.decoy("ZT-02", clean.alias, f"user:{one.user}")
    other = next(c for c in site.plan.into(clean.alias) if c.user != one.user)
    clean.logins.append(
        Logins(other.user, "Application", "Browser", "203.0.113.46", 5, status="Failed: API-only user")
    )
    site.key.decoy("ZT-02", clean.alias, f"user:{other.user}")
