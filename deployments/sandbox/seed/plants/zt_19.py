"""ZT-19: alert channels for every org."""

from deployments.sandbox.seed.blueprint import Channel, Org
from deployments.sandbox.seed.plants.site import Site


def plant(site: Site) -> None:
    first, second, third = site.draw(3)
    plant_a(site, first)
    plant_b(site, second)
    plant_c(site, third)
    decoys(site)


def _without(site: Site, org: Org, *kinds: str) -> None:
    for channel in site.plan.channels:
        if channel.kind in kinds and org.alias in channel.orgs:
            channel.orgs.remove(org.alias)


def plant_a(site: Site, org: Org) -> None:
    _without(site, org, "pagerduty")
    site.key.expect("ZT-19", org.alias, "channel:pagerduty", "a")


def plant_b(site: Site, org: Org) -> None:
    _without(site, org, "slack")
    secret = f"alerts/slack/{org.alias}"
    site.plan.channels.append(
        Channel(f"slack-{org.alias}", "slack", [org.alias], secret, secret_exists=False)
    )
    site.key.expect("ZT-19", org.alias, "channel:slack", "b")


def plant_c(site: Site, org: Org) -> None:
    _without(site, org, "slack", "pagerduty", "email")
    for kind in ("slack", "pagerduty", "email"):
        site.key.expect("ZT-19", org.alias, f"channel:{kind}", "c")


def decoys(site: Site) -> None:
    extra = Channel("audit-email", "email", [site.clean], "alerts/smtp/audit")
    site.plan.channels.append(extra)
    for kind in ("slack", "email"):
        site.key.decoy("ZT-19", site.clean, f"channel:{kind}")
