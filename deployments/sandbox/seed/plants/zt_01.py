"""ZT-01: mutual TLS on calls from org to org."""

from datetime import timedelta

from deployments.sandbox.seed.blueprint import (
    Assignment,
    Grants,
    Group,
    InboundCertificate,
    Org,
    OutsideCredential,
    PermissionSet,
)
from deployments.sandbox.seed.defects import DEFECTS
from deployments.sandbox.seed.names import MUTUAL_TLS
from deployments.sandbox.seed.plants.site import Site
from deployments.sandbox.seed.routes import set_of


def plant(site: Site) -> None:
    # The org whose certificates lapse is not hq: too much there depends on them.
    lapsed = site.draw(1, [alias for alias in site.dirty if alias != "hq"])[0]
    plain, unheld = site.draw(2, [alias for alias in site.dirty if alias != lapsed.alias])
    plant_a(site, plain)
    plant_b(site, unheld)
    plant_c(site, lapsed)
    plant_defects(site, plain, unheld)
    decoys(site, plain)


def plant_a(site: Site, org: Org) -> None:
    connection = site.sync("branch", org.alias)
    connection.port, connection.client_certificate = 443, None
    org.sets[set_of(site.plan, connection)].grants.permissions.discard(MUTUAL_TLS)
    site.key.expect("ZT-01", org.alias, f"edge:{connection.secret_id}", "a")


def plant_b(site: Site, org: Org) -> None:
    connection = site.sync("custody", org.alias)
    org.sets[set_of(site.plan, connection)].grants.permissions.discard(MUTUAL_TLS)
    site.key.expect("ZT-01", org.alias, f"edge:{connection.secret_id}", "b")


def plant_c(site: Site, org: Org) -> None:
    """Every edge into the org fails with its certificates, also those that later plants add."""
    day = site.plan.day.date()
    org.inbound_certificates = [
        InboundCertificate("Middleware_Client", day - timedelta(days=12)),
        InboundCertificate("Middleware_Client_Old", day - timedelta(days=400)),
    ]
    for name in ("Middleware_Client", "Middleware_Client_Old"):
        site.key.certificates.append((org.alias, name, "ends-soon"))
    site.key.certificates.append((org.alias, "Middleware_Client_Old", "unused"))

    def finish() -> None:
        for number, secret in enumerate(sorted({c.secret_id for c in site.plan.into(org.alias)})):
            site.key.expect("ZT-01", org.alias, f"edge:{secret}", "c", implied=number > 0)

    site.last.append(finish)


def plant_defects(site: Site, org: Org, other: Org) -> None:
    """Certificates of partners, each with one defect. Whoever is held to a good one is not touched by them."""
    day = site.plan.day.date()
    for defect in DEFECTS:
        name = "Forgotten_Client" if defect == "unused" else f"Partner_{defect.title().replace('-', '_')}"
        expires = day + timedelta(days=10 if defect == "ends-soon" else 200)
        for where in (org, other) if defect == "shared" else (org,):
            where.inbound_certificates.append(InboundCertificate(name, expires, defect=defect))
            site.key.certificates.append((where.alias, name, defect))

    def finish() -> None:
        """What the orgs present is known when all syncs are there."""
        for alias in site.dirty:
            for certificate in site.org(alias).certificates.values():
                if certificate.name.endswith("_Mutual_TLS"):
                    certificate.exportable = True
                    site.key.certificates.append((alias, certificate.name, "exportable"))
                    return

    site.last.append(finish)


def decoys(site: Site, org: Org) -> None:
    clean = site.org(site.clean)
    connection = site.sync("treasury", clean.alias)
    clean.sets[set_of(site.plan, connection)].grants.permissions.discard(MUTUAL_TLS)
    clean.sets["Mutual_TLS"] = PermissionSet("Mutual_TLS", Grants({MUTUAL_TLS}))
    clean.groups["Integration_Baseline"] = Group("Integration_Baseline", ["Mutual_TLS"])
    clean.assignments.append(Assignment(connection.user, "Integration_Baseline", is_group=True))
    site.key.decoy("ZT-01", clean.alias, f"edge:{connection.secret_id}")
    org.outside.append(OutsideCredential("Market_Data_Feed", "https://api.market-data.example"))
    site.key.decoy("ZT-01", org.alias, f"edge:named-credential:{org.alias}/Market_Data_Feed")
