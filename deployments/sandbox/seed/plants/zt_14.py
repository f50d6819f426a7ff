"""ZT-14: allow-lists of addresses."""

from deployments.sandbox.seed.blueprint import Org
from deployments.sandbox.seed.names import API_PROFILE
from deployments.sandbox.seed.plants.site import Site
from deployments.sandbox.seed.population import api_profile

EVERYWHERE = ("0.0.0.0", "255.255.255.255")  # noqa: S104  # a range of callers; nothing binds to it


def plant(site: Site) -> None:
    first, second, third, fourth = site.draw(4)
    plant_a(site, first)
    plant_b(site, second)
    plant_c(site, third)
    plant_c_in_settings(site, fourth)
    decoys(site)


def plant_a(site: Site, org: Org) -> None:
    profile = api_profile("Integration Legacy API", ranges=False)
    org.profiles[profile.name] = profile
    site.sync("legacy", org.alias, profile=profile.name)
    site.key.expect("ZT-14", org.alias, f"profile:{profile.name}", "a")


def plant_b(site: Site, org: Org) -> None:
    profile = api_profile("Integration Open API")
    profile.ranges = [EVERYWHERE]
    org.profiles[profile.name] = profile
    site.sync("partner", org.alias, profile=profile.name)
    site.key.expect("ZT-14", org.alias, f"profile:{profile.name}", "b")


def plant_c(site: Site, org: Org) -> None:
    connection = site.sync("roaming", org.alias)
    org.apps[str(connection.app)].ip_relaxation = "BYPASS"
    site.key.expect("ZT-14", org.alias, f"app:{connection.app}", "c")


def plant_c_in_settings(site: Site, org: Org) -> None:
    org.settings.enforce_ranges_every_request = False
    site.key.expect("ZT-14", org.alias, "setting:enforceIpRangesEveryRequest", "c")


def decoys(site: Site) -> None:
    clean = site.org(site.clean)
    clean.settings.trusted_ranges.append(EVERYWHERE)
    site.key.decoy("ZT-14", clean.alias, f"profile:{API_PROFILE}")
    site.key.decoy("ZT-14", clean.alias, "profile:Standard User")
    enforced = next(c.app for c in site.plan.into(clean.alias) if c.app)
    site.key.decoy("ZT-14", clean.alias, f"app:{enforced}")
