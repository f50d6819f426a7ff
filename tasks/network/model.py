"""Nouns of network and session controls."""

from datetime import date, datetime

from pydantic import Field, JsonValue

from tasks.inventory.model import App, Login
from tasks.permissions.model import OrgRights
from tasks.value import Value

EVERY_REQUEST = "Security.sessionSettings.enforceIpRangesEveryRequest"
"""Key of the switch by which ranges of profiles hold for every request, and not at sign-in only."""
DAYS = 90
"""How far back sign-ins are asked for. Orgs keep them for half a year, log files for a day to a year."""
FULL_NAMES = {
    "System Administrator": "Admin",
    "Standard User": "Standard",
    "Read Only": "ReadOnly",
    "Solution Manager": "SolutionManager",
    "Marketing User": "MarketingProfile",
    "Contract Manager": "ContractManager",
    "Standard Platform User": "StandardAul",
    "Minimum Access - Salesforce": "Minimum Access - Salesforce",
}
"""Labels of standard profiles whose name in the Metadata API is another one; that of a custom profile is its label."""


class AddressRange(Value):
    first: str
    last: str
    description: str = ""


class ProfileAccess(Value):
    """
    A profile's login ranges; an empty tuple means no restriction (unknown profiles are not listed). Permissions of a profile
    that is not `custom` cannot be edited. `changed` is when anything of it last was, its ranges included; None where the org
    did not say.
    """

    profile_id: str
    profile_name: str
    login_ranges: tuple[AddressRange, ...]
    custom: bool = False
    changed: datetime | None = None


class OrgSettings(Value):
    """Org-wide settings that the controls ask for; None where the org did not say."""

    trusted_ranges: tuple[AddressRange, ...]
    enforce_ranges_every_request: bool
    mfa_for_direct_logins: bool
    admin_approved_apps_only: bool
    block_password_flow: bool
    event_log_generation: bool
    delete_monitoring_data: bool
    transaction_security: bool


class TransactionPolicy(Value):
    name: str
    active: bool
    event: str
    blocks: bool


class EventLogSummary(Value):
    """Event log files of one type that the org offers right now."""

    event_type: str
    interval: str
    files: int


class WebAcl(Value):
    """
    `rate_limit` is the lowest limit among rate rules that block, in five minutes; None when none blocks. `rules` in the order
    in which they are judged, as AWS says them, but that they name address sets as `ip-set:Name`; `address_sets` maps those
    names to networks. `resources` are the ARNs that it stands before. `default_with` is what goes with its default, as AWS
    says it.
    """

    name: str
    associated: bool
    rate_limit: int | None
    default: str = "allow"
    rules: tuple[dict[str, JsonValue], ...] = ()
    address_sets: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    resources: tuple[str, ...] = ()
    log_destinations: tuple[str, ...] = ()
    default_with: dict[str, JsonValue] = Field(default_factory=dict)


class Shield(Value):
    """Whether the account subscribes to AWS Shield Advanced, and the ARNs that it protects."""

    subscribed: bool
    protected: tuple[str, ...] = ()


class BackupBucket(Value):
    """`kms_key_enabled` is None when the bucket has no KMS key of its own."""

    name: str
    exists: bool
    kms_encrypted: bool
    kms_key_enabled: bool | None
    versioned: bool
    public_access_blocked: bool


class MfaMethods(Value):
    """Registered second factors of one user; SMS and e-mail do not count."""

    user_id: str
    strong: bool


class Calls(Value):
    """
    API calls of one user from one address, or pages that it opened at a browser, as event log files tell them; `last` is the
    latest day.
    """

    user_id: str
    address: str
    count: int
    last: date
    pages: bool = False


class OrgNetwork(Value):
    """
    One org's ranges, and all that tells from where its users come.

    `logins` are those of `looked_at`, ids of users, over `days` days; `calls` those of the `log_days` days of which a log was
    read. A day without a log is a day of which no call is known. `page_days` is the same of pages.
    """

    rights: OrgRights
    profiles: tuple[ProfileAccess, ...]
    settings: OrgSettings
    apps: tuple[App, ...]
    looked_at: frozenset[str]
    logins: tuple[Login, ...]
    calls: tuple[Calls, ...]
    days: int
    log_days: int
    page_days: int = 0

    @property
    def org(self) -> str:
        return self.rights.org


class Refused(Value):
    """Sign-ins or calls of one user from one address that were answered and would not be any more."""

    username: str
    profile: str
    application: str
    """Of a sign-in; empty for calls and pages."""
    address: str
    times: int
    last: datetime
    pages: bool = False
