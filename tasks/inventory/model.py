"""Nouns of the inventory: one org's apps, credentials, users and logins, and the trust graph across orgs."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from tasks.value import Value


class User(Value):
    id: str
    username: str
    active: bool
    frozen: bool
    user_type: str
    profile_id: str
    profile_name: str
    license_name: str
    last_login: datetime | None
    last_password_change: datetime | None


class AppKind(StrEnum):
    CONNECTED_APP = "connected-app"
    EXTERNAL_CLIENT_APP = "external-client-app"


class App(Value):
    """
    A connected app or External Client App, its sObject row joined with its metadata.

    `detail_known` is False for an app that is only installed or used here: scopes, policies and keys are
    then unknown, not absent. `refresh_policy` is the lower-cased kind (infinite, zero, specific_lifetime,
    specific_inactivity) or None when unknown. Address ranges are (first, last) pairs. `full_name` is what its metadata is
    called, which need not be the name under which sign-ins and tokens show it.
    """

    id: str
    name: str
    label: str
    kind: AppKind
    admin_approved_only: bool | None
    detail_known: bool
    consumer_key: str | None = None
    scopes: tuple[str, ...] = ()
    client_credentials_user: str | None = None
    has_jwt_certificate: bool = False
    ip_relaxation: str | None = None
    refresh_policy: str | None = None
    ip_ranges: tuple[tuple[str, str], ...] = ()
    created: datetime | None = None
    full_name: str | None = None
    pkce_required: bool = False


class OauthGrant(Value):
    """One user's refresh token for one app. The token itself is never read."""

    app_name: str
    app_id: str | None
    user_id: str
    created: datetime | None
    last_used: datetime | None
    use_count: int


class OutboundKind(StrEnum):
    """How an outbound credential proves who it is."""

    JWT = "jwt-bearer"
    CLIENT_CREDENTIALS = "client-credentials"
    AUTHORIZATION_CODE = "authorization-code"
    PASSWORD = "password"
    NONE = "no-authentication"
    OTHER = "other"


class OutboundCredential(Value):
    """
    A named credential (with its external credential, where it has one) seen from the org that holds it.

    `issuer` is the consumer key it presents, `subject` the user name it asks for; both None when not stated.
    """

    name: str
    label: str
    kind: OutboundKind
    legacy: bool
    url: str
    external_credential: str | None = None
    auth_provider: str | None = None
    issuer: str | None = None
    subject: str | None = None
    signing_certificate: str | None = None
    client_certificate: str | None = None
    stores_password: bool = False
    callout_enabled: bool = True


class AuthProvider(Value):
    name: str
    provider_type: str
    consumer_key: str | None
    token_url: str
    execution_user_id: str | None


class RemoteSite(Value):
    name: str
    url: str
    active: bool
    protocol_security_disabled: bool


class Certificate(Value):
    """A key pair the org holds for itself."""

    name: str
    label: str
    created: datetime | None
    expires: date | None
    key_size: int | None
    ca_signed: bool
    private_key_exportable: bool


class InboundCertificate(Value):
    """A mutual-authentication certificate the org accepts from callers."""

    name: str
    label: str
    issuer: str
    serial: str
    expires: date


class Package(Value):
    name: str
    namespace: str | None
    version: str


class Login(Value):
    """
    Logins of one user with one type, application, address and outcome, added up over the window.

    `kind` is LoginHistory.LoginType; `success` compares Status without case.
    """

    user_id: str
    kind: str
    application: str
    address: str
    success: bool
    count: int
    last: datetime

    @property
    def interactive(self) -> bool:
        """A person at a browser; everything else is a machine."""
        return self.kind == "Application" or "SSO" in self.kind


class SecretHolder(StrEnum):
    NAMED_CREDENTIAL = "named-credential"
    SECRETS_MANAGER = "secrets-manager"
    OAUTH_GRANT = "oauth-grant"


class TrustEdge(Value):
    """
    A credential in one place that acts in an org.

    `source` is the alias of the org that holds the credential, or of the org in whose name middleware uses
    it; None when no org could be named. `run_as` holds the user names it may act as: one when proven, several
    when the join is ambiguous, none when it could not be found. `secret_id` is the same for every edge that
    one stolen secret opens (`<holder>:<place>/<name>`).
    """

    source: str | None
    target: str
    holder: SecretHolder
    credential: str
    secret_id: str
    kind: OutboundKind
    app: str | None
    run_as: tuple[str, ...]
    url: str
    presents_certificate: bool = False
    last_used: datetime | None = None
    routes: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        return len(self.run_as) != 1

    @property
    def key(self) -> str:
        return f"{self.secret_id}->{self.target}"


class Reach(Value):
    """What one user name can do to one object of one org, and how many rows there are."""

    org: str
    username: str
    sobject: str
    rows: int | None
    read: bool
    edit: bool
    delete: bool
    all_records: bool
    sensitive_fields: tuple[str, ...]


class BlastRadius(Value):
    """
    All that one stolen secret reaches.

    `hops` counts org borders crossed: 1 directly, more when a reached user can use the target org's own
    outbound credentials (needs Author Apex or Modify Metadata there).
    """

    secret_id: str
    orgs: tuple[str, ...]
    hops: int
    reach: tuple[Reach, ...]
    ambiguous: bool

    @property
    def rows(self) -> int:
        """Rows readable in distinct org and object pairs; unknown counts add nothing."""
        seen = {(r.org, r.sobject): r.rows or 0 for r in self.reach if r.read}
        return sum(seen.values())

    @property
    def sensitive_rows(self) -> int:
        seen = {(r.org, r.sobject): r.rows or 0 for r in self.reach if r.read and r.sensitive_fields}
        return sum(seen.values())


class OutsideEndpoint(Value):
    """An outbound credential or remote site whose host belongs to no org of the estate."""

    org: str
    name: str
    host: str
    kind: Literal["named-credential", "remote-site"]


class TrustGraph(Value):
    edges: tuple[TrustEdge, ...]
    outside: tuple[OutsideEndpoint, ...]
    radii: tuple[BlastRadius, ...]

    def inbound(self, org: str) -> tuple[TrustEdge, ...]:
        return tuple(edge for edge in self.edges if edge.target == org)

    def outbound(self, org: str) -> tuple[TrustEdge, ...]:
        return tuple(edge for edge in self.edges if edge.source == org)
