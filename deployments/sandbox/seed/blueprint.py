"""The estate before it is written: what the baseline lays out, plants change, and writers read."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Literal

Flow = Literal["jwt", "client-credentials", "authorization-code", "password"]
Holder = Literal["named-credential", "legacy-named-credential", "secrets-manager"]
ALL_OBJECT_RIGHTS = ("Read", "Create", "Edit", "Delete", "ViewAllRecords", "ModifyAllRecords")


def text(rng: Random, length: int = 24) -> str:
    """A distinctive random text: what secrets of the estate look like."""
    return "".join(rng.choices("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=length))


@dataclass
class Grants:
    """What a profile or permission set turns on. Fields map `Object.Field` to whether it may be edited."""

    permissions: set[str] = field(default_factory=set)
    objects: dict[str, set[str]] = field(default_factory=dict)
    fields: dict[str, bool] = field(default_factory=dict)
    apps: set[str] = field(default_factory=set)


@dataclass
class Profile:
    name: str
    license: str
    grants: Grants = field(default_factory=Grants)
    ranges: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class PermissionSet:
    name: str
    grants: Grants = field(default_factory=Grants)
    session_activated: bool = False


@dataclass
class Group:
    name: str
    members: list[str]
    muted: set[str] = field(default_factory=set)


@dataclass
class Assignment:
    """One grant of a set or of a group to a user."""

    username: str
    name: str
    is_group: bool = False
    expires: datetime | None = None


@dataclass
class User:
    username: str
    first: str
    last: str
    profile: str
    active: bool = True
    frozen: bool = False
    federation: str | None = None
    title: str = ""
    department: str = ""
    strong_factor: bool = False
    password_changed: datetime | None = None
    password: str | None = None
    security_token: str = ""
    last_login: datetime | None = None


@dataclass
class Logins:
    """A user's logins of one kind from one address: `count`, evenly spread over the last `days` days."""

    username: str
    type: str
    application: str
    address: str
    count: int
    status: str = "Success"
    days: int = 118
    api_type: str = "N/A"


@dataclass
class App:
    """A client application registered in the org that it opens."""

    name: str
    kind: Literal["connected-app", "external-client-app"]
    consumer_key: str
    flows: frozenset[str]
    run_as: str | None = None
    certificate: tuple[str, str] | None = None
    """Holder ("hq", or "secret" for middleware) and name of the key pair that signs its assertions."""
    consumer_secret: str | None = None
    ip_relaxation: str = "ENFORCE"
    refresh_policy: str = "zero"
    scopes: tuple[str, ...] = ("Api",)
    granted_to: list[str] = field(default_factory=list)
    refresh_tokens: dict[str, str] = field(default_factory=dict)
    """By username; filled when the grants are written."""
    admin_approved: bool = True


@dataclass
class Certificate:
    name: str
    created: datetime
    life: timedelta
    key_size: int = 2048
    exportable: bool = False

    @property
    def expires(self) -> date:
        return (self.created + self.life).date()


@dataclass
class InboundCertificate:
    name: str
    expires: date
    of: str | None = None
    """The org whose client it belongs to; the org's own where none is named."""
    defect: str = ""
    """One of seed.defects; none for those that the middleware presents, or did."""


@dataclass
class Route:
    """A declared sync, as estate.yaml lists it."""

    name: str
    source: str
    target: str
    sobject: str
    fields: tuple[str, ...]
    sync_user: str
    app: str
    credential: str
    schedule: str
    masked: tuple[str, ...] = ()
    read_only: tuple[str, ...] = ()


@dataclass
class Connection:
    """A credential in one place that acts in an org: the estate's truth about one trust edge."""

    name: str
    source: str
    target: str
    flow: Flow
    holder: Holder
    user: str
    app: str | None
    port: int = 8443
    certificate: str | None = None
    provider: str | None = None
    client_certificate: str | None = None
    created_days: int = 30
    changed_days: int = 30
    rotated_days: int | None = None
    password: str | None = None
    security_token: str | None = None
    twin: str | None = None
    """The second user of a password that rotates; it is at rest."""

    @property
    def secret_id(self) -> str:
        if self.holder == "secrets-manager":
            return f"secret:{self.name}"
        if self.certificate:
            return f"certificate:{self.source}/{self.certificate}"
        if self.provider:
            return f"auth-provider:{self.source}/{self.provider}"
        return f"named-credential:{self.source}/{self.name}"


@dataclass
class OutsideCredential:
    """A legacy named credential to a host that is not ours."""

    name: str
    url: str
    username: str | None = None
    password: str | None = None


@dataclass
class RemoteSite:
    name: str
    url: str
    active: bool = True


@dataclass
class ProtectedField:
    """How one field is classified and encrypted; `scheme` None means not encrypted."""

    classification: str | None = "Restricted"
    groups: tuple[str, ...] = ("PII",)
    scheme: str | None = "ProbabilisticEncryption"


@dataclass
class Component:
    """A metadata component that nothing else of the blueprint makes: a flow, a list view, a field of the org's own."""

    kind: str
    name: str
    body: dict[str, object]


@dataclass
class MaskPolicy:
    name: str
    fields: list[str]
    completed_days: int | None = 3


@dataclass
class Values:
    """Values that replace what the baseline writes into one field, on the `newest` rows or on all of them."""

    field: str
    pattern: str
    newest: int | None = None


@dataclass
class Settings:
    enforce_ranges_every_request: bool = True
    mfa_for_direct_logins: bool = True
    admin_approved_apps_only: bool = True
    block_password_flow: bool = True
    event_log_generation: bool = True
    delete_monitoring_data: bool = False
    transaction_security: bool = True
    trusted_ranges: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Org:
    alias: str
    host: str
    kind: Literal["production", "sandbox"]
    region: str
    time_zone: str
    people: int
    rows: dict[str, int]
    rng: Random
    """For what is drawn while the org is written, beside the others."""
    profiles: dict[str, Profile] = field(default_factory=dict)
    sets: dict[str, PermissionSet] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    certificates: dict[str, Certificate] = field(default_factory=dict)
    inbound_certificates: list[InboundCertificate] = field(default_factory=list)
    outside: list[OutsideCredential] = field(default_factory=list)
    remote_sites: list[RemoteSite] = field(default_factory=list)
    fields: dict[str, ProtectedField] = field(default_factory=dict)
    field_flags: dict[str, dict[str, object]] = field(default_factory=dict)
    """What else the metadata of a field says: `unique`, `trackHistory`."""
    components: list[Component] = field(default_factory=list)
    masks: list[MaskPolicy] = field(default_factory=list)
    values: list[Values] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    logins: list[Logins] = field(default_factory=list)
    apex: dict[str, str] = field(default_factory=dict)
    custom_settings: list[dict[str, str]] = field(default_factory=list)
    custom_metadata: list[dict[str, str]] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    messages: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """Outbound messages: the address, and whether each carries the session id."""
    event_logs: bool = True

    @property
    def domain(self) -> str:
        """The part of usernames behind the at sign."""
        return f"{self.alias}.meridian.example"


@dataclass
class Attestation:
    subject: str
    org: str
    made: date
    expires: date
    evidence: bool = True


@dataclass
class Channel:
    name: str
    kind: Literal["slack", "pagerduty", "email"]
    orgs: list[str]
    secret: str
    secret_exists: bool = True


@dataclass
class WebAcl:
    name: str
    rules: list[tuple[str, int]] = field(default_factory=lambda: [("Block", 1000)])
    """Rate rules: what they do, and over how many requests."""
    networks: list[str] = field(default_factory=list)
    """Who may come; everybody where there are none."""
    groups: list[str] = field(default_factory=list)
    logged: bool = True
    associated: bool = True
    exists: bool = True


@dataclass
class Bucket:
    name: str
    kms: Literal["key", "alias", "none"] = "key"
    key_enabled: bool = True
    versioned: bool = True
    public_blocked: bool = True


@dataclass
class Blueprint:
    """The whole estate. `day` is the start of the seeding day (UTC): all times are relative to it."""

    day: datetime
    now: datetime
    rng: Random
    orgs: dict[str, Org] = field(default_factory=dict)
    connections: list[Connection] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    attestations: list[Attestation] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    web_acls: dict[str, WebAcl] = field(default_factory=dict)
    buckets: dict[str, Bucket] = field(default_factory=dict)
    auto_disable: list[str] = field(default_factory=list)
    break_glass: list[str] = field(default_factory=list)
    canaries: list[str] = field(default_factory=list)

    def ago(self, days: float) -> datetime:
        return self.day - timedelta(days=days)

    def token(self, length: int = 24) -> str:
        return text(self.rng, length)

    def canary(self, prefix: str = "cnry-") -> str:
        """A token that must never turn up outside the estate; listed in the answer key."""
        text = prefix + self.token()
        self.canaries.append(text)
        return text

    def into(self, org: str) -> list[Connection]:
        return [connection for connection in self.connections if connection.target == org]
