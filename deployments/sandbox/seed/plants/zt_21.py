"""ZT-21: an incident playbook that is reviewed and can be opened."""

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
    site.attestation("playbook", org).expires = (site.plan.day - timedelta(days=7)).date()
    site.key.expect("ZT-21", org.alias, "attestation:playbook", "a")


def plant_b(site: Site, org: Org) -> None:
    attestation = site.attestation("playbook", org)
    attestation.made = (site.plan.day - timedelta(days=500)).date()
    attestation.expires = (site.plan.day + timedelta(days=200)).date()
    site.key.expect("ZT-21", org.alias, "attestation:playbook", "b")


def plant_c(site: Site, org: Org) -> None:
    site.attestation("playbook", org).evidence = False
    site.key.expect("ZT-21", org.alias, "attestation:playbook", "c")


def decoys(site: Site) -> None:
    day = site.plan.day
    expired = (day - timedelta(days=800)).date()
    site.plan.attestations.append(Attestation("playbook", site.clean, expired, expired + timedelta(days=365)))
    site.key.decoy("ZT-21", site.clean, "attestation:playbook")
