"""ZT-11: secrets outside the secrets manager."""

from deployments.sandbox.seed.blueprint import Org, OutsideCredential, RemoteSite
from deployments.sandbox.seed.plants.site import Site

_GATEWAY = """public with sharing class LegacyBankGateway {
    private static final String ENDPOINT = 'https://api.partner-bank.example/v1';
    // Moved here when the setting was too short for it.
    private static final String API_KEY = '%s';

    public static HttpResponse balance(String account) {
        HttpRequest request = new HttpRequest();
        request.setEndpoint(ENDPOINT + '/balance/' + account);
        request.setHeader('X-Api-Key', API_KEY);
        request.setMethod('GET');
        return new Http().send(request);
    }
}
"""


def plant(site: Site) -> None:
    first, second, third = site.draw(3)
    plant_a(site, first)
    plant_b(site, second)
    plant_b_in_metadata(site, third)
    plant_c(site, site.draw(1)[0])
    with site.own_draws():
        one, another = site.draw(2)
        plant_d(site, one)
        plant_e(site, another)
    decoys(site)


def plant_d(site: Site, org: Org) -> None:
    """The address of a remote site carries a user name and a password."""
    org.remote_sites.append(
        RemoteSite("Partner_Upload", f"https://meridian:{site.plan.canary('pw')}@upload.partner-bank.example")
    )
    site.key.expect("ZT-11", org.alias, "exposed:remote-site:Partner_Upload", "d")


def plant_e(site: Site, org: Org) -> None:
    """A label that everybody reads, and a message that carries the session of whoever causes it."""
    org.labels["Rates_Api_Token"] = site.plan.canary()
    org.messages["Account.Tell_Partner"] = ("https://notify.partner-bank.example/in", True)
    site.key.expect("ZT-11", org.alias, "exposed:custom-label:Rates_Api_Token", "e")
    site.key.expect("ZT-11", org.alias, "exposed:outbound-message:Account.Tell_Partner", "e")


def plant_a(site: Site, org: Org) -> None:
    org.apex["LegacyBankGateway"] = _GATEWAY % site.plan.canary("sk_live_")
    site.key.expect("ZT-11", org.alias, "exposed:apex:LegacyBankGateway", "a")


def plant_b(site: Site, org: Org) -> None:
    access_key = "AKIA" + "".join(site.plan.rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZ234567", k=16))
    site.plan.canaries.append(access_key)
    row = {
        "Name": "Document Store",
        "Endpoint__c": "https://documents.meridian.example",
        "Value__c": access_key,
    }
    org.custom_settings.append(row)
    site.key.expect("ZT-11", org.alias, place("custom-setting", "Document Store", "Value__c"), "b")


def plant_b_in_metadata(site: Site, org: Org) -> None:
    row = {
        "DeveloperName": "Rates",
        "Endpoint__c": "https://rates.example",
        "Header__c": f"Bearer {site.plan.canary()}",
    }
    org.custom_metadata.append(row)
    site.key.expect("ZT-11", org.alias, place("custom-metadata", "Rates", "Header__c"), "b")


def plant_c(site: Site, org: Org) -> None:
    outside = OutsideCredential("Partner_Bank_SFTP", "https://sftp.partner-bank.example", "meridian")
    outside.password = site.plan.canary("pw")
    org.outside.append(outside)
    site.key.expect("ZT-11", org.alias, f"exposed:named-credential:{outside.name}", "c")


def place(kind: str, row: str, field: str) -> str:
    """The resource of a secret in a row of the one custom setting, or the one metadata type, that orgs have."""
    owner = "Integration_Settings__c" if kind == "custom-setting" else "Integration_Endpoint__mdt"
    return f"exposed:{kind}:{owner}.{row}.{field}"


def decoys(site: Site) -> None:
    org = site.draw(1)[0].alias
    site.key.decoy("ZT-11", org, "exposed:apex:AccountSyncService")
    site.key.decoy("ZT-11", org, "exposed:apex:AccountSyncServiceTest")
    site.key.decoy("ZT-11", org, place("custom-setting", "Sync", "Value__c"))
    harmless = site.org(org)
    harmless.labels["Password_Hint"] = "Your password is at least twelve characters long"
    harmless.messages["Account.Tell_Ourselves"] = ("https://gateway.meridian.example/in", False)
    site.key.decoy("ZT-11", org, "exposed:custom-label:Password_Hint")
    site.key.decoy("ZT-11", org, "exposed:outbound-message:Account.Tell_Ourselves")
