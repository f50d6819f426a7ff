"""Nouns of changing an org: resources and their states, changes, plans, approvals, and what became of each change."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import Field, JsonValue, field_validator, model_validator

from tasks.estate.model import Alias
from tasks.network.model import AddressRange
from tasks.value import Value

State = dict[str, JsonValue]
"""What one resource holds, in words that do not change when it is made anew: names, never record ids."""


class ResourceKind(StrEnum):
    """What can be changed. The key of each is made of names that are unique in an org."""

    PERMISSION_SET = "permission-set"
    """Key: its API name. State: `label`, and `permissions`, its user permissions in order."""
    OBJECT_PERMISSION = "object-permission"
    """Key: `Set/Account` or `profile:Name/Account`. State: one flag each of ObjectRights."""
    FIELD_PERMISSION = "field-permission"
    """Key: `Set/Account.Name` or `profile:Name/Account.Name`. State: `read`, `edit`."""
    APP_ACCESS = "app-access"
    """Key: `Set/id of the app`; apps are not made by plans, so their ids stay. State: `type`, the app's kind."""
    ASSIGNMENT = "assignment"
    """Key: `user name/Set`. State: `expires`, an instant or null."""
    USER = "user"
    """Key: the user name. State: `profile`, the name of the profile."""
    NEW_USER = "new-user"
    """
    Key: the user name. State: `profile`, `name`, `alias`, `email` and four of its places and languages; None where there is
    no such user or it is not active. The platform never removes a user: taken back, one is deactivated, and given again
    the same one is made active.
    """
    LICENCE = "licence"
    """Key: `user name/DeveloperName` of a permission set licence. State: `assigned`."""
    ORG_SETTING = "org-setting"
    """Key: the settings' name and the path to a switch, `Security.sessionSettings.lockSessionsToIp`. State: `on`."""
    PROFILE_PERMISSION = "profile-permission"
    """Key: `profile:Name/Permission`, of a custom profile. State: `on`."""
    APP_POLICY = "app-policy"
    """Key: `connected-app:Name/policy` or `external-client-app:Name/policy`, see AppPolicy. State: `on`, or `value`."""
    APP_TOKEN = "app-token"
    """Key: `user name/instant of creation/name of the app`; a token has no id. State: `last_used`, an instant or null."""
    IP_SET = "ip-set"
    """Key: the name of an address set of AWS WAF. State: `version`, IPV4 or IPV6, and `addresses`, networks in order."""
    WEB_ACL = "web-acl"
    """
    Key: its name. State: `default`, allow or block, `default_with` where an answer or headers of its own go with it, and
    `rules` as AWS says them, in the order in which they are judged; they name address sets as `ip-set:Name`.
    """
    WEB_ACL_PLACE = "web-acl-place"
    """Key: the ARN of a gateway. State: `web_acl`, the name of the one web ACL that stands before it."""
    WEB_ACL_LOG = "web-acl-log"
    """Key: the web ACL's name. State: `LogDestinationConfigs`, `RedactedFields` and `LoggingFilter` as AWS says them."""
    REMOTE_SITE = "remote-site"
    """Key: its name. State: `on` where the org may call it."""
    CALLOUTS = "callouts"
    """Key: the name of a named credential. State: `on` where the org may call out through it."""
    SIGN_IN = "sign-in"
    """Key: the user name. State: `on` where that user may sign in, which a frozen one may not."""
    SETTING_SECRET = "setting-secret"
    """
    Key: `Object__c/name of the row/Field__c`, of a custom setting. State: `held` where the field holds something; what it
    holds is a secret, so no state says it, and nobody can bring it back.
    """
    LOGIN_RANGES = "login-ranges"
    """
    Key: `profile:Name`. State: `ranges`, a list of `first-last description` in order of addresses; an empty one admits
    everybody.
    """
    TRUSTED_RANGES = "trusted-ranges"
    """
    Key: `Security.networkAccess`. State: `ranges`, as above. Who comes from there is spared a confirmation or the security
    token; nobody else is refused.
    """
    INBOUND_CERTIFICATE = "inbound-certificate"
    """Key: its API name. State: `label`, `issuer`, `serial` (decimal), `expires` (a day), and `chain`, its file in PEM."""
    KEY_PAIR = "key-pair"
    """Key: the API name of a certificate that an org keeps the key of. State: `label`, `key_bits`, `exportable`, `chain`."""
    CLIENT_CERTIFICATE = "client-certificate"
    """Key: a named credential. State: `certificate`, the API name of what it presents or null, and `address`."""
    CALLER_SECRET = "caller-secret"
    """
    Key: the secret of a caller outside the orgs; the org is the one that it calls. State: `certificate`, the fingerprint of
    what it presents or null, and `address`. Keys stay in the secret, and in the one of the pair that comes next.
    """
    CREDENTIAL = "credential"
    """
    Key: the name of a secret in Secrets Manager. State: `version`, the id of the version that consumers are to read, and
    `how`, the order by which it was made (`scheduled`, `requested`, `emergency`) or `unknown`. What follows an order is done
    by the rotation, over days.
    """
    SET_RIGHTS = "set-rights"
    """
    All that a set or group gives, only ever read. Key: the set's API name or `group:Name`. State of a set: `permissions`,
    `objects` and `fields` by name, `access` (ids of apps, classes, …); of a group: its `members`, and whether it is `muted`.
    """
    USER_GRANTS = "user-grants"
    """What a user holds, only ever read. Key: the user name. State: `sets`, and which of them are `ending`; None for nobody."""
    OLD_KEY_PAIR = "old-key-pair"
    """Key and state as of a key pair; it is only ever removed, and its key is gone with it."""
    TRANSACTION_POLICY = "transaction-policy"
    """
    Key: its API name. State: `event`, `on`, `block`, `message`, `over` (rows or null) and `spared`, user names in order that it lets
    pass; its condition is a flow of the same name.
    """
    REAL_DATA = "real-data"
    """
    Data of people in a sandbox. Key: `Object/Field=kind,…`, kinds as masking has them. State: `rows`, the records of the object,
    and `rules`, a digest over the rules and the masking key; None where fakes alone are there. It is only ever removed.
    """
    DRILL = "restore-drill"
    """
    An order to bring an org's backup into this sandbox and to take it away again. Key: alias of the org that was backed up.
    State: `backup`, `manifest` (its digest), `rows`, and `order`, a number that grows; None where none was ever given. The
    ledger holds orders; the drill that carries one out begins once it is there.
    """

    FIELD_ENCRYPTION = "field-encryption"
    """Key: `Account.SSN__c`. State: `scheme`, as CustomField.encryptionScheme spells it, `None` as text where it is off."""
    TENANT_SECRET = "tenant-secret"
    """Key: a type of tenant secrets, `Data`. State: `active` where one of the type encrypts; taken back it is archived."""
    OLD_TENANT_SECRET = "old-tenant-secret"
    """
    Key: `Data/2`, type and version of the active one, which gives way to a newer one. State: `status`. It stays archived and goes on
    decrypting; no archived one is made active again, so there is no way back.
    """
    SPENT_TENANT_SECRET = "spent-tenant-secret"
    """
    Key: `Data/1`, type and version of an archived one, which is destroyed with all that it still encrypts. State: `status`, and
    `exported`, the SHA-256 of its export that the ledger has.
    """
    DATA_KEY = "data-key"
    """
    An old data key of a route, in Secrets Manager. Key: `Route/key id`; the org is the route's target. State: its `epoch`, and
    whether it is `needed`: by the last look at the target, some value there opens with it alone. It is only ever removed.
    """


IN_CLOUD = frozenset(
    {ResourceKind.IP_SET, ResourceKind.WEB_ACL, ResourceKind.WEB_ACL_PLACE, ResourceKind.WEB_ACL_LOG}
)
"""What stands in AWS. The org of such a resource is the one whose gateway it protects; the org itself is not changed."""
FINAL = frozenset(
    {
        ResourceKind.APP_TOKEN,
        ResourceKind.SETTING_SECRET,
        ResourceKind.OLD_KEY_PAIR,
        ResourceKind.REAL_DATA,
        ResourceKind.OLD_TENANT_SECRET,
        ResourceKind.SPENT_TENANT_SECRET,
        ResourceKind.DATA_KEY,
    }
)
"""What nobody can bring back once it is gone: only its owner can make another one."""

READ_ONLY = frozenset({ResourceKind.SET_RIGHTS, ResourceKind.USER_GRANTS})
"""What plans rely on and never change."""


class AppPolicy(StrEnum):
    """What an org says about a connected app or External Client App that it has installed."""

    PERMITTED_USERS = "permitted-users"
    """State: `on` where only users whom an administrator has admitted may use it."""
    PKCE = "pkce"
    """State: `on` where an authorization code needs a proof key (RFC 7636)."""
    ADDRESSES = "addresses"
    """State: `value`, how the address ranges of profiles bind the app, in upper case: ENFORCE, BYPASS, …"""
    REFRESH_TOKENS = "refresh-tokens"
    """State: `value`, when a refresh token ends: infinite, zero, specific_lifetime:N:UNIT, specific_inactivity:N:UNIT."""


class Resource(Value):
    """The address of one piece of an org's state."""

    org: Alias
    kind: ResourceKind
    key: str = Field(min_length=1)

    def __str__(self) -> str:
        return f"{self.org} {self.kind.value} {self.key}"


class ChangeClass(StrEnum):
    """What a change does to the reach of identities; policy asks for approvals by class."""

    NARROWING = "narrowing"
    WIDENING = "widening"
    IDENTITY = "identity"
    IRREVERSIBLE = "irreversible"
    """Ends what cannot be made anew; nothing else is of this class."""


class Change(Value):
    """
    One resource taken from one state to another; None means that it does not exist.

    `needs` names earlier changes to the same org that must be verified before this one is written. `why` is the reason, `effect` who
    loses or gains what: both are read by the approver. `users` are the user names of those whose access it changes, where its
    resource names none and the planner knows them: the active holders of a set or profile, who used or authorized an app, whom
    a setting of the org refuses or asks for more. They count for the limit of a plan.
    """

    number: int = Field(ge=1)
    resource: Resource
    before: State | None
    after: State | None
    kind: ChangeClass
    control: str = Field(pattern=r"^ZT-\d\d$")
    why: str
    effect: str
    needs: tuple[int, ...] = ()
    users: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _changes_something(self) -> "Change":
        if self.before == self.after:
            raise ValueError(f"change {self.number} leaves {self.resource} as it is")
        if self.resource.kind in READ_ONLY:
            raise ValueError(f"change {self.number} would change what plans only rely on")
        if any(need >= self.number for need in self.needs):
            raise ValueError(f"change {self.number} needs a change that comes after it")
        if self.final != (self.kind is ChangeClass.IRREVERSIBLE):
            raise ValueError(f"change {self.number} has no way back exactly when it is called irreversible")
        if self.resource.kind in FINAL and self.after is not None:
            raise ValueError(f"change {self.number} would make what only its owner can make")
        return self

    @property
    def final(self) -> bool:
        """Whether there is no way back."""
        return self.resource.kind in FINAL

    @property
    def made_anew(self) -> bool:
        """Whether it is removed and made again on the way, and so not there for a moment: no chain can be taken from a pair."""
        signed, unsigned = (self.before or {}).get("chain"), (self.after or {}).get("chain") == ""
        return self.resource.kind is ResourceKind.KEY_PAIR and bool(signed) and unsigned


class Watched(Value):
    """A resource that the plan leaves alone but was reasoned from."""

    resource: Resource
    state: State | None


class Plan(Value):
    """
    Ordered changes, and all that an approval stands for.

    `keeps` says what goes on working and how that is known, `risks` what could break, `afterwards` what people have to do
    once it is applied. `undoes` is the digest of the plan that this one takes back.
    """

    job: str
    title: str
    requester: str
    made_at: datetime
    expires_at: datetime
    policy_digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    changes: tuple[Change, ...]
    watched: tuple[Watched, ...] = ()
    keeps: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    afterwards: tuple[str, ...] = ()
    undoes: str | None = None

    @field_validator("made_at", "expires_at")
    @classmethod
    def _one_clock(cls, at: datetime) -> datetime:
        """The digest is over what is written, and one instant can be written in many zones."""
        if at.tzinfo is None:
            raise ValueError("a plan's times are aware")
        return at.astimezone(UTC)

    @model_validator(mode="after")
    def _is_ordered(self) -> "Plan":
        if [change.number for change in self.changes] != list(range(1, len(self.changes) + 1)):
            raise ValueError("changes are numbered from 1 without a gap")
        resources = [change.resource for change in self.changes]
        if len(set(resources)) != len(resources):
            raise ValueError(
                "two changes are about one resource; a plan takes each resource from one state to one other"
            )
        for change in self.changes:
            if any(self.change(need).resource.org != change.resource.org for need in change.needs):
                raise ValueError(
                    f"change {change.number} needs a change to another org; orgs are changed one by one"
                )
        return self

    @property
    def final(self) -> tuple[Change, ...]:
        """Changes that no way back undoes."""
        return tuple(change for change in self.changes if change.final)

    @property
    def orgs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(change.resource.org for change in self.changes))

    def changes_org(self, org: str) -> bool:
        """Whether anything in the org itself is changed, and not only what AWS holds for it."""
        return any(c.resource.org == org and c.resource.kind not in IN_CLOUD for c in self.changes)

    def change(self, number: int) -> Change:
        """Raises KeyError when the plan has no such change."""
        if not 1 <= number <= len(self.changes):
            raise KeyError(number)
        return self.changes[number - 1]


class Planned(Value):
    """What became of one job of a phase: the plan it made, how many changes are in it, or why there is none."""

    job: str
    digest: str = ""
    changes: int = 0
    failed: str = ""
    against: tuple[str, ...] = ()
    """Why the plan would be refused whatever anybody does."""
    left_out: Mapping[str, str] = Field(default_factory=dict)
    """By org why the plan is not about it although it was asked for."""


class Approval(Value):
    """One person's yes to exactly one digest. `signed_by` is the id of the key that signed it, if one did."""

    plan: str = Field(pattern=r"^[0-9a-f]{64}$")
    approver: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    at: datetime
    emergency: bool = False
    signed_by: str | None = None


class History(Value):
    """What the ledger says about one plan: how often each change was attempted, and which were verified."""

    attempts: Mapping[int, int] = Field(default_factory=dict)
    verified: frozenset[int] = frozenset()

    @property
    def begun(self) -> bool:
        return bool(self.attempts)


class Standing(StrEnum):
    """How an org stands to a change."""

    WAITING = "waiting"
    DONE = "done"
    DRIFTED = "drifted"


class Write(Value):
    """The next changes to send, all of one org and one kind of resource."""

    changes: tuple[Change, ...]


class Around(Value):
    """What an apply is judged by: active users, the org's own time, and who of those named holds what."""

    users: int
    now: datetime
    holdings: dict[str, frozenset[str]]
    """Sets, groups (`group:Name`) and profile (`profile:Name`) by lower-case user name."""
    addresses: dict[str, frozenset[str]] = Field(default_factory=dict)
    """Where sessions of those named that are open, and that we may see, were opened from."""
    ranges: dict[str, tuple[AddressRange, ...]] = Field(default_factory=dict)
    """Login ranges by name of the profiles of those named, where they were asked for; one that nobody could read is not there."""


class Finished(Value):
    """All that was planned is so."""


class Stopped(Value):
    """Nothing more may be sent. `numbers` are the changes it is about."""

    reason: str
    numbers: tuple[int, ...] = ()


Step = Write | Finished | Stopped


class Refusal(Value):
    """An org's no to one change: its code, whether a repeat may succeed, and words without anybody's data."""

    code: str
    what: str
    passing: bool = False


class Failure(Value):
    """
    Something that a watched user cannot do since a plan was applied. `what` names a call or the end of a sign-in.

    With `caused`, the same was answered before or is what the user's routes declare, and it never is answered now; without,
    nobody knows whether it is the route's own.
    """

    user: str
    what: str
    why: str
    first: datetime
    last: datetime
    times: int
    caused: bool

    @property
    def about(self) -> tuple[str, str, bool]:
        """What makes it the same failure when it is seen again."""
        return self.user, self.what, self.caused


class Look(Value):
    """
    One look at a watched org, by its own time `at`. Until `clear` all has been seen that the org lets us see; what came
    after may still be in log files to come. `newest` is when the latest file appeared that was read.
    """

    at: datetime
    clear: datetime
    newest: datetime | None = None
    files: int = 0
    sign_ins: int = 0
    hidden: tuple[str, ...] = ()


class Watch(Value):
    """
    Users of routes whom a plan changes in one org. Times are the org's own: failures count from `since`, and the watch
    lasts from `latest`, when the plan was last applied to it.
    """

    plan: str
    title: str
    org: Alias
    users: tuple[str, ...]
    since: datetime
    latest: datetime
    look: Look | None = None
    failures: tuple[Failure, ...] = ()
    over: bool = False

    @property
    def failed(self) -> bool:
        return any(failure.caused for failure in self.failures)


class WayBack(Value):
    """
    Changes of one user to be taken back because it fails. `at` is when that was noted, so that it is one plan for ever;
    `automatic` what policy said then.
    """

    plan: str
    org: Alias
    user: str
    numbers: tuple[int, ...]
    what: str
    at: datetime
    automatic: bool


class Portion(Value):
    """What may be applied now: changes of orgs in order. `waits` says for what the rest has to wait, if any has to."""

    numbers: frozenset[int]
    waits: str = ""


class Outcome(Value):
    """How far a plan came; `stopped` is None when all of it is so."""

    plan: Plan
    history: History
    stopped: Stopped | None

    @property
    def finished(self) -> bool:
        return self.stopped is None
