"""The orderly estate: everything as every control wants it, before any plant."""

from datetime import datetime, timedelta
from random import Random
from typing import Literal

from deployments.sandbox.seed.blueprint import (
    Attestation,
    Blueprint,
    Bucket,
    Channel,
    InboundCertificate,
    MaskPolicy,
    Org,
    ProtectedField,
    RemoteSite,
    WebAcl,
)
from deployments.sandbox.seed.laboratory import add_laboratories
from deployments.sandbox.seed.names import (
    ACCOUNTS,
    ALLOWED_NETWORK,
    EMPTY_IN_SANDBOX,
    HOSTS,
    PEOPLE,
    PRODUCTION,
    REGIONS,
    RULE_GROUPS,
    SANDBOX,
    SHARES,
)
from deployments.sandbox.seed.population import add_break_glass, add_own_identities, add_people, add_profiles
from deployments.sandbox.seed.rights import SENSITIVE
from deployments.sandbox.seed.routes import add_syncs

SUBJECTS = ("backup", "vpn", "audit", "penetration-test", "playbook")
_AGES = {"backup": 20, "vpn": 60, "audit": 30, "penetration-test": 120, "playbook": 90}


def lay_out(seed: int, users: int, now: datetime) -> Blueprint:
    """An estate without a fault. `users` are shared out over the orgs in fixed proportions."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    plan = Blueprint(day, now, Random(seed))
    for alias in HOSTS:
        org = _org(alias, users, seed)
        plan.orgs[alias] = org
        add_profiles(org)
        add_people(plan, org)
        add_break_glass(plan, org)
        add_own_identities(plan, org)
        _protect(org)
        _surround(plan, org)
    add_syncs(plan)
    add_laboratories(plan, seed)
    _channels(plan)
    return plan


def _org(alias: str, users: int, seed: int) -> Org:
    region, zone = REGIONS[alias]
    people = max(5, round(users * PEOPLE[alias] / sum(PEOPLE.values())))
    rows = {"Account": ACCOUNTS[alias]}
    for name, share in SHARES.items():
        empty = alias == SANDBOX and name in EMPTY_IN_SANDBOX
        rows[name] = 0 if empty else round(ACCOUNTS[alias] * share)
    kind: Literal["production", "sandbox"] = "sandbox" if alias == SANDBOX else "production"
    return Org(alias, HOSTS[alias], kind, region, zone, people, rows, Random(f"{seed}/{alias}"))


def _protect(org: Org) -> None:
    for name in SENSITIVE:
        financial = name.endswith(("Iban__c", "CreditScore__c", "AccountNumber"))
        org.fields[name] = ProtectedField(groups=("PCI",) if financial else ("PII",))
    if org.kind == "sandbox":
        org.masks.append(MaskPolicy("Mask_Client_Data", list(SENSITIVE)))


def _surround(plan: Blueprint, org: Org) -> None:
    org.inbound_certificates.append(
        InboundCertificate("Middleware_Client", (plan.day + timedelta(days=300)).date())
    )
    org.remote_sites.append(RemoteSite("Market_Data", "https://api.market-data.example"))
    plan.auto_disable.append(org.alias)
    plan.web_acls[org.alias] = WebAcl(
        f"meridian-{org.alias}-gateway", networks=[ALLOWED_NETWORK], groups=[*RULE_GROUPS]
    )
    if org.alias in PRODUCTION:
        plan.buckets[org.alias] = Bucket(f"meridian-{org.alias}-backups")
    for subject in SUBJECTS:
        if subject == "backup" and org.kind == "sandbox":
            continue
        made = (plan.day - timedelta(days=_AGES[subject])).date()
        plan.attestations.append(Attestation(subject, org.alias, made, made + timedelta(days=360)))
    org.apex["AccountSyncService"] = _ORDERLY_APEX
    org.apex["AccountSyncServiceTest"] = _ORDERLY_TEST
    org.custom_settings.append(
        {
            "Name": "Sync",
            "Endpoint__c": "https://gateway.meridian.example/v2",
            "Value__c": "30",
            "Notes__c": "timeout",
        }
    )
    org.custom_metadata.append(
        {
            "DeveloperName": "Gateway",
            "Endpoint__c": "https://gateway.meridian.example/v2",
            "Header__c": "Accept: */*",
        }
    )


def _channels(plan: Blueprint) -> None:
    everyone = list(plan.orgs)
    plan.channels = [
        Channel("soc-slack", "slack", list(everyone), "alerts/slack/soc"),
        Channel("soc-pagerduty", "pagerduty", list(everyone), "alerts/pagerduty/soc"),
        Channel("soc-email", "email", list(everyone), "alerts/smtp/soc"),
    ]


_ORDERLY_APEX = """public with sharing class AccountSyncService {
    public static HttpResponse send(String body) {
        HttpRequest request = new HttpRequest();
        request.setEndpoint('callout:EMEA_Org_Sync/services/apexrest/accounts');
        request.setMethod('POST');
        request.setBody(body);
        return new Http().send(request);
    }
}
"""
_ORDERLY_TEST = """@IsTest
private class AccountSyncServiceTest {
    @IsTest static void sends() {
        String password = 'changeme';
        System.assertNotEquals(null, password);
    }
}
"""
