"""ZT-09: personal data kept out of syncs with the sandbox."""

from deployments.sandbox.seed.blueprint import ProtectedField
from deployments.sandbox.seed.names import SANDBOX
from deployments.sandbox.seed.plants.site import Site
from deployments.sandbox.seed.routes import ACCOUNT, CONTACT, OPPORTUNITY


def plant(site: Site) -> None:
    plant_a(site)
    plant_b(site)
    plant_c(site)
    decoys(site)


def _route(site: Site, connection_name: str) -> str:
    return next(route.name for route in site.plan.routes if route.credential == connection_name)


def plant_a(site: Site) -> None:
    one = site.sync("client", SANDBOX, source="hq", sobject="Contact", fields=(*CONTACT, "SSN__c"))
    site.key.expect("ZT-09", SANDBOX, f"route:{_route(site, one.name)}", "a")


def plant_b(site: Site) -> None:
    """Sensitive by its name only: the source org never classified it."""
    site.org("hq").fields["Account.TaxID__c"] = ProtectedField(None, ())
    one = site.sync("taxpayer", SANDBOX, source="hq", sobject="Account", fields=(*ACCOUNT, "TaxID__c"))
    site.key.expect("ZT-09", SANDBOX, f"route:{_route(site, one.name)}", "b")


def plant_c(site: Site) -> None:
    one = site.sync("replay", "hq", source=SANDBOX, sobject="Contact", fields=(*CONTACT, "SSN__c"))
    site.key.expect("ZT-09", SANDBOX, f"edge:{one.secret_id}", "c")


def decoys(site: Site) -> None:
    site.key.decoy("ZT-09", SANDBOX, "route:HQ_to_UAT_Account_Sync")
    one = site.sync("mandates", SANDBOX, source="hq", sobject="Opportunity", fields=OPPORTUNITY)
    site.key.decoy("ZT-09", SANDBOX, f"route:{_route(site, one.name)}")
