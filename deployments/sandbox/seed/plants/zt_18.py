"""ZT-18: the telemetry that detection needs."""

from deployments.sandbox.seed.blueprint import Org
from deployments.sandbox.seed.plants.site import Site


def plant(site: Site) -> None:
    first, second, third = site.draw(3)
    plant_a(site, first)
    plant_b(site, second)
    plant_c(site, third)
    # All orgs have daily files only.
    site.key.decoy("ZT-18", site.clean, "telemetry:event-log-files")


def plant_a(site: Site, org: Org) -> None:
    org.settings.event_log_generation = False
    site.key.expect("ZT-18", org.alias, "setting:eventLogGeneration", "a")


def plant_b(site: Site, org: Org) -> None:
    org.settings.delete_monitoring_data = True
    site.key.expect("ZT-18", org.alias, "setting:deleteMonitoringData", "b")


def plant_c(site: Site, org: Org) -> None:
    org.event_logs = False
    site.key.expect("ZT-18", org.alias, "telemetry:event-log-files", "c")
