"""ZT-20: audits every quarter, penetration tests every year."""

from datetime import timedelta

from deployments.sandbox.seed.blueprint import Attestation, Org
from deployments.sandbox.seed.plants.site import Site


def plant(site: Site) -> None:
    first, second, third = site.draw(3)
    plant_a(site, first)
    plant_b(site, second)
    plant_c(site, third)
    decoys(site)


def plant_a(site: Site, org: Org) -> None:
    site.attestation("audit", org).expires = (site.plan.day - timedelta(days=3)).date()
    site.key.expect("ZT-20", org.alias, "attestation:audit", "a")


def plant_b(site: Site, org: Org) -> None:
    attestation = site.attestation("penetration-test", org)
    attestation.made = (site.plan.day - timedelta(days=300)).date()
    attestation.expires = (site.plan.day - timedelta(days=30)).date()
    site.key.expect("ZT-20", org.alias, "attestation:penetration-test", "b")


def plant_c(site: Site, org: Org) -> None:
    attestation = site.attestation("audit", org)
    attestation.made = (site.plan.day - timedelta(days=200)).date()
    attestation.expires = (site.plan.day + timedelta(days=365)).date()
    site.key.expect("ZT-20", org.alias, "attestation:audit", "c")


def decoys(site: Site) -> None:
    clean, day = site.org(site.clean), site.plan.day
    # Two days, so that it still holds when the day changes during a run.
    site.attestation("audit", clean).expires = (day + timedelta(days=2)).date()
    old = Attestation(
        "penetration-test",
        clean.alias,
        (day - timedelta(days=700)).date(),
        (day - timedelta(days=335)).date(),
    )
    site.plan.attestations.append(old)
    for subject in ("audit", "penetration-test"):
        site.key.decoy("ZT-20", clean.alias, f"attestation:{subject}")
