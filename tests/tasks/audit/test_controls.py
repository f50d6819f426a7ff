"""Every control against the faults it must find and the look-alikes it must leave alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from tasks.audit.controls import catalogue
from tasks.audit.model import Verdict
from tasks.backups.model import BackupProof
from tasks.credentials.model import ExposedKind, ExposedSecret
from tasks.encryption.model import MaskPolicy
from tasks.estate.model import AlertChannel, ChannelKind
from tasks.estate.model_network import WafPolicy
from tasks.estate.model_response import ResponsePolicy
from tasks.inventory.model import AuthProvider, OauthGrant, OutboundKind
from tasks.masking.model import CleanProof, Origin
from tasks.network.model import AddressRange, MfaMethods, ProfileAccess, Shield, WebAcl
from tasks.permissions.own import SCANNER
from tests.tasks.audit.evidence_factory import (
    ABROAD,
    MUTUAL_TLS,
    NOW,
    SUBJECTS,
    TODAY,
    World,
    aggregate,
    app,
    assigned,
    attestation,
    bucket,
    certificate,
    days,
    field,
    group,
    login,
    named_credential,
    on_field,
    on_object,
    orderly_org,
    permission_set,
    profile_set,
    proven,
    remote_site,
    route,
    sample,
    stored,
    user,
)

SYNC, GLASS, ANN = "sync@emea", "glass@emea", "ann@emea"


@dataclass(frozen=True)
class Case:
    """`resources` are what must fail in `org`; empty for a decoy."""

    control: str
    about: str
    change: Callable[[World], Any]
    resources: frozenset[str] = frozenset()
    org: str = "emea"


CASES: list[Case] = []


def case(control: str, about: str, *resources: str, org: str = "emea") -> Callable[[Any], Any]:
    def keep(change: Callable[[World], Any]) -> Callable[[World], Any]:
        CASES.append(Case(control, about, change, frozenset(resources), org))
        return change

    return keep


def to_emea(world: World, **changes: Any) -> World:
    """Replace the credential from hq to emea."""
    return world.put(
        "hq", outbound=(named_credential("EMEA", "emea", **changes), named_credential("UAT", "uat"))
    )


def second_to_emea(world: World, name: str = "EMEA_2", **changes: Any) -> World:
    world.add("hq", certificates=(certificate(f"{name}_Cert"),))
    return world.add("hq", outbound=(named_credential(name, "emea", **changes),))


def give(world: World, who: str, *permissions: str, **grant: Any) -> World:
    return world.add(
        "emea",
        permission_sets=(permission_set("extra", *permissions),),
        assignments=(assigned(who, "extra", **grant),),
    )


def give_by_group(world: World, who: str, *permissions: str, muted: bool = False, **changes: Any) -> World:
    effective = () if muted else permissions
    muting = (permission_set("muting", *permissions, id="0QM-muting"),) if muted else ()
    return world.add(
        "emea",
        permission_sets=(
            permission_set("member", *permissions, **changes),
            aggregate("ops", *effective),
            *muting,
        ),
        groups=(group("ops", "member", muting=("muting",) if muted else ()),),
        assignments=(assigned(who, "ops", by_group=True),),
    )


def without(items: tuple[Any, ...], name: str) -> tuple[Any, ...]:
    return tuple(item for item in items if name not in (getattr(item, "name", ""), getattr(item, "id", "")))


# ZT-01
EDGE = "edge:certificate:hq/EMEA_Cert"
URL_443 = "https://emea.my.salesforce.com"


@case("ZT-01", "port 443 and no permission", EDGE)
def _(w: World) -> None:
    to_emea(w, url=URL_443).put("emea", assignments=(), mutual_auth_permission=MUTUAL_TLS)


@case("ZT-01", "8443 and a certificate, but no permission", EDGE)
def _(w: World) -> None:
    w.put(
        "emea",
        permission_sets=(*without(orderly_org("emea").permission_sets, "sync"), permission_set("sync")),
    )


@case("ZT-01", "the only inbound certificate has expired", EDGE)
def _(w: World) -> None:
    old = w.orgs["emea"].inbound_certificates[0].model_copy(update={"expires": TODAY - timedelta(days=1)})
    w.put("emea", inbound_certificates=(old,))


@case("ZT-01", "the org has no such permission at all", EDGE)
def _(w: World) -> None:
    w.put("emea", mutual_auth_permission=None)


@case("ZT-01", "the user may sign in at a browser", EDGE)
def _(w: World) -> None:
    w.put(
        "emea", permission_sets=(*without(orderly_org("emea").permission_sets, "of-api"), profile_set("api"))
    )


@case("ZT-01", "one of the users that it may act as is not held to a certificate", EDGE)
def _(w: World) -> None:
    to_emea(w, kind=OutboundKind.AUTHORIZATION_CODE)
    w.add("emea", users=(user("other@emea", "api"),), grants=(grant(SYNC), grant("other@emea")))


@case("ZT-01", "the caller presents no certificate", EDGE)
def _(w: World) -> None:
    to_emea(w, client_certificate=None)


@case("ZT-01", "the handshakes let somebody in", "route:HQ_to_EMEA")
def _(w: World) -> None:
    why = ("sync@emea gets in with port 443",)
    w.proofs = {"HQ_to_EMEA": proven("HQ_to_EMEA", verdict="broken", why=why)}


@case("ZT-01", "the permission comes through a group")
def _(w: World) -> None:
    w.put("emea", assignments=())
    give_by_group(w, SYNC, MUTUAL_TLS)


@case("ZT-01", "a credential to somebody else's host on 443")
def _(w: World) -> None:
    w.add("hq", outbound=(named_credential("Partner", "emea", url="https://api.partner.example"),))


# ZT-02
@case("ZT-02", "one user for two routes", f"user:{SYNC}")
def _(w: World) -> None:
    second_to_emea(w).declare(routes=(*w.estate.routes, route("HQ_to_EMEA_Contact", "hq", "emea", "EMEA_2")))


@case("ZT-02", "a person signs in as the sync user", f"user:{SYNC}")
def _(w: World) -> None:
    w.add("emea", logins=(login(SYNC, "Application"),))


@case("ZT-02", "two middleware secrets of different sources", f"user:{SYNC}")
def _(w: World) -> None:
    for source in ("hq", "uat"):
        w.store(middleware(f"mw/{source}", tags={"source": source}))


@case("ZT-02", "old and new credential of one route")
def _(w: World) -> None:
    second_to_emea(w)


@case("ZT-02", "interactive logins that failed")
def _(w: World) -> None:
    w.add("emea", logins=(login(SYNC, "Application", success=False),))


@case("ZT-02", "several candidates of which none is proven")
def _(w: World) -> None:
    second_to_emea(w, kind=OutboundKind.AUTHORIZATION_CODE, auth_provider="P", signing_certificate=None)
    w.add("emea", grants=(grant(SYNC), grant(ANN)))


def middleware(name: str, **changes: Any) -> Any:
    given = {"target_host": "emea.my.salesforce.com:8443", "username": SYNC, "consumer_key": "key-emea"}
    return stored(name, **{**given, **changes})


def grant(who: str, app_name: str = "Sync_App") -> OauthGrant:
    return OauthGrant(
        app_name=app_name,
        app_id=f"0H4-{app_name}",
        user_id=f"005-{who}",
        created=NOW,
        last_used=NOW,
        use_count=2,
    )


# ZT-03
@case("ZT-03", "tier 0 through the profile", f"user:{SYNC}")
def _(w: World) -> None:
    w.add("emea", permission_sets=(profile_set("api2", "ModifyAllData"),)).user(
        "emea", SYNC, profile_id="00e-api2"
    )


@case("ZT-03", "tier 0 through a group", f"user:{SYNC}")
def _(w: World) -> None:
    give_by_group(w, SYNC, "ViewAllData")


@case("ZT-03", "delete on an object", f"user:{SYNC}")
def _(w: World) -> None:
    w.add("emea", object_permissions=(on_object("sync", "Account", "read", "edit", "delete"),))


@case("ZT-03", "an object that no route moves", f"user:{SYNC}")
def _(w: World) -> None:
    w.add("emea", object_permissions=(on_object("sync", "Contact", "read"),))


@case("ZT-03", "a sensitive field outside the route", f"user:{SYNC}")
def _(w: World) -> None:
    w.add("emea", field_permissions=(on_field("sync", "Account.SSN__c"),))


@case("ZT-03", "tier 0 in a group, but muted")
def _(w: World) -> None:
    give_by_group(w, SYNC, "ViewAllData", muted=True)


@case("ZT-03", "an expired grant of tier 0")
def _(w: World) -> None:
    give(w, SYNC, "ModifyAllData", expires=days(0.1))


@case("ZT-03", "an unrelated person who may view all data")
def _(w: World) -> None:
    give(w, ANN, "ViewAllData")


@case("ZT-03", "a sensitive field that the route moves")
def _(w: World) -> None:
    w.add("emea", field_permissions=(on_field("sync", "Account.SSN__c"),))
    w.declare(routes=(route("HQ_to_EMEA", "hq", "emea", "EMEA", fields=("Name", "SSN__c")),))


# ZT-04
@case("ZT-04", "neither the org nor a permission asks for it", f"user:{GLASS}")
def _(w: World) -> None:
    w.settings("emea", mfa_for_direct_logins=False)


@case("ZT-04", "administrator through a group without a strong method", f"user:{ANN}")
def _(w: World) -> None:
    give_by_group(w, ANN, "ManageUsers")


@case("ZT-04", "exempt", f"user:{GLASS}")
def _(w: World) -> None:
    give(w, GLASS, "BypassMFAForUiLogins", "ForceTwoFactor")


@case("ZT-04", "the permission instead of the org's switch")
def _(w: World) -> None:
    give(w.settings("emea", mfa_for_direct_logins=False), GLASS, "ForceTwoFactor")


@case("ZT-04", "a frozen administrator")
def _(w: World) -> None:
    give(w.user("emea", ANN, frozen=True), ANN, "ModifyAllData")


@case("ZT-04", "an inactive administrator")
def _(w: World) -> None:
    give(w.user("emea", ANN, active=False), ANN, "ModifyAllData")


@case("ZT-04", "an administrator that comes by single sign-on only")
def _(w: World) -> None:
    give(w, ANN, "ModifyAllData", "IsSsoEnabled").put("emea", logins=(login(ANN, "SAML Idp Initiated SSO"),))


# ZT-05
@case("ZT-05", "SOAP logins", f"login:{ANN}")
def _(w: World) -> None:
    w.add("emea", logins=(login(ANN, "Other Apex API"),))


@case("ZT-05", "a named credential with a password", "credential:hq/EMEA")
def _(w: World) -> None:
    to_emea(w, kind=OutboundKind.PASSWORD, signing_certificate=None, legacy=True)


@case("ZT-05", "a stored secret with a password", "secret:mw/emea")
def _(w: World) -> None:
    w.store(middleware("mw/emea", holds_password=True))


@case("ZT-05", "SOAP logins that failed")
def _(w: World) -> None:
    w.add("emea", logins=(login(ANN, "Other Apex API", success=False),))


@case("ZT-05", "a JWT secret with a user name")
def _(w: World) -> None:
    w.store(middleware("mw/emea"))


# ZT-06
@case("ZT-06", "classified and not encrypted", "field:Account.Code__c")
def _(w: World) -> None:
    w.add(
        "emea",
        fields=(field("Account.Code__c", security_classification="Restricted", compliance_groups=("PII",)),),
    )


@case("ZT-06", "not classified, but named so", "field:Contact.TaxID__c", "field:Contact.Passport_Number__c")
def _(w: World) -> None:
    w.add("emea", fields=(field("Contact.TaxID__c"), field("Contact.Passport_Number__c")))


@case("ZT-06", "free text that holds the numbers", "field:Contact.Notes__c", "field:Contact.Memo__c")
def _(w: World) -> None:
    w.add(
        "emea",
        fields=(field("Contact.Notes__c", data_type="Long Text Area(32000)"), field("Contact.Memo__c")),
    )
    w.add("emea", samples=(sample("Contact.Notes__c", "us-ssn"), sample("Contact.Memo__c", "payment-card")))


@case("ZT-06", "about such a number, not one", org="emea")
def _(w: World) -> None:
    w.add("emea", fields=(field("Account.SSN_Last_Verified__c", data_type="Date"),))
    w.add(
        "emea", fields=(field("Account.Card_Type__c", data_type="Picklist"), field("Account.Card_Type_2__c"))
    )


@case("ZT-06", "order numbers whose shape alone is suspicious")
def _(w: World) -> None:
    w.add("emea", fields=(field("Account.Order__c"),), samples=(sample("Account.Order__c", None),))


@case("ZT-06", "contact data is sensitive, but need not be encrypted")
def _(w: World) -> None:
    w.add(
        "emea",
        fields=(field("Contact.Email", data_type="Email"),),
        samples=(sample("Contact.Email", "email"),),
    )


# ZT-07
def attest_with(w: World, subject: str, *given: Any) -> World:
    others = tuple(attestation(s) for s in SUBJECTS if s != subject)
    return w.declare(attestations=(*others, *given))


@case("ZT-07", "expired attestation", "attestation:backup")
def _(w: World) -> None:
    attest_with(w, "backup", attestation("backup", left=-1))


@case("ZT-07", "no KMS encryption", "bucket:emea-backups")
def _(w: World) -> None:
    w.store(buckets=(bucket("emea-backups", kms_encrypted=False, kms_key_enabled=None),))


@case("ZT-07", "its key is disabled", "bucket:emea-backups")
def _(w: World) -> None:
    w.store(buckets=(bucket("emea-backups", kms_key_enabled=False),))


@case("ZT-07", "public access or no versions", "bucket:emea-backups")
def _(w: World) -> None:
    w.store(buckets=(bucket("emea-backups", public_access_blocked=False, versioned=False),))


@case("ZT-07", "the bucket is gone", "bucket:emea-backups")
def _(w: World) -> None:
    w.store(buckets=())


@case("ZT-07", "an attestation that ends tomorrow, one that ends today")
def _(w: World) -> None:
    attest_with(w, "backup", attestation("backup", left=0))


@case("ZT-07", "encrypted with a key of the provider")
def _(w: World) -> None:
    w.store(buckets=(bucket("emea-backups", kms_key_enabled=None),))


# ZT-08
@case("ZT-08", "covered by no policy", "field:Account.SSN__c", org="uat")
def _(w: World) -> None:
    w.put("uat", mask_policies=())


@case("ZT-08", "covered, never run to the end", "field:Account.SSN__c", org="uat")
def _(w: World) -> None:
    w.put("uat", mask_policies=(MaskPolicy(name="Mask", fields=("Account.SSN__c",), last_completed=None),))


@case("ZT-08", "run, and the values still look real", "field:Account.SSN__c", org="uat")
def _(w: World) -> None:
    w.put("uat", samples=(sample("Account.SSN__c", "us-ssn"),))


@case("ZT-08", "an empty object", org="uat")
def _(w: World) -> None:
    w.add("uat", fields=(field("Empty__c.SSN__c", sobject="Empty__c"),))


# ZT-09
def route_to_uat(w: World, **changes: Any) -> World:
    return w.declare(routes=(w.estate.routes[0], route("HQ_to_UAT", "hq", "uat", "UAT", **changes)))


@case("ZT-09", "a route with the number", "route:HQ_to_UAT", org="uat")
def _(w: World) -> None:
    route_to_uat(w, fields=("Name", "SSN__c"))


@case("ZT-09", "a field sensitive by its name only", "route:HQ_to_UAT", org="uat")
def _(w: World) -> None:
    route_to_uat(w.add("hq", fields=(field("Account.Passport_No__c"),)), fields=("Passport_No__c",))


@case("ZT-09", "the source org could not be read, the name tells", "route:HQ_to_UAT", org="uat")
def _(w: World) -> None:
    route_to_uat(w, fields=("TaxID__c",))
    w.orgs.pop("hq")


@case("ZT-09", "a sandbox credential reads it in production", "edge:certificate:uat/Prod_Cert", org="uat")
def _(w: World) -> None:
    w.put("uat", outbound=(named_credential("Prod", "emea"),))
    w.add("emea", field_permissions=(on_field("sync", "Account.SSN__c"),))


@case("ZT-09", "the field is masked on the way", org="uat")
def _(w: World) -> None:
    route_to_uat(w, fields=("Name", "SSN__c"), masked_fields=("SSN__c",))


@case("ZT-09", "contact data and plain fields", org="uat")
def _(w: World) -> None:
    w.add("hq", fields=(field("Account.Phone", data_type="Phone"),))
    route_to_uat(w, fields=("Name", "Phone"))


# ZT-10
@case("ZT-10", "a two-year-old secret", "credential:secret:mw/emea")
def _(w: World) -> None:
    w.store(middleware("mw/emea", created=days(730), last_changed=days(730)))


@case("ZT-10", "an old signing certificate", "credential:certificate:hq/EMEA_Cert")
def _(w: World) -> None:
    w.put("hq", certificates=(certificate("EMEA_Cert", age=400, life=800), certificate("Mutual_TLS")))


@case("ZT-10", "a password that nobody changed", "credential:named-credential:hq/EMEA")
def _(w: World) -> None:
    to_emea(w, kind=OutboundKind.PASSWORD, signing_certificate=None).user(
        "emea", SYNC, last_password_change=days(91)
    )


@case("ZT-10", "the secret was stored anew around an old password", "credential:secret:mw/emea")
def _(w: World) -> None:
    w.store(middleware("mw/emea", holds_password=True)).user("emea", SYNC, last_password_change=days(300))


@case("ZT-10", "created three years ago, rotated ten days ago")
def _(w: World) -> None:
    w.store(middleware("mw/emea", created=days(1100), last_changed=days(10), last_rotated=days(10)))


@case("ZT-10", "an old certificate that no edge uses")
def _(w: World) -> None:
    w.add("hq", certificates=(certificate("Forgotten", age=900, life=1000),))


@case("ZT-10", "exactly at the limit")
def _(w: World) -> None:
    w.store(middleware("mw/emea", last_changed=days(90)))


# ZT-11
@case("ZT-11", "in an Apex class, twice", "exposed:apex:Caller")
def _(w: World) -> None:
    twice = [
        ExposedSecret(kind=ExposedKind.APEX, place="Caller", looks_like="password", line=n) for n in (3, 9)
    ]
    w.put("emea", exposed=tuple(twice))


@case("ZT-11", "in settings", "exposed:custom-setting:S.Key__c", "exposed:custom-metadata:M.Key__c")
def _(w: World) -> None:
    kinds = {"S.Key__c": ExposedKind.CUSTOM_SETTING, "M.Key__c": ExposedKind.CUSTOM_METADATA}
    w.put("emea", exposed=tuple(ExposedSecret(kind=k, place=p, looks_like="key") for p, k in kinds.items()))


@case("ZT-11", "in a legacy named credential, also to the outside", "exposed:named-credential:Old")
def _(w: World) -> None:
    w.put("emea", outbound=(named_credential("Old", "emea", url="https://x.example", stores_password=True),))


@case("ZT-11", "a named credential without a password")
def _(w: World) -> None:
    w.put("emea", outbound=(named_credential("Fine", "hq", url="https://x.example"),))


# ZT-12
@case("ZT-12", "refresh tokens for ever, in use", "app:Endless")
def _(w: World) -> None:
    w.add("emea", apps=(app("Endless", refresh_policy="infinite"),), grants=(grant(ANN, "Endless"),))


@case("ZT-12", "a signing certificate of ten years", "certificate:EMEA_Cert", org="hq")
def _(w: World) -> None:
    w.put("hq", certificates=(certificate("EMEA_Cert", life=3650), certificate("UAT_Cert")))


@case("ZT-12", "an expired client certificate of an edge", "certificate:Mutual_TLS", org="hq")
def _(w: World) -> None:
    w.put("hq", certificates=(certificate("Mutual_TLS", age=400, life=365), certificate("EMEA_Cert")))


@case("ZT-12", "a sync user whose password never expires", f"user:{SYNC}")
def _(w: World) -> None:
    give(w, SYNC, "PasswordNeverExpires")


@case("ZT-12", "endless without grants, limited with grants")
def _(w: World) -> None:
    w.add(
        "emea",
        apps=(app("Endless", refresh_policy="infinite"), app("Limited", refresh_policy="specific_lifetime")),
    )
    w.add("emea", grants=(grant(ANN, "Limited"),))


@case("ZT-12", "an expired certificate that nothing uses", org="hq")
def _(w: World) -> None:
    w.add("hq", certificates=(certificate("Forgotten", age=900, life=365),))


# ZT-13
@case("ZT-13", "tier 0 by profile", f"user:{ANN}")
def _(w: World) -> None:
    w.user("emea", ANN, profile_id="00e-admin")


@case("ZT-13", "by a standing assignment to a set", f"user:{ANN}")
def _(w: World) -> None:
    give(w, ANN, "AuthorApex")


@case("ZT-13", "by a standing assignment to a group", f"user:{ANN}")
def _(w: World) -> None:
    give_by_group(w, ANN, "AuthorApex")


@case("ZT-13", "a session-activated set in a group is awake", f"user:{ANN}")
def _(w: World) -> None:
    give_by_group(w, ANN, "AuthorApex", activation_required=True)


@case("ZT-13", "it ends, but later than policy allows", f"user:{ANN}")
def _(w: World) -> None:
    give(w, ANN, "AuthorApex", expires=NOW + timedelta(hours=5))


@case("ZT-13", "it ends in two hours")
def _(w: World) -> None:
    give(w, ANN, "AuthorApex", expires=NOW + timedelta(hours=2))


@case("ZT-13", "a session-activated set assigned directly sleeps")
def _(w: World) -> None:
    w.add("emea", permission_sets=(permission_set("jit", "AuthorApex", activation_required=True),))
    w.add("emea", assignments=(assigned(ANN, "jit"),))


@case("ZT-13", "break-glass users keep their rights")
def _(w: World) -> None:
    give(w, GLASS, "AuthorApex")


# ZT-14
def ranges(*pairs: tuple[str, str]) -> tuple[ProfileAccess, ...]:
    lines = tuple(AddressRange(first=first, last=last) for first, last in pairs)
    return (ProfileAccess(profile_id="00e-api", profile_name="api", login_ranges=lines),)


@case("ZT-14", "no ranges", "profile:api")
def _(w: World) -> None:
    w.put("emea", profiles=ranges())


@case("ZT-14", "the whole internet", "profile:api")
def _(w: World) -> None:
    w.put("emea", profiles=ranges(("0.0.0.0", "255.255.255.255")))


@case("ZT-14", "one address outside what policy allows", "profile:api")
def _(w: World) -> None:
    w.put("emea", profiles=ranges(("198.51.100.0", "198.51.101.0")))


@case("ZT-14", "the app steps round the ranges", "app:Sync_App")
def _(w: World) -> None:
    w.put("emea", apps=(app(consumer_key="key-emea", ip_relaxation="BYPASS"),))


@case("ZT-14", "checked at login only", "setting:enforceIpRangesEveryRequest")
def _(w: World) -> None:
    w.settings("emea", enforce_ranges_every_request=False)


@case("ZT-14", "an app that no edge uses steps round")
def _(w: World) -> None:
    w.add("emea", apps=(app("Other", ip_relaxation="BYPASS"),))


@case("ZT-14", "two narrow ranges within policy")
def _(w: World) -> None:
    w.put("emea", profiles=ranges(("198.51.100.1", "198.51.100.6"), ("198.51.100.9", "198.51.100.9")))


# ZT-15
def acl(**changes: Any) -> WebAcl:
    return WebAcl(**{"name": "emea-acl", "associated": True, "rate_limit": 2000, **changes})


@case("ZT-15", "no ACL of that name", "waf:emea-acl")
def _(w: World) -> None:
    w.store(web_acls=())


@case("ZT-15", "its rate rule only counts", "waf:emea-acl")
def _(w: World) -> None:
    w.store(web_acls=(acl(rate_limit=None),))


@case("ZT-15", "too high a limit", "waf:emea-acl")
def _(w: World) -> None:
    w.store(web_acls=(acl(rate_limit=2001),))


@case("ZT-15", "stands before nothing", "waf:emea-acl")
def _(w: World) -> None:
    w.store(web_acls=(acl(associated=False),))


@case("ZT-15", "policy names none", "waf:none")
def _(w: World) -> None:
    w.rule(waf=WafPolicy())


@case("ZT-15", "exactly at the limit")
def _(w: World) -> None:
    w.store(web_acls=(acl(),))


@case("ZT-15", "the account does not subscribe to Shield, and policy wants it", "waf:emea-acl")
def _(w: World) -> None:
    w.rule(waf=w.policy.waf.model_copy(update={"shield_advanced": True}))
    w.store(shield=Shield(subscribed=False))


@case("ZT-15", "no Shield where policy wants none")
def _(w: World) -> None:
    w.store(shield=Shield(subscribed=False))


def test_what_shield_protects_is_unknown_without_the_right_to_see_it() -> None:
    world = World()
    world.rule(waf=world.policy.waf.model_copy(update={"shield_advanced": True}))
    world.cloud = replace(world.cloud, gaps={"shield": "AWS refused (AccessDeniedException)"})
    found = world.verdict("ZT-15", "emea")
    assert found.verdict is Verdict.UNKNOWN
    assert "AccessDenied" in found.findings[0].summary


# ZT-16
def sign_in(w: World, who: str, address: str, **changes: Any) -> World:
    return w.add("emea", logins=(login(who, address=address, **changes),))


@case("ZT-16", "an administrator from abroad", f"user:{ANN}")
def _(w: World) -> None:
    sign_in(give(w, ANN, "ManageUsers"), ANN, ABROAD)


@case("ZT-16", "break-glass counts as well", f"user:{GLASS}")
def _(w: World) -> None:
    sign_in(w, GLASS, ABROAD)


@case("ZT-16", "expired attestation", "attestation:vpn")
def _(w: World) -> None:
    attest_with(w, "vpn", attestation("vpn", left=-3))


@case("ZT-16", "failed, through the VPN, by somebody else, from no address")
def _(w: World) -> None:
    sign_in(w, GLASS, ABROAD, success=False)
    sign_in(w, GLASS, "192.0.2.8")
    sign_in(w, ANN, ABROAD)
    sign_in(w, GLASS, "Salesforce.com IP")


# ZT-17
@case("ZT-17", "an undeclared way into production", "edge:certificate:uat/Prod_Cert", org="uat")
def _(w: World) -> None:
    w.put("uat", outbound=(named_credential("Prod", "hq"),))


@case("ZT-17", "one key pair opens both kinds", "credential:certificate:hq/EMEA_Cert", org="uat")
def _(w: World) -> None:
    shared = named_credential("UAT", "uat", signing_certificate="EMEA_Cert")
    w.put("hq", outbound=(named_credential("EMEA", "emea"), shared))


@case("ZT-17", "a remote site of the sandbox into production", "remote-site:Prod", org="uat")
def _(w: World) -> None:
    w.put("uat", remote_sites=(remote_site("Prod", "https://HQ.my.salesforce.com/x"),))


@case("ZT-17", "a remote site of production into the sandbox", "remote-site:Test")
def _(w: World) -> None:
    w.put("emea", remote_sites=(remote_site("Test", "https://uat.my.salesforce.com"),))


@case("ZT-17", "a copied machine with its old password", "user:sync@emea.uat", org="uat")
def _(w: World) -> None:
    w.add("uat", users=(user("sync@emea.uat"),))


@case("ZT-17", "a copied machine with a new password, a frozen one, and a copied person", org="uat")
def _(w: World) -> None:
    w.add(
        "uat",
        users=(
            user("sync@emea.uat", last_password_change=days(3)),
            user("sync@emea.old", frozen=True),
            user("ann@emea.uat"),
        ),
    )


@case("ZT-17", "one client certificate let in on both sides", "inbound-certificate:In", org="uat")
def _(w: World) -> None:
    (theirs,) = w.orgs["emea"].inbound_certificates
    (mine,) = w.orgs["uat"].inbound_certificates
    shared = mine.model_copy(update={"serial": theirs.serial, "expires": TODAY - timedelta(days=1)})
    w.put("uat", inbound_certificates=(shared,))


@case("ZT-17", "one that has ended on both sides", org="uat")
def _(w: World) -> None:
    (theirs,) = w.orgs["emea"].inbound_certificates
    ended = theirs.model_copy(update={"expires": TODAY - timedelta(days=1)})
    w.put("uat", inbound_certificates=(ended,))
    w.put("emea", inbound_certificates=(ended,))


@case("ZT-17", "an app copied with its key", "app:Sync_App", org="uat")
def _(w: World) -> None:
    w.put("uat", apps=(app(consumer_key="key-emea"),))
    w.add("hq", outbound=(named_credential("UAT", "uat", issuer="key-emea"),))


@case("ZT-17", "a sandbox that lets in whoever signs in to production", "auth-provider:Prod_Login", org="uat")
def _(w: World) -> None:
    url = "https://hq.my.salesforce.com/services/oauth2/token"
    provider = AuthProvider(
        name="Prod_Login",
        provider_type="Salesforce",
        consumer_key=None,
        token_url=url,
        execution_user_id=None,
    )
    w.put("uat", auth_providers=(provider,))


@case("ZT-17", "an inactive one, one to the outside, one between equals", org="uat")
def _(w: World) -> None:
    hosts = {
        "Off": "https://hq.my.salesforce.com",
        "Out": "https://x.example",
        "Self": "https://uat.my.salesforce.com",
    }
    w.put("uat", remote_sites=tuple(remote_site(n, u, active=n != "Off") for n, u in hosts.items()))


# ZT-18
@case("ZT-18", "generation is off", "setting:eventLogGeneration")
def _(w: World) -> None:
    w.settings("emea", event_log_generation=False)


@case("ZT-18", "monitoring data may be deleted", "setting:deleteMonitoringData")
def _(w: World) -> None:
    w.settings("emea", delete_monitoring_data=True)


@case("ZT-18", "no files", "telemetry:event-log-files")
def _(w: World) -> None:
    w.put("emea", event_logs=())


@case("ZT-18", "daily files only")
def _(w: World) -> None:
    assert {line.interval for line in w.orgs["emea"].event_logs} == {"Daily"}


# ZT-19
def channels(w: World, *left: AlertChannel) -> World:
    return w.declare(channels=left)


@case("ZT-19", "no pager for this org", "channel:pagerduty")
def _(w: World) -> None:
    narrowed = [
        c.model_copy(update={"orgs": ("hq",)}) if c.kind is ChannelKind.PAGERDUTY else c
        for c in w.estate.channels
    ]
    channels(w, *narrowed)


@case("ZT-19", "its secret is missing", "channel:slack")
def _(w: World) -> None:
    w.cloud = replace(w.cloud, secrets=without(w.cloud.secrets, "alerts/slack"))


@case("ZT-19", "nothing at all", "channel:slack", "channel:pagerduty", "channel:email")
def _(w: World) -> None:
    channels(w)


@case("ZT-19", "one more channel whose secret is missing")
def _(w: World) -> None:
    extra = AlertChannel(name="night", kind=ChannelKind.SLACK, orgs=("emea", "hq"), secret="alerts/gone")
    channels(w, extra, *w.estate.channels)


# ZT-20
@case("ZT-20", "expired audit", "attestation:audit")
def _(w: World) -> None:
    attest_with(w, "audit", attestation("audit", left=-1))


@case("ZT-20", "expired penetration test", "attestation:penetration-test")
def _(w: World) -> None:
    attest_with(w, "penetration-test", attestation("penetration-test", left=-1))


@case("ZT-20", "an audit 200 days ago that ends next year", "attestation:audit")
def _(w: World) -> None:
    attest_with(w, "audit", attestation("audit", age=200))


@case("ZT-20", "an older expired one beside a newer good one")
def _(w: World) -> None:
    attest_with(w, "audit", attestation("audit", age=150, left=-60), attestation("audit", left=1))


# ZT-21
@case("ZT-21", "expired", "attestation:playbook")
def _(w: World) -> None:
    attest_with(w, "playbook", attestation("playbook", left=-1))


@case("ZT-21", "not reviewed for 500 days", "attestation:playbook")
def _(w: World) -> None:
    attest_with(w, "playbook", attestation("playbook", age=500))


@case("ZT-21", "neither document nor hash", "attestation:playbook")
def _(w: World) -> None:
    attest_with(w, "playbook", attestation("playbook", evidence_url=None))


@case("ZT-21", "two attestations, one good, the newer one bad")
def _(w: World) -> None:
    attest_with(w, "playbook", attestation("playbook", age=5, left=-1), attestation("playbook", age=30))


@case("ZT-21", "a hash instead of an address")
def _(w: World) -> None:
    attest_with(w, "playbook", attestation("playbook", evidence_url=None, evidence_sha256="a" * 64))


# ZT-22
ENFORCER = "user:enforcer@emea"


@case("ZT-22", "not in the ladder", "policy:auto-disable")
def _(w: World) -> None:
    w.rule(response=ResponsePolicy(auto_disable=("hq",)))


@case("ZT-22", "the enforcer lacks the right", ENFORCER)
def _(w: World) -> None:
    w.put("emea", assignments=(assigned(SYNC, "sync"),))


@case("ZT-22", "the enforcer is inactive", ENFORCER)
def _(w: World) -> None:
    w.user("emea", "enforcer@emea", active=False)


@case("ZT-22", "the enforcer is frozen", ENFORCER)
def _(w: World) -> None:
    w.user("emea", "enforcer@emea", frozen=True)


@case("ZT-22", "the right comes through a group")
def _(w: World) -> None:
    w.put("emea", assignments=())
    give_by_group(w, "enforcer@emea", "FreezeUsers")


@case("ZT-22", "what writes never sleeps", ENFORCER)
def _(w: World) -> None:
    w.put("emea", assignments=(assigned("enforcer@emea", "enforcer"), assigned("enforcer@emea", "writes")))
    w.add("emea", permission_sets=(permission_set("writes", "AssignPermissionSets"),))


@case("ZT-22", "a sleeping set in a group never sleeps", ENFORCER)
def _(w: World) -> None:
    give_by_group(w, "enforcer@emea", "FreezeUsers", "ManageUsers")


@case("ZT-22", "our scanner may do what only harm needs", "user:scanner@emea")
def _(w: World) -> None:
    give_by_group(w, "scanner@emea", "ViewAllData")


@case("ZT-22", "our scanner may edit records", "user:scanner@emea")
def _(w: World) -> None:
    org = w.orgs["emea"]
    w.put("emea", assignments=(*org.assignments, assigned("scanner@emea", "edits")))
    w.add("emea", permission_sets=(permission_set("edits"),))
    w.add("emea", object_permissions=(on_object("edits", "Account", "read", "edit"),))


@case("ZT-22", "what the enforcer edits never sleeps", ENFORCER)
def _(w: World) -> None:
    org = w.orgs["emea"]
    w.put("emea", assignments=(*org.assignments, assigned("enforcer@emea", "edits")))
    w.add("emea", permission_sets=(permission_set("edits"),))
    w.add("emea", object_permissions=(on_object("edits", "Account", "read", "edit"),))


@case("ZT-22", "our scanner reads records, and whatever its own set gives")
def _(w: World) -> None:
    org = w.orgs["emea"]
    w.put("emea", assignments=(*org.assignments, assigned("scanner@emea", "scans")))
    w.add("emea", permission_sets=(permission_set("scans", *SCANNER.rights),))
    w.add("emea", object_permissions=(on_object("scans", "Account", "read", "view_all"),))


@case("ZT-22", "the right sleeps until an approved change wakes it")
def _(w: World) -> None:
    w.put("emea", assignments=(assigned("enforcer@emea", "jit"),))
    w.add("emea", permission_sets=(permission_set("jit", "FreezeUsers", activation_required=True),))


FAULTS = [c for c in CASES if c.resources]
DECOYS = [c for c in CASES if not c.resources]


def named(one: Case) -> str:
    return f"{one.control}: {one.about}"


@pytest.mark.parametrize("one", FAULTS, ids=named)
def test_a_fault_is_found_and_nothing_else(one: Case) -> None:
    world = World()
    one.change(world)
    assert world.resources(one.control, one.org) == one.resources


@pytest.mark.parametrize("one", DECOYS, ids=named)
def test_a_look_alike_is_left_alone(one: Case) -> None:
    world = World()
    one.change(world)
    assert not world.verdict(one.control, one.org).findings


def test_every_control_has_three_faults_and_a_look_alike() -> None:
    for control in catalogue():
        assert sum(c.control == control.id for c in FAULTS) >= 3, control.id
        assert any(c.control == control.id for c in DECOYS), control.id


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_nobody_attests_is_unknown(subject: str) -> None:
    control = {"backup": "ZT-07", "vpn": "ZT-16", "playbook": "ZT-21"}.get(subject, "ZT-20")
    world = attest_with(World(), subject)
    assert world.resources(control, "hq", "unknown") == {f"attestation:{subject}"}
    assert world.verdict(control, "hq").verdict == "unknown"


@pytest.mark.parametrize(
    ("proofs", "says"),
    [
        (None, "the ledger was not read"),
        ({"HQ_to_EMEA": None}, "no handshake was ever tried"),
        ({"HQ_to_EMEA": proven("HQ_to_EMEA", 35.1)}, "35 days old"),
        ({"HQ_to_EMEA": proven("HQ_to_EMEA", verdict="unknown", why=("not tried: port 443",))}, "port 443"),
    ],
)
def test_mutual_tls_that_no_recent_handshake_proved_is_unknown(proofs: Any, says: str) -> None:
    world = World()
    world.proofs = proofs
    found = world.verdict("ZT-01", "emea")
    assert found.verdict is Verdict.UNKNOWN and says in found.reason
    world.proofs = {"HQ_to_EMEA": proven("HQ_to_EMEA", 34.9)}
    assert world.verdict("ZT-01", "emea").verdict is Verdict.PASS


def test_of_what_is_seen_to_be_open_nobody_asks_for_handshakes() -> None:
    world = to_emea(World(), url=URL_443)
    world.proofs = {"HQ_to_EMEA": None}
    assert [f.resource for f in world.verdict("ZT-01", "emea").findings] == [EDGE]


GOOD = BackupProof(made=days(1), restored=days(30), restored_well=True, key_lost=days(30), key_survived=True)


@pytest.mark.parametrize(
    ("changes", "verdict", "resource"),
    [
        ({}, "pass", None),
        ({"made": days(2.1)}, "fail", "backup:last"),
        ({"restored": None}, "unknown", "backup:restore-drill"),
        ({"restored": days(93)}, "unknown", "backup:restore-drill"),
        ({"restored_well": False}, "fail", "backup:restore-drill"),
        ({"key_lost": None}, "unknown", "backup:key-loss-drill"),
        ({"key_survived": False}, "fail", "backup:key-loss-drill"),
    ],
)
def test_backups_of_our_own_count_by_their_age_and_by_what_drills_showed(
    changes: dict[str, Any], verdict: str, resource: str | None
) -> None:
    world = World()
    world.backups = {"emea": GOOD.model_copy(update=changes)}
    assert world.verdict("ZT-07", "emea").verdict == verdict
    found = world.resources("ZT-07", "emea", verdict)
    assert resource is None or found == {resource}
    assert world.verdict("ZT-07", "hq").verdict == "pass", "another product's backups are vouched for"


def clean(org_id: str = "00Duat", at: float | None = 10) -> CleanProof:
    origin = Origin(org_id=org_id, sandbox=True, created=days(400))
    return CleanProof(origin=origin, at=None if at is None else days(at))


@pytest.mark.parametrize(
    ("proof", "verdict", "resources"),
    [
        (None, "fail", {"field:Account.SSN__c"}),
        (clean(), "pass", set()),
        (clean(org_id="00Dold"), "fail", {"sandbox:refresh", "field:Account.SSN__c"}),
        (clean(at=93), "fail", {"field:Account.SSN__c"}),
        (clean(at=None), "fail", {"field:Account.SSN__c"}),
    ],
)
def test_a_sandbox_that_was_scanned_clean_needs_no_mask_policy_until_it_is_refreshed(
    proof: CleanProof | None, verdict: str, resources: set[str]
) -> None:
    world = World().put("uat", mask_policies=(), organization_id="00Duat")
    world.sandboxes = {} if proof is None else {"uat": proof}
    assert world.verdict("ZT-08", "uat").verdict == verdict
    assert world.resources("ZT-08", "uat") == resources


def test_what_looks_real_in_a_sandbox_counts_more_than_its_last_clean_scan() -> None:
    world = World().put("uat", samples=(sample("Account.SSN__c", "us-ssn"),), organization_id="00Duat")
    world.sandboxes = {"uat": clean()}
    assert world.resources("ZT-08", "uat") == {"field:Account.SSN__c"}


def test_an_old_scan_alone_is_unknown() -> None:
    world = World().put("uat", organization_id="00Duat")
    world.sandboxes = {"uat": clean(at=93)}
    assert world.resources("ZT-08", "uat", "unknown") == {"sandbox:scan"}


def test_sandboxes_need_no_backup_and_production_no_masking() -> None:
    world = World()
    assert world.verdict("ZT-07", "uat").verdict == "not-applicable"
    for control in ("ZT-08", "ZT-09"):
        assert world.verdict(control, "hq").verdict == "not-applicable"


def test_a_signing_certificate_that_cannot_be_found_is_unknown() -> None:
    world = World().put("hq", certificates=())
    assert world.resources("ZT-10", "emea", "unknown") == {"credential:certificate:hq/EMEA_Cert"}


def test_an_encryption_scheme_that_was_not_read_is_unknown() -> None:
    world = World().add("emea", fields=(field("Contact.TaxID__c", encryption_scheme=None),))
    assert world.resources("ZT-06", "emea", "unknown") == {"field:Contact.TaxID__c"}


def test_a_type_that_the_platform_cannot_encrypt_fails_and_says_so() -> None:
    world = World().add(
        "emea", fields=(field("Account.CreditScore__c", data_type="Number(3, 0)", encryption_scheme=None),)
    )
    (finding,) = world.verdict("ZT-06", "emea").findings
    assert finding.verdict == "fail" and "cannot be encrypted" in " ".join(finding.evidence)


def test_ranges_of_a_profile_that_was_not_read_are_unknown() -> None:
    assert World().put("emea", profiles=()).resources("ZT-14", "emea", "unknown") == {"profile:api"}


def test_an_administrator_of_our_own_is_judged_by_no_control_about_people() -> None:
    world = give(World(), "scanner@emea", "CustomizeApplication", "ModifyAllData")
    for control in ("ZT-04", "ZT-13", "ZT-16"):
        assert not world.verdict(control, "emea").findings


def test_a_person_without_standard_licence_type_is_no_administrator() -> None:
    world = give(
        World().add("emea", users=(user("bot@emea", user_type="AutomatedProcess"),)), "bot@emea", "AuthorApex"
    )
    assert not world.verdict("ZT-13", "emea").findings


def test_a_strong_method_covers_an_administrator_by_group() -> None:
    world = give_by_group(World(), ANN, "ManageUsers")
    world.add("emea", mfa=(MfaMethods(user_id=f"005-{ANN}", strong=True),))
    assert not world.verdict("ZT-04", "emea").findings


def test_no_finding_repeats_a_value() -> None:
    world = World().store(middleware("mw/emea", holds_password=True))
    for verdict in (world.verdict(c.id, "emea") for c in catalogue()):
        for finding in verdict.findings:
            assert "key-emea" not in finding.model_dump_json()
