"""A small estate in good order, three orgs and one secret store, that a test changes in one place and then judges."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_network
from typing import Any

from tasks.audit.controls import catalogue
from tasks.audit.evidence import derive
from tasks.audit.judge import verdict_of
from tasks.audit.model import CloudEvidence, Evidence, OrgEvidence, OrgVerdict
from tasks.backups.model import BackupProof
from tasks.certificates.model import Proven
from tasks.credentials.model import StoredSecret
from tasks.encryption.model import Field, MaskPolicy, SampleVerdict
from tasks.estate.model import (
    AlertChannel,
    Attestation,
    AttestedControl,
    ChannelKind,
    CloudEntry,
    Estate,
    Identity,
    OrgEntry,
    OrgKind,
    Route,
)
from tasks.estate.model_access import JitPolicy
from tasks.estate.model_backups import BackupPolicy
from tasks.estate.model_network import NetworkPolicy, WafPolicy
from tasks.estate.model_response import ResponsePolicy
from tasks.estate.policy import Policy
from tasks.inventory.model import (
    App,
    AppKind,
    Certificate,
    InboundCertificate,
    Login,
    OutboundCredential,
    OutboundKind,
    RemoteSite,
    User,
)
from tasks.masking.model import CleanProof
from tasks.network.model import (
    AddressRange,
    BackupBucket,
    EventLogSummary,
    MfaMethods,
    OrgSettings,
    ProfileAccess,
    WebAcl,
)
from tasks.permissions.model import (
    Assignment,
    FieldPermission,
    ObjectPermission,
    PermissionSet,
    PermissionSetGroup,
)

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
MUTUAL_TLS = "EnforceMutualAuth"
OFFICE, ABROAD = "198.51.100.7", "203.0.113.99"
ORGS = {"hq": OrgKind.PRODUCTION, "emea": OrgKind.PRODUCTION, "uat": OrgKind.SANDBOX}


def days(count: float) -> datetime:
    return NOW - timedelta(days=count)


def entry(alias: str) -> OrgEntry:
    def identity(role: str) -> Identity:
        return Identity(flow="jwt-bearer", username=f"{role}@{alias}", secret=f"own/{alias}/{role}")

    return OrgEntry(
        alias=alias,
        my_domain=f"https://{alias}.my.salesforce.com",
        kind=ORGS[alias],
        scanner=identity("scanner"),
        enforcer=identity("enforcer"),
    )


def user(name: str, profile: str = "std", **changes: Any) -> User:
    """`name` is `local@org`; the id is made of it."""
    return User(
        **{
            "id": f"005-{name}",
            "username": name,
            "active": True,
            "frozen": False,
            "user_type": "Standard",
            "profile_id": f"00e-{profile}",
            "profile_name": profile,
            "license_name": "Salesforce",
            "last_login": None,
            "last_password_change": days(20),
            **changes,
        }
    )


def permission_set(name: str, *permissions: str, **changes: Any) -> PermissionSet:
    return PermissionSet(
        **{
            "id": f"0PS-{name}",
            "name": name,
            "label": name,
            "kind": "Regular",
            "profile_id": None,
            "group_id": None,
            "permissions": frozenset(permissions),
            "activation_required": False,
            "namespace": None,
            **changes,
        }
    )


def profile_set(name: str, *permissions: str) -> PermissionSet:
    return permission_set(f"of-{name}", *permissions, kind="Profile", profile_id=f"00e-{name}")


def group(
    name: str, *members: str, muting: tuple[str, ...] = (), status: str = "Updated"
) -> PermissionSetGroup:
    return PermissionSetGroup(
        id=f"0PG-{name}",
        name=name,
        status=status,
        member_ids=tuple(f"0PS-{m}" for m in members),
        muting_ids=tuple(f"0QM-{m}" for m in muting),
    )


def aggregate(name: str, *permissions: str) -> PermissionSet:
    """The hidden set in which the platform keeps what a group gives after muting."""
    return permission_set(f"aggregate-{name}", *permissions, kind="Group", group_id=f"0PG-{name}")


def assigned(
    who: str, set_name: str, *, expires: datetime | None = None, active: bool = True, by_group: bool = False
) -> Assignment:
    return Assignment(
        id=f"0Pa-{who}-{set_name}",
        user_id=f"005-{who}",
        permission_set_id=f"0PS-aggregate-{set_name}" if by_group else f"0PS-{set_name}",
        group_id=f"0PG-{set_name}" if by_group else None,
        expires=expires,
        active=active,
    )


def on_object(parent: str, sobject: str, *flags: str) -> ObjectPermission:
    names = ("read", "create", "edit", "delete", "view_all", "modify_all")
    return ObjectPermission(parent_id=f"0PS-{parent}", sobject=sobject, **{n: n in flags for n in names})


def on_field(parent: str, field: str, *, edit: bool = False) -> FieldPermission:
    sobject = field.partition(".")[0]
    return FieldPermission(parent_id=f"0PS-{parent}", sobject=sobject, field=field, read=True, edit=edit)


def login(who: str, kind: str = "Application", *, address: str = OFFICE, success: bool = True) -> Login:
    return Login(
        user_id=f"005-{who}",
        kind=kind,
        application="Sync_App",
        address=address,
        success=success,
        count=3,
        last=NOW,
    )


def named_credential(name: str, target: str, **changes: Any) -> OutboundCredential:
    """A JWT credential as `sync@<target>` on the mutual-TLS port."""
    return OutboundCredential(
        **{
            "name": name,
            "label": name,
            "kind": OutboundKind.JWT,
            "legacy": False,
            "url": f"https://{target}.my.salesforce.com:8443",
            "issuer": f"key-{target}",
            "subject": f"sync@{target}",
            "signing_certificate": f"{name}_Cert",
            "client_certificate": "Mutual_TLS",
            **changes,
        }
    )


def certificate(name: str, age: float = 30, life: int = 365) -> Certificate:
    made = days(age)
    return Certificate(
        name=name,
        label=name,
        created=made,
        expires=(made + timedelta(days=life)).date(),
        key_size=4096,
        ca_signed=True,
        private_key_exportable=False,
    )


def stored(name: str, **changes: Any) -> StoredSecret:
    return StoredSecret(
        **{
            "name": name,
            "type": None,
            "created": days(30),
            "last_changed": days(10),
            "last_rotated": None,
            "rotation_enabled": False,
            "tags": {},
            **changes,
        }
    )


def app(name: str = "Sync_App", **changes: Any) -> App:
    return App(
        **{
            "id": f"0H4-{name}",
            "name": name,
            "label": name.replace("_", " "),
            "kind": AppKind.CONNECTED_APP,
            "admin_approved_only": True,
            "detail_known": True,
            "ip_relaxation": "ENFORCE",
            "refresh_policy": "zero",
            **changes,
        }
    )


def field(name: str, **changes: Any) -> Field:
    return Field(
        **{
            "name": name,
            "label": name.partition(".")[2].removesuffix("__c"),
            "sobject": name.partition(".")[0],
            "data_type": "Text(40)",
            "security_classification": None,
            "compliance_groups": (),
            "encryption_scheme": "None",
            **changes,
        }
    )


def sample(name: str, pattern: str | None, matching: int = 150) -> SampleVerdict:
    return SampleVerdict(field=name, sampled=200, matching=matching if pattern else 0, pattern=pattern)


def route(name: str, source: str, target: str, credential: str, **changes: Any) -> Route:
    return Route(
        **{
            "name": name,
            "source": source,
            "target": target,
            "sobject": "Account",
            "fields": ("Name", "Industry"),
            "sync_user": f"sync@{target}",
            "app": "Sync_App",
            "credential": credential,
            **changes,
        }
    )


def attestation(subject: str, *, age: int = 20, left: int = 300, **changes: Any) -> Attestation:
    return Attestation(
        **{
            "subject": AttestedControl(subject),
            "orgs": tuple(ORGS),
            "owner": "ciso",
            "date": TODAY - timedelta(days=age),
            "expires": TODAY + timedelta(days=left),
            "evidence_url": "https://wiki.example/evidence",
            **changes,
        }
    )


def remote_site(name: str, url: str, *, active: bool = True) -> RemoteSite:
    return RemoteSite(name=name, url=url, active=active, protocol_security_disabled=False)


def proven(name: str, age: float = 3, **changes: Any) -> Proven:
    return Proven(**{"route": name, "verdict": "proven", "fingerprint": "f" * 64, "at": days(age), **changes})


SETTINGS = OrgSettings(
    trusted_ranges=(AddressRange(first="0.0.0.0", last="255.255.255.255"),),
    enforce_ranges_every_request=True,
    mfa_for_direct_logins=True,
    admin_approved_apps_only=True,
    block_password_flow=True,
    event_log_generation=True,
    delete_monitoring_data=False,
    transaction_security=True,
)
_NOT_JUDGED = {AttestedControl.MUTUAL_AUTHENTICATION, AttestedControl.BACKGROUND_ENCRYPTION}
SUBJECTS = tuple(subject.value for subject in AttestedControl if subject not in _NOT_JUDGED)
"""
Those that a control judges. Of mutual authentication the org itself shows whether it is there; background encryption is asked
for before a tenant secret ends.
"""


def orderly_org(alias: str) -> OrgEvidence:
    sync, glass, enforcer = f"sync@{alias}", f"glass@{alias}", f"enforcer@{alias}"
    return OrgEvidence(
        org=entry(alias),
        now=NOW,
        gaps={},
        users=(
            user(sync, "api"),
            user(glass, "admin"),
            user(f"ann@{alias}"),
            user(f"scanner@{alias}"),
            user(enforcer),
        ),
        apps=(app(consumer_key=f"key-{alias}"),),
        certificates=(certificate("Mutual_TLS"),),
        inbound_certificates=(
            InboundCertificate(
                name="In", label="In", issuer="CA", serial=f"of {alias}", expires=date(2027, 6, 1)
            ),
        ),
        logins=(login(f"ann@{alias}"), login(glass), login(sync, "Remote Access 2.0")),
        row_counts={"Account": 47_000, "Contact": 500, "Empty__c": 0},
        permission_sets=(
            profile_set("api", "ApiUserOnly", "ApiEnabled"),
            profile_set("admin", "ModifyAllData", "ManageUsers"),
            profile_set("std", "ApiEnabled"),
            permission_set("sync", MUTUAL_TLS),
            permission_set("enforcer", "FreezeUsers", "ApiUserOnly"),
        ),
        assignments=(assigned(sync, "sync"), assigned(enforcer, "enforcer")),
        object_permissions=(on_object("sync", "Account", "read", "create", "edit"),),
        field_permissions=(on_field("sync", "Account.Industry", edit=True),),
        mutual_auth_permission=MUTUAL_TLS,
        fields=(
            field("Account.Industry"),
            field("Account.SSN__c", encryption_scheme="ProbabilisticEncryption"),
        ),
        samples=(sample("Account.SSN__c", "masked" if ORGS[alias] is OrgKind.SANDBOX else "us-ssn"),),
        mask_policies=(MaskPolicy(name="Mask", fields=("Account.SSN__c",), last_completed=days(3)),),
        profiles=(
            ProfileAccess(
                profile_id="00e-api",
                profile_name="api",
                login_ranges=(AddressRange(first="198.51.100.0", last="198.51.100.255"),),
            ),
            ProfileAccess(profile_id="00e-std", profile_name="std", login_ranges=()),
        ),
        settings=SETTINGS,
        event_logs=(EventLogSummary(event_type="RestApi", interval="Daily", files=30),),
        mfa=(MfaMethods(user_id=f"005-{glass}", strong=True),),
    )


class World:
    """Change one thing, then ask what a control says. Every change replaces; nothing is shared between tests."""

    def __init__(self) -> None:
        self.orgs = {alias: orderly_org(alias) for alias in ORGS}
        self.put("hq", outbound=(named_credential("EMEA", "emea"), named_credential("UAT", "uat")))
        self.add("hq", certificates=(certificate("EMEA_Cert"), certificate("UAT_Cert")))
        self.unreadable: dict[str, str] = {}
        self.proofs: dict[str, Proven | None] | None = {}
        """Instead of fresh ones; None for a ledger that was not read."""
        self.backups: dict[str, BackupProof] = {}
        self.sandboxes: dict[str, CleanProof] = {}
        self.estate = Estate(
            name="Small",
            orgs=tuple(entry(alias) for alias in ORGS),
            cloud=CloudEntry(region="us-east-1"),
            routes=(route("HQ_to_EMEA", "hq", "emea", "EMEA"), route("HQ_to_UAT", "hq", "uat", "UAT")),
            channels=tuple(
                AlertChannel(name=f"soc-{kind}", kind=kind, orgs=tuple(ORGS), secret=f"alerts/{kind}")
                for kind in ChannelKind
            ),
            attestations=tuple(attestation(subject) for subject in SUBJECTS),
        )
        self.policy = Policy(
            network=NetworkPolicy(
                allowed=(ip_network("198.51.100.0/24"),),
                vpn=(ip_network("192.0.2.0/24"),),
                broadest_prefix=16,
            ),
            jit=JitPolicy(break_glass=tuple(f"glass@{alias}" for alias in ORGS)),
            waf=WafPolicy(web_acls={alias: f"{alias}-acl" for alias in ORGS}),
            backups=BackupPolicy(buckets={"hq": "hq-backups", "emea": "emea-backups"}),
            response=ResponsePolicy(auto_disable=tuple(ORGS)),
        )
        self.cloud = CloudEvidence(
            gaps={},
            secrets=tuple(stored(f"alerts/{kind}") for kind in ChannelKind),
            web_acls=tuple(WebAcl(name=f"{alias}-acl", associated=True, rate_limit=1000) for alias in ORGS),
            buckets=tuple(bucket(f"{alias}-backups") for alias in ("hq", "emea")),
        )

    def put(self, alias: str, **sections: Any) -> "World":
        self.orgs[alias] = replace(self.orgs[alias], **sections)
        return self

    def add(self, alias: str, **sections: tuple[Any, ...]) -> "World":
        """Appends to sections that are tuples; a user with a known name replaces the one that was there."""
        org = self.orgs[alias]
        return self.put(alias, **{name: (*getattr(org, name), *more) for name, more in sections.items()})

    def settings(self, alias: str, **changes: Any) -> "World":
        return self.put(alias, settings=SETTINGS.model_copy(update=changes))

    def user(self, alias: str, name: str, **changes: Any) -> "World":
        changed = tuple(
            u.model_copy(update=changes) if u.username == name else u for u in self.orgs[alias].users
        )
        return self.put(alias, users=changed)

    def declare(self, **changes: Any) -> "World":
        self.estate = self.estate.model_copy(update=changes)
        return self

    def rule(self, **changes: Any) -> "World":
        self.policy = self.policy.model_copy(update=changes)
        return self

    def store(self, *secrets: StoredSecret, **sections: Any) -> "World":
        self.cloud = replace(self.cloud, secrets=(*self.cloud.secrets, *secrets), **sections)
        return self

    def evidence(self) -> Evidence:
        proofs = None
        if self.proofs is not None:
            fresh = {route.name: proven(route.name) for route in self.estate.routes}
            proofs = {name: proof for name, proof in {**fresh, **self.proofs}.items() if proof is not None}
        return derive(
            self.estate,
            self.policy,
            self.orgs,
            self.unreadable,
            self.cloud,
            NOW,
            proofs,
            self.backups,
            self.sandboxes,
        )

    def verdict(self, control: str, alias: str) -> OrgVerdict:
        by_id = {c.id: c for c in catalogue()}
        return verdict_of(by_id[control], entry(alias), self.evidence())

    def resources(self, control: str, alias: str, verdict: str = "fail") -> set[str]:
        return {f.resource for f in self.verdict(control, alias).findings if f.verdict == verdict}


def bucket(name: str, **changes: Any) -> BackupBucket:
    return BackupBucket(
        **{
            "name": name,
            "exists": True,
            "kms_encrypted": True,
            "kms_key_enabled": True,
            "versioned": True,
            "public_access_blocked": True,
            **changes,
        }
    )
