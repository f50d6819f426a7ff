"""ZT-03: least privilege of the users that syncs act as."""

from deployments.sandbox.seed.blueprint import Assignment, Grants, Org, PermissionSet
from deployments.sandbox.seed.plants.site import Site
from deployments.sandbox.seed.population import ADMIN_SET, api_profile
from deployments.sandbox.seed.rights import field_grants
from deployments.sandbox.seed.routes import regrant


def plant(site: Site) -> None:
    first, second, third = site.draw(3)
    plant_a(site, first)
    plant_b(site, second)
    plant_c(site, third)
    decoys(site)


def plant_a(site: Site, org: Org) -> None:
    profile = api_profile("Integration Superuser")
    profile.grants.permissions |= {"ViewAllData", "ModifyAllData"}
    org.profiles[profile.name] = profile
    connection = site.sync("warehouse", org.alias, profile=profile.name)
    site.key.expect("ZT-03", org.alias, f"user:{connection.user}", "a")
    site.key.imply("ZT-13", org.alias, f"user:{connection.user}")


def plant_b(site: Site, org: Org) -> None:
    """Author Apex: whoever has it can use the org's own outbound credentials."""
    connection = site.sync("pipeline", org.alias)
    org.sets["Deploy_Tools"] = PermissionSet("Deploy_Tools", Grants({"AuthorApex", "ViewSetup"}))
    site.give_group(org, connection.user, "Sync_Engineering", ["Deploy_Tools"])
    site.key.expect("ZT-03", org.alias, f"user:{connection.user}", "b")
    site.key.imply("ZT-13", org.alias, f"user:{connection.user}", "b")


def plant_c(site: Site, org: Org) -> None:
    """A sync of portfolios whose set was copied from one for people: it may take every client away."""
    connection = site.sync("profile", org.alias)
    everything = {"Read", "Create", "Edit", "Delete", "ViewAllRecords", "ModifyAllRecords"}
    extra = Grants(objects={name: set(everything) for name in ("Account", "Contact")})
    for name in ("Account", "Contact"):
        extra.fields |= field_grants(name, edit=True)
    regrant(site.plan, connection, extra)
    site.key.expect("ZT-03", org.alias, f"user:{connection.user}", "c")


def decoys(site: Site) -> None:
    clean = site.org(site.clean)
    muted, expired = (c.user for c in site.plan.into(clean.alias)[:2])
    # What muting leaves of it is what every machine holds: the route is clean to the last right.
    clean.sets["Data_Steward"] = PermissionSet("Data_Steward", Grants({"ModifyAllData", "ApiUserOnly"}))
    site.give_group(clean, muted, "Integration_Stewards", ["Data_Steward"], {"ModifyAllData"})
    clean.assignments.append(Assignment(expired, ADMIN_SET, expires=site.plan.ago(3)))
    for username in (muted, expired):
        site.key.decoy("ZT-03", clean.alias, f"user:{username}")
        site.key.decoy("ZT-13", clean.alias, f"user:{username}")
    site.key.decoy("ZT-03", clean.alias, f"user:break.glass.1@{clean.domain}")
