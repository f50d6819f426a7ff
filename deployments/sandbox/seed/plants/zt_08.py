"""ZT-08: masking in the sandbox."""

from deployments.sandbox.seed.blueprint import MaskPolicy, Org, Values
from deployments.sandbox.seed.names import SANDBOX
from deployments.sandbox.seed.plants.site import Site


def plant(site: Site) -> None:
    sandbox = site.org(SANDBOX)
    plant_a(site, sandbox)
    plant_b(site, sandbox)
    plant_c(site, sandbox)
    decoys(site, sandbox)


def plant_a(site: Site, org: Org) -> None:
    org.masks[0].fields.remove("Contact.TaxID__c")
    site.key.expect("ZT-08", org.alias, "field:Contact.TaxID__c", "a")


def plant_b(site: Site, org: Org) -> None:
    org.masks[0].fields.remove("Account.CreditScore__c")
    org.masks.append(MaskPolicy("Mask_Credit_Scores", ["Account.CreditScore__c"], completed_days=None))
    site.key.expect("ZT-08", org.alias, "field:Account.CreditScore__c", "b")


def plant_c(site: Site, org: Org) -> None:
    org.values.append(Values("Contact.SSN__c", "ssn"))
    site.key.expect("ZT-08", org.alias, "field:Contact.SSN__c", "c")


def decoys(site: Site, org: Org) -> None:
    site.key.decoy("ZT-08", org.alias, "field:Account.SSN__c")
    # No policy covers it, but the sandbox has no such record.
    org.masks[0].fields.remove("KYC_Check__c.Document_Number__c")
    site.key.decoy("ZT-08", org.alias, "field:KYC_Check__c.Document_Number__c")
