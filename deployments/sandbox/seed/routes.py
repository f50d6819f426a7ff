"""The syncs between the orgs: each with its own user, app, credential and rights, as they should be."""

from dataclasses import dataclass, replace
from datetime import timedelta

from deployments.sandbox.seed.blueprint import (
    App,
    Assignment,
    Blueprint,
    Certificate,
    Connection,
    Flow,
    Grants,
    Holder,
    Logins,
    PermissionSet,
    Route,
)
from deployments.sandbox.seed.names import API_PROFILE, MIDDLEWARE_ADDRESS, MUTUAL_TLS
from deployments.sandbox.seed.population import add_machine
from deployments.sandbox.seed.rights import sync_grants

ACCOUNT = ("Phone", "Industry", "BillingCountry", "External_Id__c")
EMEA_ACCOUNT = ("Name", "Industry", "Phone", "AnnualRevenue")
"""The article's own table of this sync."""
CONTACT = ("FirstName", "Email", "Phone", "Title", "External_Id__c")
OPPORTUNITY = ("Amount", "NextStep", "External_Id__c")
TRANSACTION = ("Amount__c", "Booked_On__c", "Reference__c", "External_Id__c")
PORTFOLIO = ("Value__c", "Currency__c", "External_Id__c")
KYC = ("Status__c", "Risk_Rating__c", "Checked_On__c", "External_Id__c")
SYNCS_LOGGED = 600
"""Logins of one sync in 118 days: about five a day."""
MASKED = ("SSN__c", "TaxID__c", "CreditScore__c")


@dataclass(frozen=True)
class Sync:
    """What a sync is asked to be; names of its parts follow from `key` ("hq-emea-account")."""

    key: str
    route: str | None
    source: str
    target: str
    sobject: str
    fields: tuple[str, ...]
    credential: str
    flow: Flow = "jwt"
    holder: Holder = "named-credential"
    certificate: str | None = None
    masked: tuple[str, ...] = ()
    read_only: tuple[str, ...] = ()
    """Declared as read only; the set that is there lets the sync write them all the same."""
    schedule: str = "0 * * * *"
    external_client: bool = False
    user: str | None = None
    """An existing username of the target instead of a new user."""
    profile: str = API_PROFILE


SYNCS = (
    Sync("hq-emea-account", "HQ_to_EMEA_Account_Sync", "hq", "emea", "Account", EMEA_ACCOUNT, "EMEA_Org_Sync",
         certificate="HQ_Sync_Client_Cert", schedule="*/15 * * * *", read_only=("AnnualRevenue",)),
    Sync("hq-emea-contact", "HQ_to_EMEA_Contact_Sync", "hq", "emea", "Contact", CONTACT, "EMEA_Contact_Sync",
         certificate="HQ_EMEA_Contact_Cert", external_client=True),
    Sync("hq-apac-account", "HQ_to_APAC_Account_Sync", "hq", "apac", "Account", ACCOUNT, "APAC_Org_Sync",
         holder="legacy-named-credential", certificate="HQ_APAC_Account_Cert"),
    Sync("hq-apac-contact", "HQ_to_APAC_Contact_Sync", "hq", "apac", "Contact", CONTACT, "APAC_Contact_Sync",
         flow="client-credentials", external_client=True),
    Sync("hq-compliance-account", "HQ_to_Compliance_Account_Sync", "hq", "compliance", "Account", ACCOUNT,
         "Compliance_Org_Sync", certificate="HQ_Compliance_Cert"),
    Sync("hq-compliance-transaction", "HQ_to_Compliance_Transaction_Sync", "hq", "compliance", "Transaction__c",
         TRANSACTION, "salesforce/compliance/transaction-feed", holder="secrets-manager"),
    Sync("emea-hq-opportunity", "EMEA_to_HQ_Opportunity_Sync", "emea", "hq", "Opportunity", OPPORTUNITY,
         "HQ_Opportunity_Sync", flow="authorization-code"),
    Sync("apac-hq-opportunity", "APAC_to_HQ_Opportunity_Sync", "apac", "hq", "Opportunity", OPPORTUNITY,
         "HQ_Opportunity_Sync", certificate="APAC_HQ_Opportunity_Cert"),
    Sync("compliance-hq-kyc", "Compliance_to_HQ_KYC_Sync", "compliance", "hq", "KYC_Check__c", KYC,
         "salesforce/hq/kyc-feed", flow="client-credentials", holder="secrets-manager", external_client=True),
    Sync("emea-compliance-account", "EMEA_to_Compliance_Account_Sync", "emea", "compliance", "Account", ACCOUNT,
         "Compliance_Sync", certificate="EMEA_Compliance_Cert"),
    Sync("apac-compliance-transaction", "APAC_to_Compliance_Transaction_Sync", "apac", "compliance", "Transaction__c",
         TRANSACTION, "Compliance_Sync", flow="client-credentials"),
    Sync("hq-uat-account", "HQ_to_UAT_Account_Sync", "hq", "hq-uat", "Account", (*ACCOUNT, *MASKED), "UAT_Org_Sync",
         certificate="HQ_UAT_Sync_Cert", masked=MASKED, schedule="0 2 * * 0"),
    Sync("emea-hq-portfolio", "EMEA_to_HQ_Portfolio_Sync", "emea", "hq", "Portfolio__c", PORTFOLIO,
         "salesforce/hq/api-key", holder="secrets-manager"),
    Sync("apac-emea-contact", "APAC_to_EMEA_Contact_Sync", "apac", "emea", "Contact", CONTACT,
         "salesforce/emea/api-key", holder="secrets-manager"),
)  # fmt: skip


BROUGHT = {"APAC_Contact_Sync": "salesforce/apac/contact-sync"}
"""Client secrets that Secrets Manager keeps too, from where Bulkhead brings them to the principal of the named credential."""


def add_syncs(plan: Blueprint) -> None:
    for sync in SYNCS:
        held = add_sync(plan, sync)
        if sync.credential in BROUGHT:
            name = BROUGHT[sync.credential]
            plan.connections.append(
                replace(held, name=name, holder="secrets-manager", client_certificate=None)
            )


def add_sync(plan: Blueprint, sync: Sync) -> Connection:
    """Lay out one sync in good order: user with least rights, app, credential, logins, declared route."""
    target = plan.orgs[sync.target]
    label = "_".join(part.capitalize() for part in sync.key.split("-"))
    username = (
        sync.user or add_machine(plan, target, f"sync.{sync.key}", label, profile=sync.profile).username
    )
    app = None if sync.flow == "password" else _add_app(plan, sync, f"{label}_Sync", username)
    connection = _connection(plan, sync, username, app.name if app else None)
    plan.connections.append(connection)
    _grant(plan, sync, f"{label}_Sync", username)
    application = app.name if app else "N/A"
    kind = "Remote Access 2.0" if app else "Other Apex API"
    target.logins.append(
        Logins(username, kind, application, MIDDLEWARE_ADDRESS, SYNCS_LOGGED, api_type="REST API")
    )
    if sync.route:
        plan.routes.append(_route(sync, sync.route, username, app.name if app else "username and password"))
    return connection


def _connection(plan: Blueprint, sync: Sync, username: str, app: str | None) -> Connection:
    place = sync.target.upper().replace("-", "_")
    if sync.certificate:
        add_certificate(plan, sync.source, sync.certificate)
    return Connection(
        name=sync.credential,
        source=sync.source,
        target=sync.target,
        flow=sync.flow,
        holder=sync.holder,
        user=username,
        app=app,
        certificate=sync.certificate,
        client_certificate=None
        if sync.holder == "secrets-manager"
        else _client_certificate(plan, sync.source),
        provider=f"{place}_Login" if sync.flow == "authorization-code" else None,
        created_days=plan.rng.randint(20, 60),
        changed_days=plan.rng.randint(5, 19),
    )


def _route(sync: Sync, name: str, username: str, app: str) -> Route:
    return Route(
        name,
        sync.source,
        sync.target,
        sync.sobject,
        sync.fields,
        username,
        app,
        sync.credential,
        sync.schedule,
        sync.masked,
        sync.read_only,
    )


def _add_app(plan: Blueprint, sync: Sync, name: str, username: str) -> App:
    flows = {
        "jwt": {"jwt"},
        "client-credentials": {"client_credentials"},
        "authorization-code": {"refresh_token"},
    }[sync.flow]
    app = App(
        name,
        "external-client-app" if sync.external_client else "connected-app",
        plan.token(40),
        frozenset(flows),
        scopes=("Api", "RefreshToken") if "refresh_token" in flows else ("Api",),
    )
    if sync.flow == "jwt":
        app.certificate = (
            (sync.source, sync.certificate) if sync.certificate else ("middleware", sync.credential)
        )
    else:
        app.consumer_secret = plan.canary("cs")
    if sync.flow == "client-credentials":
        app.run_as = username
    if sync.flow == "authorization-code":
        app.granted_to = [username]
        app.refresh_policy = "specific_lifetime:90:DAYS"
    plan.orgs[sync.target].apps[name] = app
    return app


def _grant(plan: Blueprint, sync: Sync, name: str, username: str) -> None:
    """One set per sync, with the right to be refused without a client certificate."""
    target = plan.orgs[sync.target]
    grants = sync_grants(sync.sobject, sync.fields)
    grants.permissions.add(MUTUAL_TLS)
    if name in target.apps:
        grants.apps.add(name)
    target.sets[name] = PermissionSet(name, grants)
    target.assignments.append(Assignment(username, name))


def add_certificate(
    plan: Blueprint,
    org: str,
    name: str,
    *,
    age_days: int | None = None,
    life: timedelta = timedelta(days=365),
) -> Certificate:
    age = plan.rng.randint(10, 70) if age_days is None else age_days
    made = Certificate(name, plan.ago(age), life)
    return plan.orgs[org].certificates.setdefault(name, made)


def _client_certificate(plan: Blueprint, org: str) -> str:
    """One per org that calls out: the certificate it presents on the mutual-TLS port."""
    name = f"{org.upper().replace('-', '_')}_Mutual_TLS"
    add_certificate(plan, org, name, age_days=40)
    return name


def regrant(plan: Blueprint, connection: Connection, change: Grants) -> None:
    """Add rights to the set of a connection's own app."""
    own = plan.orgs[connection.target].sets[set_of(plan, connection)].grants
    own.permissions |= change.permissions
    own.fields |= change.fields
    for name, flags in change.objects.items():
        own.objects[name] = own.objects.get(name, set()) | flags


def set_of(plan: Blueprint, connection: Connection) -> str:
    """The name of the permission set that gives a connection's user its rights."""
    org = plan.orgs[connection.target]
    if connection.app:
        return connection.app
    return next(a.name for a in org.assignments if a.username == connection.user and a.name.endswith("_Sync"))
