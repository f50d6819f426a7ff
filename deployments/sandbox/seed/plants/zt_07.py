"""ZT-07: encrypted backups."""

from datetime import timedelta

from deployments.sandbox.seed.blueprint import Org
from deployments.sandbox.seed.plants.site import Site


def plant(site: Site) -> None:
    first, second, third = site.draw(3, site.production)
    plant_a(site, first)
    plant_b(site, second)
    plant_c(site, third)
    decoys(site)


def plant_a(site: Site, org: Org) -> None:
    site.attestation("backup", org).expires = (site.plan.day - timedelta(days=1)).date()
    site.key.expect("ZT-07", org.alias, "attestation:backup", "a")


def plant_b(site: Site, org: Org) -> None:
    bucket = site.plan.buckets[org.alias]
    bucket.kms = "none"
    site.key.expect("ZT-07", org.alias, f"bucket:{bucket.name}", "b")


def plant_c(site: Site, org: Org) -> None:
    bucket = site.plan.buckets[org.alias]
    bucket.key_enabled, bucket.public_blocked = False, False
    site.key.expect("ZT-07", org.alias, f"bucket:{bucket.name}", "c")


def decoys(site: Site) -> None:
    clean = site.org(site.clean)
    # Two days, so that it still holds when the day changes during a run.
    site.attestation("backup", clean).expires = (site.plan.day + timedelta(days=2)).date()
    site.key.decoy("ZT-07", clean.alias, "attestation:backup")
    site.plan.buckets[clean.alias].kms = "alias"
    site.key.decoy("ZT-07", clean.alias, f"bucket:{site.plan.buckets[clean.alias].name}")
