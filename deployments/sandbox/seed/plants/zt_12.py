"""ZT-12: credentials that end."""

from datetime import timedelta

from deployments.sandbox.seed.blueprint import App, Org
from deployments.sandbox.seed.plants.site import Site
from deployments.sandbox.seed.routes import add_certificate


def plant(site: Site) -> None:
    first, second, third = site.draw(3)
    plant_a(site, first)
    plant_b(site, second)
    plant_c(site, third)
    decoys(site)


def _mobile_app(site: Site, org: Org, name: str, refresh_policy: str, grants: int) -> App:
    app = App(
        name,
        "connected-app",
        site.plan.token(40),
        frozenset({"refresh_token"}),
        consumer_secret=site.plan.canary("cs"),
        refresh_policy=refresh_policy,
        scopes=("Api", "RefreshToken"),
        granted_to=[user.username for user in site.staff(org, grants)],
    )
    org.apps[name] = app
    org.profiles["Wealth Advisor"].grants.apps.add(name)
    return app


def plant_a(site: Site, org: Org) -> None:
    app = _mobile_app(site, org, "Field_Reporting", "infinite", 3)
    site.key.expect("ZT-12", org.alias, f"app:{app.name}", "a")


def plant_b(site: Site, org: Org) -> None:
    """Judged where the certificate is held, not where it opens a door."""
    source = site.source_for(org.alias)
    name = f"{org.alias.upper().replace('-', '_')}_Perpetual_Cert"
    add_certificate(site.plan, source, name, age_days=30, life=timedelta(days=3650))
    site.sync("perpetual", org.alias, source=source, certificate=name)
    site.key.expect("ZT-12", source, f"certificate:{name}", "b")


def plant_c(site: Site, org: Org) -> None:
    connection = site.sync("statement", org.alias)
    site.give(org, connection.user, "Fixed_Password", {"PasswordNeverExpires"})
    site.key.expect("ZT-12", org.alias, f"user:{connection.user}", "c")


def decoys(site: Site) -> None:
    clean = site.org(site.clean)
    for name, refresh_policy, grants in (
        ("Field_Survey", "infinite", 0),
        ("Field_Calendar", "specific_lifetime:30:DAYS", 2),
    ):
        app = _mobile_app(site, clean, name, refresh_policy, grants)
        site.key.decoy("ZT-12", clean.alias, f"app:{app.name}")
