"""ZT-06: encryption of sensitive fields."""

from deployments.sandbox.seed.blueprint import Org, ProtectedField, Values
from deployments.sandbox.seed.plants.site import Site

NEWEST = 400


def plant(site: Site) -> None:
    first, second = site.draw(2)
    plant_a(site, first)
    plant_b(site, second)
    # Real numbers in the sandbox would fail masking as well.
    plant_c(site, site.draw(1, site.production)[0])
    decoys(site)


def plant_a(site: Site, org: Org) -> None:
    org.fields["Account.SSN__c"].scheme = None
    site.key.expect("ZT-06", org.alias, "field:Account.SSN__c", "a")


def plant_b(site: Site, org: Org) -> None:
    org.fields["Contact.TaxID__c"] = ProtectedField(None, (), None)
    site.key.expect("ZT-06", org.alias, "field:Contact.TaxID__c", "b")


def plant_c(site: Site, org: Org) -> None:
    org.values.append(Values("Case.Description", "ssn", NEWEST))
    site.key.expect("ZT-06", org.alias, "field:Case.Description", "c")


def decoys(site: Site) -> None:
    for name in (
        "Contact.SSN_Last_Verified__c",
        "Account.CreditScore__c",
        "Opportunity.Order_Number__c",
        "Account.Card_Type__c",
    ):
        site.key.decoy("ZT-06", site.plan.rng.choice(list(site.plan.orgs)), f"field:{name}")
