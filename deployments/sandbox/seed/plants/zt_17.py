"""ZT-17: production and sandbox kept apart."""

from deployments.sandbox.seed.blueprint import RemoteSite
from deployments.sandbox.seed.names import HOSTS, SANDBOX
from deployments.sandbox.seed.plants.site import Site

SHARED = "HQ_Shared_Sync_Cert"


def plant(site: Site) -> None:
    plant_a(site)
    plant_b(site)
    plant_c(site)
    decoys(site)


def plant_a(site: Site) -> None:
    connection = site.sync("backdoor", "hq", source=SANDBOX, declared=False)
    site.key.expect("ZT-17", SANDBOX, f"edge:{connection.secret_id}", "a")


def plant_b(site: Site) -> None:
    target = site.plan.rng.choice([alias for alias in site.production if alias != "hq"])
    connection = site.sync("shared", target, source="hq", certificate=SHARED)
    site.sync("shared", SANDBOX, source="hq", certificate=SHARED)
    site.key.expect("ZT-17", SANDBOX, f"credential:{connection.secret_id}", "b")


def plant_c(site: Site) -> None:
    host = HOSTS[site.plan.rng.choice(site.production)]
    site.org(SANDBOX).remote_sites.append(RemoteSite("Production_Callback", f"https://{host}"))
    site.key.expect("ZT-17", SANDBOX, "remote-site:Production_Callback", "c")


def decoys(site: Site) -> None:
    sandbox = site.org(SANDBOX)
    site.key.decoy("ZT-17", SANDBOX, "edge:certificate:hq/HQ_UAT_Sync_Cert")
    sandbox.remote_sites.append(RemoteSite("Production_Callback_Old", f"https://{HOSTS['hq']}", active=False))
    for name in ("Production_Callback_Old", "Market_Data"):
        site.key.decoy("ZT-17", SANDBOX, f"remote-site:{name}")
