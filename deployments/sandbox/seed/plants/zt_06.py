"""ZT-06: encryption of sensitive fields."""

from deployments.sandbox.seed.answer_key import Blocker
from deployments.sandbox.seed.blueprint import Component, Org, ProtectedField, Values
from deployments.sandbox.seed.plants.site import Site

NEWEST = 400
LIMIT, PASSPORT = "Account.Credit_Limit__c", "Account.Passport_Number__c"
ANY_CASE, PROBABILISTIC = "CaseInsensitiveDeterministicEncryption", "ProbabilisticEncryption"
BLOCKERS = (
    ("Account.SSN__c", "a", "Apex class", "ClientSearch", ANY_CASE),
    ("Contact.TaxID__c", "b", "flow", "Find_Taxpayer", ANY_CASE),
    ("Contact.CreditScore__c", "c", "list view", "Contact.Low_Scores", ""),
    (PASSPORT, "d", "report", "Risk/Clients_By_Passport", ""),
    ("KYC_Check__c.Document_Number__c", "e", "the field itself", "KYC_Check__c.Document_Number__c", ANY_CASE),
    ("Contact.SSN__c", "f", "formula field", "Contact.SSN_Last_4__c", ""),
    ("Account.AccountNumber", "g", "sharing rule", "Account.Own_Book", ""),
    ("Transaction__c.Iban__c", "h", "the field itself", "Transaction__c.Iban__c", PROBABILISTIC),
    (LIMIT, "i", "the field itself", LIMIT, ""),
)
"""Field, variant, what uses it, its name, and the strongest scheme that fits."""
SEARCH = """public with sharing class ClientSearch {
    public static List<Account> bySsn(String ssn) {
        return [
            SELECT Id, Name
            FROM Account
            WHERE SSN__c = :ssn
            LIMIT 10
        ];
    }
}
"""
EXPORT = """public with sharing class ClientExport {
    // Was [SELECT Id FROM Contact WHERE SSN__c LIKE :part] until the export took all.
    public static List<Contact> all() {
        return [SELECT Id, SSN__c, CreditScore__c FROM Contact WHERE LastName != null ORDER BY LastName];
    }
}
"""
COMPONENTS: tuple[tuple[str, str, dict[str, object]], ...] = (
    (
        "Flow",
        "Find_Taxpayer",
        {
            "label": "Find Taxpayer",
            "processType": "AutoLaunchedFlow",
            "status": "Active",
            "recordLookups": {
                "name": "Get_Contact",
                "label": "Get Contact",
                "object": "Contact",
                "filters": {
                    "field": "TaxID__c",
                    "operator": "EqualTo",
                    "value": {"elementReference": "number"},
                },
                "getFirstRecordOnly": True,
                "storeOutputAutomatically": True,
            },
        },
    ),
    (
        "ListView",
        "Contact.Low_Scores",
        {
            "label": "Low Scores",
            "filterScope": "Everything",
            "columns": ["NAME", "CreditScore__c"],
            "filters": {"field": "CreditScore__c", "operation": "lessThan", "value": "500"},
        },
    ),
    ("ReportFolder", "Risk", {"name": "Risk"}),
    (
        "Report",
        "Risk/Clients_By_Passport",
        {
            "name": "Clients by Passport",
            "format": "Summary",
            "reportType": "AccountList",
            "columns": [{"field": "ACCOUNT.NAME"}],
            "groupingsDown": {
                "field": PASSPORT,
                "sortOrder": "Asc",
                "dateGranularity": "Day",
            },
            "showDetails": True,
        },
    ),
    (
        "CustomField",
        "Contact.SSN_Last_4__c",
        {
            "label": "SSN Last 4",
            "type": "Text",
            "formula": "RIGHT(SSN__c, 4)",
            "formulaTreatBlanksAs": "BlankAsZero",
            "length": "4",
        },
    ),
    ("Group", "Private_Bankers", {"name": "Private Bankers", "doesIncludeBosses": False}),
    (
        "SharingCriteriaRule",
        "Account.Own_Book",
        {
            "accessLevel": "Read",
            "label": "Own Book",
            "sharedTo": {"group": "Private_Bankers"},
            "criteriaItems": {"field": "AccountNumber", "operation": "startsWith", "value": "PB"},
        },
    ),
    (
        "CustomField",
        PASSPORT,
        {
            "label": "Passport Number",
            "type": "Text",
            "length": "20",
            "encryptionScheme": "None",
            "securityClassification": "Restricted",
            "complianceGroup": "PII",
        },
    ),
    (
        "CustomField",
        LIMIT,
        {
            "label": "Credit Limit",
            "type": "Currency",
            "precision": "18",
            "scale": "2",
            "securityClassification": "Restricted",
            "complianceGroup": "PCI",
        },
    ),
)


def plant(site: Site) -> None:
    first, second = site.draw(2)
    plant_a(site, first)
    plant_b(site, second)
    # Real numbers in the sandbox would fail masking as well.
    plant_c(site, site.draw(1, site.production)[0])
    decoys(site)
    # Where a working enforcer is: what is found here is to be closed here.
    plant_d(site, site.org("hq"))


def plant_a(site: Site, org: Org) -> None:
    org.fields["Account.SSN__c"].scheme = None
    site.key.expect("ZT-06", org.alias, "field:Account.SSN__c", "a")


def plant_b(site: Site, org: Org) -> None:
    org.fields["Contact.TaxID__c"] = ProtectedField(None, (), None)
    site.key.expect("ZT-06", org.alias, "field:Contact.TaxID__c", "b")


def plant_c(site: Site, org: Org) -> None:
    org.values.append(Values("Case.Description", "ssn", NEWEST))
    site.key.expect("ZT-06", org.alias, "field:Case.Description", "c")


def plant_d(site: Site, org: Org) -> None:
    """Fields in clear that something uses in a way which encryption does not allow: one way for each."""
    for name in (
        "Account.SSN__c", "Contact.TaxID__c", "Contact.CreditScore__c", "Contact.SSN__c",
        "KYC_Check__c.Document_Number__c", "Account.AccountNumber", "Transaction__c.Iban__c",
    ):  # fmt: skip
        org.fields[name].scheme = None
        site.key.expect("ZT-06", org.alias, f"field:{name}", "d")
    for name in (LIMIT, PASSPORT):
        site.key.expect("ZT-06", org.alias, f"field:{name}", "d")
    org.apex["ClientSearch"] = SEARCH
    org.apex["ClientExport"] = EXPORT
    org.components += [Component(kind, name, body) for kind, name, body in COMPONENTS]
    org.field_flags["KYC_Check__c.Document_Number__c"] = {"unique": True, "caseSensitive": False}
    org.field_flags["Transaction__c.Iban__c"] = {"trackHistory": True}
    site.key.blockers += [Blocker(org.alias, *each) for each in BLOCKERS]


def decoys(site: Site) -> None:
    for name in (
        "Contact.SSN_Last_Verified__c",
        "Account.CreditScore__c",
        "Opportunity.Order_Number__c",
        "Account.Card_Type__c",
    ):
        site.key.decoy("ZT-06", site.plan.rng.choice(list(site.plan.orgs)), f"field:{name}")
