"""Nouns of policy.yaml: what is asked of an estate, each field with its unit."""

import datetime as dt
from datetime import date, timedelta
from enum import StrEnum
from ipaddress import IPv4Network
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints, field_validator, model_validator

from tasks.estate.model import Alias, ChannelKind, Network, SecretName
from tasks.estate.model_alerts import AlertsPolicy
from tasks.estate.model_detection import DetectionPolicy
from tasks.estate.model_names import ObjectOrField
from tasks.estate.model_phases import PhasesPolicy
from tasks.estate.model_recertification import RecertificationPolicy
from tasks.estate.model_rehearsal import RehearsalPolicy
from tasks.estate.model_threats import ThreatsPolicy
from tasks.value import Value

LONGEST_OVERLAP = timedelta(days=28)
"""An org lets an app's replaced credentials live for 30 days; what was promoted late needs room in it."""


class RotationPolicy(Value):
    """Ages count from the moment at which a credential was made."""

    max_age: timedelta = timedelta(days=90)
    certificate_max_life: timedelta = timedelta(days=398)
    expiry_warning: timedelta = timedelta(days=30)
    create_after: timedelta = timedelta(days=83)
    """The age at which the next one is made and tried. Nobody uses it yet."""
    live_after: timedelta = timedelta(days=84)
    """The age at which the next one becomes the one that consumers read. Both are valid from here on."""
    revoke_after: timedelta = timedelta(days=90)
    """The age at which it is revoked."""
    quiet: timedelta = timedelta(days=2)
    """For how long no sign-in may have used it before it is revoked."""
    at_the_end: Literal["revoke", "wait"] = "revoke"
    """
    What follows when somebody still uses it at that age. `revoke`: the day wins, and only that consumer fails. `wait`: it
    lives on for as long as a waiver of ZT-10 for `credential:secret:<name>` says, under an alert; without a waiver the day wins.
    """
    scheduled: bool = True
    """
    Whether credentials that estate.yaml registers are rotated by their age alone. The files say which and when, so nobody
    has to approve each time; a rotation that a person starts is a plan and needs its approvals in any case.
    """

    @model_validator(mode="after")
    def _in_order(self) -> "RotationPolicy":
        if not timedelta(0) < self.create_after < self.live_after < self.revoke_after:
            raise ValueError("create_after, live_after and revoke_after follow one another, each later")
        if not timedelta(0) <= self.quiet <= self.revoke_after - self.live_after:
            raise ValueError("quiet must fit between live_after and revoke_after")
        if self.revoke_after - self.live_after > LONGEST_OVERLAP:
            raise ValueError(
                f"between live_after and revoke_after there may be {LONGEST_OVERLAP.days} days: after 30 an org ends the old "
                "credentials of an app by itself"
            )
        return self


class OwnAuthority(Value):
    """
    A private authority: its root is kept offline, its issuing key in KMS or in the secrets manager.

    `chain_secret` holds `chain`, the certificates of the issuing authority and the root in PEM, and `privateKey` where the
    key is not in KMS. Its list of revoked certificates is kept as `list_key` in `list_bucket`; `list_address` is where the
    orgs fetch it, which certificates name: a policy of the bucket or what stands before it has to let everybody read that.
    """

    chain_secret: SecretName
    kms_key: str | None = None
    list_bucket: str = Field(min_length=3, max_length=63)
    list_key: str = "clients.crl"
    list_address: str = Field(pattern=r"^http://[A-Za-z0-9.-]+/\S+$")
    """Plain http, as RFC 5280 section 8 advises: the list is signed itself."""


class Caller(Value):
    """Somebody's word that a route's caller reads its certificate and address from the secret, and until when."""

    route: str
    owner: str = Field(min_length=2)
    expires: dt.date


class HeldElsewhere(Value):
    """An inbound certificate whose holder no reading shows. `name` is its API name, or a shell pattern."""

    org: Alias
    name: str = Field(min_length=1)
    owner: str = Field(min_length=2)


class CertificatesPolicy(Value):
    """
    Who signs the client certificates of routes, how long they last, and who vouches for callers that nobody can look into.

    With an `external` authority the product makes requests and waits for their chains under `exchange` in the secrets
    manager: `<exchange>/<route>` with `chain`. Inbound chains have to reach a root that Salesforce trusts, so a private
    authority (`own`, `aws-private-ca`) is used only where the org was seen to accept it.
    """

    authority: Literal["external", "own", "aws-private-ca"] = "external"
    exchange: SecretName = "bulkhead/signed"
    own: OwnAuthority | None = None
    private_ca_arn: str | None = Field(default=None, pattern=r"^arn:aws[a-z-]*:acm-pca:\S+$")
    key_bits: Literal[2048, 4096] = 2048
    life: timedelta = timedelta(days=90)
    """Of what our own authority issues."""
    renew_before: timedelta = timedelta(days=30)
    settle: timedelta = timedelta(hours=24)
    """How long after a caller was first seen with a new certificate the one before stays listed."""
    warn_days: tuple[int, ...] = (30, 14, 7)
    proof_max_age: timedelta = timedelta(days=35)
    """How old the last handshakes of a route may be that prove it (`prove-mutual-tls`)."""
    callers: tuple[Caller, ...] = ()
    held_elsewhere: tuple[HeldElsewhere, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> "CertificatesPolicy":
        if self.authority == "own" and self.own is None:
            raise ValueError("authority is own, so `own` has to say where its chain and its list are")
        if self.authority == "aws-private-ca" and self.private_ca_arn is None:
            raise ValueError("authority is aws-private-ca, so private_ca_arn has to name it")
        if self.renew_before >= self.life:
            raise ValueError("renew_before has to be shorter than life; nothing would ever be new enough")
        if (
            list(self.warn_days) != sorted(set(self.warn_days), reverse=True)
            or min(self.warn_days, default=1) < 1
        ):
            raise ValueError("warn_days are days before the end, each once, the longest first")
        return self


class AppsPolicy(Value):
    """What is asked of connected apps and External Client Apps."""

    token_idle_days: int = Field(default=90, ge=1, le=365)
    """A refresh token that nobody used for so many days is not needed."""


class ChangeWindow(Value):
    """When plans may be applied: on these weekdays from `start` until `end`, past midnight where that is earlier."""

    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...]
    start: dt.time
    end: dt.time
    time_zone: str = "UTC"
    """IANA name."""

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{name} is no IANA time zone; write one such as Europe/Zurich") from None
        return name


class PreApproval(ChangeWindow):
    """
    Access that needs no person while the window is open: `approver` stands for it. The same time twice is a whole day.

    It is about one route (the grants that are asked for by its name) or about one set of one user. A grant counts as inside
    when all of it is, and when it is no longer than `max_grant`.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9][\w .-]{0,79}$")
    route: str | None = None
    org: Alias | None = None
    username: str | None = Field(default=None, min_length=3)
    permission_set: str | None = Field(default=None, pattern=r"^[A-Za-z]\w{0,79}$")
    approver: str = Field(min_length=2)
    max_grant: timedelta = Field(gt=timedelta(0), le=timedelta(hours=24))
    valid_until: dt.date = Field(lt=dt.date(3000, 1, 1))
    """The last day in the window's time zone; nothing is pre-approved after its midnight."""

    @model_validator(mode="after")
    def _is_clear(self) -> "PreApproval":
        place = (self.org, self.username, self.permission_set)
        if (None in place) if self.route is None else any(place):
            raise ValueError("name either a route, or org, username and permission_set")
        if not self.days:
            raise ValueError("name at least one day")
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise ValueError("write start and end without an offset; time_zone says it")
        if self.route is None and self.approver.strip().lower() == str(self.username).strip().lower():
            raise ValueError("who gets the rights does not stand for them; name another approver")
        return self


class JitPolicy(Value):
    max_grant: timedelta = timedelta(hours=4)
    break_glass: tuple[str, ...] = ()
    """Usernames that keep standing rights on purpose."""
    break_glass_reviewed: dict[str, date] = Field(default_factory=dict)
    """Username to the day on which somebody last looked whether it is still needed, sealed, and works."""
    break_glass_review_interval: timedelta = timedelta(days=92)
    managed_sets: dict[Alias, tuple[str, ...]] = Field(default_factory=dict)
    """Org alias to permission sets that are granted for a time only; somebody who holds one without a grant is a finding."""
    windows: tuple[PreApproval, ...] = ()
    """When which access is approved beforehand; what is asked for outside of them waits for a person."""

    @model_validator(mode="after")
    def _one_name_each(self) -> "JitPolicy":
        names = [window.name for window in self.windows]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two windows are named {twice[0]}; the ledger could not tell them apart")
        return self


class NamedNetwork(Value):
    """Addresses that are ours under one name. The corporate VPN is one; whatever other VPN somebody uses is outside."""

    name: str = Field(pattern=r"^[A-Za-z0-9][\w .,()/-]{0,79}$")
    use: Literal["office", "middleware", "vpn"]
    """Integrations come from offices and middleware, administrators through the VPN too."""
    ranges: tuple[Network, ...] = Field(min_length=1)


class SharedBlock(Value):
    """Addresses of a provider from which any of its customers may come."""

    network: Network
    owner: str = Field(min_length=2)


class ExplainedLockOut(Value):
    """Sign-ins that may end: who stands for it, why, and until which day it is accepted."""

    org: Alias
    username: str = Field(min_length=1)
    """A user name, or a shell pattern of such; case does not count."""
    addresses: Network
    reason: str = Field(min_length=3)
    owner: str = Field(min_length=2)
    expires: dt.date
    """The last day on which it accepts anything."""


class UnloggedSessions(Value):
    """Who stands for it that every request is checked in an org of which no log tells from where sessions are used."""

    org: Alias
    reason: str = Field(min_length=3)
    owner: str = Field(min_length=2)
    expires: dt.date
    """The last day on which it accepts anything."""


_SHARED = (
    SharedBlock(network=IPv4Network("52.94.76.0/22"), owner="AWS"),
    SharedBlock(network=IPv4Network("52.95.110.0/24"), owner="AWS"),
)


class NetworkPolicy(Value):
    allowed: tuple[Network, ...] = ()
    """Offices and middleware: the only addresses integrations and administrators come from."""
    vpn: tuple[Network, ...] = ()
    """Addresses of the VPN through which remote administrators come."""
    networks: tuple[NamedNetwork, ...] = ()
    """The same with names; `allowed` and `vpn` are those without."""
    broadest_prefix: int = 16
    """An IPv4 range wider than this prefix length is no allow-list."""
    broadest_prefix_v6: int = Field(default=48, ge=1, le=128)
    """The same for IPv6. One site gets a /48 (RFC 6177); a provider with all of its customers has a /32."""
    shared: tuple[SharedBlock, ...] = _SHARED
    """
    Blocks of providers that are no allow-list either. Nothing is downloaded: enter here what your provider publishes (AWS: its
    ip-ranges document). The two that are there are those that integration guides for AWS middleware like to allow.
    """
    own_prefix: int = Field(default=28, ge=1, le=128)
    """Within a shared block a range is our own (reserved egress addresses) when it is no wider than this prefix length."""
    max_ranges: int = Field(default=16, ge=1, le=64)
    """How many ranges at most are proposed for addresses that were seen outside of the networks."""
    explained: tuple[ExplainedLockOut, ...] = ()
    """Sign-ins that a plan may end although they are in use."""
    unlogged: tuple[UnloggedSessions, ...] = ()
    """Orgs in which a plan may have every request checked although no log of calls shows whom that would stop."""

    @model_validator(mode="after")
    def _one_network_each(self) -> "NetworkPolicy":
        names = [network.name for network in self.networks]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two networks are named {twice[0]}")
        return self


class WafPolicy(Value):
    web_acls: dict[Alias, str] = Field(default_factory=dict)
    """Org alias to the name of the regional AWS web ACL before that org's integration gateway."""
    gateways: dict[Alias, str] = Field(default_factory=dict)
    """Org alias to the ARN of that gateway (load balancer, API stage, …), which its web ACL has to stand before."""
    max_rate: int = Field(default=2000, ge=10)
    """Requests per five minutes and address; a higher limit protects nothing. AWS takes no limit below 10."""
    allowed_networks_only: bool = False
    """Whether gateways answer offices and middleware alone: `network.allowed`, and named networks that are no VPN."""
    managed_groups: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,128}$")], ...] = ()
    """AWS's own rule groups that a web ACL must have, such as AWSManagedRulesCommonRuleSet."""
    managed_groups_block: bool = False
    """Whether plans make AWS's groups block. Otherwise they count at first, so that their logs show what would be refused."""
    shield_advanced: bool = False
    """Whether AWS Shield Advanced has to protect every gateway. It is a paid subscription."""
    log_destination: str | None = Field(
        default=None, pattern=r"^arn:aws[a-z-]*:(logs|s3|firehose):.*aws-waf-logs-.*$"
    )
    """ARN of where web ACLs log to; AWS asks that its name begins with `aws-waf-logs-`."""


class BackupPolicy(Value):
    buckets: dict[Alias, str] = Field(default_factory=dict)
    """Org alias to the S3 bucket that holds the org's backups."""
    places: dict[Alias, str] = Field(default_factory=dict)
    """Org alias to another place for them, such as `file:///mnt/vault/hq`; any URL that fsspec opens. It goes before the bucket."""
    key: str | None = None
    """The KMS key under which data keys of backups are wrapped. Without one it is the bucket's own."""
    second_key: str | None = None
    """
    Another KMS key under which every data key is wrapped too, best its ARN in another region and account: if the first is
    lost, this one opens all of it, provided that the place still gives it back: a bucket encrypts under the first key itself
    (SSE-KMS), a place under `places` does not. Without one, whoever can destroy a single key can destroy all backups.
    """
    lock: timedelta | None = timedelta(days=30)
    """How long nobody can remove a backup from its bucket (S3 Object Lock, compliance mode). null for buckets without Object Lock."""
    full_every: timedelta = timedelta(days=7)
    """After how long a whole backup is taken; increments between see what changed, but not what left the recycle bin."""
    overlap: timedelta = timedelta(minutes=10)
    """How far an increment reaches back before the last one: a transaction stamps its records before it ends."""
    keep: timedelta = timedelta(days=35)
    """How old a backup may become. The last whole one stays, and so does what its bucket holds locked."""
    objects: tuple[str, ...] = ()
    """Objects to keep. Without any, all that hold customer data."""
    max_age: timedelta = timedelta(days=2)
    """How old the last backup of an org may be before ZT-07 fails."""
    drill_every: timedelta = timedelta(days=92)
    """How long a restore drill and a key-loss drill prove that backups are some; then ZT-07 is unknown."""
    drills: tuple[Alias, ...] = ()
    """Sandboxes that may receive an org's own data for a restore drill, and lose it again."""

    @model_validator(mode="after")
    def _is_some_time(self) -> "BackupPolicy":
        if self.second_key is not None and self.second_key == self.key:
            raise ValueError("backups.second_key is backups.key, so it is lost together with it")
        spans = (
            self.full_every,
            self.keep,
            self.max_age,
            self.drill_every,
            *((self.lock,) if self.lock is not None else ()),
        )
        if any(span <= timedelta(0) for span in spans) or self.overlap < timedelta(0):
            raise ValueError(
                "lock, full_every, keep, max_age and drill_every are lengths of time above zero, overlap is none below"
            )
        return self


class MaskingPolicy(Value):
    key_secret: SecretName = "bulkhead/masking-key"
    """Secret in Secrets Manager whose JSON holds `key`, 32 random bytes in base64. With another key all fakes are others."""
    proof_max_age: timedelta = Field(default=timedelta(days=92), gt=timedelta(0))
    """How long a clean scan of a sandbox counts for ZT-08."""


class ClearText(Value):
    """Who may read some fields in clear: field-level security decides that under platform encryption, and nothing else."""

    org: Alias
    field: str = Field(pattern=r"^[A-Za-z]\w*\.[\w*?]+$")
    """`Object.Field`, or a shell pattern of the field's name."""
    readers: tuple[str, ...] = Field(min_length=1)
    """API names of permission sets, or `profile:Name`."""


class ShieldPolicy(Value):
    """Platform encryption of fields."""

    tenant_secret_max_age: timedelta = timedelta(days=365)
    """How old an active tenant secret may become."""
    clear_text: tuple[ClearText, ...] = ()
    """Fields that others than these may not read. Without an entry a plan leaves field-level security as it is."""

    @model_validator(mode="after")
    def _is_some_time(self) -> "ShieldPolicy":
        if self.tenant_secret_max_age < timedelta(days=1):
            raise ValueError("tenant_secret_max_age is at least a day: an org makes no new one sooner")
        return self


class SealedReader(Value):
    """
    Who reads sealed values in the clear: people of one org with this profile, role or permission set, by its name there.

    `fields` are those that hold sealed values (`Account.SSN_Sealed__c`), or whole objects; all of the org where none is named.
    Who administers an org can give anybody a profile there. So `granted` asks for more: the permission set counts only
    under a running grant of just-in-time access, which somebody else approved.
    """

    org: Alias
    profile: str | None = Field(default=None, min_length=1)
    role: str | None = Field(default=None, min_length=1)
    permission_set: str | None = Field(default=None, pattern=r"^[A-Za-z]\w{0,79}$")
    fields: tuple[ObjectOrField, ...] = ()
    granted: bool = False

    @model_validator(mode="after")
    def _is_clear(self) -> "SealedReader":
        if sum(each is not None for each in (self.profile, self.role, self.permission_set)) != 1:
            raise ValueError("name one of profile, role and permission_set")
        if self.granted and self.permission_set is None:
            raise ValueError(
                "granted is about a permission_set; a profile or a role is granted to nobody for hours"
            )
        return self

    @property
    def name(self) -> str:
        kind = "profile" if self.profile else "role" if self.role else "permission set"
        return f"{kind} {self.profile or self.role or self.permission_set}"


class DecryptionPolicy(Value):
    """Who reads what syncs have sealed. Everybody else gets `[ENCRYPTED]`; without readers that is everybody."""

    readers: tuple[SealedReader, ...] = ()
    max_values: int = Field(default=100, ge=0)
    """Values that one person reads in 24 hours at most."""


class TelemetryPolicy(Value):
    """Where event rows are kept, for how long, and how far a first run reaches back."""

    place: str = ""
    """A folder, `s3://bucket/prefix`, or any URL that fsspec opens. Empty: the folder `telemetry` below BULKHEAD_HOME."""
    keep: timedelta = timedelta(days=180)
    """How old a day of rows may become. Orgs keep sign-ins and setup changes for half a year, log files for a month."""
    backfill: timedelta = timedelta(days=31)
    """How far back an org is read the first time: a baseline takes thirty days."""
    overlap: timedelta = timedelta(minutes=10)
    """How far a look reaches back before the last one: rows appear after the moment that they bear."""
    settle: timedelta = timedelta(minutes=5)
    """How old a log file must be: it is listed before it is whole."""
    event_types: tuple[str, ...] = ()
    """Types of event log files to read. Without any, all that detections read."""

    @model_validator(mode="after")
    def _is_some_time(self) -> "TelemetryPolicy":
        if min(self.keep, self.backfill) <= timedelta(0) or min(self.overlap, self.settle) < timedelta(0):
            raise ValueError(
                "keep and backfill are lengths of time above zero, overlap and settle are none below"
            )
        return self


class Rung(StrEnum):
    """How far a containment goes. Each takes what the ones before it take, too."""

    WATCH = "watch"
    """Nothing is taken; the alert is all."""
    SESSIONS = "sessions"
    """Sessions and tokens of the user end."""
    FREEZE = "freeze"
    """The user may not sign in."""
    ACCESS = "access"
    """The user's permission sets go, and nobody is admitted to the app: a key of an app opens it for all whom it admits."""
    ROTATE = "rotate"
    """The credential is rotated as an emergency."""
    ROUTE = "route"
    """The source org calls out for the route no longer."""

    @property
    def height(self) -> int:
        return list(Rung).index(self)


class ResponseRule(Value):
    """
    How far a detection may lead. The first rule that fits counts, and where none does, nothing is taken.

    `undo_after` gives everything back by itself that can be given back, unless somebody decides before; None waits for a person.
    """

    detection: str = Field(default="*", min_length=1)
    """Id of the detection, or a shell pattern of such."""
    severity: Literal["info", "warning", "error", "critical"] = "info"
    """The least severity that it is about."""
    rung: Rung
    undo_after: timedelta | None = Field(default=None, gt=timedelta(0), le=timedelta(days=30))


class TransactionRule(Value):
    """
    What an org itself refuses while it happens, where it has Event Monitoring: queries and exports of more than `over` rows, or any
    where `over` is None. `spared` are user names that it lets pass; break-glass accounts and our own always are.
    """

    event: Literal["ApiEvent", "ReportEvent", "BulkApiResultEventStore"]
    over: int | None = Field(default=None, ge=1)
    spared: tuple[Annotated[str, StringConstraints(min_length=3)], ...] = ()
    message: str = Field(default="Your security team does not allow this.", max_length=1000)

    @model_validator(mode="after")
    def _counts_where_rows_are_counted(self) -> "TransactionRule":
        if self.event == "BulkApiResultEventStore" and self.over is not None:
            raise ValueError(
                "BulkApiResultEventStore counts no rows; leave `over` out and name who is spared"
            )
        return self


class ResponsePolicy(Value):
    """What an anomaly may do to a user before anybody was asked, and how many people must say yes to the rest."""

    auto_disable: tuple[Alias, ...] = ()
    """Orgs in which an anomaly may freeze the user without asking first. In all others every step waits for a person."""
    rules: tuple[ResponseRule, ...] = ()
    unasked: Rung = Rung.ACCESS
    """The highest rung that needs no person in these orgs."""
    max_share: float = Field(default=0.01, gt=0, le=1)
    """Share of an org's active users that may be contained within an hour without a person; one always may."""
    max_routes: int = Field(default=2, ge=0)
    """Routes that may be stopped within an hour, in all orgs together, without a person."""
    approvals: int = Field(default=1, ge=1, le=3)
    """People who must say yes to steps that wait, and to giving back what was taken."""
    tier_0_approvals: int = Field(default=2, ge=1, le=3)
    """The same where the user owns the org (holds a tier-0 right)."""
    transactions: tuple[TransactionRule, ...] = ()
    """Transaction security policies, at most one for each event. Without any, none is planned."""

    @model_validator(mode="after")
    def _one_for_each_event(self) -> "ResponsePolicy":
        events = [rule.event for rule in self.transactions]
        if twice := sorted({event for event in events if events.count(event) > 1}):
            raise ValueError(f"two transactions are about {twice[0]}")
        return self


class AuditPolicy(Value):
    audit_interval: timedelta = timedelta(days=92)
    penetration_test_interval: timedelta = timedelta(days=366)
    playbook_review_interval: timedelta = timedelta(days=366)


class Freeze(Value):
    """Days, first and last included and counted in UTC, on which nothing is changed."""

    first: dt.date
    last: dt.date
    reason: str


class ApprovalPolicy(Value):
    """How many people other than the requester must say yes, by what a plan does."""

    narrowing: int = Field(default=1, ge=0, le=2)
    """Takes rights away."""
    widening: int = Field(default=2, ge=0, le=2)
    """Gives rights."""
    identity: int = Field(default=2, ge=0, le=2)
    """Changes who somebody is or how they sign in."""
    irreversible: int = Field(default=2, ge=0, le=2)
    """Ends what cannot be made anew, such as a refresh token."""
    rollback: int = Field(default=0, ge=0, le=2)
    """Takes an approved plan back; whoever approved the plan approved its way back."""
    signed: tuple[Literal["narrowing", "widening", "identity", "irreversible", "rollback"], ...] = ()
    """Where a yes counts only when the approver's own key signed it."""
    keys: dict[str, str] = Field(default_factory=dict)
    """Approver to public key, one line of OpenSSH each: `ssh-ed25519 AAAA…`."""


class WatchPolicy(Value):
    """
    What happens after a plan was applied that changed the access of a route's user.

    A route that stops working is an outage of the business; the rights that come back are those it held until the plan. So
    the way back is automatic unless somebody says otherwise, and it counts as an approved one where `approvals.rollback` is 0.
    """

    length: timedelta = timedelta(hours=24)
    """How long after the last apply the user's calls and sign-ins are watched, by the org's own time."""
    rollback: Literal["off", "alert", "automatic"] = "automatic"
    """
    What follows when a route fails because of its plan: it is noted and shown (`off`), told (`alert`), or told and this
    user's changes are taken back (`automatic`). A failure of which nobody knows whether it is the route's own is only told.
    """


class CanaryPolicy(Value):
    """Whether a plan reaches only a part of what it changes at first, and goes on when that part was quiet."""

    first: Literal["all", "ring", "user"] = "all"
    """`ring`: the orgs of one ring, then the next (see `rings`). `user`: one route's user, then all else. `all`: no canary."""
    quiet: timedelta = timedelta(hours=24)
    """How long the watch of a part must have seen nothing fail, late logs included, before the plan goes on."""

    @model_validator(mode="after")
    def _is_some_time(self) -> "CanaryPolicy":
        if self.quiet < timedelta(0):
            raise ValueError("quiet is how long to wait; it cannot be negative")
        return self


class ChangePolicy(Value):
    """What a plan must keep to before it is applied."""

    approvals: ApprovalPolicy = ApprovalPolicy()
    max_changes: int = Field(default=500, ge=1)
    """Changes to one org in one plan."""
    max_share: float = Field(default=0.2, gt=0, le=1)
    """Share of an org's active users whose own access one plan may change."""
    plan_lifetime: timedelta = timedelta(days=7)
    """How long after it was made a plan may be applied."""
    windows: tuple[ChangeWindow, ...] = ()
    """Without any, changes may be made at all times."""
    freezes: tuple[Freeze, ...] = ()
    rings: tuple[tuple[Alias, ...], ...] = ()
    """Orgs in the order in which plans reach them; sandboxes come first and unnamed orgs last in any case."""
    watch: WatchPolicy = WatchPolicy()
    canary: CanaryPolicy = CanaryPolicy()

    @model_validator(mode="after")
    def _canary_is_watched(self) -> "ChangePolicy":
        if self.canary.first != "all" and self.canary.quiet > self.watch.length:
            raise ValueError(
                "canary.quiet is longer than watch.length, so the canary would never be watched long enough"
            )
        return self


class Waiver(Value):
    """An accepted finding: until `expires`, for one control, one org and resources that match `resource`."""

    control: str = Field(pattern=r"^ZT-(0[1-9]|1\d|2[0-2])$")
    org: Alias
    resource: str = Field(min_length=1)
    """`<kind>:<name>` as findings have it, or a shell pattern of such; case counts."""
    reason: str = Field(min_length=3)
    owner: str = Field(min_length=2)
    """Who answers for the risk; stands in reports."""
    expires: dt.date
    """The last day on which it accepts anything."""


class Policy(Value):
    """All that policy.yaml says."""

    network: NetworkPolicy = NetworkPolicy()
    rotation: RotationPolicy = RotationPolicy()
    apps: AppsPolicy = AppsPolicy()
    jit: JitPolicy = JitPolicy()
    waf: WafPolicy = WafPolicy()
    backups: BackupPolicy = BackupPolicy()
    response: ResponsePolicy = ResponsePolicy()
    audit: AuditPolicy = AuditPolicy()
    changes: ChangePolicy = ChangePolicy()
    required_channels: tuple[ChannelKind, ...] = (ChannelKind.SLACK, ChannelKind.PAGERDUTY, ChannelKind.EMAIL)
    waivers: tuple[Waiver, ...] = ()
    certificates: CertificatesPolicy = CertificatesPolicy()
    masking: MaskingPolicy = MaskingPolicy()
    shield: ShieldPolicy = ShieldPolicy()
    decryption: DecryptionPolicy = DecryptionPolicy()
    telemetry: TelemetryPolicy = TelemetryPolicy()
    detection: DetectionPolicy = DetectionPolicy()
    alerts: AlertsPolicy = AlertsPolicy()
    rehearsal: RehearsalPolicy = RehearsalPolicy()
    phases: PhasesPolicy = PhasesPolicy()
    threats: ThreatsPolicy = ThreatsPolicy()
    recertification: RecertificationPolicy = RecertificationPolicy()
