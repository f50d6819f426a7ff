"""Nouns of estate.yaml: what the owner declares, never what we observed."""

import datetime as dt
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from tasks.estate.model_channels import AlertChannel as AlertChannel
from tasks.estate.model_channels import ChannelKind as ChannelKind
from tasks.estate.model_channels import Stream
from tasks.estate.model_names import Alias as Alias
from tasks.estate.model_names import Network as Network
from tasks.estate.model_names import ObjectOrField
from tasks.estate.model_names import SecretName as SecretName
from tasks.estate.model_telemetry import EventBusEntry
from tasks.value import Value


class OrgKind(StrEnum):
    PRODUCTION = "production"
    SANDBOX = "sandbox"


class Identity(Value):
    """
    One of our own users in an org, and the name of the secret that logs it in.

    The secret's JSON holds `consumerKey` and `privateKey` (PEM, jwt-bearer) or `consumerSecret`
    (client-credentials). `session_sets` are the session-activated permission sets with the enforcer's write rights,
    which are woken for an approved change and sleep otherwise.
    """

    flow: Literal["jwt-bearer", "client-credentials"]
    username: str
    secret: SecretName
    session_sets: tuple[str, ...] = ()


class OrgEntry(Value):
    """One org of the estate and how to reach it."""

    alias: Alias
    my_domain: str = Field(pattern=r"^https://[a-z0-9.-]+\.my\.salesforce\.com$")
    kind: OrgKind
    scanner: Identity
    enforcer: Identity | None = None
    proxy: str | None = None
    ca_bundle: str | None = None
    region: str = ""
    time_zone: str = "UTC"
    event_bus: EventBusEntry | None = None
    """`true` for its defaults."""

    @field_validator("event_bus", mode="before")
    @classmethod
    def _bus_by_default(cls, value: object) -> object:
        return {True: {}, False: None}[value] if isinstance(value, bool) else value

    @property
    def own(self) -> frozenset[str]:
        """Names of our own users there, in lower case."""
        return frozenset(each.username.lower() for each in (self.scanner, self.enforcer) if each is not None)


class CloudEntry(Value):
    """
    Where AWS is; an endpoint only where it is not the public one. `enforcer_role` is the ARN of the role that is taken on,
    for a quarter of an hour each time, for changes to web firewalls, for client certificates of routes (keys, signatures, lists, and
    the secrets that hold them) and for key material of your own (*prepare-own-key*). Other secrets are rotated without it.
    """

    region: str
    endpoint_url: str | None = None
    profile: str | None = None
    shared_credentials_file: str | None = None
    ca_bundle: str | None = None
    enforcer_role: str | None = Field(default=None, pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$")


FieldName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]\w*$", max_length=80)]


class Courier(Value):
    """
    Who a sync is in one org. The secret is written as that of an Identity.

    `client_certificate` names a secret with `certificate` and `privateKey` (PEM): with it the sync comes to port 8443.
    """

    flow: Literal["jwt-bearer", "client-credentials"]
    username: str
    secret: SecretName
    client_certificate: SecretName | None = None


class Expected(Value):
    """What the values of one field look like in every batch: `empty` is the largest share of empty ones, 1 is all of them."""

    empty: float = Field(default=1.0, ge=0, le=1)
    longest: int | None = Field(default=None, ge=0)
    least: float | None = None
    most: float | None = None


class Sync(Value):
    """
    What Bulkhead needs to carry a route itself.

    `external_id` is the field of the target by which records are found again; it is filled from `key` of the source, or from
    the field of the same name. `sealed_fields` are fields of the target that hold sealed values, each with the field of the
    source that it is made from; `data_key` is the KMS key that wraps the data keys (id, ARN or alias). `index_fields` are fields of
    the target by which equal values are found without being read (what that leaks: `tasks.encryption.matching`), each with the field
    of the source; `index_key` is the secret that holds their key, `{"key": "<32 random bytes, base64>"}`. `excluded_fields` never
    leave the source, and neither do masked ones. `deletes` says what becomes of a record whose original was deleted.
    `overlap` is how far each run looks back behind the last one, for transactions that end late.
    """

    source: Courier
    target: Courier
    external_id: FieldName
    key: FieldName | None = None
    sealed_fields: dict[FieldName, FieldName] = {}
    data_key: str | None = None
    index_fields: dict[FieldName, FieldName] = {}
    index_key: SecretName | None = None
    excluded_fields: tuple[FieldName, ...] = ()
    deletes: Literal["keep", "remove"] = "keep"
    overlap: timedelta = Field(default=timedelta(minutes=5), ge=timedelta(0), le=timedelta(days=1))
    contract: dict[FieldName, Expected] = {}

    @model_validator(mode="after")
    def _can_seal(self) -> "Sync":
        if self.sealed_fields and not self.data_key:
            raise ValueError("sealed_fields need a data_key")
        if self.index_fields and not self.index_key:
            raise ValueError("index_fields need an index_key")
        if both := sorted(self.index_fields.keys() & self.sealed_fields.keys()):
            raise ValueError(f"{', '.join(both)} cannot be sealed and an index; use a field for each")
        return self


class Route(Value):
    """
    One declared org-to-org sync. `fields` are API names of `sobject`; `schedule` is a cron expression. `read_only_fields` are
    those of `fields` that the sync only reads in the target org. `also_reads` names what else it reads there: objects
    (`Product2`) or fields of objects (`Contact.Email`).
    """

    name: str
    source: Alias
    target: Alias
    sobject: str
    fields: tuple[str, ...]
    sync_user: str
    app: str
    credential: str
    schedule: str = ""
    masked_fields: tuple[str, ...] = ()
    read_only_fields: tuple[str, ...] = ()
    also_reads: tuple[ObjectOrField, ...] = ()
    sync: Sync | None = None
    """Where it is named, Bulkhead carries the route itself; otherwise some other program does."""


class AttestedControl(StrEnum):
    """What no API shows and somebody has to vouch for."""

    BACKUP = "backup"
    VPN = "vpn"
    AUDIT = "audit"
    PENETRATION_TEST = "penetration-test"
    PLAYBOOK = "playbook"
    MUTUAL_AUTHENTICATION = "mutual-authentication"
    """That Salesforce Support was asked to enable it; whether it has, the org shows itself."""
    BACKGROUND_ENCRYPTION = "background-encryption"
    """That Setup, Encryption Statistics and Data Sync, shows all rows under the active tenant secret. No API tells."""


class Attestation(Value):
    """A person's word that something is in place: who, when, until when, and where the evidence is."""

    subject: AttestedControl
    orgs: tuple[Alias, ...]
    owner: str
    date: dt.date
    expires: dt.date
    evidence_url: str | None = None
    evidence_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")


class Anchor(Value):
    """A bucket with S3 Object Lock, where the ledger's checkpoints cannot be removed."""

    bucket: str = Field(min_length=3, max_length=63)
    prefix: str = "ledger/"
    retention: timedelta = timedelta(days=2555)
    """How long AWS refuses to remove a checkpoint; seven years where nothing is said."""


class LedgerSettings(Value):
    """
    Where the ledger lives and what seals it.

    Without `url_secret` it is the SQLite file `ledger/ledger.db` below BULKHEAD_HOME. The secret's JSON holds `url`, such as
    `postgresql://bulkhead:…@db.example/bulkhead`. `signing_secret` holds `keyId` and `privateKey` (Ed25519, PEM);
    `signing_kms_key` names a KMS key for signing (ECC_NIST_P256) instead. With neither, nothing is sealed.
    """

    url_secret: SecretName | None = None
    signing_secret: SecretName | None = None
    signing_kms_key: str | None = None
    anchor: Anchor | None = None

    @model_validator(mode="after")
    def _one_key(self) -> "LedgerSettings":
        if self.signing_secret and self.signing_kms_key:
            raise ValueError("name either signing_secret or signing_kms_key, not both")
        return self


class Consumer(Value):
    """
    A program that reads a secret and signs in with it.

    `principal` is the AWS identity that reads it: the whole ARN, or `role/` or `user/` and its name. `addresses` are those it signs
    in from, as the org sees them. `cache` is how long it may go on with what it read before it reads again.
    """

    name: str = Field(min_length=2)
    principal: str = Field(pattern=r"^(arn:\S+|(role|user)/\S+)$")
    addresses: tuple[Network, ...] = ()
    cache: timedelta = timedelta(hours=1)


class Delivery(Value):
    """
    A place inside an org that has a copy of a credential: we bring the new one there, for it reads nothing by itself.

    `named_credential` is the one that call-outs go through, as routes name it; `external_credential` holds its authentication
    (left out for a legacy named credential, which does that itself), and `principal` the principal whose client secret it is.
    `addresses` are those that the org calls out from. `pause` is the longest time between two
    sign-ins: a rotation begins so much earlier that one falls into its overlap.
    """

    org: Alias
    named_credential: str = Field(min_length=1)
    external_credential: str | None = None
    principal: str | None = None
    addresses: tuple[Network, ...] = Field(min_length=1)
    pause: timedelta = timedelta(days=1)

    @property
    def name(self) -> str:
        return f"{self.org}/{self.named_credential}"


class RotatedCredential(Value):
    """
    A credential that is rotated without downtime, and everybody who uses it.

    `secret` is where consumers read it, `org` where it signs in. A `client-secret` belongs to one External Client App, whose
    staged credentials overlap. A `key-pair` (JWT bearer) alternates between two External Client Apps of the same user. A
    `password` alternates between two `users` who may do the same; it is for what knows nothing better, and stays a finding. A
    `client-certificate` is the one that the caller of a `route` presents: the next one is listed beside it.

    `deliveries` are copies inside other orgs. With a `key-pair` they say that the org itself makes and keeps the private key
    (`Certificate`): the secret then holds `consumerKey`, `username`, `signingCertificate` (its name there) and `certificate`
    (PEM), nothing that opens anything, and nobody else can use it.
    """

    secret: SecretName
    org: Alias
    kind: Literal["client-secret", "key-pair", "password", "client-certificate"]
    apps: tuple[str, ...] = ()
    consumers: tuple[Consumer, ...] = ()
    client_certificate: SecretName | None = None
    """Secret with `certificate` and `privateKey` (PEM), where its users are refused without one and a new one is to be tried."""
    deliveries: tuple[Delivery, ...] = ()
    users: tuple[str, ...] = ()
    """User names that take turns."""
    route: str | None = None
    """Whose certificate it is: its credential is what the certificate is tried with."""

    @property
    def places(self) -> tuple[str, ...]:
        """What LoginHistory knows its sign-ins by."""
        return self.users or self.apps

    @model_validator(mode="after")
    def _has_its_places(self) -> "RotatedCredential":
        apps = {"client-secret": 1, "key-pair": 2, "password": 0}.get(self.kind, max(len(self.apps), 1))
        if len(set(self.apps)) != apps or len(self.apps) != apps:
            what = f"{apps} app{'s of different names' if apps > 1 else ''}" if apps else "no apps"
            raise ValueError(f"a {self.kind} needs {what}")
        users = 2 if self.kind == "password" else 0
        if len({each.lower() for each in self.users}) != users or len(self.users) != users:
            what = "two users of different names" if users else "no users"
            raise ValueError(f"a {self.kind} needs {what}")
        if (self.kind == "client-certificate") != (self.route is not None):
            raise ValueError(
                "a client-certificate needs the route whose caller presents it, and nothing else has one"
            )
        if self.kind == "client-certificate" and self.client_certificate is not None:
            raise ValueError(
                "a client-certificate is presented itself; client_certificate is for what needs one beside it"
            )
        names = [each.name for each in self.consumers]
        if len(set(names)) != len(names):
            raise ValueError("two consumers have one name; alerts could not tell them apart")
        return self

    @model_validator(mode="after")
    def _is_used(self) -> "RotatedCredential":
        if not self.consumers and not self.deliveries:
            raise ValueError("nobody uses it: name its consumers, its deliveries or both")
        names = [each.name for each in self.deliveries]
        if len(set(names)) != len(names):
            raise ValueError("two deliveries go to one place")
        if self.kind == "client-secret" and not all(
            each.external_credential and each.principal for each in self.deliveries
        ):
            raise ValueError("a client secret is delivered to a principal of an external credential")
        if self.kind == "key-pair" and self.deliveries:
            if self.consumers:
                raise ValueError("a key that an org makes never leaves it, so no consumer can read it")
            if len({each.org for each in self.deliveries}) > 1:
                raise ValueError("a key that an org makes never leaves it, so its deliveries are in one org")
        return self


class Estate(Value):
    """All that estate.yaml says."""

    name: str
    orgs: tuple[OrgEntry, ...]
    cloud: CloudEntry
    routes: tuple[Route, ...] = ()
    channels: tuple[AlertChannel, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    ledger: LedgerSettings = LedgerSettings()
    credentials: tuple[RotatedCredential, ...] = ()
    streams: tuple[Stream, ...] = ()

    def org(self, alias: str) -> OrgEntry:
        """Raises KeyError when the estate has no such org."""
        for entry in self.orgs:
            if entry.alias == alias:
                return entry
        raise KeyError(alias)
