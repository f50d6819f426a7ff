"""ZT-17: production and sandbox kept apart."""

from datetime import datetime, timedelta

from deployments.sandbox.seed.blueprint import InboundCertificate, RemoteSite, User
from deployments.sandbox.seed.names import API_PROFILE, HOSTS, SANDBOX
from deployments.sandbox.seed.plants.site import Site

SHARED = "HQ_Shared_Sync_Cert"


def plant(site: Site) -> None:
    plant_a(site)
    plant_b(site)
    plant_c(site)
    with site.own_draws():
        plant_d(site)
        plant_e(site)
        plant_f(site)
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


def plant_d(site: Site) -> None:
    """A machine's user came with a refresh, and nobody has changed its password since."""
    original = _original(site)
    copy = _copy(site, original, original.password_changed)
    site.org(SANDBOX).users[copy.username] = copy
    site.key.expect("ZT-17", SANDBOX, f"user:{copy.username}", "d")


def plant_e(site: Site) -> None:
    """The sandbox's client is let into production, too. Orgs that let nobody in any more stay as they are."""
    day = site.plan.day.date()
    org = next(
        org
        for org in map(site.org, site.production)
        if any(each.expires >= day for each in org.inbound_certificates)
    )
    expires = day + timedelta(days=200)
    org.inbound_certificates.append(InboundCertificate("Test_Client", expires, of=SANDBOX))
    site.key.expect("ZT-17", SANDBOX, "inbound-certificate:Middleware_Client", "e")
    site.key.certificates += [
        (SANDBOX, "Middleware_Client", "shared"),
        (org.alias, "Test_Client", "shared"),
        (org.alias, "Test_Client", "unused"),
    ]


def plant_f(site: Site) -> None:
    """An app that came with a refresh still has its consumer key."""
    target = site.production[-1]
    source = next(alias for alias in site.production if alias != target)
    original = site.sync("carried", target, source=source)
    copied = site.sync("carried", SANDBOX, source="hq")
    app = site.org(SANDBOX).apps[str(copied.app)]
    app.consumer_key = site.org(target).apps[str(original.app)].consumer_key
    site.key.expect("ZT-17", SANDBOX, f"app:{app.name}", "f")


def _original(site: Site) -> User:
    name = next(each.user for each in site.plan.connections if each.target == "hq" and each.flow == "jwt")
    return site.org("hq").users[name]


def _copy(site: Site, original: User, changed: datetime | None) -> User:
    """The sandbox was refreshed before production got profiles of other plants; who has one of those came with the usual one."""
    name, sandbox = f"{original.username}.uat", site.org(SANDBOX)
    profile = original.profile if original.profile in sandbox.profiles else API_PROFILE
    return User(name, original.first, original.last, profile, title=original.title, password_changed=changed)


def decoys(site: Site) -> None:
    sandbox = site.org(SANDBOX)
    site.key.decoy("ZT-17", SANDBOX, "edge:certificate:hq/HQ_UAT_Sync_Cert")
    sandbox.remote_sites.append(RemoteSite("Production_Callback_Old", f"https://{HOSTS['hq']}", active=False))
    renewed = next(
        each.user
        for each in site.plan.connections
        if each.target == "hq" and each.flow == "jwt" and each.user != _original(site).username
    )
    copy = _copy(site, site.org("hq").users[renewed], site.plan.ago(3))
    sandbox.users[copy.username] = copy
    site.key.decoy("ZT-17", SANDBOX, f"user:{copy.username}")
    for name in ("Production_Callback_Old", "Market_Data"):
        site.key.decoy("ZT-17", SANDBOX, f"remote-site:{name}")
