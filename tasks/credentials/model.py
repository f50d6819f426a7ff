"""Nouns of credentials: stored secrets, secrets found where none should be, and their ages."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from tasks.alerts.model import Alert
from tasks.certificates.model import Revocation
from tasks.value import Value


class StoredSecret(Value):
    """
    A secret in AWS Secrets Manager, without its value.

    `target_host`, `consumer_key` and `username` are the parts of its JSON that identify and do not open;
    None when the secret has no such part. `holds_password` says that the JSON carries a password. `kept_since` is since when
    the credential is what it is, where the last change was of something beside it.
    """

    name: str
    type: str | None
    created: datetime
    last_changed: datetime
    last_rotated: datetime | None
    rotation_enabled: bool
    tags: dict[str, str]
    target_host: str | None = None
    consumer_key: str | None = None
    username: str | None = None
    holds_password: bool = False
    kept_since: datetime | None = None

    @property
    def since(self) -> datetime:
        """Since when its credential is what it is: a rotation that left the value alone is no rotation."""
        return self.kept_since or max(self.last_changed, self.last_rotated or self.last_changed)


class ExposedKind(StrEnum):
    APEX = "apex"
    CUSTOM_SETTING = "custom-setting"
    CUSTOM_METADATA = "custom-metadata"
    NAMED_CREDENTIAL = "named-credential"
    REMOTE_SITE = "remote-site"
    CUSTOM_LABEL = "custom-label"
    OUTBOUND_MESSAGE = "outbound-message"
    STATIC_RESOURCE = "static-resource"


class ExposedSecret(Value):
    """A secret found outside the secrets manager. The value is not kept: only where, and what kind it looks like."""

    kind: ExposedKind
    place: str
    looks_like: str
    line: int | None = None


class CredentialKind(StrEnum):
    SECRET = "secret"
    KEY_PAIR = "key-pair"
    CERTIFICATE = "certificate"
    PASSWORD = "password"
    REFRESH_TOKEN = "refresh-token"


class CredentialAge(Value):
    """
    One line of the credential calendar.

    `due` is the day by which policy wants it new, `why` what makes it that day; both None where nothing dates it, or where
    nobody uses it.
    """

    org: str
    kind: CredentialKind
    name: str
    since: datetime | None
    expires: date | None
    age: timedelta | None
    used_by: tuple[str, ...]
    due: date | None = None
    why: str | None = None


# Rotation ----------------------------------------------------------------------------------------------


class Order(StrEnum):
    """Why a credential is rotated, which decides how long its overlap is."""

    SCHEDULED = "scheduled"
    """By its age: at the days that the policy says."""
    REQUESTED = "requested"
    """Now, with the whole overlap."""
    EMERGENCY = "emergency"
    """Now, without any: it is known to somebody who must not have it."""


class Version(Value):
    """
    One version of a stored secret. `mark` tells which credential it holds without opening anything: a fingerprint of the
    consumer key, or of place and public key. None for a version without a readable value. `created` is when its credential
    was: a version that changed only something beside it makes nothing younger.
    """

    id: str
    mark: str | None
    stages: frozenset[str]
    created: datetime
    place: str = ""
    """The app or user that it signs in as, where two take turns."""
    certificate: Revocation | None = None
    """What its authority revokes once no list has it; None where it is no certificate."""


class SetState(StrEnum):
    MAIN = "main"
    STAGED = "active"
    REPLACED = "rotated"


class KeySet(Value):
    """One set of credentials that the org accepts; `handle` is how it is named to the org, `ends` when the org drops it."""

    mark: str
    state: SetState
    handle: str = ""
    ends: datetime | None = None


class Held(Value):
    """
    What a place inside an org shows of the copy that it has: `mark`, None where it shows none.

    `tells` says that the mark decides. Where it does not, secrets only go in, and what was noted decides beside it.
    """

    place: str
    mark: str | None = None
    tells: bool = True


class Given(Value):
    """The version that a place was given last, as the ledger has it; `done` is None where no answer came."""

    place: str
    version: str
    begun: datetime
    done: datetime | None = None


class Seen(Value):
    """
    What Secrets Manager and the org say at one moment; `now` is the org's own time.

    `sets` is None where the org cannot show what it accepts: a password shows only by trying it. `taken` says who rotates it
    instead of us. `own` is the mark of what we are signed in with ourselves.
    """

    now: datetime
    versions: tuple[Version, ...]
    sets: tuple[KeySet, ...] | None
    taken: str = ""
    own: str = ""
    held: tuple[Held, ...] = ()
    hurdle: str = ""
    """Why the place at rest could not take over just now: then nothing new goes live, and what is due is revoked all the same."""

    def version(self, name: str) -> Version | None:
        return next((each for each in self.versions if each.id == name), None)

    def labelled(self, stage: str) -> tuple[Version, ...]:
        return tuple(each for each in self.versions if stage in each.stages)

    def accepts(self, mark: str | None) -> bool:
        return self.sets is not None and mark is not None and any(each.mark == mark for each in self.sets)


class Rotation(Value):
    """
    One rotation as the ledger has it. `token` is the id of the new version, `old` and `old_mark` what it replaces.

    Moments are of the org's time, and None while it did not happen. `staging` is when a new set was about to be asked for,
    `refused` that the org had one of somebody else's then, `tried` which of its states were signed in with.
    """

    secret: str
    token: str
    old: str
    old_mark: str
    old_since: datetime
    order: Order
    begun: datetime
    staging: datetime | None = None
    refused: bool = False
    placed: bool = False
    tried: frozenset[str] = frozenset()
    promoted: datetime | None = None
    """When the org was first asked to replace its main set: from then on it counts the old one's days."""
    live: datetime | None = None
    back: datetime | None = None
    voiding: frozenset[str] = frozenset()
    """Versions that were about to be made useless; whether they are is known only where the note of it came, or it shows."""
    returned: datetime | None = None
    """When consumers were given the old one again."""
    voided: frozenset[str] = frozenset()
    outcome: str | None = None
    given: tuple[Given, ...] = ()
    refused_at: str = ""
    """Which place was refused with the new one, where that is why it was taken back."""
    witnessed: bool = False
    severing: datetime | None = None
    """Everything that was opened before this moment is to be ended: the org's time when the old one was first seen to be gone."""
    severed: datetime | None = None

    @property
    def open(self) -> bool:
        return self.outcome is None

    def given_to(self, place: str) -> Given | None:
        return next((each for each in self.given if each.place == place), None)


class Laggard(Value):
    """Who still uses what is to be revoked, or may: from where, through which app, and how that is known."""

    consumer: str
    app: str
    addresses: tuple[str, ...]
    why: str
    last: datetime | None = None


class Proof(Value):
    """Whether the old credential can go. `blind` says what could not be read; then nothing is proven."""

    laggards: tuple[Laggard, ...] = ()
    last_use: datetime | None = None
    """The last sign-in with the old one that is known of."""
    blind: tuple[str, ...] = ()
    unheard: tuple[str, ...] = ()
    """Places through which no sign-in with the new one was seen yet: without that, nothing is revoked but in an emergency."""
    refused: tuple[str, ...] = ()
    """Those through which sign-ins with the new one were refused, and none was let in."""


class SecretRead(Value):
    """Somebody opened a secret: `principal` as AWS has it, and which version, where one was named."""

    principal: str
    at: datetime
    version: str = ""
    stage: str = ""


class SignIn(Value):
    """One sign-in that an org let in. It tells the app and the user, not which of an app's sets was used."""

    app: str
    username: str
    address: str
    at: datetime


class Standing(Value):
    """Where a rotated credential stands, for people and for the next step of a flow: names, ages, versions."""

    secret: str
    org: str
    age: timedelta | None
    stands: str
    next: str
    until: datetime | None = None
    version: str = ""
    """That consumers are to read, as things were ordered."""
    how: str = ""
    next_version: str = ""
    """That a rotation ordered now would make, or is making."""
    rotation: Rotation | None = None
    laggards: tuple[Laggard, ...] = ()
    acts: tuple[str, ...] = ()
    trouble: str = ""
    request: str = ""
    """For the next certificate, which somebody has to sign."""
    needs_person: bool = False
    alerts: tuple[Alert, ...] = ()
